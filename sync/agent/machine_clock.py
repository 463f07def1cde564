"""The clock port's adapters: the machine's own clocks, and one that is set by hand."""

import ctypes
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sync.agent.ports import Instant

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR: Final = 5  # adjtimex(2): the clock is not synchronised


class _Timex(ctypes.Structure):
    """``struct timex`` of adjtimex(2), oversized: the kernel fills it, only the return value is used."""

    _fields_ = [("modes", ctypes.c_uint), ("rest", ctypes.c_byte * 508)]


class MachineClock:
    """The wall clock, CLOCK_BOOTTIME, and what the kernel thinks of the former."""

    def __init__(self) -> None:
        self._boot = _BOOT_ID.read_text(encoding="ascii").strip()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def now(self) -> Instant:
        """Read them."""
        state: int = self._libc.adjtimex(ctypes.byref(_Timex()))
        synchronised = state not in {-1, _TIME_ERROR}
        return Instant(datetime.now(UTC), self._boot, time.clock_gettime_ns(time.CLOCK_BOOTTIME), synchronised)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class SetClock:
    """A clock that stands where it was set: a double. ``sleep`` moves it on and takes no time."""

    def __init__(self, wall: datetime, boot: str = "boot-1", *, synchronised: bool = True) -> None:
        self._instant = Instant(wall, boot, 60 * 10**9, synchronised)

    def now(self) -> Instant:
        """Where it stands."""
        return self._instant

    def sleep(self, seconds: float) -> None:
        """Let time pass on every clock."""
        at = self._instant
        self._instant = replace(
            at, wall=at.wall + timedelta(seconds=seconds), boot_ns=at.boot_ns + round(seconds * 10**9)
        )

    def set_wall(self, wall: datetime, *, synchronised: bool) -> None:
        """Set the wall clock, as a hand, an empty battery or a time server does."""
        self._instant = replace(self._instant, wall=wall, synchronised=synchronised)

    def reboot(self, boot: str) -> None:
        """Begin another boot; the wall clock stands."""
        self._instant = replace(self._instant, boot=boot, boot_ns=0)
