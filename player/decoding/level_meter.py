"""The level of a recording, moved on a page: how loud it is at a moment, and the bar drawn into the page's pixels."""

from array import array
from math import log10
from typing import Final, Protocol

from player.bulletins.level_scale import lit_width
from player.decoding.pcm import RATE
from player.decoding.typesettings import LevelPlace

_WINDOW: Final = RATE // 20
_RANGE_DB: Final = 42.0
"""What is softer than this below the loudest possible is silence on the bar."""
_LOUDEST: Final = 32768
_FALL: Final = 0.12
"""A bar falls by so much at a time, and rises at once: what is heard is seen."""
_NS_PER_S: Final = 1_000_000_000


class Samples(Protocol):
    """Where the samples of a recording are."""

    def read(self, first: int, count: int) -> bytes:
        """That many frames of 16-bit stereo from ``first`` on, silence where there are none."""


class LevelMeter:
    """Follows one recording."""

    def __init__(self, place: LevelPlace) -> None:
        self.place = place
        self.level = 0.0

    def follow(self, samples: Samples, heard_ns: int) -> float:
        """The level, 0 to 1, when so much of the recording has been heard."""
        first = heard_ns * RATE // _NS_PER_S
        values = array("h", samples.read(first, _WINDOW))
        lowest, highest = min(values), max(values)
        peak = max(highest, -lowest)
        level = 0.0 if not peak else max(0.0, 1 + 20 * log10(peak / _LOUDEST) / _RANGE_DB)
        self.level = max(min(1.0, level), self.level - _FALL)
        return self.level

    def draw(self, pixels: memoryview, stride: int) -> None:
        """Draw the bar as it stands into a page of 32-bit pixels."""
        place = self.place
        row = place.size.width * 4
        lit = lit_width(self.level, place.size) * 4
        for number in range(place.size.height):
            start, source = (place.y + number) * stride + place.x * 4, number * row
            pixels[start : start + lit] = place.full[source : source + lit]
            pixels[start + lit : start + row] = place.empty[source + lit : source + row]
