"""Following a rota: which planned turn comes next. Pure; what it follows was made by :mod:`playlists.loop`.

Turns come in their order, not by their minute: what an interruption or a failed item moves is moved for the rest of its
hour, and the next hour begins with its own first turn. What then had no place any more is left out; a set of language
versions that has begun is shown to its end. Whoever comes from outside, after a start, a night, a step of the clock,
joins at the turn that is on now, but never inside a set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from playlists.playlist import Slot
from playlists.rota import Rota, Turn

EARLY: Final = timedelta(seconds=20)
"""With less than this left of an hour whose turns are all shown, the next hour's begin at once; and a turn that is
late by less than this is still shown when its hour is over."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A turn of the rota whose hour began at ``hour`` (UTC).

    ``filled`` of its turns were shown again because all were over before the hour was.
    """

    plan: str
    """Which plan the rota is of; in another one the index means nothing."""
    hour: datetime
    index: int
    item: str
    filled: int = 0


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn, and the place it is at."""

    turn: Turn
    place: Place


def begin_of(rota: Rota) -> datetime:
    """When a rota's hour begins, in UTC: local hours cannot be counted with where a zone changes its offset."""
    return rota.hour.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """The rotas of some hours, in order, and a name that changes with whatever they were made of."""

    name: str
    rotas: tuple[Rota, ...]

    def at(self, hour: datetime) -> Rota | None:
        """The rota whose hour begins at an instant."""
        return next((rota for rota in self.rotas if begin_of(rota) == hour), None)


NO_PLAN: Final = Plan("", ())


def next_turn(place: Place | None, wall: datetime, plan: Plan, left_out: frozenset[str]) -> Turned | None:
    """The turn that comes after ``place`` for a slot that begins at ``wall``; None where nothing is planned then.

    ``left_out`` are items that cannot be shown now.
    """
    wall = wall.astimezone(UTC)
    current = rota_at(wall, plan.rotas)
    if current is None or closed_at(wall, plan.rotas):
        return None
    walk = _Walk(plan, current, left_out)
    followed = plan.at(place.hour) if place is not None and place.plan == plan.name else None
    if place is None or followed is None or not _is_near(place, current, wall):
        over = Place(plan.name, begin_of(current), len(current.turns), "" if place is None else place.item)
        return walk.joined(wall, place) or walk.when_all_were_shown(over, wall)
    turned = walk.in_order(followed, place)
    if place.hour < begin_of(current):
        return _over_the_hour(followed, place, turned, wall) or walk.anew(
            place.item if turned is not None or place.filled else None
        )
    if turned is not None or place.hour > begin_of(current):
        return turned
    return walk.when_all_were_shown(place, wall)


@dataclass(frozen=True, slots=True)
class _Walk:
    """The ways from turn to turn."""

    plan: Plan
    current: Rota
    left_out: frozenset[str]

    @property
    def after(self) -> Rota | None:
        """The next hour's rota."""
        return self.plan.at(begin_of(self.current) + _HOUR)

    def joined(self, wall: datetime, place: Place | None) -> Turned | None:
        """The turn that is on at ``wall``, or soon will be, not inside a set and not the one just shown."""
        passed = (wall - begin_of(self.current)) / timedelta(milliseconds=1)
        turns = self.current.turns
        for index, turn in enumerate(turns):
            half = turn.length / 2 if index + 1 < len(turns) else turn.length
            just_shown = place is not None and place.item == turn.slot.item.id
            if turn.offset + half <= passed or just_shown or turn.slot.item.id in self.left_out:
                continue
            if not _inside_a_set(self.current, index - 1):
                return self._turned(self.current, index)
        return None

    def first(self, rota: Rota | None, shown: str | None = None) -> Turned | None:
        """The first turn of an hour; the next where that would show what has just been ``shown`` out of its turn."""
        if rota is None or not rota.turns:
            return None
        free = (
            index
            for index, turn in enumerate(rota.turns)
            if turn.slot.item.id != shown and not _inside_a_set(rota, index - 1)
        )
        return self._from(rota, 0 if shown is None else next(free, 0))

    def in_order(self, rota: Rota, place: Place) -> Turned | None:
        """The next turn of the same hour."""
        return self._from(rota, place.index + 1)

    def anew(self, shown: str | None) -> Turned | None:
        """The hour from its beginning."""
        rota = self.current
        place = Place(self.plan.name, begin_of(rota), len(rota.turns), shown or "")
        return self.first(rota, shown) or self._filled(place)

    def when_all_were_shown(self, place: Place, wall: datetime) -> Turned | None:
        """The hour is not over, its turns are: the next hour's, if it is near, else some of this one's again."""
        if closed_at(wall + EARLY, self.plan.rotas):
            return None
        after = self.after
        if begin_of(self.current) + _HOUR - wall < EARLY and after is not None and after.turns:
            return self.first(after, place.item if place.filled else None)
        return self._filled(place)

    def _from(self, rota: Rota, begin: int) -> Turned | None:
        for index in range(begin, len(rota.turns)):
            if rota.turns[index].slot.item.id not in self.left_out:
                return self._turned(rota, index)
        return None

    def _filled(self, place: Place) -> Turned | None:
        """Turns of this hour again, those without a limit first."""
        turns = self.current.turns
        free = [turn for turn in turns if turn.slot.share.most_per_hour is None] or list(turns)
        free = [turn for turn in free if turn.slot.item.id != place.item] or free
        for step in range(len(free)):
            turn = free[(place.filled + step) % len(free)]
            item = turn.slot.item.id
            if item not in self.left_out:
                hour = begin_of(self.current)
                return Turned(turn, Place(self.plan.name, hour, len(turns), item, place.filled + step + 1))
        return None

    def _turned(self, rota: Rota, index: int) -> Turned:
        item = rota.turns[index].slot.item.id
        return Turned(rota.turns[index], Place(self.plan.name, begin_of(rota), index, item))


