"""What a film says of a player: the cuts, the frames lost, the way back after a crash. Pure: values in, values out.

All times are seconds of the camera's clock. A frame the camera could not have seen, because its samples lay further
apart than half that frame's duration, is counted as unknown, never as lost.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.film import Run, Sight

BLIND: Final = 0.030
"""A cut with a longer time between two samples beside it is left out and counted."""

Durations = Mapping[int, Sequence[float]]
"""Frame durations of each clip, by clip number."""


@dataclass(frozen=True, slots=True)
class Play:
    """The runs of one clip from where it came to where it went, in order, without what is no picture of it."""

    clip: int
    runs: tuple[Run, ...]

    @property
    def frames(self) -> tuple[int, ...]:
        """The frame numbers seen."""
        return tuple(run.mark.frame for run in self.runs if run.mark)


@dataclass(frozen=True, slots=True)
class Cut:
    """One change of clip.

    `extra` is the time from the first sight of the last frame seen to the first sight of the next clip, less that
    frame's duration; `hold` the time the last picture stood; `black` and `unreadable` the times between the two clips
    that showed neither; `tail` and `head` frames lost there. `in_order` is False when a clip was passed over.
    """

    moment: float
    leaving: int
    coming: int
    frame: float
    extra: float
    hold: float
    black: float
    unreadable: float
    tail: int
    head: int
    blind: bool
    in_order: bool


@dataclass(frozen=True, slots=True)
class Inside:
    """Frames inside clips, between the first and the last one seen of each play."""

    due: int
    dropped: int
    unknown: int
    unsteady: int
    """Frames that came more than half a frame's duration early or late after the one before."""


def plays_in(runs: Iterable[Run]) -> list[Play]:
    """The plays in a film: another clip, or a lower frame number, begins a new one."""
    plays: list[list[Run]] = []
    for run in runs:
        if run.mark is None:
            continue
        before = plays[-1][-1].mark if plays else None
        if before is None or run.mark.clip != before.clip or run.mark.frame < before.frame:
            plays.append([run])
        elif run.mark.frame > before.frame:
            plays[-1].append(run)
    return [Play(play[0].mark.clip, tuple(play)) for play in plays if play[0].mark]


def cuts_in(runs: Sequence[Run], durations: Durations) -> list[Cut]:
    """Every cut of a film. Raises KeyError when it shows a clip that has no durations."""
    plays = plays_in(runs)
    places = {run.first: place for place, run in enumerate(runs)}
    return [
        _cut(runs[places[before.runs[-1].first] : places[after.runs[0].first] + 1], before, after, durations)
        for before, after in itertools.pairwise(plays)
    ]


def inside_of(plays: Iterable[Play], durations: Durations) -> Inside:
    """Count the frames inside plays."""
    due = dropped = unknown = unsteady = 0
    for play in plays:
        lengths = durations[play.clip]
        for before, after in zip(play.runs, play.runs[1:], strict=False):
            first, last = _frame(before), _frame(after)
            missing = last - first - 1
            hidden = _hidden(missing, after.gap, lengths[first])
            due += last - first
            unknown += hidden
            dropped += missing - hidden
            late = after.first - before.first - sum(lengths[first:last])
            unsteady += abs(late) > lengths[first] / 2 + after.gap
    return Inside(due, dropped, unknown, unsteady)


def first_picture(runs: Iterable[Run]) -> float | None:
    """When the first frame of any clip was seen, if any was."""
    return next((run.first for run in runs if run.mark), None)


def standstill_after(runs: Iterable[Run], blow: float, frame: float, horizon: float = 5.0) -> float | None:
    """Seconds from `blow` to the picture moving again after the longest standstill that followed.

    0 when nothing stood for longer than twice `frame` (the frame's duration); None when nothing moved until the
    horizon, or when less than three pictures came after the standstill.
    """
    changes = [run.first for run in runs if run.mark and blow - 1 <= run.first <= blow + horizon]
    standing = [
        (after - before, after)
        for before, after in itertools.pairwise(changes)
        if after > blow and before < blow + horizon / 2
    ]
    if not standing:
        return None
    longest, resumed = max(standing)
    if longest <= 2 * frame:
        return 0.0
    moving = [moment for moment in changes if moment >= resumed]
    return resumed - blow if len(moving) >= 3 else None  # two changes may be a twitch


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile, `share` in 0..1. Raises ValueError on no values."""
    if not values:
        msg = "no values"
        raise ValueError(msg)
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _cut(between: Sequence[Run], before: Play, after: Play, durations: Durations) -> Cut:
    """The cut between two plays; `between` holds the last picture of the one to the first of the other."""
    last, first = between[0], between[-1]
    black = unreadable = 0.0
    for run, following in itertools.pairwise(between):
        black += (following.first - run.first) if run.sight is Sight.BLACK else 0.0
        unreadable += (following.first - run.first) if run.sight is Sight.OTHER else 0.0
    frame = durations[before.clip][_frame(last)]
    tail, head = len(durations[before.clip]) - 1 - _frame(last), _frame(first)
    gap = max(run.gap for run in between[1:])
    hidden = _hidden(tail + head, gap, frame)
    tail_hidden = min(tail, hidden)
    blind = gap > BLIND or max(run.widest for run in between[:-1]) > BLIND
    return Cut(
        moment=first.first,
        leaving=before.clip,
        coming=after.clip,
        frame=frame,
        extra=first.first - last.first - frame,
        hold=between[1].first - last.first,
        black=black,
        unreadable=unreadable,
        tail=tail - tail_hidden,
        head=head - (hidden - tail_hidden),
        blind=blind,
        in_order=after.clip == (before.clip + 1) % len(durations),
    )


def _hidden(missing: int, gap: float, frame: float) -> int:
    """How many of the missing frames may have stood only while the camera was blind."""
    return min(missing, math.ceil(gap / frame)) if gap > frame / 2 else 0


def _frame(run: Run) -> int:
    return run.mark.frame if run.mark else -1
