"""The score: which sample of which clip is heard when. Pure; the speaker plays from it.

Sound joins as pictures do: one clip's ends at the cut, the next one's begins there, to the sample. Where the samples of
two clips meet each is ramped for a few milliseconds, or the step between them would click.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from playlists.timing import MonotonicNs

RATE: Final = 48_000
FRAME_BYTES: Final = 4
CHUNK: Final = 960
"""Frames of one portion: 20 ms."""
_RAMP: Final = 144
"""Frames of a ramp: 3 ms, which no ear takes for a pause."""
_NS_PER_S: Final = 1_000_000_000
_LEVEL_BITS: Final = 16
FULL_LEVEL: Final = 1 << _LEVEL_BITS
"""A fader's level that leaves everything as it is; a tenth of the volume is a thousandth of it."""


class Samples(Protocol):
    """Where a clip's samples are."""

    def read(self, first: int, count: int) -> bytes:
        """That many frames from ``first`` on, silence where there are none."""


@dataclass(slots=True)
class Cue:
    """A clip in the score: sample 0 is heard at ``begin``, and nothing of it before ``since`` or after ``until``."""

    ticket: int
    samples: Samples
    begin: MonotonicNs
    since: MonotonicNs
    until: MonotonicNs
    place: int | None = None
    """The sample that comes next, once it plays."""


@dataclass(slots=True)
class Score:
    """All cues that are not over."""

    cues: list[Cue] = field(default_factory=list)

    def add(self, cue: Cue) -> None:
        """Enter a clip; whatever else is under way ends where its first sample is heard."""
        for other in self.cues:
            other.until = MonotonicNs(min(other.until, max(cue.since, cue.begin, other.since)))
        self.cues.append(cue)

    def end(self, ticket: int, at: MonotonicNs) -> None:
        """End a clip early."""
        for cue in self.cues:
            if cue.ticket == ticket:
                cue.until = MonotonicNs(min(cue.until, at))

    def next_begin(self) -> MonotonicNs | None:
        """When the first of the cues is heard."""
        return min((cue.since for cue in self.cues), default=None)

    def silent(self, at: MonotonicNs) -> bool:
        """Whether nothing is heard in the chunk whose first frame is heard at ``at``, nor in the one after."""
        end = at + 2 * CHUNK * _NS_PER_S // RATE
        return all(cue.since >= end or cue.until <= at for cue in self.cues)

    def portion(self, at: MonotonicNs) -> bytes:
        """The chunk whose first frame is heard at ``at``; cues that are over by then are forgotten."""
        self.cues = [cue for cue in self.cues if cue.until > at]
        end = at + CHUNK * _NS_PER_S // RATE
        heard = [_portion_of(cue, at) for cue in self.cues if cue.since < end]
        if not heard:
            return bytes(CHUNK * FRAME_BYTES)
        return heard[0] if len(heard) == 1 else _sum(heard)


def _portion_of(cue: Cue, at: MonotonicNs) -> bytes:
    """A cue's share of a chunk, silence outside its time."""
    exact = _frames(at - cue.begin)
    if cue.place is None or abs(exact - cue.place) > CHUNK:
        cue.place = exact
    elif exact != cue.place:
        # The device's clock is not ours: one sample left out or said twice now and then keeps them together.
        cue.place += 1 if exact > cue.place else -1
    first = cue.place
    cue.place += CHUNK
    data = cue.samples.read(first, CHUNK)
    start, stop = _frames(cue.since - at), _frames(cue.until - at)
    if start > -_RAMP or stop < CHUNK + _RAMP:
        data = _shaped(data, start, stop)
    return data


def _frames(nanoseconds: int) -> int:
    return round(nanoseconds * RATE / _NS_PER_S)


def _shaped(data: bytes, start: int, stop: int) -> bytes:
    """Ramp up from frame ``start`` and down to frame ``stop``, silence outside."""
    samples = array("h", data)
    for frame in range(CHUNK):
        height = max(0, min(_RAMP, frame - start, stop - frame))
        if height < _RAMP:
            samples[2 * frame] = samples[2 * frame] * height // _RAMP
            samples[2 * frame + 1] = samples[2 * frame + 1] * height // _RAMP
    return samples.tobytes()


def _sum(parts: Sequence[bytes]) -> bytes:
    total = array("h", parts[0])
    for part in parts[1:]:
        for index, value in enumerate(array("h", part)):
            if value:
                total[index] = max(-32768, min(32767, total[index] + value))
    return total.tobytes()


@dataclass(slots=True)
class Fader:
    """Scales what is heard; a new level is reached over the length of one chunk, which no ear takes for a click."""

    target: int = FULL_LEVEL
    _level: int = FULL_LEVEL

    def set(self, share: float) -> None:
        """Go to a share of the volume, 0 to 1, in loudness as libVLC and PulseAudio count it."""
        self.target = round(FULL_LEVEL * max(0.0, min(1.0, share)) ** 3)

    def faded(self, data: bytes) -> bytes:
        """The chunk that is heard next."""
        before, self._level = self._level, self.target
        if before == self.target == FULL_LEVEL:
            return data
        if before == self.target == 0:
            return bytes(len(data))
        samples = array("h", data)
        if before == self.target:
            return array("h", [value * before >> _LEVEL_BITS for value in samples]).tobytes()
        last, way = max(1, len(samples) - 1), self.target - before
        levels = (before + way * index // last for index in range(len(samples)))
        return array(
            "h", [value * level >> _LEVEL_BITS for value, level in zip(samples, levels, strict=True)]
        ).tobytes()


@dataclass(slots=True)
class StreamClock:
    """When the next chunk handed to the device will be heard, followed smoothly."""

    next_heard: MonotonicNs | None = None
    _STEP_NS = 20_000
    _JUMP_NS = 40_000_000
    _SILENT_JUMP_NS = 4_000_000

    def correct(self, now: MonotonicNs, latency_ns: int, *, silent: bool = False) -> MonotonicNs:
        """Take in a reading of the device's latency; the moment the next chunk is heard.

        In silence nobody hears a jump. A stream that was left to run dry answers wrong for its first chunks.
        """
        measured = now + latency_ns
        jump, step = (self._SILENT_JUMP_NS, self._SILENT_JUMP_NS) if silent else (self._JUMP_NS, self._STEP_NS)
        if self.next_heard is None or abs(measured - self.next_heard) > jump:
            self.next_heard = MonotonicNs(measured)
        else:
            off = measured - self.next_heard
            part = off // 4 if silent else off // 16
            self.next_heard = MonotonicNs(self.next_heard + max(-step, min(step, part)))
        return self.next_heard

    def advance(self) -> None:
        """A chunk was handed over."""
        if self.next_heard is not None:
            self.next_heard = MonotonicNs(self.next_heard + CHUNK * _NS_PER_S // RATE)
