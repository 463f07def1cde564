"""The clock port: one reading of every clock a kiosk has, and the doubles that stand in for it."""

import ctypes
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from playlists.proof import ClockStep
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


class ManualClock:
    """A clock that moves only when told to: a double for tests of deciding code."""

    def __init__(
        self,
        wall: datetime = datetime(2026, 11, 23, 3, 44, 58, 123000, UTC),
        monotonic_ms: int = 60_000,
        boot_id: str = "00000000-0000-4000-8000-000000000001",
        synchronised: bool | None = True,  # noqa: FBT001, FBT002 - the third answer is "unknown"
    ) -> None:
        self._wall = wall
        self._monotonic_ms = monotonic_ms
        self._boot_id = boot_id
        self.synchronised = synchronised

    def monotonic(self) -> MonotonicNs:
        """Nanoseconds since the pretended boot."""
        return MonotonicNs(self._monotonic_ms * 1_000_000)

    def moment(self) -> Moment:
        """All clocks at once."""
        return Moment(self.monotonic(), iso_utc(self._wall), self._boot_id, self.synchronised)

    def advance(self, milliseconds: int) -> None:
        """Let time pass, on every clock."""
        self._monotonic_ms += milliseconds
        self._wall += timedelta(milliseconds=milliseconds)

    def step(self, milliseconds: int) -> None:
        """Set the wall clock forward (or, negative, back) as a time server or a hand does."""
        self._wall += timedelta(milliseconds=milliseconds)

    def reboot(self, boot_id: str) -> None:
        """Start the monotonic clock again under another boot id; the wall clock stands."""
        self._boot_id = boot_id
        self._monotonic_ms = 0


def clock_step(before: Moment, now: Moment, tolerance_ms: int) -> ClockStep | None:
    """Compare two readings: the step of the wall clock between them, None within the tolerance.

    Slewing by a time server stays far below any sensible tolerance. Readings of different boots tell nothing, their
    monotonic clocks have nothing in common.
    """
    if before.boot_id != now.boot_id:
        return None
    passed_ms = (now.monotonic - before.monotonic) // 1_000_000
    wall = datetime.fromisoformat(now.wall) - datetime.fromisoformat(before.wall)
    step_ms = wall // timedelta(milliseconds=1) - passed_ms
    return ClockStep(at=now, before=before, step_ms=step_ms) if abs(step_ms) > tolerance_ms else None
