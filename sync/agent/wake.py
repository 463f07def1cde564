"""The wake-up line: a request that the hub holds until there is news. It may say one thing only: poll now.

Anybody on the way may say so, which is why it is followed at a bounded pace and why nothing else is read out of it.
"""

import random
import threading
from collections.abc import Callable
from typing import Final, Protocol

from playlists.errors import SiteError
from sync.agent.poll_plan import POLL_SECONDS, WakeAllowance, reconnection_wait
from sync.agent.ports import BusyError, Clock

_LONGEST_RETRY: Final = 3600.0
_SHORTEST_HOLD_NS: Final = 5 * 10**9
"""A hub that has no news and says so at once is broken, and is not asked again at once."""
_PATIENCE: Final = 60.0
"""Seconds within which a poll that was asked for has ended, or the line is asked again all the same."""


class Caller(Protocol):
    """What holds the line."""

    def wake(self, since: int) -> bool:
        """Wait for news after the timestamp of version ``since``. Raises ``SiteError``, ``OSError``."""

    def close(self) -> None:
        """Hang up."""


class WakeLine:
    """Holds the line on a thread of its own; ``ring`` is called for each wake-up that is followed."""

    def __init__(
        self,
        caller: Caller,
        ring: Callable[[], None],
        clock: Clock,
        *,
        chance: Callable[[], float] = random.random,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._caller, self._ring, self._clock, self._chance = caller, ring, clock, chance
        self._poll_seconds = poll_seconds
        self._since = 0
        self._polled = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wake", daemon=True)

    def start(self, since: int) -> None:
        """Begin to listen for what is newer than the timestamp of version ``since``."""
        self._since = since
        self._thread.start()

    def polled(self, since: int) -> None:
        """A poll ended, and the timestamp of version ``since`` is trusted."""
        self._since = since
        self._polled.set()

    def close(self) -> None:
        """Listen no more; a request that hangs is left behind."""
        self._over.set()
        self._polled.set()
        self._caller.close()

    def _run(self) -> None:
        failures, allowance = 0, WakeAllowance(at_ns=self._clock.now().boot_ns)
        while not self._over.is_set():
            begun, asked = self._clock.now().boot_ns, 0.0
            try:
                news = self._caller.wake(self._since)
                failed = not news and self._clock.now().boot_ns - begun < _SHORTEST_HOLD_NS
            except (SiteError, OSError) as error:
                news, failed = False, True
                asked = error.retry_after or 0.0 if isinstance(error, BusyError) else 0.0
            failures = failures + 1 if failed else 0
            wait = reconnection_wait(self._chance(), failures, self._poll_seconds) if failed else 0.0
            if self._over.wait(max(wait, min(asked, _LONGEST_RETRY))) or not news:
                continue
            allowed = allowance.spent(self._clock.now().boot_ns)
            if allowed is None:
                self._over.wait(allowance.wait(self._clock.now().boot_ns))
                continue
            allowance = allowed
            self._polled.clear()
            self._ring()
            self._polled.wait(_PATIENCE)
