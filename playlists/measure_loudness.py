"""How loud a sound is: gated loudness by ITU-R BS.1770, and its highest sample.

Sound is 16-bit PCM at 48 kHz, the channels interleaved, as the player has it; one second of stereo takes about a tenth
of a second to measure. Left and right weigh the same; surround channels are to be mixed down before.
"""

from array import array
from collections.abc import Iterable, Sequence
from math import log10
from typing import Final

from playlists.facts import Loudness

RATE_HZ: Final = 48_000
_STEP: Final = RATE_HZ // 10
"""Blocks of 400 ms begin every 100 ms."""
_STEPS_OF_A_BLOCK: Final = 4
_FULL_SCALE: Final = 32_768
_ABSOLUTE_GATE_LUFS: Final = -70.0
_RELATIVE_GATE_LU: Final = -10.0
_OFFSET_LU: Final = -0.691
# The two filters of BS.1770 at 48 kHz: the head's shelf, then the high-pass. b0, b1, b2, a1, a2.
_SHELF: Final = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
_HIGH_PASS: Final = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)


def loudness(pcm: "array[int]", channels: int) -> Loudness | None:
    """Measure a whole sound track.

    :param pcm: signed 16-bit samples at 48 kHz, interleaved.
    :returns: None where nothing is louder than -70 LUFS, or there is less than 400 ms of it.
    :raises ValueError: the samples are not of 16 bits or do not fill whole frames.
    """
    if pcm.typecode != "h" or channels < 1 or len(pcm) % channels:
        message = f"{len(pcm)} samples of type {pcm.typecode!r} are no 16-bit sound of {channels} channels"
        raise ValueError(message)
    powers = _block_powers([_step_energies(pcm[channel::channels]) for channel in range(channels)])
    audible = [power for power in powers if _lufs(power) > _ABSOLUTE_GATE_LUFS]
    if not audible:
        return None
    gate = _lufs(sum(audible) / len(audible)) + _RELATIVE_GATE_LU
    counted = [power for power in audible if _lufs(power) > gate]
    highest, lowest = max(pcm), min(pcm)
    peak = max(highest, -lowest) / _FULL_SCALE
    return Loudness(_lufs(sum(counted) / len(counted)), 20 * log10(peak))


def _lufs(power: float) -> float:
    return _OFFSET_LU + 10 * log10(power) if power > 0 else float("-inf")


def _block_powers(energies: Sequence[Sequence[float]]) -> list[float]:
    """The mean power of each block, over all channels."""
    steps = [sum(of_step) for of_step in zip(*energies, strict=True)]
    starts = range(len(steps) - _STEPS_OF_A_BLOCK + 1)
    return [sum(steps[at : at + _STEPS_OF_A_BLOCK]) / (_STEPS_OF_A_BLOCK * _STEP) for at in starts]


def _step_energies(samples: "array[int]") -> list[float]:
    """The energy of each full step of one channel, as the ear weighs it; 1 is full scale for one sample."""
    weighted = _filtered(_filtered(samples, _SHELF), _HIGH_PASS)
    starts = range(0, len(weighted) - _STEP + 1, _STEP)
    return [sum(value * value for value in weighted[at : at + _STEP]) / _FULL_SCALE**2 for at in starts]


def _filtered(samples: Iterable[float], coefficients: tuple[float, float, float, float, float]) -> "array[float]":
    """A second-order filter, transposed direct form II."""
    b0, b1, b2, a1, a2 = coefficients
    first = second = 0.0
    results = array("d")
    for sample in samples:
        result = b0 * sample + first
        first = b1 * sample - a1 * result + second
        second = b2 * sample - a2 * result
        results.append(result)
    return results
