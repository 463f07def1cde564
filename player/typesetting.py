"""Letters as they are drawn in captions and bulletins: shipped fonts, their measures, text shaped run by run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QGlyphRun, QPainter, QRawFont, QTextLayout, QTextOption

from player.fonts import FACES, Face
from player.glyphs import GlyphPainter
from playlists.errors import SiteError
from playlists.line_breaks import Script, script_runs

LETTERS: Final = {Script.LATIN: "x", Script.LAO: "ກ", Script.KHMER: "ក"}
"""The plain letter whose height makes two scripts comparable: Lao and Khmer have no capitals."""
CAPITAL: Final = "H"

LINES: Final = {Script.LATIN: (1.07, 0.29), Script.LAO: (1.18, 0.46), Script.KHMER: (1.15, 0.75)}
"""Room above and below the baseline in em: the fonts' own, but Khmer's stacked signs need 1.9 em and Noto says 1.36."""

_REFERENCE: Final = 100.0
_MOST_REMEMBERED: Final = 4096
_ENDLESS: Final = 1e6
_UNKNOWN: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class ShapedRun:
    """Glyphs of one font, ``advance`` pixels wide; ``ascent`` is the distance from their origin to the baseline."""

    glyphs: tuple[QGlyphRun, ...]
    advance: float
    ascent: float


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """A line ready to be drawn."""

    runs: tuple[ShapedRun, ...]

    @property
    def width(self) -> float:
        """The width in pixels."""
        return sum(run.advance for run in self.runs)

    def draw(self, painter: QPainter, left: float, baseline: float, glyph_painter: GlyphPainter) -> None:
        """Draw with the first letter's origin at (left, baseline)."""
        for run in self.runs:
            for glyphs in run.glyphs:
                glyph_painter.draw(painter, QPointF(left, baseline - run.ascent), glyphs)
            left += run.advance


class Typeface:
    """One font for each script, from files only: what they do not hold is drawn as U+FFFD, never by the system.

    The regular faces, or the ``bold`` ones. Raises SiteError where a font file cannot be loaded. Belongs to the thread
    that made it.
    """

    def __init__(self, faces: Sequence[Face] = FACES, *, bold: bool = False) -> None:
        self._reference = {Script(face.script.value): _load(face.path) for face in faces if face.bold is bold}
        self._sized: dict[tuple[Script, float], QRawFont] = {}
        self._advances: dict[str, tuple[tuple[Script, float], ...]] = {}
        self.letter_em: Mapping[Script, float] = {script: self._height(script, LETTERS[script]) for script in Script}
        """Height of the plain letter in em."""
        self.capital_em: float = self._height(Script.LATIN, CAPITAL)
        """Height of a Latin capital in em."""

    def holds(self, script: Script, character: str) -> bool:
        """Whether the font of a script has a glyph for a character."""
        return self._reference[script].supportsCharacter(ord(character))

    def advance(self, word: str, sizes: Mapping[Script, float]) -> float:
        """Return the width in pixels of a word set in ``sizes`` (pixels per em of each script)."""
        known = self._advances.get(word)
        if known is None:
            if len(self._advances) >= _MOST_REMEMBERED:
                self._advances.clear()
            known = self._advances[word] = tuple(self._advances_em(word))
        return sum(em * sizes[script] for script, em in known)

    def shaped(self, text: str, sizes: Mapping[Script, float]) -> ShapedLine:
        """Shape one line in ``sizes`` (pixels per em of each script)."""
        runs = (self._shaped_run(run.text, self._font(run.script, sizes[run.script])) for run in script_runs(text))
        return ShapedLine(tuple(runs))

    def _height(self, script: Script, letter: str) -> float:
        font = self._reference[script]
        return -font.pathForGlyph(font.glyphIndexesForString(letter)[0]).boundingRect().top() / _REFERENCE

    def _advances_em(self, word: str) -> Iterator[tuple[Script, float]]:
        for run in script_runs(word):
            yield run.script, self._shaped_run(run.text, self._reference[run.script]).advance / _REFERENCE

    def _font(self, script: Script, size: float) -> QRawFont:
        font = self._sized.get((script, size))
        if font is None:
            if len(self._sized) >= len(Script) * 8:
                self._sized.clear()
            font = self._sized[script, size] = QRawFont(self._reference[script])
            font.setPixelSize(size)
        return font

    def _shaped_run(self, text: str, font: QRawFont) -> ShapedRun:
        # Qt would ask the system's fonts for a character this one does not hold.
        held = "".join(character if font.supportsCharacter(ord(character)) else _UNKNOWN for character in text)
        layout = QTextLayout(held)
        layout.setRawFont(font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setFlags(QTextOption.Flag.IncludeTrailingSpaces)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(_ENDLESS)
        layout.endLayout()
        return ShapedRun(tuple(layout.glyphRuns()), line.horizontalAdvance(), line.ascent())


def _load(path: Path) -> QRawFont:
    font = QRawFont(str(path), _REFERENCE, QFont.HintingPreference.PreferNoHinting)
    if not font.isValid():
        message = f"font file cannot be loaded: {path}"
        raise SiteError(message)
    return font
