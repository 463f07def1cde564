"""The clocks, and the steps between them."""

from datetime import timedelta

import pytest

from player.clock import ManualClock, SystemClock, clock_step

TEN_YEARS_MS = timedelta(days=3653) // timedelta(milliseconds=1)


def test_the_system_clock_reads_all_its_clocks() -> None:
    clock = SystemClock()
    before, after = clock.moment(), clock.moment()
    assert before.monotonic <= after.monotonic
    assert before.boot_id == after.boot_id != ""
    assert before.wall.endswith("+00:00")
    assert before.synchronised in {True, False, None}
    assert clock_step(before, after, 500) is None


def test_time_that_passes_is_no_step() -> None:
    clock = ManualClock()
    before = clock.moment()
    clock.advance(TEN_YEARS_MS)
    assert clock.moment().monotonic - before.monotonic == TEN_YEARS_MS * 1_000_000
    assert clock_step(before, clock.moment(), 0) is None


@pytest.mark.parametrize("step_ms", [TEN_YEARS_MS, -TEN_YEARS_MS, 501, -501])
def test_a_step_is_measured_both_ways(step_ms: int) -> None:
    clock = ManualClock()
    before = clock.moment()
    clock.advance(60_000)
    clock.step(step_ms)
    step = clock_step(before, clock.moment(), 500)
    assert step is not None
    assert (step.step_ms, step.before, step.at) == (step_ms, before, clock.moment())


@pytest.mark.parametrize("step_ms", [500, -500, 0])
def test_the_tolerance_is_not_yet_a_step(step_ms: int) -> None:
    clock = ManualClock()
    before = clock.moment()
    clock.step(step_ms)
    assert clock_step(before, clock.moment(), 500) is None


def test_readings_of_two_boots_cannot_be_compared() -> None:
    clock = ManualClock()
    before = clock.moment()
    clock.reboot("00000000-0000-4000-8000-000000000002")
    clock.step(TEN_YEARS_MS)
    assert clock.monotonic() == 0
    assert clock_step(before, clock.moment(), 500) is None
