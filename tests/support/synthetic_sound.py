"""Sounds made by formula: 16-bit samples at 48 kHz."""

import math
from array import array
from collections.abc import Callable

RATE_HZ = 48_000


def tone(hertz: Callable[[float], float], seconds: float, *, level: float = 0.3, shape: str = "sine") -> "array[int]":
    """A tone whose frequency follows the time, of one channel; ``level`` of full scale."""
    made, phase = array("h"), 0.0
    for place in range(round(RATE_HZ * seconds)):
        phase += 2 * math.pi * hertz(place / RATE_HZ) / RATE_HZ
        made.append(round(32_767 * level * _SHAPES[shape](phase)))
    return made


def steady(hertz: float, seconds: float, *, level: float = 0.3) -> "array[int]":
    return tone(lambda _: hertz, seconds, level=level)


def silence(seconds: float) -> "array[int]":
    return array("h", bytes(2 * round(RATE_HZ * seconds)))


def together(*tracks: "array[int]") -> "array[int]":
    """Tracks of one length as the channels of one sound."""
    return array("h", [sample for frame in zip(*tracks, strict=True) for sample in frame])


def _voice(phase: float) -> float:
    """Many harmonics out of step, as a voice has them."""
    return math.fsum(math.sin(number * phase + number * number) / math.sqrt(number) for number in range(1, 20)) / 8


_SHAPES: dict[str, Callable[[float], float]] = {
    "sine": math.sin,
    "horn": lambda phase: 1.0 if math.sin(phase) >= 0 else -1.0,
    "voice": _voice,
    "octaves": lambda phase: (math.sin(phase) + 1.2 * math.sin(2 * phase + 1)) / 2.2,
}
