"""How loud a screen is: the command line's volume, the screen's curve of the day, and the silence of commercials."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from player.performance import Audience, Order, Performance, Renderer, Sound
from player.reactor import Cancellable, Reactor
from playlists.playlist import Item
from playlists.screen import Screen
from playlists.timing import MonotonicNs

FULL: Final = 100
_LOOK_NS: Final = 500_000_000


class Loud(Protocol):
    """What plays sound, and can be turned down while it does."""

    def set_share(self, share: float) -> None:
        """Play at this share of the volume that was ordered, 0 to 1, counted as volumes are."""


def share_of(ordered: int, limit: int) -> float:
    """What of the volume ``ordered`` is left where ``limit`` is the most; both 0 to 100."""
    return 1.0 if ordered <= limit else limit / ordered


def sound_of(item: Item, sound: Sound, *, outdoor: bool) -> Sound:
    """How an item may be heard: a commercial is silent on an outdoor screen."""
    return replace(sound, muted=True) if outdoor and item.papers.commercial else sound


@dataclass(slots=True)
class RuledSound:
    """A renderer whose items are heard as far as the rules of the screen allow."""

    inner: Renderer
    screen: Callable[[], Screen | None]
    """The screen as it is described now."""

    def prepare(self, order: Order, audience: Audience) -> Performance:
        """Open an item; see the port."""
        screen = self.screen()
        sound = sound_of(order.item, order.sound, outdoor=screen is not None and screen.outdoor)
        return self.inner.prepare(replace(order, sound=sound), audience)

    def trouble(self) -> str | None:
        """Why nothing can be rendered at all."""
        return self.inner.trouble()

    def close(self) -> None:
        """Stop everything."""
        self.inner.close()


@dataclass(slots=True)
class VolumeKeeper:
    """Follows the curve while the player runs: within half a second of a step it is heard and in the log."""

    reactor: Reactor
    monotonic: Callable[[], MonotonicNs]
    local: Callable[[], datetime]
    curve: Callable[[datetime], int]
    """The most there may be at a local time, 0 to 100."""
    ordered: int
    """What the command line asks for."""
    speaker: Loud
    tell: Callable[[int], None]
    """Told the volume in force whenever it changes."""
    _in_force: int | None = None
    _timer: Cancellable | None = None

    def start(self) -> None:
        """Begin to follow."""
        limit = self.curve(self.local())
        now = min(self.ordered, limit)
        if now != self._in_force:
            self._in_force = now
            self.speaker.set_share(share_of(self.ordered, limit))
            self.tell(now)
        self._timer = self.reactor.call_at(MonotonicNs(self.monotonic() + _LOOK_NS), self.start)

    @property
    def in_force(self) -> int:
        """The volume in force, 0 to 100."""
        return self.ordered if self._in_force is None else self._in_force

    def close(self) -> None:
        """Follow no more."""
        if self._timer is not None:
            self._timer.cancel()
