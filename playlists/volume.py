"""How loud a screen may be at an hour of its day: its own curve, never above the limits in force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time

from playlists.playlist import Item
from playlists.screen import Screen, VolumeStep
from playlists.thresholds import Thresholds

_LOUDEST = 100


@dataclass(frozen=True, slots=True)
class Excess:
    """From ``begins`` on a screen's curve asks for ``percent`` where ``limit`` is allowed.

    ``step`` is the place of the step in the screen's curve.
    """

    begins: time
    percent: int
    limit: int
    step: int


def volume_at(screen: Screen, local_time: time, thresholds: Thresholds) -> int:
    """The volume of a screen at a time of its own day, 0 to 100.

    A screen without a curve has the limit itself, which is silence in the quiet hours.
    """
    limit = _percent(thresholds.volume_limits, local_time)
    return min(limit, _percent(screen.volume, local_time)) if screen.volume else limit


def volume_for(item: Item, screen: Screen, local_time: time, thresholds: Thresholds) -> int:
    """The volume of one item on a screen, 0 to 100: what is commercial is silent outdoors (rule V6)."""
    return 0 if item.papers.commercial and screen.outdoor else volume_at(screen, local_time, thresholds)


def excesses(screen: Screen, thresholds: Thresholds) -> Iterator[Excess]:
    """Where a screen's curve asks for more than is allowed, in the order of the day."""
    if not screen.volume:
        return
    for begins in sorted({step.begins for step in (*screen.volume, *thresholds.volume_limits)}):
        place = _place(screen.volume, begins)
        percent, limit = _percent(screen.volume, begins), _percent(thresholds.volume_limits, begins)
        if percent > limit:
            yield Excess(begins, screen.volume[place].percent, limit, place)


def _percent(steps: Sequence[VolumeStep], at: time) -> int:
    return max(0, min(_LOUDEST, steps[_place(steps, at)].percent))


def _place(steps: Sequence[VolumeStep], at: time) -> int:
    """The step that holds at a time: the last begun today, else the one that runs on from yesterday."""
    begun = [number for number, step in enumerate(steps) if step.begins <= at]
    return max(begun or range(len(steps)), key=lambda number: (steps[number].begins, number))
