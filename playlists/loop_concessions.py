"""Which rules gave way in an hour, to which others, and by how much."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from playlists.loop_sequence import HourTask, Planned
from playlists.loop_standing import DayPlan
from playlists.loop_units import MILLION, Unit
from playlists.rota import Concession, Rule

_PER_CENT: Final = 100
_WORTH_TELLING: Final = 2
"""Turns that a unit came more or less often than by its weight: two are what whole turns in an hour may leave."""
_PART_WORTH_TELLING: Final = 10
"""And more than a tenth of what was wanted."""


def concessions_of(day: DayPlan, task: HourTask, planned: Planned) -> tuple[Concession, ...]:
    """List the concessions of one planned hour, strongest rule first."""
    longest = max((max(begun.lengths) for begun in planned.begun), default=0)
    return (
        *_sets(day, task),
        *_empty(task, planned),
        *_spacing(day, planned),
        *_languages(day, task, planned, longest),
        *_voices(day, task, planned, longest),
        *_weights(day, task, planned),
    )


def _sets(day: DayPlan, task: HourTask) -> Iterator[Concession]:
    """A set of which content rules refuse a version is not shown at all."""
    for unit in day.refused_sets:
        if any(span.begins < task.hour.ends and span.ends > task.hour.begins for span in unit.spans):
            yield Concession(Rule.SETS, subject_of(unit), Rule.CONTENT, len(unit.slots), 0)


def _empty(task: HourTask, planned: Planned) -> Iterator[Concession]:
    if planned.empty:
        wanted = task.tempo.airtime
        spent = bool(planned.caps)
        yield Concession(Rule.FILLED, "", Rule.MOST_PER_HOUR if spent else Rule.CONTENT, wanted, wanted - planned.empty)


def _spacing(day: DayPlan, planned: Planned) -> Iterator[Concession]:
    subjects = {unit.family: subject_of(unit) for unit in day.units if unit.family in planned.crowded}
    for family, (wanted, kept) in planned.crowded.items():
        yield Concession(Rule.SPACING, subjects[family], Rule.FILLED, wanted, kept)


def _languages(day: DayPlan, task: HourTask, planned: Planned, longest: int) -> Iterator[Concession]:
    """In each full clock hour, give or take the longest item."""
    if not (planned.total and task.full):
        return
    for bit, want in enumerate(day.wanted):
        have = planned.language_ms[bit]
        if (have + longest) * MILLION < want.share * planned.total:
            speakers = [unit for _, _, unit in task.active if unit.language_ms[bit]]
            others = any(other.share for place, other in enumerate(day.wanted) if place != bit)
            yield Concession(
                Rule.LANGUAGE_SHARE,
                want.language,
                _held_back_by(speakers, task, planned, Rule.LANGUAGE_SHARE if others else Rule.FILLED),
                want.share * _PER_CENT / MILLION,
                round(have * _PER_CENT / planned.total, 2),
            )


def _voices(day: DayPlan, task: HourTask, planned: Planned, longest: int) -> Iterator[Concession]:
    """A share of voice holds give or take one turn of its unit, and the longest item."""
    airtime = _airtime(planned)
    asking = {unit.index: unit for _, _, unit in task.active if unit.share}
    for index, unit in asking.items():
        share = unit.share or 0
        off = airtime[index] * MILLION - share * planned.total
        if abs(off) <= max(unit.length, longest) * MILLION:
            continue
        reason = Rule.FILLED if off > 0 else _held_back_by([unit], task, planned, Rule.SHARE_OF_VOICE)
        if day.wanted and (off > 0) == bool(unit.mask) and reason in {Rule.FILLED, Rule.SHARE_OF_VOICE}:
            reason = Rule.LANGUAGE_SHARE
        got = round(airtime[index] * _PER_CENT / planned.total, 2)
        yield Concession(Rule.SHARE_OF_VOICE, subject_of(unit), reason, share * _PER_CENT / MILLION, got)


def _weights(day: DayPlan, task: HourTask, planned: Planned) -> Iterator[Concession]:
    turns = Counter(begun.unit.index for begun in planned.begun)
    tempo = task.tempo
    # Most of a large playlist is due less than once an hour, and cannot be wanted more often than it came.
    heavy = (unit for _, _, unit in task.active if unit.weight * tempo.airtime > _WORTH_TELLING * tempo.round_ms)
    begun = (one.unit for one in planned.begun)
    for unit in {unit.index: unit for unit in (*heavy, *begun)}.values():
        wanted = round(unit.weight * tempo.airtime / tempo.round_ms, 1)
        got = turns[unit.index]
        if unit.share or unit.priority or abs(wanted - got) <= max(_WORTH_TELLING, wanted / _PART_WORTH_TELLING):
            continue
        if got > wanted:
            reason = Rule.LANGUAGE_SHARE if unit.mask else Rule.FILLED
        else:
            reason = _held_back_by([unit], task, planned, Rule.LANGUAGE_SHARE if day.wanted else Rule.FILLED)
        yield Concession(Rule.WEIGHT, subject_of(unit), reason, wanted, got)


def _held_back_by(units: list[Unit], task: HourTask, planned: Planned, otherwise: Rule) -> Rule:
    """Name the rule that kept units from coming more often: a limit of their own, or another."""
    if not units:
        return Rule.CONTENT
    if all(unit.most is not None and planned.counts.get(unit.family, 0) >= unit.most for unit in units):
        return Rule.MOST_PER_HOUR
    # As often as spacing lets a unit come, or once less: an hour seldom begins and ends with it.
    cap = task.tempo.cap
    if any(unit.spacing and planned.counts.get(unit.family, 0) >= cap[unit.index] - 1 for unit in units):
        return Rule.SPACING
    return otherwise


def _airtime(planned: Planned) -> Counter[int]:
    airtime: Counter[int] = Counter()
    for begun in planned.begun:
        airtime[begun.unit.index] += sum(begun.lengths)
    return airtime


def subject_of(unit: Unit) -> str:
    """Name a unit in a concession: a set by its message, a single item by its slot."""
    message = unit.slots[0].item.message
    return unit.slots[0].id if message is None else message
