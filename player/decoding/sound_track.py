"""The sound of one clip as its decoder hands it over: samples into a ring, and where the first of them belongs."""

from array import array
from collections.abc import Callable
from typing import Final

from player.decoding.pcm import FRAME_BYTES, RATE, PcmRing

_NS_PER_S: Final = 1_000_000_000
_GAP_NS: Final = 30_000_000
_LONGEST_GAP_NS: Final = 10_000_000_000
_FULL_GAIN: Final = 256


class SoundTrack:
    """The sound of one opened file: samples into a ring, and when the first of them belongs.

    Before the pause that ends the opening, libVLC has handed over up to a second of samples, each with the time it was
    due. That time less the moment of the pause is how long after frame 0 it is heard.
    """

    def __init__(self, ring: PcmRing, volume: int, hold: Callable[[int], int], tell: Callable[[int], None]) -> None:
        self.ring = ring
        self._hold = hold
        self._gain = round(256 * (volume / 100) ** 3)  # loudness as libVLC and PulseAudio count it
        self._tell = tell
        self._first: int | None = None
        self._held: int | None = None
        self._expected: int | None = None

    def take(self, samples: bytes, due_ns: int) -> None:
        """Append samples; a gap in their times is a gap in the sound."""
        if self._first is None:
            self._first = due_ns
            self._place()
        if self._expected is not None:
            gap = due_ns - self._expected
            if _GAP_NS < gap < _LONGEST_GAP_NS:
                self.ring.write(bytes(gap * RATE // _NS_PER_S * FRAME_BYTES))
        self._expected = due_ns + len(samples) // FRAME_BYTES * _NS_PER_S // RATE
        self.ring.write(softer(samples, self._gain))

    def paused(self, at_ns: int) -> None:
        """The opening has ended; the times that follow are others."""
        if self._held is None:
            self._held = at_ns
            self._place()
        self._expected = None

    def resumed(self, at_ns: int) -> None:
        """It runs; where no sample came before the pause, this is where the count begins."""
        self._expected = None
        if self._first is None:
            self._held = at_ns

    def _place(self) -> None:
        if self._first is not None and self._held is not None:
            self._tell(self._first - self._held - self._hold(self._held))


def softer(samples: bytes, gain: int) -> bytes:
    """The samples with a gain of so many 256ths."""
    if gain == _FULL_GAIN:
        return samples
    values = array("h", samples)
    return array("h", [value * gain >> 8 for value in values]).tobytes()
