"""How many polls a second are let in, and when the others may come again. Pure: times in seconds of one clock in."""

from dataclasses import dataclass, field
from typing import Final

POLL_SECONDS: Final = 300.0
_LEAST_RATE: Final = 5.0
_ABOVE_STEADY: Final = 1.35
_BURST_SECONDS: Final = 1.0
"""With such a burst, in any ten seconds no more than 1.5 times the steady rate is let in."""
_LEAST_BURST: Final = 20.0
_WOKEN_ABOVE_STEADY: Final = 0.3


def steady_rate(screens: int) -> float:
    """Polls a second of so many screens that poll every five minutes."""
    return screens / POLL_SECONDS


def wake_rate(screens: int) -> float:
    """Wake-ups a second for what is not urgent, so that with the polls that come anyway the peak is kept."""
    return max(_LEAST_RATE, _WOKEN_ABOVE_STEADY * steady_rate(screens))


@dataclass
class Admission:
    """Lets polls in at a rate, and gives each of the others a time of its own at which to come again."""

    rate: float = _LEAST_RATE
    _tokens: float = field(default=_LEAST_BURST, init=False)
    _filled: float = field(default=0.0, init=False)
    _next_place: float = field(default=0.0, init=False)
    _open_until: float = field(default=float("-inf"), init=False)

    def expect(self, screens: int) -> None:
        """Set the rate by the number of screens there are."""
        self.rate = max(_LEAST_RATE, _ABOVE_STEADY * steady_rate(screens))

    def open(self, until: float) -> None:
        """Let everybody in until a time: something urgent is to be fetched."""
        self._open_until = until

    def admit(self, now: float) -> float | None:
        """None for a poll that is let in; else after how many seconds it is to come again."""
        burst = max(_LEAST_BURST, self.rate * _BURST_SECONDS)
        self._tokens = min(burst, self._tokens + (now - self._filled) * self.rate)
        self._filled = now
        if self._tokens >= 1 or now < self._open_until:
            self._tokens = max(0.0, self._tokens - 1)
            return None
        self._next_place = max(self._next_place, now + 1) + 1 / self.rate
        return self._next_place - now
