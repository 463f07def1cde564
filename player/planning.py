"""Plans of the days around now, made off the painting thread and kept while they are needed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from player.errands import Errands
from player.following import NO_PLAN, Plan, hours_around
from player.trust import ClockTrust
from playlists.clock_hours import zone_named
from playlists.errors import ContentError
from playlists.playlist import Playlist
from playlists.rota import Rota
from playlists.screen import Screen
from playlists.timing import Moment

_DAYS: Final = 4
"""Plans that are kept: yesterday's, today's, tomorrow's, and one more."""

_Key = tuple[str, frozenset[str], bool, date]


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned: a playlist for a screen. ``name`` changes with either; ``refused`` are ids of slots left out."""

    name: str
    playlist: Playlist
    screen: Screen
    refused: frozenset[str] = frozenset()

    def local(self, moment: Moment) -> datetime:
        """The time at the screen."""
        wall = datetime.fromisoformat(moment.wall)
        try:
            return wall.astimezone(zone_named(self.screen.time_zone))
        except ContentError:
            return wall


@dataclass(slots=True)
class Planning:
    """Makes the plans; ``fault`` takes a code and a sentence where one cannot be made."""

    errands: Errands
    trust: ClockTrust
    fault: Callable[[str, str], None]
    _plans: dict[_Key, tuple[Rota, ...]] = field(default_factory=dict)

    def known(self, planned: Planned, begins: Moment) -> Plan:
        """The plan of the hours around a moment, as far as it was made."""
        keys = self._keys(planned, begins)
        rotas = tuple(rota for key in keys for rota in self._plans.get(key, ()))
        return Plan(str(hash(keys[0][:3])), rotas) if keys else NO_PLAN

    def have(self, planned: Planned, begins: Moment, then: Callable[[], None]) -> None:
        """Make what is missing of it, then call; never before this has returned."""
        missing = [key for key in self._keys(planned, begins) if key not in self._plans]

        def made(plans: dict[_Key, tuple[Rota, ...] | str]) -> None:
            for key, plan in plans.items():
                if isinstance(plan, str):
                    self.fault("plan", plan)
                self._plans[key] = () if isinstance(plan, str) else plan
            while len(self._plans) > _DAYS:
                del self._plans[next(iter(self._plans))]
            then()

        self.errands.run(lambda: {key: _made(planned, key) for key in missing}, made)

    def _keys(self, planned: Planned, begins: Moment) -> list[_Key]:
        if not planned.playlist.planned:
            return []
        trusted = self.trust.trusts(begins)
        days = dict.fromkeys(hour.date() for hour in hours_around(planned.local(begins)))
        return [(planned.name, planned.refused, trusted, day) for day in days]


def _made(planned: Planned, key: _Key) -> tuple[Rota, ...] | str:
    """The rotas of a day, or what is wrong. For errands."""
    from playlists import loop  # a plain folder does without it

    _name, refused, trusted, day = key
    try:
        return loop.plan_day(planned.playlist, planned.screen, day, refused=refused, trusted=trusted)
    except ContentError as error:
        return str(error)
