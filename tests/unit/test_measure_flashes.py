"""Flashes by WCAG's definition, on light made by formula."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.measure_flashes import Light, flashes_hz, linear
from playlists.turning_points import turning_points

WHITE, BLACK, RED, GREY, BLUE = (1, 1, 1), (0, 0, 0), (1, 0, 0), (0.2, 0.2, 0.2), (0, 0, 1)
FPS = 25


def lights(colour: Callable[[float], tuple[float, float, float]], seconds: float = 3) -> list[Light]:
    return [Light(place / FPS, *colour(place / FPS)) for place in range(round(seconds * FPS))]


def grey(value: float) -> tuple[float, float, float]:
    return value, value, value


def blinking(hertz: float, one: tuple[float, ...], other: tuple[float, ...]) -> list[Light]:
    return [Light(place / 100, *(one if (place / 100 * hertz) % 1 < 0.5 else other)) for place in range(300)]


@pytest.mark.parametrize("hertz", [1, 2, 3, 4, 5, 10])
def test_blinking_is_counted(hertz: int) -> None:
    assert flashes_hz(blinking(hertz, WHITE, BLACK)) == hertz


@pytest.mark.parametrize(
    ("one", "other", "flashes"),
    [
        (WHITE, grey(0.91), 0),  # less than a tenth
        (WHITE, grey(0.81), 0),  # the darker one is bright
        (WHITE, grey(0.79), 4),
        (grey(0.0), grey(0.1), 4),
        (grey(0.0), grey(0.09), 0),
    ],
)
def test_only_changes_that_matter_count(one: tuple[float, ...], other: tuple[float, ...], flashes: float) -> None:
    assert flashes_hz(blinking(4, one, other)) == flashes


def test_a_slow_or_single_change_is_no_flash() -> None:
    assert flashes_hz(lights(lambda at: grey(at / 3))) == 0
    assert flashes_hz(lights(lambda at: grey(float(at < 1)))) == 0
    assert flashes_hz(lights(lambda at: grey(0.5 + 0.5 * math.cos(2 * math.pi * at)))) == 1
    assert flashes_hz([]) == flashes_hz([Light(0, 1, 1, 1)]) == 0


def test_changes_a_second_apart_are_no_flash() -> None:
    assert flashes_hz(blinking(0.5, WHITE, BLACK)) == 0


def test_ripple_on_a_swell_is_not_counted() -> None:
    wave = lights(lambda at: grey(0.3 + 0.2 * math.cos(2 * math.pi * 2 * at) + 0.03 * math.cos(2 * math.pi * 11 * at)))
    assert flashes_hz(wave) == 2


def test_the_worst_second_counts() -> None:
    burst = [Light(place / FPS, *grey(float(30 <= place < 40 and place % 2))) for place in range(75)]
    assert flashes_hz(burst) == 5


@pytest.mark.parametrize(
    ("one", "other", "flashes"),
    [
        (RED, GREY, 5),  # nearly of one luminance: only the red tells
        (RED, BLUE, 5),
        (RED, BLACK, 5),
        ((0.5, 0, 0), (0.4, 0, 0), 0),  # red all the time
        ((0.3, 0.03, 0.03), (0.3, 0.1, 0.05), 0),  # across less than 0.2
    ],
)
def test_red_counts_by_its_colour(one: tuple[float, ...], other: tuple[float, ...], flashes: float) -> None:
    assert flashes_hz(blinking(5, one, other)) == flashes


def test_the_reddest_moment_of_a_fade_counts_against_the_least_red() -> None:
    faint, nearly = (0.4, 0.05, 0.05), (0.36, 0.05, 0.05)
    assert flashes_hz(blinking(2, faint, nearly)) == 0
    cycle = [faint, RED, faint, nearly, GREY, nearly]
    assert flashes_hz([Light(place / 24, *cycle[place % 6]) for place in range(72)]) == 4


def test_light_is_measured_as_srgb_has_it() -> None:
    assert linear(0) == 0
    assert linear(1) == pytest.approx(1)
    assert linear(0.5) == pytest.approx(0.21404, abs=1e-5)
    assert linear(0.04) == pytest.approx(0.003096, abs=1e-6)
    assert Light(0, 1, 1, 1).luminance == pytest.approx(1)
    assert Light(0, 1, 0, 0).chromaticity == pytest.approx((0.4507, 0.5229), abs=1e-3)
    assert Light(0, 1, 1, 1).chromaticity == pytest.approx(Light(0, 0, 0, 0).chromaticity, abs=1e-3)


@given(st.lists(st.floats(0, 1), max_size=60))
def test_no_light_flashes_more_often_than_it_changes(values: list[float]) -> None:
    made = [Light(place / FPS, *grey(value)) for place, value in enumerate(values)]
    assert 0 <= flashes_hz(made) <= FPS / 2
    # Nor does darker light of the same shape flash more.
    assert flashes_hz([Light(one.at_s, one.red / 2, one.green / 2, one.blue / 2) for one in made]) <= max(
        flashes_hz([Light(one.at_s, one.red * 0.79, one.green * 0.79, one.blue * 0.79) for one in made]), 0
    )


@given(st.lists(st.floats(-5, 5), max_size=40), st.floats(0.1, 3))
def test_turning_points_alternate_and_differ(values: list[float], least: float) -> None:
    turns = turning_points(values, least)
    assert turns == sorted(set(turns))
    heights = [values[place] for place in turns]
    changes = [later - earlier for earlier, later in pairwise(heights)]
    assert all(abs(change) >= least for change in changes)
    assert all(one * other < 0 for one, other in pairwise(changes))
    assert bool(turns) is any(
        abs(later - earlier) >= least for place, earlier in enumerate(values) for later in values[place:]
    )


def test_of_equal_values_the_first_is_the_turn() -> None:
    assert turning_points([0, 0, 1, 1, 0, 0], 0.5) == [0, 2, 4]
    assert turning_points([1, 1, 0, 0, 1, 1], 0.5) == [0, 2, 4]
