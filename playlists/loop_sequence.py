"""When each unit of an hour comes: the second half of planning it, turn by turn and greedily.

At every boundary the units stand in this order: priority units that are due, units with a share of voice that are due,
then the others by when they are due. Of these the first is taken that its limits allow now, unless a language would
fall behind its share: then the first that speaks it. A unit that was just shown is passed over while there is another.
Where spacing forbids everything, the unit that is nearest to its time is shown all the same, and that is noted: a
screen is not left empty for it. Where most per hour forbids everything, the screen is.

The last unit of an hour may run over into the next; at closing and at the end of the day nothing does: what fits is
preferred, and where nothing does the last turn is planned shorter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace
from typing import Final, NamedTuple

from playlists.clock_hours import ClockHour
from playlists.loop_standing import DayPlan, Standing, chance
from playlists.loop_tempo import Tempo
from playlists.loop_units import LOOP, MILLION, PRIORITY, VOICE, Unit
from playlists.playlist import ItemKind

LEFT_EMPTY_MS: Final = 3_000
"""Less than this before closing is worth no turn: the last picture stands until then."""


class Stretch(NamedTuple):
    """A part of an hour in which the screen is open, and when it closes: in this hour, later, or at midnight."""

    begins: int
    ends: int
    closes: int


@dataclass(frozen=True, slots=True)
class Manner:
    """How eagerly languages are served: the ways an hour is tried in, the gentlest first.

    A language that is ``lenient``-ly served may fall behind by up to the longest item early in the hour; otherwise it
    has its share at every boundary. ``units_ahead`` times the longest unit, and ``ahead`` quarters of the hour, are
    covered before they come. A ``narrow`` choice sees only the languages that are behind, not those that it may leave
    behind.
    """

    lenient: bool = False
    units_ahead: int = 0
    ahead: int = 0
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """One unit as it was planned: when (ms) and how long each of its versions stands."""

    at: int
    unit: Unit
    lengths: tuple[int, ...]


@dataclass(slots=True)
class Planned:
    """What came of planning an hour in one manner.

    ``empty`` is how long nothing could be shown, ms; ``crowded`` by family, the spacing wanted and the least kept;
    ``language_ms`` the airtime of each wanted language.
    """

    begun: list[Begun] = field(default_factory=list)
    empty: int = 0
    crowded: dict[str, tuple[int, int]] = field(default_factory=dict)
    language_ms: list[int] = field(default_factory=list)
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    caps: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HourTask:
    """An hour to plan: its open stretches, the units that may begin in it with the spans in which they may."""

    hour: ClockHour
    stretches: tuple[Stretch, ...]
    active: Sequence[tuple[int, int, Unit]]
    """When within the hour (or before) each span begins, when it ends, and whose it is, by unit."""
    tempo: Tempo
    longest: int
    longest_unit: int
    """The longest item and the longest unit that may come, ms."""
    full: bool
    """Whether it is a full clock hour within opening hours."""


class HourSequence:
    """The planning of one hour; use it once."""

    def __init__(self, day: DayPlan, task: HourTask, standing: Standing, manner: Manner) -> None:
        self._day = day
        self._task = task
        self._now = standing
        self._manner = manner
        self._planned = Planned(language_ms=[0] * len(day.wanted))
        self._heaps: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._until: dict[int, int] = {}
        self._waiting: list[tuple[int, int, int]] = []
        self._joining: list[tuple[int, int, int]] = []
        self._forced = False
        """Whether the unit at hand was taken for its language, out of its order."""
        self._passed: list[int] = []
        """When those were due that were passed over at hand because they were just shown."""
        self._seed = chance(day.seed, task.hour.begins)

    def run(self) -> Planned:
        """Plan the hour; the standing that was given is then the one after it."""
        begins = min(max(self._now.free_at, stretch.begins) for stretch in self._task.stretches)
        self._open(begins)
        for stretch in self._task.stretches:
            at = max(self._now.free_at, stretch.begins)
            while at < stretch.ends:
                at = self._turn(at, stretch)
            self._now.free_at = at
        return self._planned

    # --- who takes part -------------------------------------------------------------------------------------------

    def _open(self, at: int) -> None:
        if not self._now.reached_all:
            self._now.reached_all = at
        for begins, ends, unit in self._task.active:
            if begins > at:
                self._joining.append((begins, ends, unit.index))
            else:
                self._join(at, ends, unit, new_hour=True)
        heapify(self._joining)
        for heap in self._heaps.values():
            heapify(heap)

    def _join(self, at: int, ends: int, unit: Unit, *, new_hour: bool = False) -> None:
        """Let a unit take part; heaps are left unsorted at the beginning of an hour."""
        index = unit.index
        standing = unit.group[0]
        if self._now.joined[index] != ends:
            self._now.joined[index] = ends
            due = self._first_due(at, unit)
        elif standing == LOOP:
            due = self._carried(unit)
        else:
            due = at if standing == PRIORITY else max(at, self._now.due[index])
        self._now.due[index] = due
        self._until[index] = ends
        heap = self._heaps.get(unit.group)
        if heap is None:
            heap = self._heaps[unit.group] = []
        heap.append((due, index))
        if not new_hour:
            heapify(heap)

    def _first_due(self, at: int, unit: Unit) -> int:
        """When a unit that joins is due: at once, or in the loop where it is written, or where chance puts it."""
        if unit.group[0] == PRIORITY:
            return at
        now = self._now
        start = at if unit.group[0] == VOICE else max(now.reached.get(unit.mask, 0), now.reached_all)
        place = chance(self._seed, unit.index) if self._day.shuffled else self._day.positions[unit.index]
        return start + place % self._task.tempo.interval(unit)

    def _carried(self, unit: Unit) -> int:
        """When a unit is due that took part in the hour before; a shuffled loop deals anew what this hour will show."""
        now = self._now
        base = now.reached.get(unit.mask, 0)
        base = max(base, now.reached_all)
        interval = self._task.tempo.interval(unit)
        # Another tempo may have come with the hour; one interval and a half is what can be owed to it at most.
        due = min(now.due[unit.index], base + interval * 3 // 2)
        if not self._day.shuffled or due >= base + self._task.tempo.airtime:
            return due
        dealt = chance(self._seed, unit.index) % min(interval, self._task.tempo.airtime)
        return base + max(dealt, (due - base) // 2)

    # --- one turn -------------------------------------------------------------------------------------------------

    def _turn(self, at: int, stretch: Stretch) -> int:
        """Plan what begins at an instant; returns when the next may."""
        self._let_in(at)
        self._forced = False
        self._passed.clear()
        left = stretch.closes - at
        if left < LEFT_EMPTY_MS and self._planned.begun:
            return stretch.ends
        unit = self._choose(at)
        if unit is None:
            unit = self._nearest(at)
        if unit is None:
            until = min(stretch.ends, self._joining[0][0] if self._joining else stretch.ends)
            self._planned.empty += until - at
            return until
        if not _fits(unit, at, stretch):
            unit = self._fitting(at, stretch, unit) or unit
        lengths = unit.lengths
        if unit.length > left:
            unit = self._shortest(at) or unit
            lengths = _shortened(unit, left)
        return self._begin(at, unit, lengths)

    def _let_in(self, at: int) -> None:
        while self._joining and self._joining[0][0] <= at:
            _, ends, index = heappop(self._joining)
            self._join(at, ends, self._day.units[index])
        while self._waiting and self._waiting[0][0] <= at:
            _, index, due = heappop(self._waiting)
            if due == self._now.due[index]:
                self._put(self._day.units[index])

    def _put(self, unit: Unit) -> None:
        heap = self._heaps.setdefault(self._place(unit), [])
        heappush(heap, (self._now.due[unit.index], unit.index))

    def _place(self, unit: Unit) -> tuple[int, int]:
        """The group a unit stands in; a priority unit without terms has come first once and then goes by weight."""
        group = unit.group
        if group[0] == PRIORITY and unit.index not in self._task.tempo.own and unit.family in self._planned.counts:
            return (LOOP, unit.mask)
        return group

    def _choose(self, at: int) -> Unit | None:
        """Take the first in order that may begin now, a language that falls behind permitting."""
        again: list[_Top] = []
        tops = [(group, *top) for group in self._heaps if (top := self._top(group, at, again))]
        candidates = tops or again
        if not candidates:
            return None
        first = min(candidates, key=lambda top: _order(top, at))
        if again and tops and self._better_again(again[0], first, at):
            first = again[0]
        self._passed += (top[1] for top in again)
        unit = self._day.units[first[2]]
        if first[0][0] == PRIORITY and first[1] <= at:
            return unit
        short = self._falling_behind(unit.length, unit.language_ms)
        if not short:
            return unit
        speaking = self._speaking(at, short, tops) or self._speaking(at, short, again)
        self._forced = speaking is not None and speaking is not unit
        return speaking or unit

    def _better_again(self, again: "_Top", other: "_Top", at: int) -> bool:
        """Tell whether what was just shown is so much more due than anything else that it has to come once more."""
        mine, its = _order(again, at), _order(other, at)
        if mine[0] != its[0] or mine[0] < LOOP:
            return mine < its
        return its[1] - mine[1] > self._task.tempo.interval(self._day.units[other[2]]) // 2

    def _speaking(self, at: int, short: dict[int, int], tops: list["_Top"]) -> Unit | None:
        """Of the units that help the languages behind, find the one after which least is missing, for its length."""
        able = [top for top in tops if _help(short, top[0][1])]
        if not able:
            return None
        if self._manner.narrow:
            return self._day.units[min(able, key=lambda top: (-_help(short, top[0][1]), _order(top, at)))[2]]
        before = sum(self._falling_behind(0, ()).values())

        def missing(top: _Top) -> int:
            unit = self._day.units[top[2]]
            return (sum(self._falling_behind(unit.length, unit.language_ms).values()) - before) // unit.length

        return self._day.units[min(able, key=lambda top: (missing(top), _order(top, at)))[2]]

    def _falling_behind(self, length: int, spoken: Sequence[int]) -> dict[int, int]:
        """Say by how much (millionths of ms) languages would be behind their share after ``length`` ms more.

        :param spoken: how much of it is in each wanted language, ms; empty is none in any.
        """
        planned = self._planned
        total = planned.total + length
        airtime = self._task.tempo.airtime
        left = max(0, airtime - total)
        horizon = total + self._task.longest_unit * self._manner.units_ahead
        horizon = max(total, min(horizon + airtime * self._manner.ahead // 4, airtime + self._task.longest_unit))
        early = max(0, left - 2 * self._task.longest_unit)
        slack = self._task.longest * early // airtime if self._manner.lenient else 0
        behind: dict[int, int] = {}
        for bit, want in enumerate(self._day.wanted):
            have = planned.language_ms[bit] + (spoken[bit] if spoken else 0)
            shortage = want.share * horizon - (have + slack) * MILLION
            if shortage > 0:
                behind[bit] = shortage
        return behind

    # --- what may begin -------------------------------------------------------------------------------------------

    def _top(self, group: tuple[int, int], at: int, again: list["_Top"]) -> tuple[int, int] | None:
        """Look at the first of a group that may begin now, but what was begun last: that goes to ``again``."""
        heap = self._heaps[group]
        kept: list[tuple[int, int]] = []
        found: tuple[int, int] | None = None
        while heap and found is None:
            unit = self._day.units[heap[0][1]]
            if heap[0][0] != self._now.due[unit.index] or not self._may_begin(unit, at):
                heappop(heap)
            elif unit.family == self._now.last:
                kept.append(heappop(heap))
            else:
                found = heap[0]
        for entry in kept:
            heappush(heap, entry)
            again.append((group, *entry))
        return found

    def _may_begin(self, unit: Unit, at: int) -> bool:
        """Tell whether a unit may begin now. One that has to wait is put aside, one that has no more turns is not."""
        if self._until[unit.index] <= at or self._spent(unit):
            return False
        ready = self._ready_at(unit, at)
        if ready > at:
            heappush(self._waiting, (ready, unit.index, self._now.due[unit.index]))
            return False
        return True

    def _spent(self, unit: Unit) -> bool:
        count = self._planned.counts.get(unit.family)
        if count is None:
            return unit.most == 0
        most = self._planned.caps.get(unit.family, unit.most)
        return most is not None and count >= min(most, unit.most or most)

    def _ready_at(self, unit: Unit, at: int) -> int:
        """When spacing lets a unit begin: after its family's last start, and not shortly before its first tomorrow."""
        # Asked many times a turn: plain comparisons are several times as fast as max().
        ready = at
        started = self._now.starts.get(unit.family)
        if started is not None:
            spacing = started[1] if started[1] > unit.spacing else unit.spacing  # noqa: FURB136 - see above
            if started[0] + spacing > at:
                ready = started[0] + spacing
        if self._day.coming:
            coming = self._day.coming.get(unit.family)
            if coming is not None and coming - unit.spacing < ready < coming:
                ready = coming
        return ready

    def _nearest(self, at: int) -> Unit | None:
        """Of the units that spacing forbids, the one nearest to its time."""
        while self._waiting:
            known, index, due = self._waiting[0]
            unit = self._day.units[index]
            if due != self._now.due[index] or self._until[index] <= at or self._spent(unit):
                heappop(self._waiting)
                continue
            ready = self._ready_at(unit, at)
            if ready <= known:
                return unit
            heapreplace(self._waiting, (ready, index, due))  # another slot of its family was begun since
        return None

    def _able(self, at: int) -> Iterator[tuple[tuple[int, int], int, Unit]]:
        """Yield everything that may begin now, unsorted, with its group and due."""
        for group, heap in self._heaps.items():
            for due, index in heap:
                unit = self._day.units[index]
                current = due == self._now.due[index] and self._until[index] > at
                if current and not self._spent(unit) and self._ready_at(unit, at) <= at:
                    yield group, due, unit

    def _fitting(self, at: int, stretch: Stretch, instead_of: Unit) -> Unit | None:
        """The first in order that ends in time, what helps a language behind before the others."""
        short = self._falling_behind(instead_of.length, ())
        able = [
            (
                -_help(short, unit.mask),
                unit.family == self._now.last,
                _order((group, due, unit.index), at),
                unit.index,
            )
            for group, due, unit in self._able(at)
            if _fits(unit, at, stretch)
        ]
        return self._day.units[min(able)[3]] if able else None

    def _shortest(self, at: int) -> Unit | None:
        """What suffers least from being shown shorter: a still, then what is short anyway; a set last."""
        able = [
            (len(unit.slots) > 1, any(slot.item.kind is ItemKind.CLIP for slot in unit.slots), unit.length, unit.index)
            for _, _, unit in self._able(at)
        ]
        return self._day.units[min(able)[3]] if able else None

    # --- begin ----------------------------------------------------------------------------------------------------

    def _begin(self, at: int, unit: Unit, lengths: tuple[int, ...]) -> int:
        """Note a unit's turn and when it is due next; returns its end."""
        now = self._now
        planned = self._planned
        ready = self._ready_at(unit, at)
        if ready > at:
            self._crowd(unit, at)
        length = sum(lengths)
        planned.begun.append(Begun(at, unit, lengths))
        planned.total += length
        for bit, spoken in enumerate(unit.language_ms):
            planned.language_ms[bit] += spoken * length // unit.length
        planned.counts[unit.family] = planned.counts.get(unit.family, 0) + 1
        if unit.most is not None:
            planned.caps[unit.family] = min(unit.most, planned.caps.get(unit.family, unit.most))
        now.starts[unit.family] = (at, unit.spacing)
        now.last = unit.family
        self._set_due(unit, at)
        self._put(unit)
        return at + length

    def _set_due(self, unit: Unit, at: int) -> None:
        """Put a unit off by its interval; what stands for it elsewhere is thereby out of date."""
        now = self._now
        interval = self._task.tempo.interval(unit)
        due = now.due[unit.index]
        if self._place(unit)[0] != LOOP:
            now.due[unit.index] = max(due + interval, at)
            return
        # What came before its turn, in place of what was just shown, does not put the others off.
        in_order = now.reached_all if unit.priority else min((due, *self._passed))
        reached = max(now.reached.get(unit.mask, 0), in_order)
        now.reached[unit.mask] = reached
        if not self._forced:
            now.reached_all = max(now.reached_all, min(in_order, at))
        now.due[unit.index] = max(due, reached if unit.priority else due) + interval
        now.due[unit.index] = max(now.due[unit.index], reached)

    def _crowd(self, unit: Unit, at: int) -> None:
        """Note that spacing gave way, and the least that was kept of it."""
        gaps: list[tuple[int, int]] = []
        started = self._now.starts.get(unit.family)
        if started is not None:
            gaps.append((at - started[0], max(started[1], unit.spacing)))
        coming = self._day.coming.get(unit.family)
        if coming is not None:
            gaps.append((coming - at, unit.spacing))
        kept, wanted = min(gap for gap in gaps if gap[0] < gap[1])
        known = self._planned.crowded.get(unit.family, (wanted, kept))
        self._planned.crowded[unit.family] = min(known, (wanted, kept), key=lambda pair: pair[1])


_Top = tuple[tuple[int, int], int, int]


def _order(top: _Top, at: int) -> tuple[int, int, int]:
    """What comes first: priority that is due, a share of voice that is due, the loop, and last what is early."""
    group, due, index = top
    if group[0] == LOOP or due <= at:
        return (group[0], due, index)
    return (LOOP + 2 - group[0], due, index)


def _help(short: dict[int, int], mask: int) -> int:
    """Weigh by how much a group of units helps the languages that are behind."""
    return sum(shortage for bit, shortage in short.items() if mask >> bit & 1)


def _fits(unit: Unit, at: int, stretch: Stretch) -> bool:
    """Tell whether a unit ends before the screen closes, and its last version begins within the hour."""
    return at + unit.length <= stretch.closes and at + unit.head < stretch.ends


def _shortened(unit: Unit, left: int) -> tuple[int, ...]:
    """Divide what time there is among a unit's versions as their lengths are."""
    lengths = [length * left // unit.length for length in unit.lengths]
    lengths[-1] += left - sum(lengths)
    return tuple(lengths)
