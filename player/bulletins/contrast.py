"""Contrast between two colours, as WCAG 2 counts it, and colours moved until they are readable. Pure."""

from typing import Final

LEAST: Final = 4.5
"""The least contrast between letters and what is behind them."""

_STEPS: Final = 50
_LINEAR: Final = 0.04045


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a colour written ``#rrggbb``.

    Raises:
        ValueError: it is not written so.

    """
    if len(colour) != len("#rrggbb") or not colour.startswith("#"):
        message = f"{colour!r} is not a colour written as #rrggbb"
        raise ValueError(message)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """The relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, *against: str) -> float:
    """The contrast with whichever of the others is nearest."""
    return min(contrast(colour, other) for other in against)


def mixed(one: str, other: str, share: float) -> str:
    """``one`` with a ``share`` (0 to 1) of ``other`` in it."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, *against: str) -> str:
    """The colour itself where it is readable on all the others, else moved towards black or white until it is.

    Whichever end needs less is taken; where neither reaches it on all of them, the end that comes nearest.
    """
    if least_contrast(colour, *against) >= LEAST:
        return colour
    for step in range(1, _STEPS + 1):
        for end in ("#000000", "#ffffff"):
            moved = mixed(colour, end, step / _STEPS)
            if least_contrast(moved, *against) >= LEAST:
                return moved
    return max("#000000", "#ffffff", key=lambda end: least_contrast(end, *against))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR else float(((channel + 0.055) / 1.055) ** 2.4)
