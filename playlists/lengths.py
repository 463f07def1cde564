"""How long an item stands, as far as a plan can know."""

from typing import Final

from playlists.playlist import Item
from playlists.reading_time import reading_time
from playlists.timing import DurationMs

STILL: Final = DurationMs(10_000)
"""A picture or page of which nobody said how long it stands, and a clip of unknown length."""


def planned_length(item: Item) -> DurationMs:
    """Take the duration asked for, else the clip's own length, else a bulletin's reading time, else ten seconds."""
    if item.duration is not None:
        return item.duration
    if item.length is not None:
        return item.length
    if item.bulletin is not None:
        return reading_time(item.bulletin)
    return STILL
