"""The microphone: records a PulseAudio source and keeps one loudness a millisecond, with times.

`python -m tests.bench.microphone SOURCE FILE`. It ends on SIGTERM. The file holds records of two kinds, 12 bytes each,
little-endian: `clock` (kind 0: monotonic nanoseconds, samples read until then) and, after each, the loudnesses read.
See `track_of` in hearing.py.
"""

import contextlib
import os
import signal
import struct
import subprocess
import sys
import time
from array import array
from pathlib import Path
from typing import BinaryIO, Final

RATE: Final = 48_000
BLOCK: Final = 48
"""Samples a loudness: one millisecond."""
HEAD: Final = struct.Struct("<QI")
"""Monotonic nanoseconds when this chunk was read, and how many loudnesses (16 bits each) follow."""


def record(source: str, out: BinaryIO) -> None:
    """Record one channel of `source` until SIGTERM."""
    command = [
        "parec", "--device", source, "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1",
        "--latency-msec=10", "--process-time-msec=5",
    ]  # fmt: skip
    recorder = subprocess.Popen(command, stdout=subprocess.PIPE)
    signal.signal(signal.SIGTERM, lambda _number, _frame: recorder.terminate())
    with contextlib.suppress(PermissionError):
        os.nice(-5)
    if recorder.stdout is None:
        return
    pipe, rest = recorder.stdout.fileno(), b""
    while chunk := os.read(pipe, 1 << 16):
        now = time.monotonic_ns()
        rest += chunk
        whole = len(rest) // (2 * BLOCK) * 2 * BLOCK
        samples = array("h", rest[:whole])
        rest = rest[whole:]
        peaks = array("H", (_peak(samples[start : start + BLOCK]) for start in range(0, len(samples), BLOCK)))
        # The chunk ends with the samples in `rest`: its last whole block is that much older.
        out.write(HEAD.pack(now - len(rest) // 2 * 1_000_000_000 // RATE, len(peaks)) + peaks.tobytes())
        out.flush()
    recorder.wait()


def _peak(block: "array[int]") -> int:
    return max(*block, -min(block))


def main() -> int:
    """Record the source named first into the file named second."""
    with Path(sys.argv[2]).open("wb") as out:
        record(sys.argv[1], out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
