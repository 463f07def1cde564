"""The port through which the player switches the display: off outside opening hours, on and kept on inside them."""

from typing import Protocol

from playlists.proof import Display


class DisplayPower(Protocol):
    """Whatever can switch a display; where nothing can, all of it is without effect."""

    def on(self) -> None:
        """Light the display and keep it lit."""

    def off(self) -> None:
        """Switch the display off and keep it off."""

    def lit(self) -> Display:
        """Whether it is lit, as far as anybody can tell."""


class PretendedDisplay:
    """A double: a display that obeys, and remembers what it was told."""

    def __init__(self, lit: Display = Display.ON) -> None:
        self._lit = lit
        self.told: list[str] = []

    def on(self) -> None:
        """Be lit."""
        self._lit = Display.ON
        self.told.append("on")

    def off(self) -> None:
        """Be dark."""
        self._lit = Display.OFF
        self.told.append("off")

    def lend(self) -> None:
        """Be lit for a technician."""
        self.told.append("lent")

    def take_back(self) -> None:
        """Be as before."""
        self.told.append("taken back")

    def lit(self) -> Display:
        """What it was told last."""
        return self._lit
