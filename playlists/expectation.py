"""Expected against played: the rotas of a span beside its play records.

In a fault-free span the two are compared line by line, in order. Where anything happened that a plan cannot foresee (a
fault, a failed or interrupted play, one that goes on with another, a clock that was set) they are compared by how often
each item was shown in each hour. A play belongs to the hour of its start, exactly once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from playlists.clock_hours import InstantMs, instant_ms
from playlists.places import Place, places
from playlists.proof import ClockStep, Fault, Outcome, PlayEnd, PlayStart, Record
from playlists.rota import Rota
from playlists.tally import column_of
from playlists.timing import DurationMs


@dataclass(frozen=True, slots=True)
class Played:
    """One play: its rows, and its start in ms since 1970 UTC. ``end`` is None while it is on the screen."""

    start: PlayStart
    end: PlayEnd | None
    at: InstantMs

    @property
    def completed(self) -> bool:
        """Whether it counts as a play: to its end, or nearly."""
        return self.end is not None and column_of(self.start, self.end) is Outcome.COMPLETED


@dataclass(frozen=True, slots=True)
class Line:
    """One planned turn beside one play; None where one side has no more."""

    expected: Place | None
    played: Played | None
    late: DurationMs | None
    """By how much the play began after its planned time, negative for early; None where a side is missing."""
    alike: bool
    """Whether item and slot are the same, and it was completed within the tolerance of its time."""


@dataclass(frozen=True, slots=True)
class HourCount:
    """How often an item was planned and completed in a clock hour."""

    hour: datetime
    item: str
    expected: int
    completed: int
    others: int
    """Plays that were begun and do not count as completed."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``lines`` for a fault-free span, else empty; ``counts`` always, by hour and item; ``strays`` lie in no hour."""

    faultless: bool
    lines: tuple[Line, ...]
    counts: tuple[HourCount, ...]
    strays: tuple[Played, ...]

    @property
    def alike(self) -> bool:
        """Whether what was played is what was expected: line by line, else by count.

        Lines say all there is to say: a play a moment beside its time may well begin in the hour beside its own.
        """
        if self.faultless:
            return not self.strays and all(line.alike for line in self.lines)
        return not self.strays and all(count.expected == count.completed and not count.others for count in self.counts)


def compare(rotas: Sequence[Rota], records: Iterable[Record], ends: datetime, tolerance: DurationMs) -> Comparison:
    """Compare the rotas of consecutive hours with the records of the same span, in the order of the log.

    :param ends: when the last hour ends.
    :param tolerance: how far, in ms, a play may begin from its planned time.
    """
    rows = tuple(records)
    plays = _plays(rows)
    edges = [*(instant_ms(rota.hour) for rota in rotas), instant_ms(ends)]
    strays = tuple(play for play in plays if not edges[0] <= play.at < edges[-1])
    within = [play for play in plays if edges[0] <= play.at < edges[-1]]
    faultless = not any(isinstance(row, Fault | ClockStep) for row in rows) and all(
        play.completed and play.start.continues is None for play in within
    )
    lines: tuple[Line, ...] = ()
    if faultless:
        pairs = zip_longest(places(rotas), sorted(within, key=lambda play: play.at))
        lines = tuple(_line(expected, played, tolerance) for expected, played in pairs)
    return Comparison(faultless, lines, tuple(_counts(rotas, within, edges)), strays)


def _plays(rows: Sequence[Record]) -> list[Played]:
    ends = {row.play: row for row in rows if isinstance(row, PlayEnd)}
    return [
        Played(row, ends.get(row.play), _began(row, ends.get(row.play))) for row in rows if isinstance(row, PlayStart)
    ]


def _began(start: PlayStart, end: PlayEnd | None) -> InstantMs:
    real = end.start if end is not None else None
    return instant_ms(datetime.fromisoformat((real or start.planned_start).wall))


def _line(expected: Place | None, played: Played | None, tolerance: DurationMs) -> Line:
    if expected is None or played is None:
        return Line(expected, played, None, alike=False)
    late = DurationMs(played.at - instant_ms(expected.begins))
    slot = expected.turn.slot
    same = (slot.item.id, slot.id) == (played.start.item, played.start.slot)
    return Line(expected, played, late, alike=same and abs(late) <= tolerance)


def _counts(rotas: Sequence[Rota], plays: Iterable[Played], edges: Sequence[InstantMs]) -> Iterable[HourCount]:
    completed: list[Counter[str]] = [Counter() for _ in rotas]
    others: list[Counter[str]] = [Counter() for _ in rotas]
    for play in plays:
        hour = next(number for number, edge in enumerate(edges[1:]) if play.at < edge)
        (completed if play.completed else others)[hour][play.start.item] += 1
    for rota, done, rest in zip(rotas, completed, others, strict=True):
        expected = Counter(turn.slot.item.id for turn in rota.turns)
        for item in dict.fromkeys((*expected, *done, *rest)):
            yield HourCount(rota.hour, item, expected[item], done[item], rest[item])
