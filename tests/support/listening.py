"""An ear at the sound server of a test: what is heard, and when by the clock the play log keeps."""

import os
import subprocess
import threading
import time
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from tests.support.sound_server import RATE, SINK

_LATENCY_MS = 10
_BLOCK = 48
"""Frames of one loudness: a millisecond."""
LOUD = 500
"""Anything of a test's tones is louder, by far; dither and ramps' ends are not."""


@dataclass(frozen=True)
class Span:
    """From when to when something was loud, in seconds of the monotonic clock."""

    begin: float
    end: float
    hertz: float

    @property
    def seconds(self) -> float:
        return self.end - self.begin


@dataclass(frozen=True)
class Heard:
    """One channel as it arrived; ``began`` is when its first sample was heard, in seconds of the monotonic clock."""

    samples: "array[int]"
    began: float

    def levels(self) -> list[int]:
        """The loudness of every millisecond."""
        blocks = (self.samples[start : start + _BLOCK] for start in range(0, len(self.samples) - _BLOCK, _BLOCK))
        return [max(*block, -min(block)) for block in blocks]

    def spans(self, bridge_ms: int = 0) -> list[Span]:
        """Where there was sound, pauses of up to ``bridge_ms`` counting as such."""
        found: list[list[int]] = []
        for place, level in enumerate(self.levels()):
            if level < LOUD:
                continue
            if found and place - found[-1][1] <= bridge_ms:
                found[-1][1] = place + 1
            else:
                found.append([place, place + 1])
        times = [(self.began + first / 1000, self.began + last / 1000) for first, last in found]
        return [Span(begin, end, self.hertz(begin, end)) for begin, end in times]

    def hertz(self, begin: float, end: float) -> float:
        """The pitch between two moments of the monotonic clock."""
        part = self.samples[round((begin - self.began) * RATE) : round((end - self.began) * RATE)]
        crossings = sum(before < 0 <= after for before, after in pairwise(part))
        return crossings * RATE / len(part)


class Ear:
    """Listens while it is open; ``heard`` afterwards."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        command = ["parec", f"--device={SINK}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=1", "--raw"]
        command += [f"--latency-msec={_LATENCY_MS}", "--process-time-msec=5"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | environment)
        self._data = bytearray()
        self._origins: list[float] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def heard(self) -> Heard:
        """What has been heard so far.

        A read comes some time after its samples were made and never before: the luckiest of all tells the clock.
        """
        data = bytes(self._data)
        return Heard(array("h", data[: len(data) // 2 * 2]), min(self._origins))

    def loud(self) -> bool:
        """Whether anything is to be heard just now, that is in the last tenth of a second."""
        return any(abs(sample) > LOUD for sample in array("h", bytes(self._data[-RATE // 10 * 2 :])[:9600]))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join()

    @property
    def open(self) -> bool:
        """Whether the first samples have come."""
        return bool(self._origins)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        while chunk := os.read(pipe, 1 << 16):
            self._data += chunk
            self._origins.append(time.monotonic() - len(self._data) / 2 / RATE)
        self._process.stdout.close()


@contextmanager
def listening(environment: Mapping[str, str]) -> Iterator[Ear]:
    """An ear on the sound server of ``environment``, which hears from the start on."""
    ear = Ear(environment)
    try:
        until = time.monotonic() + 20
        while not ear.open:
            assert time.monotonic() < until, "the sound server gives nothing to record"
            time.sleep(0.02)
        yield ear
    finally:
        ear.close()
