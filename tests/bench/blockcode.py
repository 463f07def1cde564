"""The block code burnt into every test frame: which clip and which frame it is, as black and white blocks.

One row of equal blocks, centred in the picture: a white guard, the clip number, the frame number, eight check bits,
a black guard. Its size is a fraction of the picture's *height* and it is centred, so that a picture of 16:9 or
narrower scaled to touch a screen's top and bottom has it at one place whatever its shape. Pure: no I/O.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CLIP_BITS: Final = 6
FRAME_BITS: Final = 14
CHECK_BITS: Final = 8
BLOCKS: Final = CLIP_BITS + FRAME_BITS + CHECK_BITS + 2

WIDTH_OF_HEIGHT: Final = 1.2
"""Length of the row over the picture's height: fits a 4:3 picture."""
HEIGHT_OF_HEIGHT: Final = 0.08
"""Height of the row over the picture's height."""

DARK: Final = 80
BRIGHT: Final = 175
BLACK: Final = 24
"""Luminance limits, 0 to 255: a bit is read at most DARK or at least BRIGHT; a black screen shows at most BLACK."""

_POLYNOMIAL: Final = 0x07
_CHECK_START: Final = 0xA5  # so that an all black or all white row is no code


@dataclass(frozen=True, slots=True)
class Mark:
    """What one frame says of itself, both counted from 0."""

    clip: int
    frame: int


def blocks_of(mark: Mark) -> tuple[bool, ...]:
    """The BLOCKS blocks of a mark from left to right, True for white.

    Raises ValueError when a number does not fit its bits.
    """
    if not (0 <= mark.clip < 1 << CLIP_BITS and 0 <= mark.frame < 1 << FRAME_BITS):
        msg = f"{mark} does not fit the block code"
        raise ValueError(msg)
    word = mark.clip << FRAME_BITS | mark.frame
    bits = word << CHECK_BITS | _check(word)
    length = BLOCKS - 2
    return (True, *(bool(bits >> (length - 1 - place) & 1) for place in range(length)), False)


def read_blocks(levels: Sequence[int]) -> Mark | None:
    """The mark in BLOCKS luminances of 0 to 255, or None where they are no whole, valid code."""
    bits = 0
    for level in levels:
        if DARK < level < BRIGHT:
            return None
        bits = bits << 1 | (level >= BRIGHT)
    if len(levels) != BLOCKS or not bits >> (BLOCKS - 1) & 1 or bits & 1:
        return None
    body = bits >> 1 & ((1 << (BLOCKS - 2)) - 1)
    word, check = body >> CHECK_BITS, body & ((1 << CHECK_BITS) - 1)
    if check != _check(word):
        return None
    return Mark(clip=word >> FRAME_BITS, frame=word & ((1 << FRAME_BITS) - 1))


def block_centres(width: int, height: int) -> tuple[int, ...]:
    """The x of the middle of each block in a picture `height` pixels high centred on a screen `width` wide."""
    length = WIDTH_OF_HEIGHT * height
    left = (width - length) / 2
    return tuple(round(left + length * (place + 0.5) / BLOCKS) for place in range(BLOCKS))


def _check(word: int) -> int:
    """CRC-8 of the clip and frame bits."""
    remainder = _CHECK_START
    for place in range(CLIP_BITS + FRAME_BITS - 1, -1, -1):
        top = remainder >> 7 & 1
        remainder = remainder << 1 & 0xFF
        if top ^ (word >> place & 1):
            remainder ^= _POLYNOMIAL
    return remainder
