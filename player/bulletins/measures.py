"""The port that text is measured through, so that planning pages needs no font and no Qt."""

from typing import Protocol


class Measures(Protocol):
    """Measures text in letter heights: the drawn height of the plain letter is 1 in every script."""

    @property
    def capital(self) -> float:
        """The height of a Latin capital."""

    def advance(self, text: str, *, bold: bool) -> float:
        """How wide a text without line feeds is."""

    def room(self, text: str) -> tuple[float, float]:
        """What a line needs above and below its baseline, stacked signs included."""


class RuledMeasures:
    """A double: every letter is as wide as its neighbour, and marks and U+200B take no room."""

    capital = 1.33

    def __init__(self, width: float = 1.0) -> None:
        self._width = width

    def advance(self, text: str, *, bold: bool) -> float:
        """Bold is a tenth wider."""
        return sum(character != "\u200b" for character in text) * self._width * (1.1 if bold else 1.0)

    def room(self, text: str) -> tuple[float, float]:
        """Khmer needs more."""
        return (2.2, 1.4) if any("\u1780" <= character <= "\u17ff" for character in text) else (2.0, 0.55)
