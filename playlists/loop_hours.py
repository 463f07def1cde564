"""The hours of a day as tasks, and each planned in the gentlest manner that keeps its rules."""

from typing import Final

from playlists.clock_hours import HOUR_MS, ClockHour, InstantMs
from playlists.loop_sequence import HourSequence, HourTask, Manner, Planned, Stretch
from playlists.loop_standing import DayPlan, Standing
from playlists.loop_tempo import limited, tempo_of
from playlists.loop_units import MILLION
from playlists.spans import Span, common

MANNERS: Final = (
    Manner(lenient=True),
    Manner(lenient=True, units_ahead=1),
    Manner(),
    Manner(units_ahead=1),
    Manner(ahead=1),
    Manner(narrow=True),
    Manner(units_ahead=1, narrow=True),
    Manner(ahead=4, narrow=True),
)
"""The ways an hour is tried in, the gentlest first."""
_GENTLE: Final = 4
"""How many of them are tried for the exact share, where it already holds give or take the longest item."""


class Hours:
    """Turns hours of a day into tasks and plans them."""

    def __init__(self, day: DayPlan, open_spans: tuple[Span, ...]) -> None:
        self._day = day
        self._open = open_spans
        able = [unit for unit in day.units if not unit.refused]
        self._always = [(*unit.spans[0], unit) for unit in able if unit.spans == (day.within,)]
        self._sometimes = [unit for unit in able if unit.spans != (day.within,)]
        self._special = [unit for _, _, unit in self._always if limited(unit)]
        self._plain_work = sum(unit.weight * unit.length for _, _, unit in self._always if not limited(unit))
        self._longest = max((max(unit.lengths) for unit in able), default=0)
        self._longest_unit = max((unit.length for unit in able), default=0)

    def task(self, hour: ClockHour, standing: Standing) -> HourTask | None:
        """Lay out what there is to plan in an hour; None where it is closed or a turn from before fills it."""
        free = Span(InstantMs(max(hour.begins, standing.free_at)), hour.ends)
        stretches = tuple(
            Stretch(max(span.begins, free.begins), min(span.ends, free.ends), span.ends)
            for span in self._open
            if span.begins < free.ends and free.begins < span.ends
        )
        airtime = sum(stretch.ends - stretch.begins for stretch in stretches)
        if not airtime:
            return None
        active = self._always.copy()
        special = [(unit, airtime) for unit in self._special]
        work = self._plain_work
        for unit in self._sometimes:
            spans = [span for span in unit.spans if span.begins < free.ends and span.ends > free.begins]
            available = sum(
                min(span.ends, stretch.ends) - max(span.begins, stretch.begins)
                for span in spans
                for stretch in stretches
                if span.begins < stretch.ends and stretch.begins < span.ends
            )
            if not available:
                continue
            active += ((*span, unit) for span in spans)
            if limited(unit):
                special.append((unit, available))
            else:
                work += unit.weight * unit.length * available // airtime
        tempo = tempo_of(airtime, work, special)
        full = Span(hour.begins, hour.ends) in common(self._open, (Span(hour.begins, hour.ends),))
        full = full and hour.ends - hour.begins == HOUR_MS
        return HourTask(hour, stretches, active, tempo, min(self._longest, airtime), self._longest_unit, full)

    def plan(self, task: HourTask, standing: Standing) -> tuple[Planned, Standing]:
        """Plan an hour; returns it and where the loop stands afterwards."""
        best: tuple[tuple[int, ...], Planned, Standing] | None = None
        hopeless = self._out_of_reach(task)
        for number, manner in enumerate(MANNERS if self._day.wanted else MANNERS[:1]):
            after = standing.copy()
            planned = HourSequence(self._day, task, after, manner).run()
            wrong = self._wrong_with(planned, hopeless)
            if best is None or wrong < best[0]:
                best = (wrong, planned, after)
            if not any(best[0]) or (number + 1 >= _GENTLE and not any(best[0][:-1])):
                break
        assert best is not None  # noqa: S101 - there is always a first manner
        return best[1], best[2]

    def _wrong_with(self, planned: Planned, hopeless: frozenset[int]) -> tuple[int, ...]:
        """Weigh what an hour lacks, in the order of the rules: all 0 is an hour without a fault."""
        crowded = sum(wanted - kept for wanted, kept in planned.crowded.values())
        longest = max((max(begun.lengths) for begun in planned.begun), default=0)
        behind = [
            want.share * planned.total - planned.language_ms[bit] * MILLION
            for bit, want in enumerate(self._day.wanted)
            if bit not in hopeless
        ]
        missed = sum(max(0, short - longest * MILLION) for short in behind)
        return (planned.empty, len(planned.crowded), crowded, missed, sum(max(0, short) for short in behind))

    def _out_of_reach(self, task: HourTask) -> frozenset[int]:
        """Name the languages whose share no plan can reach: trying again would be for nothing."""
        airtime = task.tempo.airtime
        hopeless: set[int] = set()
        for bit, want in enumerate(self._day.wanted):
            reachable = 0
            for _, _, unit in task.active:
                turns = task.tempo.cap.get(unit.index)
                if unit.language_ms[bit]:
                    reachable += airtime if turns is None else unit.language_ms[bit] * turns
                if reachable * MILLION >= want.share * airtime:
                    break
            else:
                hopeless.add(bit)
        return frozenset(hopeless)
