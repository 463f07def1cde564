"""The places of a plan: each turn of consecutive rotas with the instants it is planned from and to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from playlists.rota import Rota, Turn


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

    @property
    def unit(self) -> "Place":
        """Where its unit begins: here, or at the first version of its set."""
        message = self.turn.slot.item.message
        if message is None:
            return self
        run = self.number
        while run > 0 and self.rota.turns[run - 1].slot.item.message == message:
            run -= 1
        # Where a set comes again directly, its first version comes again.
        first = self.rota.turns[run].slot.item.id
        return next(place for place in self._back_to(run) if place.turn.slot.item.id == first)

    @property
    def begins_unit(self) -> bool:
        """Whether it is a single item or the first version of its set."""
        return self.unit.number == self.number

    @property
    def whole_unit(self) -> tuple["Place", ...]:
        """All versions of its set, or itself alone."""
        first = self.unit.number
        rest = (Place(self.rota, number) for number in range(first + 1, len(self.rota.turns)))
        return (self.unit, *takewhile(lambda place: place.unit.number == first, rest))

    def _back_to(self, number: int) -> Iterator["Place"]:
        yield from (Place(self.rota, before) for before in range(self.number, number - 1, -1))


def places(rotas: Sequence[Rota]) -> Iterator[Place]:
    """Yield the turns of consecutive rotas in order."""
    for rota in rotas:
        for number in range(len(rota.turns)):
            yield Place(rota, number)


def standing(rotas: Sequence[Rota], at: datetime) -> Place | None:
    """Find the turn that is planned to be on the screen at an instant; None in a closing or an empty stretch."""
    return next((place for place in places(rotas) if place.begins <= at < place.ends), None)


def _later(hour: datetime, offset: int) -> datetime:
    """Add elapsed time, whatever the clock does meanwhile."""
    zone = hour.tzinfo
    return (hour.astimezone(UTC) + timedelta(milliseconds=offset)).astimezone(zone)
