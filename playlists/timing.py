"""Units of time. Durations are whole milliseconds; moments are read from a boot-time monotonic clock."""

from dataclasses import dataclass
from typing import Final, NewType

DurationMs = NewType("DurationMs", int)
"""A length of time in milliseconds."""

NO_TIME: Final = DurationMs(0)

MonotonicNs = NewType("MonotonicNs", int)
"""A reading of the monotonic clock in nanoseconds since boot; never a wall time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of all the clocks a kiosk has, taken at the edge and handed to deciding code.

    ``wall`` is UTC as ISO 8601 with an explicit offset and milliseconds (``2026-11-23T03:44:58.123+00:00``).
    ``synchronised`` says whether the kernel held the wall clock synchronised; None where that is unknown.
    """

    monotonic: MonotonicNs
    wall: str
    boot_id: str
    synchronised: bool | None
