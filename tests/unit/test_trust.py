"""Whether a clock is believed, and what a screen's hours make of it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from player.clock import ManualClock
from player.live.doubles import ToldPower
from player.live.hours import ScreenHours, Unswitched
from player.trust import YEAR_OF_BUILD, ClockTrust
from playlists.screen import OpeningHours, Screen


def clock(year: int = 2027, *, synchronised: bool | None = True) -> ManualClock:
    return ManualClock(datetime(year, 6, 1, 1, 0, tzinfo=UTC), synchronised=synchronised)


@pytest.mark.parametrize(
    ("year", "synchronised", "always", "boot", "trusted"),
    [
        (2027, True, False, None, True),
        (2027, False, False, None, False),
        (2027, None, False, None, False),
        (2027, False, True, None, True),
        (YEAR_OF_BUILD - 1, True, True, None, False),
        (1970, True, False, None, False),
        (2027, False, False, "00000000-0000-4000-8000-000000000001", True),
        (2027, False, False, "another boot", False),
    ],
)
def test_a_clock_is_trusted_when_the_kernel_was_sure_of_it_in_this_boot_and_the_year_is_sensible(
    *, year: int, synchronised: bool | None, always: bool, boot: str | None, trusted: bool
) -> None:
    assert ClockTrust(always, boot).trusts(clock(year, synchronised=synchronised).moment()) is trusted


def test_a_clock_that_was_right_once_stays_trusted_until_the_next_boot() -> None:
    trust, time_of = ClockTrust(), clock()
    assert trust.trusts(time_of.moment())
    time_of.synchronised = False
    assert trust.trusts(time_of.moment())
    time_of.reboot("another boot")
    assert not trust.trusts(time_of.moment())


def test_a_screen_is_open_in_its_hours_and_always_while_nobody_knows_the_time() -> None:
    screen = Screen("s", "bo-y", "c", hours=(OpeningHours(time(6), time(21)),))
    now = clock()  # 08:00 in Vietnam
    power = ToldPower(now)
    hours = ScreenHours(lambda: screen, ClockTrust(), power)
    seen = []
    for _hour in range(24):
        seen.append(hours.is_open(now.moment()))
        now.advance(3_600_000)
    assert seen == [True] * 13 + [False] * 9 + [True] * 2
    now.step(round(timedelta(hours=-10) / timedelta(milliseconds=1)))
    assert not hours.is_open(now.moment()), "a clock that was set back is read anew"
    assert ScreenHours(lambda: screen, ClockTrust(), power).is_open(clock(synchronised=False).moment())
    assert ScreenHours(lambda: None, ClockTrust(), power).is_open(now.moment())
    hours.light(lit=True)
    hours.light(lit=False)
    assert [lit for _at, lit in power.told] == [True, False]
    for told in (Unswitched().on, Unswitched().off):
        told()


def test_a_zone_that_does_not_exist_closes_nothing() -> None:
    screen = Screen("s", "g", "c", hours=(OpeningHours(time(6), time(21)),), time_zone="Nowhere/Land")
    assert ScreenHours(lambda: screen, ClockTrust(), Unswitched()).is_open(clock().moment())
