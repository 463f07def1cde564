"""How much of a sound is like a siren: one strong tone that keeps rising and falling between the same two pitches.

That is what wail, yelp and two-tone horns have in common, and what speech, chimes and melodies have not. The pitch of
each 20 ms, taken every 10, is told by how evenly the sound crosses zero. A siren beneath speech or music is not heard.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Final

from playlists.turning_points import turning_points

if TYPE_CHECKING:
    from array import array

RATE_HZ: Final = 48_000
_FRAME: Final = RATE_HZ // 50
_HOP: Final = _FRAME // 2
_QUIET: Final = 300
"""Mean height of samples, of 32768, below which a frame is silent: about -40 dB."""
_LOWEST_HZ: Final = 300
_HIGHEST_HZ: Final = 4000
_EVEN: Final = 1.15
"""Two neighbouring periods of a sweeping tone differ by less than this."""
_LEAST_EVEN: Final = 0.9
_LEAST_SWING: Final = log(1.15)
_ALIKE: Final = log(1.05)
"""Peaks, and valleys, that differ by less than this come back to the same pitch."""
_TURNS: Final = 5
"""Twice up and down between the same pitches is a siren; a melody seldom does that."""
_LONGEST_GAP: Final = 4
"""Frames without a pitch that a siren may have, where it jumps."""


def siren(pcm: "array[int]", channels: int) -> float:
    """Tell which part of a sound is like a siren, 0 to 1.

    :param pcm: signed 16-bit samples at 48 kHz, interleaved.
    """
    pitches = [_pitch(frame) for frame in _frames(pcm, channels)]
    wailing = {place for run in _runs(pitches) for place in _wailing(run)}
    return len(wailing) / len(pitches) if pitches else 0.0


def _frames(pcm: "array[int]", channels: int) -> Iterator[Sequence[int]]:
    """Full frames of all channels mixed into one."""
    tracks = [pcm[channel::channels] for channel in range(channels)]
    mixed = [sum(samples) for samples in zip(*tracks, strict=True)]
    for begin in range(0, len(mixed) - _FRAME + 1, _HOP):
        yield mixed[begin : begin + _FRAME]


def _pitch(frame: Sequence[int]) -> float | None:
    """The logarithm of a frame's frequency in Hz; None where it is silent or no single tone."""
    if sum(map(abs, frame)) < _QUIET * _FRAME:
        return None
    crossings = [place - after / (after - before) for place, before, after in _rises(frame)]
    periods = [later - earlier for earlier, later in pairwise(crossings)]
    if len(periods) < _FRAME * _LOWEST_HZ // RATE_HZ - 1:
        return None
    even = sum(max(pair) < _EVEN * min(pair) for pair in pairwise(periods))
    frequency = RATE_HZ * len(periods) / sum(periods)
    pure = even >= _LEAST_EVEN * (len(periods) - 1) and _LOWEST_HZ <= frequency <= _HIGHEST_HZ
    return log(frequency) if pure else None


def _rises(frame: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Where a frame crosses zero upwards, with the samples before and after."""
    for place, (before, after) in enumerate(pairwise(frame), start=1):
        if before < 0 <= after:
            yield place, before, after


def _runs(pitches: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Frames with a pitch, with their places, as far as they follow one another."""
    run: list[tuple[int, float]] = []
    for place, pitch in enumerate(pitches):
        if pitch is None:
            continue
        if run and place - run[-1][0] > _LONGEST_GAP + 1:
            yield run
            run = []
        run.append((place, pitch))
    yield run


def _wailing(run: Sequence[tuple[int, float]]) -> Iterator[int]:
    """The places of the frames of a run between turns that come back to the same pitches."""
    turns = turning_points([pitch for _, pitch in run], _LEAST_SWING)
    for begin in range(len(turns) - _TURNS + 1):
        window = turns[begin : begin + _TURNS]
        if all(abs(run[one][1] - run[other][1]) < _ALIKE for one, other in zip(window, window[2:], strict=False)):
            yield from range(run[window[0]][0], run[window[-1]][0] + 1)
