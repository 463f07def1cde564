"""Captions as values: what stands on the screen when, and what was wrong with the file."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappop, heappush

from playlists.timing import DurationMs

MAX_TOGETHER = 6
"""Captions of one language that may stand at the same moment; karaoke and effects layers have hundreds."""


class Position(StrEnum):
    """Which end of the picture a caption keeps to; the middle counts as the bottom."""

    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Caption:
    """A text standing from ``start`` up to but not including ``end``, counted from the clip's first frame."""

    start: DurationMs
    end: DurationMs
    text: str
    r"""Without markup, in NFC, lines joined by ``\n``; never blank."""
    position: Position = Position.BOTTOM


@dataclass(frozen=True, slots=True)
class CaptionFinding:
    """What an operator should look at, on which line of the file (counted from 1), in Vietnamese and English."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class FoundCaption:
    """A caption and the line of the file it came from (counted from 1)."""

    line: int
    caption: Caption


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """The captions of one language, sorted by start; asking what stands at a moment is a binary search.

    Made with more than :data:`MAX_TOGETHER` captions at a moment it grows with their number; parsing keeps to it.
    """

    language: str
    source: str
    captions: tuple[Caption, ...]
    findings: tuple[CaptionFinding, ...] = ()
    _changes: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _standing: tuple[tuple[Caption, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort, and find once what stands between any two changes."""
        ordered = tuple(sorted(self.captions, key=lambda caption: caption.start))
        changes, standing = _sweep(ordered)
        object.__setattr__(self, "captions", ordered)
        object.__setattr__(self, "_changes", changes)
        object.__setattr__(self, "_standing", standing)

    def at(self, moment: int) -> tuple[Caption, ...]:
        """Return the captions standing ``moment`` ms after the first frame, the earliest first."""
        return self._standing[bisect_right(self._changes, moment)]

    def next_change(self, moment: int) -> DurationMs | None:
        """Return the first time after ``moment`` (both in ms) at which :meth:`at` may answer otherwise, if any."""
        index = bisect_right(self._changes, moment)
        return DurationMs(self._changes[index]) if index < len(self._changes) else None


def at_most_together(
    captions: Iterable[FoundCaption], limit: int = MAX_TOGETHER
) -> tuple[list[FoundCaption], list[FoundCaption]]:
    """Part captions into those kept and those that would be more than ``limit`` at a moment; identical ones once."""
    kept: list[FoundCaption] = []
    left: list[FoundCaption] = []
    seen: set[Caption] = set()
    ends: list[int] = []
    for found in sorted(captions, key=lambda found: found.caption.start):
        if found.caption in seen:
            continue
        while ends and ends[0] <= found.caption.start:
            heappop(ends)
        if len(ends) == limit:
            left.append(found)
            continue
        heappush(ends, found.caption.end)
        seen.add(found.caption)
        kept.append(found)
    return kept, left


def _sweep(ordered: tuple[Caption, ...]) -> tuple[tuple[int, ...], tuple[tuple[Caption, ...], ...]]:
    """Give the moments of change and what stands before, between and after them (one more than moments)."""
    changes = sorted({moment for caption in ordered for moment in (caption.start, caption.end)})
    standing: list[tuple[Caption, ...]] = [()]
    following = 0
    for moment in changes:
        now = [caption for caption in standing[-1] if caption.end > moment]
        while following < len(ordered) and ordered[following].start <= moment:
            now.append(ordered[following])
            following += 1
        standing.append(tuple(now))
    return tuple(changes), tuple(standing)
