"""How long an item stands, as far as a plan can know."""

from typing import TYPE_CHECKING, Final

from playlists.playlist import Item
from playlists.timing import DurationMs

if TYPE_CHECKING:
    from playlists.bulletin import Bulletin

STILL: Final = DurationMs(10_000)
"""A picture or page of which nobody said how long it stands, and a clip of unknown length."""
_LETTERS_A_SECOND: Final = 15
_SHORTEST: Final = 6_000
_SETTLING_MS: Final = 1_500


def planned_length(item: Item) -> DurationMs:
    """Take the duration asked for, else the clip's own length, else a bulletin's reading time, else ten seconds."""
    if item.duration is not None:
        return item.duration
    if item.length is not None:
        return item.length
    if item.bulletin is not None:
        return reading_time(item.bulletin)
    return STILL


def reading_time(bulletin: "Bulletin") -> DurationMs:
    """Tell how long a bulletin takes to read: all its texts, one after the other."""
    letters = sum(len(text.title) + len(text.body) for text in bulletin.texts)
    return DurationMs(max(_SHORTEST, _SETTLING_MS + letters * 1_000 // _LETTERS_A_SECOND))
