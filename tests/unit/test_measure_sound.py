"""Loudness against the figures of ITU-R BS.1770 and EBU Tech 3341; sirens told from what is none."""

import math
import random
from array import array
from collections.abc import Callable

import pytest

from playlists.measure_loudness import RATE_HZ, loudness
from playlists.measure_siren import siren
from tests.support.synthetic_sound import silence, steady, together, tone


def lufs(pcm: "array[int]", channels: int = 1) -> float:
    found = loudness(pcm, channels)
    assert found is not None
    return found.lufs


def test_a_full_tone_in_one_channel_is_as_loud_as_the_standard_says() -> None:
    found = loudness(steady(997, 1, level=1), 1)
    assert found is not None
    assert found.lufs == pytest.approx(-3.01, abs=0.01)
    assert found.peak_dbfs == pytest.approx(0, abs=0.01)


def test_two_channels_add_up() -> None:
    # EBU Tech 3341: a stereo tone of 1000 Hz at -23 dBFS is -23 LUFS.
    track = steady(1000, 1, level=10 ** (-23 / 20))
    assert lufs(together(track, track), 2) == pytest.approx(-23, abs=0.1)
    assert lufs(together(track, silence(1)), 2) == pytest.approx(-26.01, abs=0.1)


def test_what_the_ear_hears_less_counts_less() -> None:
    low, middle, high = (lufs(steady(hertz, 1)) for hertz in (40, 500, 4000))
    assert low < middle - 5
    assert high > middle + 2


def test_pauses_do_not_make_a_sound_quieter() -> None:
    loud = steady(1000, 1)
    assert lufs(loud + silence(2)) == pytest.approx(lufs(loud), abs=0.75)
    # 20 dB less is below the relative gate.
    quiet = steady(1000, 2, level=0.03)
    assert lufs(loud + quiet) == pytest.approx(lufs(loud), abs=0.75)
    assert lufs(quiet) == pytest.approx(lufs(loud) - 20, abs=0.1)


def test_every_decibel_is_one() -> None:
    full, half = lufs(steady(700, 0.5, level=0.8)), lufs(steady(700, 0.5, level=0.4))
    assert full - half == pytest.approx(6.02, abs=0.02)


def test_the_peak_is_the_highest_sample_of_either_sign() -> None:
    click = steady(700, 0.5, level=0.1)
    for sample in (16_384, -32_768):
        click[1000] = sample
        found = loudness(click, 1)
        assert found is not None
        assert found.peak_dbfs == pytest.approx(20 * math.log10(abs(sample) / 32_768))


def test_silence_and_a_moment_have_no_loudness() -> None:
    assert loudness(silence(1), 1) is None
    assert loudness(array("h"), 2) is None
    assert loudness(steady(1000, 0.39), 1) is None
    assert loudness(steady(1000, 1, level=0.0001), 1) is None


@pytest.mark.parametrize(("pcm", "channels"), [(array("h", [1, 2, 3]), 2), (array("f", [0.0]), 1), (array("h"), 0)])
def test_what_is_no_such_sound_is_refused(pcm: "array[int]", channels: int) -> None:
    with pytest.raises(ValueError, match="16-bit"):
        loudness(pcm, channels)


def triangle(hertz: float, low: float, high: float) -> Callable[[float], float]:
    return lambda at: low + (high - low) * abs(2 * ((at * hertz) % 1) - 1)


SIRENS = {
    "wail": triangle(0.6, 500, 1200),
    "yelp": triangle(3, 500, 1500),
    "quick yelp": triangle(5, 600, 1400),
    "rising again and again": lambda at: 600 + 900 * ((at * 2) % 1),
    "two tones": lambda at: 440 if at % 1 < 0.5 else 585,
}
OTHERS = {
    "a steady tone": lambda _: 800.0,
    "one glide": lambda at: 500 + 200 * at,
    "vibrato": lambda at: 600 + 18 * (1 if (at * 6) % 1 < 0.5 else -1),
    "a scale": lambda at: 440 * 2 ** ((0, 2, 4, 5, 7, 9, 11, 12)[int(at * 2) % 8] / 12),
    "a melody": lambda at: 440 * 2 ** ((0, 7, 2, 12, 5, 9, 4, 11, 0, 4)[int(at * 4) % 10] / 12),
    "too low": triangle(3, 100, 250),
    "too high": triangle(3, 5000, 8000),
}


@pytest.mark.parametrize("shape", ["sine", "horn"])
@pytest.mark.parametrize("name", SIRENS)
def test_a_siren_is_heard(name: str, shape: str) -> None:
    assert siren(tone(SIRENS[name], 5, shape=shape), 1) > 0.6


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_siren_is_not(name: str) -> None:
    assert siren(tone(OTHERS[name], 4), 1) == 0


def test_a_voice_noise_and_silence_are_none() -> None:
    drawn = random.Random(1)  # noqa: S311 - no secret
    noise = array("h", [drawn.randint(-9000, 9000) for _ in range(RATE_HZ // 2)])
    # As regular as a siren, and many tones at once.
    assert siren(tone(triangle(2, 320, 500), 1.5, shape="voice"), 1) == 0
    assert siren(tone(triangle(2, 320, 500), 1.5, shape="octaves"), 1) == 0
    assert siren(noise, 1) == siren(silence(1), 1) == siren(array("h"), 1) == 0


def test_a_part_is_told_as_a_part() -> None:
    pcm = silence(2) + tone(SIRENS["yelp"], 2) + silence(4)
    assert siren(pcm, 1) == pytest.approx(0.24, abs=0.03)
    assert siren(together(pcm, pcm), 2) == siren(pcm, 1)


def test_two_sirens_with_a_pause_are_two() -> None:
    half = tone(SIRENS["two tones"], 1)
    # Neither half turns often enough, and the pause is no part of a siren.
    assert siren(half + silence(0.5) + half, 1) == 0
