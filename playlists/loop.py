"""The loop: which unit of a playlist comes when, hour by hour, planned greedily by ordered rules.

A rota is a pure function of playlist, screen and hour; nothing else is remembered. Each hour goes on where the one
before ended, and the day is the chain: it is planned from local midnight on, with the first hours of the day after in
sight, so that least spacing holds over every boundary. :func:`plan_day` shares the work; :func:`plan_hour` gives
exactly the same for any one hour.

Where rules collide, the order is: content rules, sets, most per hour, the screen not left empty, spacing, language
share, share of voice, weight. A rota names every rule that gave way.

========== ======================================================================================================
class      in the rota
========== ======================================================================================================
urgent     not at all: it interrupts, and what it interrupted goes on
priority   ahead of the rest at the first boundary of each hour in which it may begin, and then at every boundary at
           which it is due again: by its share of voice, else by its spacing, else ``most_per_hour`` evenly; with none
           of them by its weight, like an ordinary one
ordinary   by share of voice, else by weight
========== ======================================================================================================

Outside opening hours there are closings. Nothing runs over closing or the end of the day: what fits is preferred, and
where nothing does the last turn is planned shorter.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from playlists.clock_hours import (
    HOUR_MS,
    ClockHour,
    InstantMs,
    first_instant_of_day,
    hours_of_day,
    instant_ms,
    local_datetime,
    local_day,
    zone_named,
)
from playlists.loop_concessions import concessions_of
from playlists.loop_hours import Hours
from playlists.loop_sequence import HourTask, Planned
from playlists.loop_standing import DayPlan, Standing, day_plan
from playlists.loop_units import Unit, family_of, units_of, wanted_languages
from playlists.opening import openings
from playlists.playlist import Playlist
from playlists.rota import Closing, Rota, Turn
from playlists.screen import Screen
from playlists.spans import Span, gaps
from playlists.timing import DurationMs

_DAY: Final = timedelta(days=1)
_FARTHEST_AHEAD_MS: Final = 12 * HOUR_MS
"""How far into the day after spacing is kept at most: beyond, the day after would depend on its own day after."""


def plan_hour(
    playlist: Playlist,
    screen: Screen,
    hour: datetime,
    *,
    refused: frozenset[str] = frozenset(),
    trusted: bool = True,
) -> Rota:
    """Plan the clock hour that an instant lies in.

    :param hour: any instant of the hour, with an offset.
    :param refused: ids of slots that content rules refuse on this screen.
    :param trusted: whether the wall clock is. If not, dated slots wait and opening hours close nothing.
    :raises ContentError: a time zone or a recurrence that does not exist.
    :raises ValueError: the hour has no offset.
    """
    zone = zone_named(screen.time_zone)
    instant = instant_ms(hour)
    chain = _Chain(playlist, screen, local_day(zone, instant), refused, trusted=trusted)
    return next(rota for ends, rota in chain.rotas(until=instant) if instant < ends)


def plan_day(
    playlist: Playlist,
    screen: Screen,
    day: date,
    *,
    refused: frozenset[str] = frozenset(),
    trusted: bool = True,
) -> tuple[Rota, ...]:
    """Plan the clock hours of a local day, 24 on most; parameters and errors as for :func:`plan_hour`."""
    return tuple(rota for _, rota in _Chain(playlist, screen, day, refused, trusted=trusted).rotas())


class _Chain:
    """The hours of one day, each planned where the one before ended."""

    def __init__(
        self,
        playlist: Playlist,
        screen: Screen,
        day: date,
        refused: frozenset[str],
        *,
        trusted: bool,
        alone: bool = False,
    ) -> None:
        self._playlist = playlist
        self._screen = screen
        self._day = day
        self._refused = refused
        self._trusted = trusted
        self._alone = alone
        self._zone = zone_named(screen.time_zone)
        begins = first_instant_of_day(self._zone, day)
        self._within = Span(begins, first_instant_of_day(self._zone, day + _DAY))

    def rotas(self, until: InstantMs | None = None) -> Iterator[tuple[InstantMs, Rota]]:
        """Yield each hour's end and rota, in order.

        :param until: no hour after this instant is asked for.
        """
        units = units_of(self._playlist, self._screen, self._within, self._refused, trusted=self._trusted)
        open_spans = openings(self._screen, self._within) if self._trusted else (self._within,)
        wanted = wanted_languages(self._screen)
        turned_by = self._turned_by(units, open_spans)
        plan = day_plan(self._playlist, self._screen, units, wanted, self._within, turned_by)
        standing = Standing(self._within.begins, [0] * len(units), [0] * len(units))
        hours = Hours(plan, open_spans)
        for hour in hours_of_day(self._zone, self._day):
            self._look_ahead(plan, hour)
            task = hours.task(hour, standing)
            planned = None
            if task is not None:
                planned, standing = hours.plan(task, standing)
            yield hour.ends, self._rota(hour, plan, task, planned, gaps(open_spans, Span(hour.begins, hour.ends)))
            if until is not None and until < hour.ends:
                return

    def _turned_by(self, units: tuple[Unit, ...], open_spans: tuple[Span, ...]) -> int:
        """How far the loop as written is turned today: one that is longer than the day goes on from day to day."""
        open_ms = sum(ends - begins for begins, ends in open_spans)
        if sum(unit.length for unit in units) <= open_ms:
            return 0
        return self._day.toordinal() * open_ms

    def _look_ahead(self, plan: DayPlan, hour: ClockHour) -> None:
        """Where spacing reaches over midnight, plan the beginning of the day after first: it gives way to nothing."""
        reach = min(max((unit.spacing for unit in plan.units), default=0), _FARTHEST_AHEAD_MS)
        if self._alone or plan.coming or hour.ends <= self._within.ends - reach:
            return
        tomorrow = _Chain(
            self._playlist, self._screen, self._day + _DAY, self._refused, trusted=self._trusted, alone=True
        )
        until = InstantMs(self._within.ends + reach - 1)
        for _, rota in tomorrow.rotas(until=until):
            begins = instant_ms(rota.hour)
            for turn in rota.turns:
                plan.coming.setdefault(family_of(turn.slot.item), begins + turn.offset)

    def _rota(
        self, hour: ClockHour, plan: DayPlan, task: HourTask | None, planned: Planned | None, closed: tuple[Span, ...]
    ) -> Rota:
        turns: list[Turn] = []
        for begun in planned.begun if planned else ():
            at = begun.at - hour.begins
            for slot, length in zip(begun.unit.slots, begun.lengths, strict=True):
                turns.append(Turn(DurationMs(at), DurationMs(length), slot))
                at += length
        closings = tuple(
            Closing(DurationMs(begins - hour.begins), DurationMs(ends - begins)) for begins, ends in closed
        )
        concessions = concessions_of(plan, task, planned) if planned and task else ()
        return Rota(local_datetime(self._zone, hour.begins), tuple(turns), closings, concessions)
