"""When a screen is open: its opening hours as instants."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from playlists.clock_hours import InstantMs, first_instant, instant_ms, local_datetime, local_day, zone_named
from playlists.screen import OpeningHours, Screen
from playlists.spans import Span, common, union

_DAY: Final = timedelta(days=1)
_FAR: Final = timedelta(days=9)
"""A week and the spans that reach into it: hours that recur weekly change within it or never."""


def openings(screen: Screen, within: Span) -> tuple[Span, ...]:
    """List when a screen is open, in order; hours that meet or overlap are one span."""
    if not screen.hours:
        return union((within,))
    zone = zone_named(screen.time_zone)
    day = local_day(zone, within.begins) - _DAY
    last = local_day(zone, within.ends)
    found: list[Span] = []
    while day <= last:
        found += (
            _span(zone, hours, datetime.combine(day, hours.begins))
            for hours in screen.hours
            if not hours.weekdays or day.isoweekday() in hours.weekdays
        )
        day += _DAY
    return common(union(found), (within,))


def is_open(screen: Screen, at: datetime) -> bool:
    """Tell whether a screen is open at an instant; ``at`` has an offset."""
    instant = instant_ms(at)
    return bool(openings(screen, Span(instant, InstantMs(instant + 1))))


def next_change(screen: Screen, at: datetime) -> datetime | None:
    """Tell when, after an instant, a screen next opens or closes; None where it never does. In the screen's zone."""
    now = instant_ms(at)
    within = Span(now, instant_ms(at + _FAR))
    for span in openings(screen, within):
        for edge in span:
            if now < edge < within.ends:
                return local_datetime(zone_named(screen.time_zone), edge)
    return None


def _span(zone: ZoneInfo, hours: OpeningHours, begins: datetime) -> Span:
    ends = datetime.combine(begins.date(), hours.ends)
    if ends <= begins:
        ends += _DAY
    return Span(first_instant(zone, begins), first_instant(zone, ends))
