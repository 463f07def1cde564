"""What the camera writes down: runs of equal pictures and its own blind spots. Pure: text in, values out.

One line a run: `first last sight clip frame gap widest`, times in nanoseconds of the monotonic clock. `gap` is the
time from the last sample of the run before to the first of this one: the change happened in it. `widest` is the
longest time between two samples inside the run. Lines starting with `#` are remarks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.bench.blockcode import Mark

NANOSECONDS: int = 1_000_000_000


class Sight(StrEnum):
    """What a sample can be."""

    MARK = "mark"
    BLACK = "black"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Run:
    """The same picture from the first to the last sample that saw it.

    `first`, `last` and `gap` are seconds; `widest` is the longest time without a sample inside the run.
    """

    first: float
    last: float
    sight: Sight
    mark: Mark | None = None
    gap: float = 0.0
    widest: float = 0.0


def line_of(run: Run) -> str:
    """One run as a line without its end."""
    times = f"{round(run.first * NANOSECONDS)} {round(run.last * NANOSECONDS)}"
    clip, frame = (run.mark.clip, run.mark.frame) if run.mark else (-1, -1)
    return f"{times} {run.sight} {clip} {frame} {round(run.gap * NANOSECONDS)} {round(run.widest * NANOSECONDS)}"


def runs_in(lines: Iterable[str]) -> Iterator[Run]:
    """The runs of a camera's log; remarks and a torn last line are passed over."""
    for line in lines:
        if line.startswith("#") or not line.endswith("\n"):
            continue
        first, last, sight, clip, frame, gap, widest = line.split()
        mark = Mark(int(clip), int(frame)) if sight == Sight.MARK else None
        yield Run(
            int(first) / NANOSECONDS,
            int(last) / NANOSECONDS,
            Sight(sight),
            mark,
            int(gap) / NANOSECONDS,
            int(widest) / NANOSECONDS,
        )
