"""The scale of the level of a sound bulletin: how many steps it has, and how much of it is lit. Pure."""

from typing import Final

from player.fitting import Size

STEPS: Final = 24
BEFORE: Final = 1.7
"""In terms of the height: where the steps begin, right of the loudspeaker."""


def pitch(size: Size) -> float:
    """The width of a step with its gap, in pixels of a bar of this size."""
    return (size.width - BEFORE * size.height) / STEPS


def lit_steps(level: float) -> int:
    """How many steps are lit at a level from 0 to 1; levels beyond are cut off."""
    return round(max(0.0, min(1.0, level)) * STEPS)


def lit_width(level: float, size: Size) -> int:
    """How many columns of a full bar to show; the rest is that of an empty one."""
    return max(0, min(size.width, round(BEFORE * size.height + lit_steps(level) * pitch(size))))
