"""The hours and days of a named time zone, right over any rule of summer time.

Instants are whole milliseconds since 1970 in UTC; local times are what the clock on the wall shows, without an offset.
One rule holds for every local bound (opening hours, dayparts, validity, days): it is **the first instant at which the
screen's clock has reached it**. So an hour that is missing makes nothing wait, an hour that comes twice opens, begins
and ends nothing twice, and spans that meet on paper meet on the screen.

A clock hour is a stretch in which neither the hour on the clock nor the zone's offset changes: 60 minutes, less only
where the clock is moved by part of an hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NewType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playlists.errors import ContentError

InstantMs = NewType("InstantMs", int)
"""Milliseconds since 1970-01-01T00:00 UTC: what clocks of all zones share."""

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockHour:
    """One hour of a zone's clock, from ``begins`` to ``ends`` (exclusive)."""

    begins: InstantMs
    ends: InstantMs


def zone_named(name: str) -> ZoneInfo:
    """Take a zone by its IANA name, such as ``Asia/Ho_Chi_Minh``.

    :raises ContentError: no such zone is known on this machine.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"không có múi giờ {name!r} trên máy này"
        raise ContentError(message) from error


def instant_ms(at: datetime) -> InstantMs:
    """Count an instant's milliseconds, rounded down.

    :raises ValueError: it has no offset, so it is no instant.
    """
    if at.utcoffset() is None:
        message = "an instant needs its offset from UTC"
        raise ValueError(message)
    return InstantMs((at - _EPOCH) // _MS)


def local_datetime(zone: ZoneInfo, instant: InstantMs) -> datetime:
    """Show an instant on the zone's clock, with its offset."""
    return (_EPOCH + instant * _MS).astimezone(zone)


@lru_cache(maxsize=4096)
def first_instant(zone: ZoneInfo, local: datetime) -> InstantMs:
    """Find the first instant at which the zone's clock has reached a local time."""
    earlier = instant_ms(local.replace(tzinfo=zone, fold=0))
    if local_datetime(zone, earlier).replace(tzinfo=None, fold=0) == local:
        return earlier
    # The clock jumped over it: it was reached in the jump, which lies between what the two offsets make of it.
    before = instant_ms(local.replace(tzinfo=zone, fold=1))
    return _change(zone, before, earlier)


def first_instant_of_day(zone: ZoneInfo, day: date) -> InstantMs:
    """Find the instant at which a day of the zone's calendar begins."""
    return first_instant(zone, datetime.combine(day, time.min))


def local_day(zone: ZoneInfo, instant: InstantMs) -> date:
    """Tell which day it is: the last one that has begun."""
    day = local_datetime(zone, instant).date()
    # A clock put back over midnight shows yesterday once more; the day has begun all the same.
    return day + _DAY if first_instant_of_day(zone, day + _DAY) <= instant else day


def clock_hour(zone: ZoneInfo, instant: InstantMs) -> ClockHour:
    """Find the clock hour that an instant lies in."""
    local = local_datetime(zone, instant)
    into = (local.minute * 60 + local.second) * SECOND_MS + local.microsecond // SECOND_MS
    begins = InstantMs(instant - into)
    ends = InstantMs(begins + HOUR_MS)
    offset = local.utcoffset()
    if local_datetime(zone, begins).utcoffset() != offset:
        begins = _change(zone, begins, instant)
    last = InstantMs(ends - SECOND_MS)
    if instant < last and local_datetime(zone, last).utcoffset() != offset:
        ends = _change(zone, instant, last)
    return ClockHour(begins, ends)


def hours_of_day(zone: ZoneInfo, day: date) -> Iterator[ClockHour]:
    """Yield the clock hours that begin within a day, in order: 24, or as many as its rules leave; none is possible."""
    at = first_instant_of_day(zone, day)
    end = first_instant_of_day(zone, day + _DAY)
    while at < end:
        hour = clock_hour(zone, at)
        yield hour
        at = hour.ends


def _change(zone: ZoneInfo, before: InstantMs, after: InstantMs) -> InstantMs:
    """Find, to the second, when the offset that holds at ``before`` gives way, not later than ``after``."""
    offset = local_datetime(zone, before).utcoffset()
    low, high = before // SECOND_MS, -(-after // SECOND_MS)
    while high - low > 1:
        middle = (low + high) // 2
        if local_datetime(zone, InstantMs(middle * SECOND_MS)).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return InstantMs(high * SECOND_MS)
