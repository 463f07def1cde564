"""When the agent asks the hub next. Pure: chance and time come in as values.

A fleet that is switched on at once must not ask at once, and one that lost its hub must not fall over it when it comes
back: every wait has a random part, and no wait after a failure is shorter than one after a success.
"""

from dataclasses import dataclass, replace
from typing import Final

POLL_SECONDS: Final = 300.0
SPREAD: Final = 0.2
"""Of the time between two polls, either way."""
LONGEST_WAIT: Final = 3600.0
"""Seconds; neither failures nor a hub's Retry-After keep a kiosk away for longer."""
SHORTEST_WAIT: Final = 1.0
FRESH_WINDOW: Final = 5.0
"""Seconds within which a kiosk that shows nothing yet asks first."""
_MOST_DOUBLINGS: Final = 16

WAKES_AT_ONCE: Final = 5
SECONDS_A_WAKE: Final = 30.0


def first_wait(chance: float, poll_seconds: float = POLL_SECONDS, *, fresh: bool = False) -> float:
    """Seconds from the start to the first poll; ``chance`` is in [0, 1), ``fresh`` where nothing is shown yet.

    All of a fleet have asked once before any asks twice: else first and second polls would add up, to half as much
    again as at other times.
    """
    return chance * (min(FRESH_WINDOW, poll_seconds) if fresh else poll_seconds * (1 - SPREAD))


def next_wait(
    chance: float, poll_seconds: float = POLL_SECONDS, *, failures: int = 0, retry_after: float | None = None
) -> float:
    """Seconds to the next poll, after so many failures in a row; a hub that is busy may say for how long.

    Up to the double for each failure, anywhere between the ordinary least and that: a fleet spreads out.
    """
    least, most = poll_seconds * (1 - SPREAD), poll_seconds * (1 + SPREAD)
    if failures:
        most = max(most, min(LONGEST_WAIT, poll_seconds * 2 ** min(failures, _MOST_DOUBLINGS)))
    wait = least + chance * (most - least)
    if retry_after is not None:
        asked = min(max(retry_after, 0.0), LONGEST_WAIT)
        wait = max(wait, asked * (1 + chance * SPREAD))
    return max(SHORTEST_WAIT, wait)


@dataclass(frozen=True, slots=True)
class WakeAllowance:
    """How many wake-ups are still followed: anybody may send them, so they are let through at a bounded pace only.

    ``at_ns`` is the boot clock when ``left`` was right.
    """

    left: float = WAKES_AT_ONCE
    at_ns: int = 0

    def spent(self, now_ns: int) -> "WakeAllowance | None":
        """What is left when a wake-up is followed at ``now_ns``; None where it must not be."""
        passed = max(0, now_ns - self.at_ns) / 1e9
        left = min(float(WAKES_AT_ONCE), self.left + passed / SECONDS_A_WAKE)
        return replace(self, left=left - 1, at_ns=now_ns) if left >= 1 else None

    def wait(self, now_ns: int) -> float:
        """Seconds until the next wake-up would be followed."""
        passed = max(0, now_ns - self.at_ns) / 1e9
        return max(0.0, (1 - self.left) * SECONDS_A_WAKE - passed)


def reconnection_wait(chance: float, failures: int, poll_seconds: float = POLL_SECONDS) -> float:
    """Seconds until a lost wake-up line is tried again: soon after the first loss, as seldom as polls after more."""
    most = min(poll_seconds, 2.0 ** min(failures, _MOST_DOUBLINGS) * 5)
    return most * (0.5 + chance / 2)
