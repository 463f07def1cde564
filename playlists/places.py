"""The places of a plan: each turn of consecutive rotas with the instants it is planned from and to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
    def begins_unit(self) -> bool:
        """Whether it is a single item or the first version of its set."""
        message = self.turn.slot.item.message
        if message is None:
            return True
        first = self.number
        while first > 0 and self.rota.turns[first - 1].slot.item.message == message:
            first -= 1
        # Where a set comes again directly, its first version comes again.
        return first == self.number or self.turn.slot.item.id == self.rota.turns[first].slot.item.id


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
