"""From raw showings to the numbers of the table. Pure: values in, values out."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.cuts import Cut, Inside, percentile
from tests.bench.hearing import Offset


@dataclass(slots=True)
class Showing:
    """One performance as it was seen, heard and paid for. Times in seconds, memory in bytes.

    `memory` is (seconds since the start, PSS); `inside` has one entry a clip.
    """

    player: str
    set_name: str
    cuts: list[Cut] = field(default_factory=list)
    inside: list[Inside] = field(default_factory=list)
    first: float | None = None
    processor: float | None = None
    watched: float = 0.0
    memory: list[tuple[float, int]] = field(default_factory=list)
    offsets: list[Offset] = field(default_factory=list)
    silences: list[float] = field(default_factory=list)
    load: float = 0.0
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """All showings of one set by one player. Times in seconds, memory in bytes; None where nothing was measured."""

    cuts: int
    left_out: int
    extra_median: float | None
    extra_99: float | None
    extra_99_frames: float | None
    extra_max: float | None
    hold_max: float | None
    black_median: float | None
    black_max: float | None
    unreadable_max: float | None
    tail: int
    head: int
    out_of_order: int
    due: int
    dropped: int
    unknown: int
    unsteady: int
    processor: float | None
    memory_median: float | None
    memory_peak: float | None
    offset: float | None
    silence_median: float | None
    silence_max: float | None
    load: float
    complaints: tuple[str, ...]


def summary_of(showings: Sequence[Showing]) -> Summary:
    """Pool the showings of one set by one player."""
    every = [cut for showing in showings for cut in showing.cuts]
    good = [cut for cut in every if not cut.blind]
    inside = [each for showing in showings for each in showing.inside]
    memory = [pss for showing in showings for _, pss in showing.memory]
    paid = [(each.processor, each.watched) for each in showings if each.processor is not None]
    watched = sum(seconds for _, seconds in paid)
    silences = [silence for showing in showings for silence in showing.silences]
    return Summary(
        cuts=len(good),
        left_out=len(every) - len(good),
        extra_median=_of([cut.extra for cut in good], statistics.median),
        extra_99=_of([cut.extra for cut in good], _percentile_99),
        extra_99_frames=_of([cut.extra / cut.frame for cut in good], _percentile_99),
        extra_max=_of([cut.extra for cut in good], max),
        hold_max=_of([cut.hold for cut in good], max),
        black_median=_of([cut.black for cut in good], statistics.median),
        black_max=_of([cut.black for cut in good], max),
        unreadable_max=_of([cut.unreadable for cut in good], max),
        tail=sum(cut.tail for cut in good),
        head=sum(cut.head for cut in good),
        out_of_order=sum(not cut.in_order for cut in every),
        due=sum(each.due for each in inside),
        dropped=sum(each.dropped for each in inside),
        unknown=sum(each.unknown for each in inside),
        unsteady=sum(each.unsteady for each in inside),
        processor=sum(share * seconds for share, seconds in paid) / watched if watched else None,
        memory_median=_of(memory, statistics.median),
        memory_peak=_of(memory, max),
        offset=_of([offset.late for showing in showings for offset in showing.offsets], statistics.median),
        silence_median=_of(silences, statistics.median),
        silence_max=_of(silences, max),
        load=statistics.fmean(showing.load for showing in showings) if showings else 0.0,
        complaints=tuple(showing.complaint for showing in showings if showing.complaint),
    )


def growth_of(memory: Sequence[tuple[float, int]], skip: float = 60.0) -> float | None:
    """Growth of memory as a share of its start: the last tenth's median over that of the first tenth after `skip` s.

    None when there is less than ten samples after the skipped ones.
    """
    values = [pss for moment, pss in memory if moment >= skip]
    tenth = len(values) // 10
    if not tenth:
        return None
    return statistics.median(values[-tenth:]) / statistics.median(values[:tenth]) - 1


def _of(values: Iterable[float], rule: Callable[[list[float]], float]) -> float | None:
    found = list(values)
    return rule(found) if found else None


def _percentile_99(values: Sequence[float]) -> float:
    return percentile(values, 0.99)
