"""The visit: opens the maintenance page for whoever holds the chord and knows the PIN, and closes it again.

It brings together a chord or a corner (:mod:`player.maintenance.chord`), a session, the page, and what is asked of the
world for them. It runs on the painting thread; the PIN is checked and written down by a thread that may wait.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from player.clock import Clock
from player.errands import Errands
from player.kiosk_file import Maintenance
from player.maintenance import chord, session
from player.maintenance.lock import Lock
from player.maintenance.page import Page, Site, page
from player.maintenance.session import Act, Session
from player.reactor import Cancellable, Reactor
from playlists.timing import MonotonicNs

TICK_NS: Final = 1_000_000_000
_CORNER: Final = 0.1
"""The share of the shorter side that is the upper left corner."""
_NS: Final = 1_000_000_000


class Surface(Protocol):
    """Where the page is seen."""

    def appear(self) -> None:
        """Cover the stage."""

    def disappear(self) -> None:
        """Uncover it."""

    def show_page(self, page: Page) -> None:
        """Paint a page."""

    def key_at(self, x: float, y: float) -> str | None:
        """The button at a point."""


class House(Protocol):
    """What the player does for a visitor."""

    def make_way(self) -> None:
        """Interrupt what plays; the display is lit, whatever the hour."""

    def go_on(self) -> None:
        """Play again."""

    def restart(self) -> None:
        """Leave, for whoever started the player to start it again."""

    def sound(self) -> bool:
        """Play the test tone; False where there is nothing to hear it through."""

    def site(self) -> Site:
        """What the page tells."""

    def opened(self, *, right: bool) -> None:
        """A PIN was entered, right or wrong: somebody may want to write that down."""


@dataclass(slots=True)
class Visit:
    """See the module. Without a ``lock`` nobody gets in."""

    clock: Clock
    reactor: Reactor
    errands: Errands
    wishes: Maintenance
    surface: Surface
    house: House
    lock: Lock | None
    corner: Callable[[], tuple[int, int]]
    """Width and height of the window whose corner is touched, in pixels."""
    _held: chord.Held = field(default_factory=chord.Held)
    _session: Session | None = None
    _waiting: Cancellable | None = None
    _timer: Cancellable | None = None

    @property
    def under_way(self) -> bool:
        """Whether the page is on the screen."""
        return self._session is not None

    def key(self, name: str, modifiers: frozenset[str], down: bool) -> None:  # noqa: FBT001 - one of two is heard
        """A key went down or up."""
        now = self.clock.monotonic()
        if self._session is not None:
            if down and name not in chord.MODIFIERS:
                self._take(session.key(self._session, name, now))
            return
        change = chord.pressed if down else chord.released
        self._held = change(self._held, self.wishes.chord, modifiers, name, now)
        self._wait_for(chord.complete_at(self._held, round(self.wishes.hold_seconds * _NS)))

    def touch(self, x: float, y: float, down: bool) -> None:  # noqa: FBT001 - one of two is heard
        """A finger or a mouse button went down or up at a place of the window."""
        now = self.clock.monotonic()
        if self._session is not None:
            if down:
                self._take(session.press(self._session, self.surface.key_at(x, y), now))
            return
        width, height = self.corner()
        near = max(x, y) < min(width, height) * _CORNER
        wanted = down and near and self.wishes.corner_seconds > 0
        self._wait_for(MonotonicNs(now + round(self.wishes.corner_seconds * _NS)) if wanted else None)

    def close(self) -> None:
        """The player leaves."""
        for timer in (self._waiting, self._timer):
            if timer is not None:
                timer.cancel()

    def _wait_for(self, moment: MonotonicNs | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if moment is not None and self.lock is not None:
            self._waiting = self.reactor.call_at(moment, self._open)

    def _open(self) -> None:
        self._waiting, self._held = None, chord.Held()
        now = self.clock.moment()
        self.house.make_way()
        self.surface.appear()
        self._session = Session(now.monotonic)
        lock = self.lock
        if lock is not None:
            self.errands.run(lambda: lock.next_try_at(now), self._blocked)
        self._tick()

    def _blocked(self, until: MonotonicNs) -> None:
        """How long the next try has to wait after those of former visits."""
        visit, now = self._session, self.clock.monotonic()
        if visit is not None and until > now:
            self._session = session.answered(visit, now, right=False, next_try=until)
            self._show()

    def _tick(self) -> None:
        visit, now = self._session, self.clock.monotonic()
        if visit is None:
            return
        if session.is_over(visit, now, round(self.wishes.leave_after_seconds * _NS)):
            self._close()
            return
        self._timer = self.reactor.call_at(MonotonicNs(now + TICK_NS), self._tick)
        self._show()

    def _show(self) -> None:
        if self._session is not None:
            self.surface.show_page(page(self._session, self.house.site(), self.clock.monotonic()))

    def _take(self, step: session.Step) -> None:
        self._session, act = step
        match act:
            case Act.CHECK:
                self._check(self._session.entry)
            case Act.SOUND:
                self._session = session.unheard(self._session, mute=not self.house.sound())
            case Act.RESTART:
                self.house.restart()
            case Act.LEAVE:
                self._close()
            case None:
                pass
        self._show()

    def _check(self, entry: str) -> None:
        lock, now = self.lock, self.clock.moment()
        if lock is not None:
            self.errands.run(lambda: lock.check(entry, now), self._answered)

    def _answered(self, answer: tuple[bool, MonotonicNs]) -> None:
        right, next_try = answer
        self.house.opened(right=right)
        if self._session is not None:
            self._session = session.answered(self._session, self.clock.monotonic(), right=right, next_try=next_try)
            self._show()

    def _close(self) -> None:
        self._session = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.surface.disappear()
        self.house.go_on()
