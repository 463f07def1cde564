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


def next_turn(place: Place | None, wall: datetime, rotas: tuple[Rota, ...], left_out: frozenset[str]) -> Turned | None:
    """The turn that comes after ``place`` for a slot that begins at ``wall``; None where nothing is planned then.

    ``left_out`` are items that cannot be shown now.
    """
    wall = wall.astimezone(UTC)
    current = rota_at(wall, rotas)
    if current is None or closed_at(wall, rotas):
        return None
    followed = None if place is None else next((rota for rota in rotas if begin_of(rota) == place.hour), None)
    if place is None or followed is None or not _is_near(place, current, wall):
        return _joined(current, wall, place, left_out) or _first(_after(current, rotas), left_out)
    turned = _in_order(followed, place, left_out)
    if place.hour < begin_of(current):
        return _over_the_hour(followed, place, turned, wall) or _anew(current, left_out)
    if turned is not None or place.hour > begin_of(current):
        return turned
    return _when_all_were_shown(current, place, wall, rotas, left_out)


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


def _anew(rota: Rota, left_out: frozenset[str]) -> Turned | None:
    return _first(rota, left_out) or _filled(rota, Place(begin_of(rota), len(rota.turns), ""), left_out)


def _when_all_were_shown(
    current: Rota, place: Place, wall: datetime, rotas: tuple[Rota, ...], left_out: frozenset[str]
) -> Turned | None:
    """The hour is not over, its turns are: the next hour's, if it is near, else some of this one's again."""
    if closed_at(wall + EARLY, rotas):
        return None
    after = _after(current, rotas)
    if begin_of(current) + _HOUR - wall < EARLY and after is not None and after.turns:
        return _first(after, left_out)
    return _filled(current, place, left_out)


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


def _joined(rota: Rota, wall: datetime, place: Place | None, left_out: frozenset[str]) -> Turned | None:
    """The turn that is on at ``wall``, or the first after it that is not inside a set and was not just shown."""
    passed = (wall - begin_of(rota)) / timedelta(milliseconds=1)
    for index, turn in enumerate(rota.turns):
        just_shown = place is not None and place.item == turn.slot.item.id
        if turn.offset + turn.length <= passed or just_shown or turn.slot.item.id in left_out:
            continue
        if not _inside_a_set(rota, index - 1):
            return _turned(rota, index)
    return None


def _first(rota: Rota | None, left_out: frozenset[str]) -> Turned | None:
    if rota is None:
        return None
    return next((_turned(rota, i) for i, turn in enumerate(rota.turns) if turn.slot.item.id not in left_out), None)


def _in_order(rota: Rota, place: Place, left_out: frozenset[str]) -> Turned | None:
    for index in range(place.index + 1, len(rota.turns)):
        if rota.turns[index].slot.item.id not in left_out:
            return _turned(rota, index)
    return None


def _filled(rota: Rota, place: Place, left_out: frozenset[str]) -> Turned | None:
    """All turns were shown before the hour is over: some of them again, those without a limit first."""
    free = [turn for turn in rota.turns if turn.slot.share.most_per_hour is None] or list(rota.turns)
    for step in range(len(free)):
        turn = free[(place.filled + step) % len(free)]
        if turn.slot.item.id not in left_out:
            filled = place.filled + step + 1
            return Turned(turn, Place(begin_of(rota), len(rota.turns), turn.slot.item.id, filled))
    return None


def _inside_a_set(rota: Rota, index: int) -> bool:
    """Whether the turn after ``index`` is another version of the message that the one at ``index`` tells."""
    if not 0 <= index < len(rota.turns) - 1:
        return False
    one, other = rota.turns[index].slot.item, rota.turns[index + 1].slot.item
    return one.message is not None and one.message == other.message and one.id != other.id


def _after(rota: Rota, rotas: tuple[Rota, ...]) -> Rota | None:
    return next((other for other in rotas if begin_of(other) == begin_of(rota) + _HOUR), None)


def _turned(rota: Rota, index: int) -> Turned:
    return Turned(rota.turns[index], Place(begin_of(rota), index, rota.turns[index].slot.item.id))


def hours_around(wall: datetime) -> Iterator[datetime]:
    """The beginnings of the clock hours that a decision at ``wall`` may have to know: before, now, after."""
    hour = wall.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    yield from (moment.astimezone(wall.tzinfo) for moment in (hour - _HOUR, hour, hour + _HOUR))
