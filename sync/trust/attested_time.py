"""Which time it is, told by what was signed and by the kernel, not by a battery in a dusty box.

Metadata expires, so a wrong clock is a way in (1970: nothing ever expires) and a way to shut everything out (2090:
nothing is valid). Pure: the readings of the clocks and what is known in, a time out.

- Never before the latest time that is known: the last one signed, or shown by a synchronised clock, or the program's.
- A clock that the kernel holds synchronised is believed.
- Another one is believed as long as it is not behind what is known, plus what the boot clock counted since, and not
  more than five years ahead of it. Otherwise that sum is the time.
- Only signed and synchronised times become known, and none of the clock's that is more than five years ahead of the
  last: a mistaken time source does not outlast itself. (A signed time is bounded by the root that was valid at it.)
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

PROGRAM_TIME: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""This program was made after it."""
BELIEVABLE: Final = timedelta(days=5 * 365)
"""How far an unsynchronised clock may be ahead of what is known: a kiosk that lay in a store for some years."""
SMALL_DIFFERENCE: Final = timedelta(days=1)
"""A synchronised clock may be this much behind a signed time: the hub's clock and the kiosk's never quite agree."""
NOTEWORTHY: Final = timedelta(hours=1)


class Reading(Protocol):
    """One reading of the clocks, as ``sync.agent.ports.Instant``."""

    @property
    def wall(self) -> datetime:
        """What the wall clock shows, with its offset."""

    @property
    def boot(self) -> str:
        """The name of this boot."""

    @property
    def boot_ns(self) -> int:
        """Nanoseconds since the boot, counted through suspend."""

    @property
    def synchronised(self) -> bool:
        """Whether the kernel holds the wall clock synchronised."""


@dataclass(frozen=True, slots=True)
class KnownTime:
    """The latest time that is known, UTC; ``boot`` and ``boot_ns`` are the boot clock when it became known.

    ``boot`` is empty where that was not seen; nothing is then counted.
    """

    at: datetime = PROGRAM_TIME
    boot: str = ""
    boot_ns: int = 0


@dataclass(frozen=True, slots=True)
class AttestedTime:
    """The time to judge by, UTC. ``synchronised``: the kernel vouches for it; ``clock_believed``: the clock has it."""

    at: datetime
    synchronised: bool
    clock_believed: bool


def attested(now: Reading, known: KnownTime) -> AttestedTime:
    """The time to judge by."""
    wall = now.wall.astimezone(UTC)
    if now.synchronised and wall >= known.at - SMALL_DIFFERENCE:
        return AttestedTime(max(wall, known.at), synchronised=True, clock_believed=True)
    counted = _counted(now, known)
    if counted <= wall <= counted + BELIEVABLE:
        return AttestedTime(wall, synchronised=False, clock_believed=True)
    return AttestedTime(counted, synchronised=False, clock_believed=False)


def learned_from_signature(known: KnownTime, signed: datetime, now: Reading | None) -> KnownTime:
    """What is known after a signed time; ``now`` is about when it was read, None where that is not known."""
    signed = signed.astimezone(UTC)
    if signed <= known.at:
        return known
    return KnownTime(signed) if now is None else KnownTime(signed, now.boot, now.boot_ns)


def learned_from_clock(known: KnownTime, now: Reading) -> KnownTime:
    """What is known after a look at the clock; changes once an hour at most, so that it can be kept at every look."""
    wall = now.wall.astimezone(UTC)
    if now.synchronised and known.at + NOTEWORTHY <= wall <= known.at + BELIEVABLE:
        return KnownTime(wall, now.boot, now.boot_ns)
    return known


def _counted(now: Reading, known: KnownTime) -> datetime:
    """What is known plus what has certainly passed since: in another boot, the time since that boot began."""
    if not known.boot:
        return known.at
    since = now.boot_ns - known.boot_ns if now.boot == known.boot else now.boot_ns
    return known.at + timedelta(microseconds=max(0, since) // 1000)
