"""The clock port: one reading of every clock a kiosk has, and the doubles that stand in for it."""

import ctypes
import ctypes.util
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from playlists.timing import Moment, MonotonicNs

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR: Final = 5  # adjtimex(2): the clock is not synchronised


class Clock(Protocol):
    """Where the time comes from."""

    def monotonic(self) -> MonotonicNs:
        """Nanoseconds of a clock that never steps."""

    def moment(self) -> Moment:
        """All clocks at once."""


class _Timex(ctypes.Structure):
    """``struct timex`` of adjtimex(2), oversized: the kernel fills it, only the return value is used."""

    _fields_ = [("modes", ctypes.c_uint), ("rest", ctypes.c_byte * 508)]


def iso_utc(at: datetime) -> str:
    """UTC with milliseconds and an explicit offset."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


class SystemClock:
    """The machine's own clocks.

    CLOCK_MONOTONIC is the clock libVLC and Qt schedule by. A kiosk does not suspend; where it did, the boot-time
    clock would run ahead, so durations across a suspend are those of the running machine.
    """

    def __init__(self) -> None:
        self._boot_id = _BOOT_ID.read_text(encoding="ascii").strip()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def monotonic(self) -> MonotonicNs:
        """Nanoseconds of CLOCK_MONOTONIC."""
        return MonotonicNs(time.monotonic_ns())

    def moment(self) -> Moment:
        """Read monotonic and wall clock together, with what the kernel thinks of the latter."""
        return Moment(self.monotonic(), iso_utc(datetime.now(UTC)), self._boot_id, self._synchronised())

    def _synchronised(self) -> bool | None:
        state: int = self._libc.adjtimex(ctypes.byref(_Timex()))
        return None if state < 0 else state != _TIME_ERROR
