"""The gate that downloads pass: it holds them up for something urgent, keeps them to a rate, or stops them.

One gate may stand before several threads; each of its calls may come from any of them.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from playlists.errors import SiteError

_BURST_SECONDS: Final = 1.0
"""How long a link that stood idle may be used above its rate afterwards."""


class StoppedError(SiteError):
    """The gate was closed for good: the agent ends. What came so far is kept."""


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """A bandwidth cap as a value: ``tokens`` bytes may go at ``at`` (seconds of a clock that never jumps)."""

    bytes_per_second: float
    tokens: float = 0.0
    at: float = 0.0

    def taken(self, count: int, now: float) -> tuple["TokenBucket", float]:
        """The bucket after ``count`` bytes went at ``now``, and for how many seconds nobody may go after them."""
        filled = self.tokens + max(0.0, now - self.at) * self.bytes_per_second
        left = min(filled, self.bytes_per_second * _BURST_SECONDS) - count
        return TokenBucket(self.bytes_per_second, left, now), max(0.0, -left / self.bytes_per_second)


class Gate:
    """Open until told otherwise; ``bytes_per_second`` is the cap for all that passes together, None for none."""

    def __init__(self, bytes_per_second: int | None = None) -> None:
        self._changed = threading.Condition()
        self._pauses = 0
        self._stopped = False
        self._bucket = self._new_bucket(bytes_per_second)

    @property
    def is_open(self) -> bool:
        """Whether a download may go on; one that may not lets go of its connection."""
        return not self._pauses and not self._stopped

    @property
    def is_stopped(self) -> bool:
        """Whether it is closed for good."""
        return self._stopped

    def set_rate(self, bytes_per_second: int | None) -> None:
        """Change the cap."""
        with self._changed:
            self._bucket = self._new_bucket(bytes_per_second)
            self._changed.notify_all()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While something urgent is fetched past this gate, nothing goes through it; may be nested."""
        with self._changed:
            self._pauses += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._pauses -= 1
                self._changed.notify_all()

    def stop(self) -> None:
        """Close it for good; whoever waits at it or comes to it gets ``StoppedError``."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def enter(self) -> None:
        """Wait until it is open. Raises ``StoppedError``."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self._pauses)
            self._refuse_if_stopped()

    def pass_through(self, count: int) -> None:
        """Note that ``count`` bytes came, and wait as the cap asks, at most until it is paused.

        Raises ``StoppedError``.
        """
        with self._changed:
            self._refuse_if_stopped()
            if self._bucket is None:
                return
            self._bucket, seconds = self._bucket.taken(count, time.monotonic())
            if seconds:
                self._changed.wait_for(lambda: not self.is_open, seconds)
            self._refuse_if_stopped()

    def rest(self, seconds: float) -> None:
        """Wait before another try. Raises ``StoppedError``."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, seconds)
            self._refuse_if_stopped()

    def _refuse_if_stopped(self) -> None:
        if self._stopped:
            message = "downloads were stopped"
            raise StoppedError(message)

    @staticmethod
    def _new_bucket(bytes_per_second: int | None) -> TokenBucket | None:
        return None if bytes_per_second is None else TokenBucket(bytes_per_second, at=time.monotonic())
