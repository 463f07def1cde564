"""The volume of an hour: never above the limits, silent in the quiet hours, past midnight too."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.papers import Papers
from playlists.screen import VolumeStep
from playlists.thresholds import BUILT_IN, Threshold, Thresholds, in_force
from playlists.volume import excesses, volume_at, volume_for
from tests.support.judged import NIGHT_CURVE, ON, OUTDOOR, SCREEN, clip

TIMES = st.times()
STEPS = st.lists(st.builds(VolumeStep, TIMES, st.integers(-20, 140)), max_size=5).map(tuple)
USUAL = in_force(ON)


def limited(*steps: VolumeStep) -> Thresholds:
    return in_force(ON, [Threshold("volume_limits", ON, steps, "thử", "test")])


@pytest.mark.parametrize(
    ("at", "percent"),
    [
        (time(0), 0),
        (time(5, 59, 59), 0),
        (time(6), 80),
        (time(12), 80),
        (time(20, 59, 59, 999_999), 80),
        (time(21), 0),
        (time(23, 59), 0),
    ],
)
def test_a_curve_holds_but_for_the_quiet_hours(at: time, percent: int) -> None:
    assert volume_at(replace(SCREEN, volume=NIGHT_CURVE), at, USUAL) == percent


def test_a_screen_without_a_curve_has_the_limit() -> None:
    assert [volume_at(SCREEN, time(hour), USUAL) for hour in (3, 6, 20, 21)] == [0, 100, 100, 0]


def test_a_curve_runs_on_past_midnight_from_its_last_step() -> None:
    curve = (VolumeStep(time(22), 30), VolumeStep(time(7), 60))
    all_day = limited(VolumeStep(time(0), 100))
    screen = replace(SCREEN, volume=curve)
    assert [volume_at(screen, time(hour), all_day) for hour in (0, 6, 7, 21, 22)] == [30, 30, 60, 60, 30]


def test_of_two_steps_of_one_time_the_later_in_order_holds() -> None:
    curve = (VolumeStep(time(7), 60), VolumeStep(time(7), 40))
    assert volume_at(replace(SCREEN, volume=curve), time(8), USUAL) == 40


def test_commerce_is_silent_outdoors_only() -> None:
    advert = clip(Papers(commercial=True))
    assert volume_for(advert, OUTDOOR, time(12), USUAL) == 0
    assert volume_for(advert, SCREEN, time(12), USUAL) == 100
    assert volume_for(clip(), OUTDOOR, time(12), USUAL) == 100
    assert volume_for(clip(), OUTDOOR, time(23), USUAL) == 0


def test_a_curve_that_asks_for_too_much_is_told_where() -> None:
    (found,) = excesses(replace(SCREEN, volume=NIGHT_CURVE), USUAL)
    assert (found.begins, found.percent, found.limit, found.step) == (time(21), 20, 0, 1)
    # A step of the morning that runs into the quiet hours is told where they begin.
    (found,) = excesses(replace(SCREEN, volume=(*NIGHT_CURVE[:1], VolumeStep(time(0), 0))), USUAL)
    assert (found.begins, found.percent, found.step) == (time(21), 80, 0)
    assert list(excesses(SCREEN, USUAL)) == []


@given(STEPS, STEPS, TIMES)
def test_no_limit_is_ever_exceeded(curve: tuple[VolumeStep, ...], limits: tuple[VolumeStep, ...], at: time) -> None:
    bare, screen = SCREEN, replace(SCREEN, volume=curve)
    thresholds = limited(*limits) if limits else USUAL
    volume, limit = volume_at(screen, at, thresholds), volume_at(bare, at, thresholds)
    assert 0 <= volume <= limit <= 100
    asked = [one for one in excesses(screen, thresholds) if one.begins == at]
    assert all(volume == max(0, one.limit) for one in asked)


@given(STEPS, TIMES)
def test_the_quiet_hours_are_silent_whatever_a_curve_says(curve: tuple[VolumeStep, ...], at: time) -> None:
    if at >= time(21) or at < time(6):
        assert volume_at(replace(SCREEN, volume=curve), at, USUAL) == 0


@given(STEPS, TIMES)
def test_without_an_excess_the_curve_holds_as_it_is(curve: tuple[VolumeStep, ...], at: time) -> None:
    screen = replace(SCREEN, volume=curve)
    if curve and not list(excesses(screen, USUAL)):
        begun = [(step.begins, place) for place, step in enumerate(curve) if step.begins <= at]
        _, place = max(begun or [(step.begins, place) for place, step in enumerate(curve)])
        assert volume_at(screen, at, USUAL) == max(0, min(100, curve[place].percent))


def test_the_built_in_limits_are_never_empty() -> None:
    (row,) = [row for row in BUILT_IN if row.name == "volume_limits"]
    assert row.begins == date(2024, 1, 1)
    assert row.value
