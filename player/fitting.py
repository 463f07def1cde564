"""Where a picture goes on a canvas, as numbers: aspect ratios, rotations, containing and covering."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MAX_COVER: Final = 4
"""A covering picture may have at most so many times the canvas's pixels; past that it is contained instead."""


class Fit(StrEnum):
    """How a picture of another shape meets the canvas."""

    CONTAIN = "contain"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height

    def turned(self, degrees: int) -> "Size":
        """As seen after a rotation by 0, 90, 180 or 270 degrees."""
        return Size(self.height, self.width) if degrees % 180 else self


def display_size(stored: Size, sar: tuple[int, int], rotation: int) -> Size:
    """The upright size a clip is meant to be seen at, with square pixels; the longer side is never shrunk."""
    num, den = sar
    if num >= den:
        square = Size(max(1, round(stored.width * num / den)), stored.height)
    else:
        square = Size(stored.width, max(1, round(stored.height * den / num)))
    return square.turned(rotation)


def fitted(picture: Size, canvas: Size, fit: Fit) -> Size:
    """The size ``picture`` is drawn at on ``canvas``, its shape kept.

    A picture within a pixel of the canvas's shape takes the canvas whole, for a line of background is worse than a
    thousandth of distortion.
    """
    by_width = Size(canvas.width, max(1, round(picture.height * canvas.width / picture.width)))
    by_height = Size(max(1, round(picture.width * canvas.height / picture.height)), canvas.height)
    within = by_width if by_width.height <= canvas.height else by_height
    over = by_height if within is by_width else by_width
    if abs(within.width - canvas.width) <= 1 and abs(within.height - canvas.height) <= 1:
        return canvas
    return over if fit is Fit.COVER and over.pixels <= _MAX_COVER * canvas.pixels else within


def made_for(picture: Size, canvas: Size) -> bool:
    """Whether a picture has a size that :func:`fitted` gives for this canvas; else it was made for another one."""
    return picture.width == canvas.width or picture.height == canvas.height
