"""A reactor for what runs without a window: it waits in ``select`` and needs no Qt."""

import heapq
import itertools
import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from player.reactor import Pollable
from playlists.timing import MonotonicNs


@dataclass(slots=True)
class _Asked:
    """A watch or an alarm."""

    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        """Never call back again."""
        self.cancelled = True


@dataclass(slots=True)
class PollingReactor:
    """Calls back while :meth:`run` runs."""

    _watches: list[tuple[Pollable, _Asked]] = field(default_factory=list)
    _alarms: list[tuple[int, int, _Asked]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)

    def watch(self, source: Pollable, callback: Callable[[], None]) -> _Asked:
        """Call whenever ``source`` can be read."""
        asked = _Asked(callback)
        self._watches.append((source, asked))
        return asked

    def call_at(self, moment: MonotonicNs, callback: Callable[[], None]) -> _Asked:
        """Call once, at ``moment``; at once when it has passed."""
        asked = _Asked(callback)
        heapq.heappush(self._alarms, (moment, next(self._order), asked))
        return asked

    def run(self, until: Callable[[], bool], at_most_s: float) -> bool:
        """Call back until ``until()`` holds, for at most so many seconds; whether it holds."""
        end = time.monotonic_ns() + round(at_most_s * 1e9)
        while not until():
            now = time.monotonic_ns()
            if now >= end:
                return False
            self._ring(now)
            if not until():
                self._wait(min(end, self._alarms[0][0] if self._alarms else end) - time.monotonic_ns())
        return True

    def _ring(self, now: int) -> None:
        while self._alarms and self._alarms[0][0] <= now:
            asked = heapq.heappop(self._alarms)[2]
            if not asked.cancelled:
                asked.callback()

    def _wait(self, nanoseconds: int) -> None:
        self._watches = [(source, asked) for source, asked in self._watches if not asked.cancelled]
        watched = {source.fileno(): asked for source, asked in self._watches}
        readable, _, _ = select.select(list(watched), [], [], max(0, nanoseconds) / 1e9)
        for descriptor in readable:
            if not watched[descriptor].cancelled:
                watched[descriptor].callback()
