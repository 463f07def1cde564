"""How often a picture flashes, from the mean light of a part of it over time.

By WCAG 2.2: a flash is two opposing transitions. A general transition changes relative luminance by a tenth or more,
the darker side being below 0.80; a red one leads to or from a saturated red (R / (R + G + B) of 0.8 or more) across
more than 0.2 in the CIE 1976 chromaticity diagram.

Flashing is harmful on a quarter of ten degrees of what somebody sees. The mean over a whole picture hides what flashes
in a corner of it: measure each part of a grid and take the worst.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist
from typing import Final

from playlists.turning_points import turning_points

WINDOW_S: Final = 1.0
_LEAST_CHANGE: Final = 0.1
_BRIGHT: Final = 0.8
_SATURATED: Final = 0.8
_LEAST_RED_CHANGE: Final = 0.2
_LINEAR_UP_TO: Final = 0.04045
_TINY: Final = 1e-9
_NEUTRAL: Final = (0.1978, 0.4683)
"""Where black is taken to stand in the chromaticity diagram: with white, as D65 has it."""


@dataclass(frozen=True, slots=True)
class Light:
    """The mean light of a part of a picture from ``at_s`` seconds on: linear red, green and blue of sRGB, 0 to 1."""

    at_s: float
    red: float
    green: float
    blue: float

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 for black to 1 for white."""
        return 0.2126 * self.red + 0.7152 * self.green + 0.0722 * self.blue

    @property
    def redness(self) -> float:
        """R / (R + G + B); 0 for black."""
        whole = self.red + self.green + self.blue
        return self.red / whole if whole > _TINY else 0.0

    @property
    def chromaticity(self) -> tuple[float, float]:
        """U' and v' of CIE 1976."""
        x = 0.4124 * self.red + 0.3576 * self.green + 0.1805 * self.blue
        z = 0.0193 * self.red + 0.1192 * self.green + 0.9505 * self.blue
        scale = x + 15 * self.luminance + 3 * z
        return (4 * x / scale, 9 * self.luminance / scale) if scale > _TINY else _NEUTRAL


def linear(code: float) -> float:
    """Make linear light of a colour value of sRGB, both 0 to 1."""
    return code / 12.92 if code <= _LINEAR_UP_TO else ((code + 0.055) / 1.055) ** 2.4


def flashes_hz(lights: Sequence[Light]) -> float:
    """The most flashes within any second, general or red, whichever are more.

    :param lights: in the order of time.
    """
    return max(_most_in_a_window(list(_general(lights))), _most_in_a_window(list(_red(lights))))


def _most_in_a_window(times: Sequence[float]) -> float:
    """Two transitions are a flash."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= WINDOW_S - _TINY:
            first += 1
        most = max(most, last - first + 1)
    return float(most // 2)


def _general(lights: Sequence[Light]) -> Iterator[float]:
    """When each general transition was over."""
    turns = turning_points([light.luminance for light in lights], _LEAST_CHANGE - _TINY)
    for one, other in pairwise(lights[place] for place in turns):
        if min(one.luminance, other.luminance) < _BRIGHT:
            yield other.at_s


def _red(lights: Sequence[Light]) -> Iterator[float]:
    """When each transition to or from a saturated red was over."""
    for run, later in pairwise(_runs(lights)):
        red, plain = (run, later) if _is_red(run[0]) else (later, run)
        reddest, other = max(red, key=_redness), min(plain, key=_redness)
        if dist(reddest.chromaticity, other.chromaticity) > _LEAST_RED_CHANGE:
            yield later[0].at_s


def _runs(lights: Sequence[Light]) -> list[list[Light]]:
    """The lights in runs that are saturated red or not."""
    runs: list[list[Light]] = []
    for light in lights:
        if not runs or _is_red(runs[-1][-1]) is not _is_red(light):
            runs.append([])
        runs[-1].append(light)
    return runs


def _is_red(light: Light) -> bool:
    return light.redness >= _SATURATED


def _redness(light: Light) -> float:
    return light.redness
