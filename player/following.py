"""Following a rota: which planned turn comes next. Pure; what it follows was made by :mod:`playlists.loop`.

Turns come in their order, not by their minute: what an interruption or a failed item moves is moved for the rest of its
hour, and the next hour begins with its own first turn. What then had no place any more is left out; a set of language
versions that has begun is shown to its end. Whoever comes from outside, after a start, a night, a step of the clock,
joins at the turn that is on now, but never inside a set.

Where the plan leaves the screen empty it stays empty: a turn after such a stretch is not begun before its time. Where
the plan has something on and all of it was shown already, some of the hour is shown again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from playlists.places import Place, places, standing
from playlists.playlist import Slot
from playlists.rota import Rota, Turn

EARLY: Final = timedelta(seconds=20)
"""With less than this left of an hour whose turns are all shown, the next hour's begin at once; and a turn that is
late by less than this is still shown when its hour is over."""
ON_TIME: Final = timedelta(seconds=1)
"""A player this far off its plan is on it."""
HOLD: Final = timedelta(seconds=3)
"""Over an empty stretch this short the last picture stands; the loop leaves one before midnight."""
_HOUR: Final = timedelta(hours=1)
_NOTHING: Final = timedelta(0)

May = Callable[[Turn, datetime], bool]
"""Whether a turn may begin at an instant: its item is not left out, and its timetable says so."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a player is in a plan: the ``place`` that was chosen last, and the item that is on the screen.

    ``filled`` turns were shown again since. Without a place the player comes from outside.
    """

    plan: str = ""
    """Which plan the place is of; in another one it means nothing."""
    place: Place | None = None
    item: str = ""
    filled: int = 0


OUTSIDE: Final = Mark()


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn, where the player is with it, and how long it still has to wait."""

    turn: Turn
    mark: Mark
    waits: timedelta = _NOTHING


@dataclass(frozen=True, slots=True)
class Plan:
    """The rotas of some hours, in order, and a name that changes with whatever they were made of."""

    name: str
    rotas: tuple[Rota, ...]

    def number_at(self, wall: datetime) -> int | None:
        """The number of the rota of the hour in which ``wall`` lies; an hour may be cut short by a moved clock."""
        begun = [n for n, rota in enumerate(self.rotas) if begin_of(rota) <= wall < begin_of(rota) + _HOUR]
        return begun[-1] if begun else None

    def number_of(self, mark: Mark) -> int | None:
        """The number of the rota that a mark is in."""
        if mark.place is None or mark.plan != self.name:
            return None
        hour = begin_of(mark.place.rota)
        return next((number for number, rota in enumerate(self.rotas) if begin_of(rota) == hour), None)


NO_PLAN: Final = Plan("", ())


def begin_of(rota: Rota) -> datetime:
    """When a rota's hour begins, in UTC: local hours cannot be counted with where a zone changes its offset."""
    return rota.hour.astimezone(UTC)


def next_turn(mark: Mark, wall: datetime, plan: Plan, may: May) -> Turned | None:
    """The turn that comes after ``mark`` for a slot that begins at ``wall``; None where nothing is to come then."""
    wall = wall.astimezone(UTC)
    number = plan.number_at(wall)
    if number is None or closed_at(wall, plan.rotas):
        return None
    walk = _Walk(plan, number, wall, may, mark)
    last = plan.number_of(mark)
    if last is None or not walk.is_near(last):
        return walk.joined()
    return walk.in_order(last)


