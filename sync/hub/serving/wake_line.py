"""Who waits to be woken: ten thousand held requests, each a future and a timer. No threads, no files."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from sync.hub.serving.news import News, patterns_of

RETELL_SECONDS: Final = 30.0
"""Whoever was told and comes again with the old version could not fetch it: it is not told again at once."""


@dataclass(eq=False, slots=True)
class Waiter:
    """One held request. ``told`` becomes True for "poll now", False when its time is over."""

    device: str
    gate: str
    screen: str
    since: int
    told: asyncio.Future[bool]


@dataclass
class WakeLine:
    """Held requests, and up to which timestamp each pattern of screens has news."""

    known_from: int = 0
    """The timestamp from which on news are known; who trusts an older one may have missed some."""
    urgent: dict[str, int] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)
    _waiting: dict[str, Waiter] = field(default_factory=dict)
    _paced: deque[Waiter] = field(default_factory=deque)
    _told: dict[str, tuple[int, float]] = field(default_factory=dict)
    _latest: int = 0
    _closed: bool = False

    def __len__(self) -> int:
        """How many are held."""
        return len(self._waiting)

    async def wait(self, device: str, gate: str, screen: str, since: int, seconds: float) -> bool:
        """Hold a request; True when the device is to poll. A second one of a device ends the first."""
        if self._closed:
            return False
        loop = asyncio.get_running_loop()
        waiter = Waiter(device, gate, screen, since, loop.create_future())
        self._end(self._waiting.get(device), poll=False)
        self._waiting[device] = waiter
        self._place(waiter)
        timer = loop.call_later(seconds, self._end, waiter)
        try:
            return await waiter.told
        finally:
            timer.cancel()
            if self._waiting.get(device) is waiter:
                del self._waiting[device]

    def publish(self, news: News) -> None:
        """Wake those concerned: at once where it is urgent, by ``wake_next`` where it is not."""
        self.urgent.update(dict.fromkeys(news.urgent, news.version))
        self.other.update(dict.fromkeys(news.other, news.version))
        self._latest = max(self._latest, news.version)
        if not news.urgent | news.other:
            return
        for waiter in list(self._waiting.values()):
            self._place(waiter)

    def wake_next(self) -> bool:
        """Wake the next of those whose news can wait; False where there is none."""
        while self._paced:
            waiter = self._paced.popleft()
            if not waiter.told.done():
                self._end(waiter, poll=True)
                return True
        return False

    def close(self) -> None:
        """End every held request, and hold none any more: the server stops."""
        self._closed = True
        for waiter in list(self._waiting.values()):
            self._end(waiter)

    def _place(self, waiter: Waiter) -> None:
        patterns = patterns_of(waiter.gate, waiter.screen)
        urgent = max(self.urgent.get(one, 0) for one in patterns)
        other = max(self.other.get(one, 0) for one in patterns)
        missed = self.known_from if 0 < waiter.since < self.known_from else 0
        if max(urgent, other, missed) <= waiter.since or self._was_told(waiter):
            return
        if urgent > waiter.since:
            self._end(waiter, poll=True)
        else:
            self._paced.append(waiter)

    def _was_told(self, waiter: Waiter) -> bool:
        version, at = self._told.get(waiter.device, (0, 0.0))
        recently = asyncio.get_running_loop().time() - at < RETELL_SECONDS
        return recently and version >= self._latest

    def _end(self, waiter: Waiter | None, poll: bool = False) -> None:  # noqa: FBT001, FBT002  -- also a timer's call
        if waiter is None or waiter.told.done():
            return
        if poll:
            self._told[waiter.device] = (self._latest, asyncio.get_running_loop().time())
        waiter.told.set_result(poll)
