"""Whether a slot may be shown: for which screens, and when.

A slot is judged at the start of its turn; a turn once begun runs to its end. What belongs to a day (its weekday, a
recurrence) belongs to the day a daypart begins on: Friday's 22:00 to 02:00 ends on Saturday.

A slot is **dated** when any part of its timetable needs a clock: a daypart, a weekday, a bounded validity, a
recurrence. While the wall clock is not trusted dated slots wait and the others play, at any hour.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from playlists.clock_hours import (
    InstantMs,
    first_instant,
    first_instant_of_day,
    instant_ms,
    local_day,
    zone_named,
)
from playlists.playlist import Playlist, Slot
from playlists.recurrence import days_of
from playlists.schedule import Daypart, Target, Timetable
from playlists.screen import Screen
from playlists.spans import Span, common, union

_DAY: Final = timedelta(days=1)
ALWAYS: Final = Timetable()


def aimed_at(target: Target, screen: Screen) -> bool:
    """Tell whether a slot is for this screen: no target names every screen."""
    if not (target.screens or target.clusters or target.gates or target.tags):
        return True
    return (
        screen.id in target.screens
        or screen.cluster in target.clusters
        or screen.gate in target.gates
        or not set(screen.tags).isdisjoint(target.tags)
    )


def dated(slot: Slot) -> bool:
    """Tell whether a trusted clock is needed to know when a slot may be shown."""
    timetable = slot.timetable
    return bool(timetable.dayparts or timetable.weekdays or timetable.recurrence or timetable.validity.bounded)


def eligible(playlist: Playlist, slot: Slot, screen: Screen, at: datetime, *, trusted: bool = True) -> bool:
    """Tell whether a turn of this slot may begin on this screen at an instant; opening hours are another matter.

    ``at`` has an offset; ``trusted`` says whether the wall clock is. A daypart the playlist does not have is never.
    """
    if not aimed_at(slot.target, screen):
        return False
    return not dated(slot) or (trusted and in_time(playlist, slot, at.astimezone(zone_named(screen.time_zone))))


def in_time(playlist: Playlist, slot: Slot, at: datetime) -> bool:
    """Tell whether a slot's timetable lets a turn begin at an instant; ``at`` is in the screen's zone.

    :raises TypeError: ``at`` has no named zone, and the slot is dated.
    """
    if not dated(slot):
        return True
    zone = at.tzinfo
    if not isinstance(zone, ZoneInfo):
        message = f"a timetable needs a named zone, not {zone}"
        raise TypeError(message)
    instant = instant_ms(at)
    return bool(timetable_spans(slot.timetable, dayparts_of(playlist), zone, Span(instant, InstantMs(instant + 1))))


def dayparts_of(playlist: Playlist) -> Mapping[str, Daypart]:
    """A playlist's dayparts by id."""
    return {daypart.id: daypart for daypart in playlist.dayparts}


def timetable_spans(
    timetable: Timetable, dayparts: Mapping[str, Daypart], zone: ZoneInfo, within: Span
) -> tuple[Span, ...]:
    """List when a timetable lets its slot begin, in order and without overlaps."""
    spans = (_clipped(timetable, zone, within),)
    if not (timetable.dayparts or timetable.weekdays or timetable.recurrence):
        return union(spans)
    days = tuple(_days(timetable, zone, within))
    if timetable.dayparts:
        wanted = [dayparts[name] for name in timetable.dayparts if name in dayparts]
        found = union(_part(zone, day, part) for part in wanted for day in days)
    else:
        found = union(Span(first_instant_of_day(zone, day), first_instant_of_day(zone, day + _DAY)) for day in days)
    return common(found, spans)


def _clipped(timetable: Timetable, zone: ZoneInfo, within: Span) -> Span:
    begins, ends = within
    if timetable.validity.begins is not None:
        begins = max(begins, first_instant(zone, timetable.validity.begins))
    if timetable.validity.ends is not None:
        ends = min(ends, first_instant(zone, timetable.validity.ends))
    return Span(begins, ends)


def _days(timetable: Timetable, zone: ZoneInfo, within: Span) -> Iterator[date]:
    """Yield the days of the timetable whose dayparts may reach into a span; yesterday's may."""
    day = local_day(zone, within.begins) - _DAY
    last = local_day(zone, within.ends)
    recurring = days_of(timetable.recurrence, day, last) if timetable.recurrence else None
    while day <= last:
        on_weekday = not timetable.weekdays or day.isoweekday() in timetable.weekdays
        if on_weekday and (recurring is None or day in recurring):
            yield day
        day += _DAY


def _part(zone: ZoneInfo, day: date, part: Daypart) -> Span:
    begins = datetime.combine(day, part.begins)
    ends = datetime.combine(day, part.ends)
    if ends <= begins:
        ends += _DAY
    return Span(first_instant(zone, begins), first_instant(zone, ends))