@dataclass(frozen=True, slots=True)
class _Walk:
    """The ways from turn to turn at ``wall``, which lies in the hour of rota ``number``."""

    plan: Plan
    number: int
    wall: datetime
    may: May
    mark: Mark

    def is_near(self, last: int) -> bool:
        """Whether a mark in rota ``last`` is of this hour, of the one before, or of the next, begun early."""
        if last in (self.number - 1, self.number):
            return True
        if last > self.number:
            return last == self.number + 1 and begin_of(self.plan.rotas[last]) - self.wall < 2 * EARLY
        coming = next(self._after(last), None)  # an item or a set may be longer than an hour
        return coming is not None and (self._continues(coming) or abs(coming.begins - self.wall) < EARLY)

    def in_order(self, last: int) -> Turned | None:
        """The next turn of the same hour; what is left of an hour that is over where it is a little late."""
        current = begin_of(self.plan.rotas[self.number])
        left_out = bool(self.mark.filled)
        for place in self._after(last):
            early = place.begins - self.wall
            if early > EARLY and begin_of(place.rota) > current:
                return self._filled()
            of_the_past = begin_of(place.rota) < current
            if of_the_past and not (self._continues(place) or (early > -EARLY and place.begins_unit)):
                left_out = True
                continue
            repeats = left_out and last != self.number and place.turn.slot.item.id == self.mark.item
            if repeats or not self._may(place):
                left_out = True
                continue
            return self._begun(place)
        return self._filled()

    def joined(self) -> Turned | None:
        """The turn that is on now, or soon will be, not inside a set and not the one just shown."""
        around = self.plan.rotas[max(0, self.number - 1) : self.number + 2]
        known = list(places(around))
        current = begin_of(self.plan.rotas[self.number])
        for place, after in pairwise([*known, None]):
            assert place is not None  # noqa: S101 - only the one after the last is none
            early = place.begins - self.wall
            if early > EARLY and begin_of(place.rota) > current:
                return self._filled()
            half = place.turn.length / (1 if after is None or after.begins > place.ends else 2)
            over = place.begins + timedelta(milliseconds=half) <= self.wall
            just_shown = abs(early) > ON_TIME and place.turn.slot.item.id == self.mark.item
            if not (over or just_shown) and place.begins_unit and self._may(place):
                return self._begun(place)
        return self._filled()

    def _after(self, last: int) -> Iterator[Place]:
        """The places after the mark, which is in rota ``last``."""
        rotas = self.plan.rotas
        begin = 0 if self.mark.place is None else self.mark.place.number + 1
        yield from (Place(rotas[last], number) for number in range(begin, len(rotas[last].turns)))
        yield from places(rotas[last + 1 :])

    def _continues(self, place: Place) -> bool:
        """Whether a place is the next of the set whose version was chosen last."""
        last = self.mark.place
        follows = last is not None and (last.rota.hour, last.number + 1) == (place.rota.hour, place.number)
        return follows and not place.begins_unit

    def _may(self, place: Place) -> bool:
        """Whether a turn may begin; one that is a little late as if it were in time."""
        late = self.wall - place.begins > EARLY
        return self.may(place.turn, self.wall if late else place.begins)

    def _begun(self, place: Place) -> Turned | None:
        """A turn at once; at its time where nothing is planned before, or it may not begin before."""
        early = place.begins - self.wall
        mark = Mark(self.plan.name, place, place.turn.slot.item.id)
        if early <= ON_TIME or (self._is_planned_now and self.may(place.turn, self.wall)):
            return Turned(place.turn, mark)
        waiting = Turned(place.turn, mark, early)
        return waiting if early <= HOLD or not self._is_planned_now else self._filled()

    @property
    def _is_planned_now(self) -> bool:
        around = self.plan.rotas[max(0, self.number - 2) : self.number + 2]
        return standing(around, self.wall + ON_TIME) is not None

    def _filled(self) -> Turned | None:
        """Turns of this hour again, those without a limit."""
        if not self._is_planned_now or closed_at(self.wall + EARLY, self.plan.rotas):
            return None
        turns = self.plan.rotas[self.number].turns
        free = [turn for turn in turns if turn.slot.share.most_per_hour is None and self.may(turn, self.wall)]
        free = [turn for turn in free if turn.slot.item.id != self.mark.item] or free
        if not free:
            return None
        turn = free[self.mark.filled % len(free)]
        return Turned(turn, Mark(self.plan.name, self.mark.place, turn.slot.item.id, self.mark.filled + 1))


def planned_in(slot: Slot, wall: datetime, plan: Plan) -> Turn | None:
    """A turn of a slot in the hour's rota; None where it has none: it is not for this screen or this time."""
    number = plan.number_at(wall)
    turns = () if number is None else plan.rotas[number].turns
    return next((turn for turn in turns if turn.slot.id == slot.id), None)


def closed_at(wall: datetime, rotas: tuple[Rota, ...]) -> bool:
    """Whether ``wall`` lies outside opening hours."""
    number = Plan("", rotas).number_at(wall)
    if number is None:
        return False
    passed = (wall.astimezone(UTC) - begin_of(rotas[number])) / timedelta(milliseconds=1)
    return any(closing.offset <= passed < closing.offset + closing.length for closing in rotas[number].closings)


def until_closing(wall: datetime, rotas: tuple[Rota, ...]) -> timedelta | None:
    """How long the screen is still open at ``wall``; None where no closing is planned."""
    beginnings = (
        begin_of(rota) + timedelta(milliseconds=closing.offset) for rota in rotas for closing in rota.closings
    )
    return min((at - wall for at in beginnings if at > wall), default=None)


def hours_around(wall: datetime) -> Iterator[datetime]:
    """The beginnings of the clock hours that a decision at ``wall`` may have to know: before, now, after."""
    hour = wall.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    yield from (moment.astimezone(wall.tzinfo) for moment in (hour - _HOUR, hour, hour + _HOUR))
