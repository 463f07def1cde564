"""Where in the rotas a player goes on: at a start, after an interruption, after a failure, or simply next.

While all goes well the next turn is simply the next. A player that is off its plan joins at the unit (a single item or
the first version of a set) whose planned beginning is nearest, late or early by at most half a unit; within two
seconds it keeps the order and leaves nothing out. A set once begun is ended first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Final

from playlists.rota import Rota, Turn

ON_TIME: Final = timedelta(seconds=2)
"""A player this far off its plan is on it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One turn of a rota, by its number from 0."""

    rota: Rota
    number: int

    @property
    def turn(self) -> Turn:
        """What is shown there."""
        return self.rota.turns[self.number]

    @property
    def begins(self) -> datetime:
        """When it is planned to begin, in the zone of the rota."""
        return _later(self.rota.hour, self.turn.offset)

    @property
    def ends(self) -> datetime:
        """When it is planned to end."""
        return _later(self.rota.hour, self.turn.offset + self.turn.length)


@dataclass(frozen=True, slots=True)
class Joining:
    """Which turn to begin next, and when: at once, or after a closing or an empty stretch as planned."""

    place: Place
    at: datetime


def places(rotas: Sequence[Rota]) -> Iterator[Place]:
    """Yield the turns of consecutive rotas in order."""
    for rota in rotas:
        for number in range(len(rota.turns)):
            yield Place(rota, number)


def begins_unit(place: Place) -> bool:
    """Tell whether a turn is a single item or the first version of its set."""
    item = place.turn.slot.item
    if item.message is None:
        return True
    before = reversed(place.rota.turns[: place.number])
    run = list(takewhile(lambda turn: turn.slot.item.message == item.message, before))
    # Where a set comes again directly, its first version comes again.
    return not run or item.id == run[-1].slot.item.id


def standing(rotas: Sequence[Rota], at: datetime) -> Place | None:
    """Find the turn that is planned to be on the screen at an instant; None in a closing or an empty stretch."""
    return next((place for place in places(rotas) if place.begins <= at < place.ends), None)


def following(rotas: Sequence[Rota], at: datetime, after: Place | None = None) -> Joining | None:
    """Find the turn to begin next.

    :param rotas: those of the hours around ``at``, in order.
    :param at: when it could begin, with an offset.
    :param after: the turn that was shown last, of these rotas, if there was one.
    :returns: None where the rotas hold no more.
    """
    known = list(places(rotas))
    left = known[0 if after is None else known.index(after) + 1 :]
    if not left:
        return None
    if after is not None and (not begins_unit(left[0]) or abs(left[0].begins - at) <= ON_TIME):
        return _joining(known, left[0], at)
    units = [place for place in left if begins_unit(place)]
    on = [place for place in units if place.begins <= at < _end_of_unit(known, place)]
    coming = [place for place in units if place.begins > at]
    if on and (not coming or at - on[0].begins <= coming[0].begins - at):
        return Joining(on[0], at)
    return _joining(known, coming[0], at) if coming else None


def _joining(known: Sequence[Place], place: Place, at: datetime) -> Joining:
    """Begin at once where the plan leads up to a turn without a gap, else when it is planned."""
    number = known.index(place)
    led_up_to = number > 0 and known[number - 1].ends >= place.begins
    return Joining(place, at if led_up_to else max(at, place.begins))


def _end_of_unit(known: Sequence[Place], first: Place) -> datetime:
    """When a unit is planned to end: with its last version."""
    end = first.ends
    for place in known[known.index(first) + 1 :]:
        if begins_unit(place):
            break
        end = place.ends
    return end


def _later(hour: datetime, offset: int) -> datetime:
    """Add elapsed time, whatever the clock does meanwhile."""
    zone = hour.tzinfo
    return (hour.astimezone(UTC) + timedelta(milliseconds=offset)).astimezone(zone)
