"""Titles: Vietnamese first and above, a second language below it and smaller, each script in its own shipped font."""

from dataclasses import dataclass
from typing import Final

from canvas import HEIGHT, colour, ease
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath

from player.fonts import FACES, Script, family_of, script_of_language, script_runs
from playlists.errors import ContentError, SiteError

WHITE: Final = "#ffffff"
GOLD: Final = "#ffe2a0"
ACCENT: Final = "#f2a541"
LARGEST_SHARE: Final = 0.75
"""A second language's letters are at most this share of the Vietnamese ones, as drawn."""
SMALLEST_TITLE: Final = 1 / 14
"""A title's capital letters are at least this share of the picture's height: readable from five metres."""

_PLAIN_LETTER: Final = {Script.LATIN: "x", Script.LAO: "ກ", Script.KHMER: "ក"}


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text in one language (BCP 47), broken by hand."""

    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """What stands on the screen at one moment: Vietnamese, and below it perhaps the same in a second language."""

    vietnamese: Words
    second: Words | None = None
    size: int = 92
    """Pixel size of the Vietnamese letters."""
    second_size: int = 62
    top: int = 78
    """Where it begins, in pixels of the picture."""


def load_fonts() -> None:
    """Load the shipped fonts into Qt. Raises SiteError when Qt refuses one."""
    for face in FACES:
        if QFontDatabase.addApplicationFont(str(face.path)) < 0:
            message = f"Qt cannot load the font {face.path}"
            raise SiteError(message)


def font(script: Script, size: float, *, bold: bool) -> QFont:
    """Return the shipped font of `script` at `size` pixels."""
    made = QFont(family_of(script))
    made.setPixelSize(round(size))
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def letter_height(language: str, size: float) -> float:
    """Return the ink height in pixels of a plain letter of `language`, drawn at `size` pixels."""
    script = script_of_language(language)
    return QFontMetricsF(font(script, size, bold=True)).tightBoundingRect(_PLAIN_LETTER[script]).height()


def check(title: Title) -> None:
    """Raise ContentError when `title` breaks the house's rules on letter size."""
    capital = QFontMetricsF(font(Script.LATIN, title.size, bold=True)).tightBoundingRect("H").height()
    if capital < HEIGHT * SMALLEST_TITLE:
        message = f"title too small to read from five metres: {title.vietnamese.lines}"
        raise ContentError(message)
    if title.second is None:
        return
    share = letter_height(title.second.language, title.second_size) / letter_height("vi", title.size)
    if share > LARGEST_SHARE:
        message = f"second language drawn at {share:.2f} of the Vietnamese: {title.second.lines}"
        raise ContentError(message)


def line_path(text: str, size: float, *, bold: bool = True) -> QPainterPath:
    """Return the outlines of one line, its baseline at y 0, its left edge at x 0."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    x = 0.0
    for script, run in script_runs(text):
        face = font(script, size, bold=bold)
        path.addText(QPointF(x, 0), face, run)
        x += QFontMetricsF(face).horizontalAdvance(run)
    return path


def paint_line(painter: QPainter, path: QPainterPath, place: QPointF, code: str, opacity: float = 1.0) -> None:
    """Paint a line's outlines at `place`, with a soft shadow that keeps thin strokes apart from the picture."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.translate(place)
    for spread, alpha in ((3.0, 0.16), (1.5, 0.22)):
        painter.translate(0, spread)
        painter.fillPath(path, colour("#000814", alpha * opacity))
        painter.translate(0, -spread)
    painter.fillPath(path, colour(code, opacity))
    painter.restore()


@dataclass(frozen=True, slots=True)
class _Line:
    path: QPainterPath
    baseline: float
    code: str


class TitleBlock:
    """A title set in lines from `left` on, ready to be painted in any state of its coming and going."""

    def __init__(self, title: Title, left: float) -> None:
        check(title)
        self._left = left
        self._lines: list[_Line] = []
        y = self._set(title.vietnamese, title.size, title.top, WHITE, leading=1.2)
        self._rule = y + title.size * 0.42
        if title.second is not None:
            khmer = script_of_language(title.second.language) is Script.KHMER
            self._set(title.second, title.second_size, self._rule + 10, GOLD, leading=1.62 if khmer else 1.36)

    def _set(self, words: Words, size: int, top: float, code: str, *, leading: float) -> float:
        y = top
        for number, text in enumerate(words.lines):
            path = line_path(text, size)
            y = top + size * 1.06 if number == 0 else y + size * leading
            self._lines.append(_Line(path, y, code))
        return y

    def lines(self) -> list[tuple[QRectF, str]]:
        """Return for each line the rectangle its letters fill, in pixels of the picture, and its colour."""
        return [(line.path.boundingRect().translated(self._left, line.baseline), line.code) for line in self._lines]

    def paint(self, painter: QPainter, since: float, left: float | None) -> None:
        """Paint the title `since` seconds after its coming, `left` seconds before its going (None: it stays)."""
        going = 1.0 if left is None else ease(left / 0.32)
        if going <= 0:
            return
        for number, line in enumerate(self._lines):
            came = ease((since - 0.11 * number) / 0.55)
            place = QPointF(self._left, line.baseline + (1 - came) * 30)
            paint_line(painter, line.path, place, line.code, came * going)
        reach = ease((since - 0.25) / 0.6) * 132
        painter.fillRect(QRectF(self._left + 4, self._rule - 4, reach, 7), colour(ACCENT, going))
