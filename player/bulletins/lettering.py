"""The shipped fonts as the measures that pages are planned with, and lines drawn with them."""

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QColor, QPainter

from player.bulletins.page import Line
from player.glyphs import GlyphPainter
from player.typesetting import LINES, Typeface
from playlists.line_breaks import ZERO_WIDTH_SPACE, Script, script_runs

_GRID: Final = 4
_REMEMBERED: Final = 512
_BOLD_IS_LOOSER: Final = 1.005
"""A line is measured word by word and shaped whole; kerning across a space may add a hair."""


class Lettering:
    """Both weights of every script; belongs to the thread that made it.

    Raises SiteError where a font file cannot be loaded.
    """

    def __init__(self) -> None:
        self._weights = {bold: Typeface(bold=bold) for bold in (False, True)}
        self._painters: dict[tuple[str, bool], GlyphPainter] = {}
        self._units = {
            bold: {script: 1 / em for script, em in face.letter_em.items()} for bold, face in self._weights.items()
        }
        plain = self._weights[False]
        self.capital = plain.capital_em / plain.letter_em[Script.LATIN]
        self.room = lru_cache(_REMEMBERED)(self._room)
        self.missing = lru_cache(_REMEMBERED)(self._missing)

    def advance(self, text: str, *, bold: bool) -> float:
        """The width of a text in letter heights; its words are shaped once and remembered."""
        face, unit = self._weights[bold], self._units[bold]
        words = text.replace(ZERO_WIDTH_SPACE, " ").split(" ")
        width = text.count(" ") * face.advance(" ", unit) + sum(face.advance(word, unit) for word in words if word)
        return width * _BOLD_IS_LOOSER

    def _room(self, text: str) -> tuple[float, float]:
        unit = self._units[False]
        scripts = {run.script for run in script_runs(text)} or {Script.LATIN}
        above = max(LINES[script][0] * unit[script] for script in scripts)
        return above, max(LINES[script][1] * unit[script] for script in scripts)

    def _missing(self, text: str) -> str:
        """The characters of a text that its fonts do not hold, each once."""
        found: dict[str, None] = {}
        for run in script_runs(text):
            for character in run.text:
                if not all(face.holds(run.script, character) for face in self._weights.values()):
                    found[character] = None
        return "".join(found)

    def letter(self, script: Script, size: float, *, bold: bool) -> float:
        """The height of the plain letter of a script that is drawn at ``size`` pixels per em."""
        return self._weights[bold].letter_em[script] * size

    def sizes(self, letter: float, *, bold: bool) -> dict[Script, float]:
        """Pixels per em of each script for letters of this height, on a grid, so that fonts are loaded seldom."""
        return {script: round(unit * letter * _GRID) / _GRID for script, unit in self._units[bold].items()}

    def draw(self, painter: QPainter, line: Line, colour: str) -> None:
        """Draw a line in its place."""
        glyphs = self._painters.get((colour, line.bold))
        if glyphs is None:
            glyphs = self._painters[colour, line.bold] = GlyphPainter(QColor(colour))
        shaped = self._weights[line.bold].shaped(line.text, self.sizes(line.letter, bold=line.bold))
        shaped.draw(painter, line.x, line.baseline, glyphs)
