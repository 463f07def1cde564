"""Opening hours of the screen as the conductor sees them, and the display that goes with them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from player.trust import ClockTrust
from playlists import opening
from playlists.errors import ContentError
from playlists.screen import Screen
from playlists.timing import Moment


class Power(Protocol):
    """What switches the display; nobody waits for it."""

    def on(self) -> None:
        """Light the display and keep it lit."""

    def off(self) -> None:
        """Switch the display off and keep it off."""


class Unswitched:
    """The ``Power`` of a display that nobody can switch."""

    def on(self) -> None:
        """It is."""

    def off(self) -> None:
        """It stays lit."""


@dataclass(slots=True)
class ScreenHours:
    """The ``Opening`` of the screen of the running release; always open while nobody knows the time."""

    screen: Callable[[], Screen | None]
    trust: ClockTrust
    power: Power
    _known: tuple[Screen, datetime, datetime, bool] | None = None
    """For a screen, from when until when it is open, or not."""

    def is_open(self, now: Moment) -> bool:
        """Whether anything is shown now."""
        screen = self.screen()
        if screen is None or not screen.hours or not self.trust.trusts(now):
            return True
        at = datetime.fromisoformat(now.wall)
        known = self._known
        if known is None or known[0] is not screen or not known[1] <= at < known[2]:
            try:
                following = opening.next_change(screen, at) or datetime.max.replace(tzinfo=UTC)
                known = self._known = (screen, at, following, opening.is_open(screen, at))
            except ContentError:
                return True
        return known[3]

    def light(self, *, lit: bool) -> None:
        """Switch the display."""
        if lit:
            self.power.on()
        else:
            self.power.off()