def rota_at(wall: datetime, rotas: tuple[Rota, ...]) -> Rota | None:
    """The rota of the hour in which ``wall`` lies."""
    return next((rota for rota in rotas if begin_of(rota) <= wall < begin_of(rota) + _HOUR), None)


def planned_in(slot: Slot, wall: datetime, rotas: tuple[Rota, ...]) -> Turn | None:
    """A turn of a slot in the hour's rota; None where it has none: it is not for this screen or this time."""
    current = rota_at(wall, rotas)
    turns = () if current is None else current.turns
    return next((turn for turn in turns if turn.slot.id == slot.id), None)


def closed_at(wall: datetime, rotas: tuple[Rota, ...]) -> bool:
    """Whether ``wall`` lies outside opening hours."""
    current = rota_at(wall, rotas)
    if current is None:
        return False
    passed = (wall.astimezone(UTC) - begin_of(current)) / timedelta(milliseconds=1)
    return any(closing.offset <= passed < closing.offset + closing.length for closing in current.closings)


def until_closing(wall: datetime, rotas: tuple[Rota, ...]) -> timedelta | None:
    """How long the screen is still open at ``wall``; None where no closing is planned."""
    beginnings = (
        begin_of(rota) + timedelta(milliseconds=closing.offset) for rota in rotas for closing in rota.closings
    )
    return min((at - wall for at in beginnings if at > wall), default=None)


def next_beginning(wall: datetime, rotas: tuple[Rota, ...]) -> datetime | None:
    """When the next turn after ``wall`` is planned; None where none is."""
    beginnings = (begin_of(rota) + timedelta(milliseconds=turn.offset) for rota in rotas for turn in rota.turns)
    return min((at for at in beginnings if at > wall), default=None)


def _over_the_hour(followed: Rota, place: Place, turned: Turned | None, wall: datetime) -> Turned | None:
    """What is left of an hour that is over, where it is only a little late, or the rest of a set."""
    if turned is None:
        return None
    in_time = _planned_at(followed, turned) + EARLY >= wall
    return turned if in_time or _inside_a_set(followed, place.index) else None


def _planned_at(rota: Rota, turned: Turned) -> datetime:
    return begin_of(rota) + timedelta(milliseconds=turned.turn.offset)


def _is_near(place: Place, current: Rota, wall: datetime) -> bool:
    """Whether the turn at ``place`` is of this hour, of the one before just now, or of the next, begun early."""
    hour = begin_of(current)
    if place.hour == hour:
        return True
    if place.hour == hour + _HOUR:
        return hour + _HOUR - wall < 2 * EARLY
    return place.hour + _HOUR == hour


def _inside_a_set(rota: Rota, index: int) -> bool:
    """Whether the turn after ``index`` is another version of the message that the one at ``index`` tells."""
    if not 0 <= index < len(rota.turns) - 1:
        return False
    one, other = rota.turns[index].slot.item, rota.turns[index + 1].slot.item
    return one.message is not None and one.message == other.message and one.id != other.id


def hours_around(wall: datetime) -> Iterator[datetime]:
    """The beginnings of the clock hours that a decision at ``wall`` may have to know: before, now, after."""
    hour = wall.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    yield from (moment.astimezone(wall.tzinfo) for moment in (hour - _HOUR, hour, hour + _HOUR))
