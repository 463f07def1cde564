"""How long an item stands, as far as a plan can know."""

from typing import Final

from playlists.playlist import Item, Slot
from playlists.reading_time import reading_time
from playlists.timing import DurationMs

STILL: Final = DurationMs(10_000)
"""A picture or page of which nobody said how long it stands, and a clip of unknown length."""

LONGEST_FADE: Final = DurationMs(1_500)
"""Two plays may overlap so long in the log; more would be taken for a fault."""
SHORTEST_FADE: Final = DurationMs(80)
"""What is shorter is an exact cut."""


def planned_length(item: Item) -> DurationMs:
    """Take the duration asked for, else the clip's own length, else a bulletin's reading time, else ten seconds."""
    if item.duration is not None:
        return item.duration
    if item.length is not None:
        return item.length
    if item.bulletin is not None:
        return reading_time(item.bulletin)
    return STILL


def fade_of(slot: Slot) -> DurationMs:
    """How long before the end of the item before it a slot begins; never more than half of its own length."""
    fade = min(slot.crossfade, LONGEST_FADE, planned_length(slot.item) // 2)
    return DurationMs(fade if fade >= SHORTEST_FADE else 0)


def turn_length(slot: Slot) -> DurationMs:
    """How much longer a programme gets by a slot: its length, less what it is shown of over the item before."""
    return DurationMs(planned_length(slot.item) - fade_of(slot))
