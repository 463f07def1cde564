"""Hours and days of named zones: every zone of the machine, summer time, half hours, days that do not exist."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.clock_hours import (
    HOUR_MS,
    MINUTE_MS,
    ClockHour,
    InstantMs,
    clock_hour,
    first_instant,
    first_instant_of_day,
    hours_of_day,
    instant_ms,
    local_datetime,
    local_day,
    zone_named,
)
from playlists.errors import ContentError

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
STRANGE = (
    "Asia/Ho_Chi_Minh",
    "Asia/Kathmandu",  # 45 minutes, and 30 before 1986
    "Australia/Lord_Howe",  # moves by half an hour
    "Australia/Eucla",
    "America/St_Johns",  # moved at one minute past midnight
    "America/Asuncion",  # moves at midnight
    "Pacific/Apia",  # skipped a day
    "Asia/Pyongyang",
    "Europe/London",
    "Africa/Casablanca",
)
zones = st.sampled_from(ZONES) | st.sampled_from(STRANGE)
instants = st.integers(instant_ms(datetime(1975, 1, 1, tzinfo=UTC)), instant_ms(datetime(2037, 1, 1, tzinfo=UTC))).map(
    InstantMs
)


def shown(zone: ZoneInfo, instant: int) -> datetime:
    return local_datetime(zone, InstantMs(instant)).replace(tzinfo=None, fold=0)


def at(text: str) -> InstantMs:
    return instant_ms(datetime.fromisoformat(text))


@settings(deadline=None)
@given(zones, instants)
def test_an_hour_holds_its_instant_and_nothing_else(name: str, instant: InstantMs) -> None:
    zone = zone_named(name)
    hour = clock_hour(zone, instant)
    assert hour.begins <= instant < hour.ends <= hour.begins + HOUR_MS
    first, last = shown(zone, hour.begins), shown(zone, hour.ends - 1)
    assert (first.date(), first.hour) == (last.date(), last.hour)
    assert local_datetime(zone, hour.begins).utcoffset() == local_datetime(zone, InstantMs(hour.ends - 1)).utcoffset()
    assert clock_hour(zone, hour.begins) == clock_hour(zone, InstantMs(hour.ends - 1)) == hour
    # It ends where the clock shows the full hour, or is moved.
    after = shown(zone, hour.ends)
    assert (after.minute, after.second) == (0, 0) or after - last != timedelta(milliseconds=1)


@settings(deadline=None)
@given(zones, instants)
def test_a_local_time_is_reached_once_and_for_all(name: str, instant: InstantMs) -> None:
    zone = zone_named(name)
    local = shown(zone, instant)
    first = first_instant(zone, local)
    assert first <= instant
    assert shown(zone, first) >= local
    # Just before, it was not; as far back as any zone ever put its clock.
    assert all(shown(zone, first - before) < local for before in (1, 60_000, HOUR_MS, 3 * HOUR_MS))


@settings(deadline=None)
@given(zones, instants)
def test_days_follow_one_another_and_are_full_of_hours(name: str, instant: InstantMs) -> None:
    zone = zone_named(name)
    day = local_day(zone, instant)
    begins, ends = first_instant_of_day(zone, day), first_instant_of_day(zone, day + timedelta(days=1))
    assert begins <= instant < ends
    hours = list(hours_of_day(zone, day))
    assert hours[0].begins == begins
    assert [hour.begins for hour in hours[1:]] == [hour.ends for hour in hours[:-1]]
    assert hours[-1].ends == ends


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Asia/Ho_Chi_Minh", date(2026, 11, 24), 24),
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 24),  # 02:00 becomes 02:30: one hour is half
        ("Australia/Lord_Howe", date(2026, 4, 5), 25),  # and 02:00 becomes 01:30
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Asia/Kathmandu", date(1986, 1, 1), 24),
    ],
)
def test_a_day_has_the_hours_its_zone_leaves(name: str, day: date, hours: int) -> None:
    assert len(list(hours_of_day(zone_named(name), day))) == hours


def test_a_missing_time_is_reached_when_the_clock_jumps_over_it() -> None:
    london = zone_named("Europe/London")
    assert first_instant(london, datetime.fromisoformat("2026-03-29T01:30")) == at("2026-03-29T01:00Z")


def test_a_repeated_time_is_reached_the_first_time() -> None:
    london = zone_named("Europe/London")
    assert first_instant(london, datetime.fromisoformat("2026-10-25T01:30")) == at("2026-10-25T00:30Z")
    assert first_instant(london, datetime.fromisoformat("2026-10-25T02:00")) == at("2026-10-25T02:00Z")


def test_hours_of_forty_five_minute_zones_begin_at_their_own_full_hour() -> None:
    hour = clock_hour(zone_named("Asia/Kathmandu"), at("2026-11-24T00:20Z"))
    assert hour == ClockHour(at("2026-11-24T00:15Z"), at("2026-11-24T01:15Z"))


def test_an_hour_ends_early_where_the_clock_is_moved_within_it() -> None:
    hour = clock_hour(zone_named("Asia/Kathmandu"), InstantMs(at("1985-12-31T18:30Z") - MINUTE_MS))
    assert hour.ends == at("1985-12-31T18:30Z")
    # Nor does it matter which of its instants asks.
    assert clock_hour(zone_named("Asia/Kathmandu"), at("1985-12-31T17:31Z")).ends == at("1985-12-31T18:30Z")
    begun = clock_hour(zone_named("Asia/Kathmandu"), at("1985-12-31T18:40Z"))
    assert begun == ClockHour(at("1985-12-31T18:30Z"), at("1985-12-31T19:15Z"))


def test_a_day_that_has_begun_is_not_taken_back() -> None:
    """St John's put its clock back at 00:01: 24 hours before it was the same day again."""
    newfoundland = zone_named("America/St_Johns")
    back = at("2010-11-07T02:31Z")
    assert shown(newfoundland, back).date() == date(2010, 11, 6)
    assert local_day(newfoundland, back) == date(2010, 11, 7)
    assert clock_hour(newfoundland, at("2010-11-07T02:30:20Z")) == ClockHour(at("2010-11-07T02:30Z"), back)


def test_an_unknown_zone_is_the_operators_to_mend() -> None:
    with pytest.raises(ContentError, match="múi giờ 'Asia/Kon_Tum'"):
        zone_named("Asia/Kon_Tum")
    with pytest.raises(ContentError):
        zone_named("../etc/passwd")


def test_an_instant_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        instant_ms(datetime.fromisoformat("2026-11-24T07:00"))
