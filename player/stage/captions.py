"""Captions over the picture: one small image whenever the text changes, so that a frame pays for one blit.

Vietnamese first and above, the second language below at no more than three quarters of its drawn letter height. White
on a dark box, readable on any picture; letters of 1/18 of the canvas, for readers five metres away.
"""

from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from player.glyphs import GlyphPainter
from player.stage.captions_layout import Paragraph, fit
from player.typesetting import LINES, ShapedLine, Typeface
from playlists.captions import Caption, Position
from playlists.line_breaks import ZERO_WIDTH_SPACE, Script, script_runs, with_breaks

Shown = Sequence[tuple[str, Sequence[Caption]]]
"""Languages (BCP 47) in reading order with the captions standing now; a language without any keeps its place."""

MARGIN: Final = 0.05
"""Share of the canvas left free on every side."""
SECOND_SIZE: Final = 0.73
"""Letter height of the second language by that of the first: 3/4 is the most allowed, rounding included."""
TEXT: Final = QColor(255, 255, 255)
BOX: Final = QColor(0, 0, 0, 190)
"""White on this over a white picture still has a contrast of 10:1."""

_LETTERS_DOWN: Final = 18
_LETTERS_ACROSS: Final = 20
"""On a narrow canvas the width decides: capital heights in a line, about 25 letters."""
_TALLEST: Final = 0.44
"""Share of the canvas a box may take, so that one at the top and one at the bottom do not meet."""
_REMEMBERED: Final = 2
"""The standing one and the next; each takes some 3 MB at 1920x1080."""
_PADDING_ACROSS: Final = 0.6
_PADDING_DOWN: Final = 0.25
_BETWEEN: Final = 0.12
_ROUNDING: Final = 0.3
"""All in em of the first language."""

_Texts = tuple[tuple[int, str], ...]
_Sizes = Mapping[Script, float]
_Key = tuple[int, int, tuple[tuple[str, tuple[tuple[str, Position], ...]], ...]]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A premultiplied image and the canvas pixel its upper left corner goes to."""

    image: QImage
    position: QPoint


class CaptionPainter:
    """Makes overlays and remembers the last few; belongs to the thread that made it (Qt's raw fonts do).

    Made once at start with the languages to come, so that loading fonts and ICU is not paid in front of a frame. Raises
    SiteError where a font cannot be loaded.
    """

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self._type = Typeface()
        self._glyphs = GlyphPainter(TEXT)
        self._remembered: OrderedDict[_Key, tuple[Overlay, ...]] = OrderedDict()
        self._begun: tuple[_Key, Iterator[None]] | None = None
        if {language.split("-")[0] for language in languages} & {"lo", "km"}:
            with_breaks("ກກ កក")

    def render(self, shown: Shown, canvas: QSize) -> tuple[Overlay, ...]:
        """Return what to draw on a canvas of this size in pixels: nothing, one box, or one at top and one at bottom.

        Costs microseconds where :meth:`prepare` went before, else some milliseconds.
        """
        if not any(captions for _, captions in shown):
            return ()
        key = _key(shown, canvas)
        for _ in self.prepare(shown, canvas):
            pass
        self._remembered.move_to_end(key)
        return self._remembered[key]

    def prepare(self, shown: Shown, canvas: QSize) -> Iterator[None]:
        """Do the work of :meth:`render` ahead, one or two milliseconds at each ``next()``, between frames.

        Asked again for the same captions, it goes on where it was left; one preparation is kept at a time.
        """
        key = _key(shown, canvas)
        if key in self._remembered or not any(captions for _, captions in shown):
            return iter(())
        if self._begun is None or self._begun[0] != key:
            self._begun = (key, self._remembering(key, shown, canvas))
        return self._begun[1]

    def _remembering(self, key: _Key, shown: Shown, canvas: QSize) -> Iterator[None]:
        overlays: list[Overlay] = []
        for position in Position:
            texts = _texts_at(position, shown)
            if texts:
                overlays.append((yield from self._overlay(position, texts, canvas)))
        self._remembered[key] = tuple(overlays)
        self._begun = None
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)

    def _overlay(self, position: Position, texts: _Texts, canvas: QSize) -> Generator[None, None, Overlay]:
        em, ranks = self._full_sizes(canvas)
        measure = self._measure(ranks)
        paragraphs = []
        for rank, text in texts:
            paragraphs.append(Paragraph(rank, with_breaks(text)))
            measure(paragraphs[-1].text, rank)
            yield
        width = canvas.width() * (1 - 2 * MARGIN) - 2 * _PADDING_ACROSS * em
        height = canvas.height() * _TALLEST - (2 * _PADDING_DOWN + _BETWEEN) * em
        fitted = fit(paragraphs, width, height, measure, _line_height(ranks))
        yield
        scaled = [{script: _on_grid(size * fitted.scale) for script, size in sizes.items()} for sizes in ranks]
        lines = []
        for rank, text in fitted.lines:
            above, below = _room(text, scaled[rank])
            lines.append(_Line(rank, self._type.shaped(text, scaled[rank]), ceil(above), ceil(below)))
            yield
        image = yield from _painted(lines, em * fitted.scale, self._glyphs)
        left = (canvas.width() - image.width()) // 2
        margin = round(canvas.height() * MARGIN)
        top = margin if position is Position.TOP else canvas.height() - margin - image.height()
        return Overlay(image, QPoint(left, top))

    def _full_sizes(self, canvas: QSize) -> tuple[float, tuple[_Sizes, _Sizes]]:
        """Give pixels per em of the first language, and of each script in the first and in a further language."""
        capital = min(canvas.height() / _LETTERS_DOWN, canvas.width() / _LETTERS_ACROSS)
        em = capital / self._type.capital_em
        letter = em * self._type.letter_em[Script.LATIN]
        first = {script: letter / height for script, height in self._type.letter_em.items()}
        return em, (first, {script: size * SECOND_SIZE for script, size in first.items()})

    def _measure(self, ranks: Sequence[_Sizes]) -> Callable[[str, int], float]:
        """Measure word by word: every word is shaped once, however often lines are tried."""

        def measure(text: str, rank: int) -> float:
            spaces = text.count(" ") * self._type.advance(" ", ranks[rank])
            words = text.replace("\n", " ").replace(ZERO_WIDTH_SPACE, " ").split(" ")
            return spaces + sum(self._type.advance(word, ranks[rank]) for word in words)

        return measure


@dataclass(frozen=True, slots=True)
class _Line:
    """A shaped line and the whole pixels it takes above and below its baseline."""

    rank: int
    shaped: ShapedLine
    above: int
    below: int


def _painted(lines: Sequence[_Line], em: float, glyphs: GlyphPainter) -> Generator[None, None, QImage]:
    """Draw lines centred under one another in a rounded box just large enough."""
    padding = round(_PADDING_DOWN * em)
    between = round(_BETWEEN * em)
    steps = sum(lower.rank != upper.rank for upper, lower in pairwise(lines))
    width = ceil(max(line.shaped.width for line in lines) + 2 * _PADDING_ACROSS * em)
    height = sum(line.above + line.below for line in lines) + steps * between + 2 * padding
    image = _box(width, height, _ROUNDING * em)
    yield
    top = padding
    rank = lines[0].rank
    for line in lines:
        top += between if line.rank != rank else 0
        rank = line.rank
        painter = QPainter(image)
        line.shaped.draw(painter, (width - line.shaped.width) / 2, top + line.above, glyphs)
        painter.end()
        top += line.above + line.below
        yield
    return image


def _box(width: int, height: int, radius: float) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(BOX)
    painter.drawRoundedRect(QRectF(0, 0, width, height), radius, radius)
    painter.end()
    return image


def _texts_at(position: Position, shown: Shown) -> _Texts:
    """Give rank and text of the captions at one end of the picture, Vietnamese first.

    A further language follows the first one to its end, or it might stand above it.
    """
    ordered = sorted(shown, key=lambda language: language[0].split("-")[0] != "vi")
    firsts = {caption.position for _, captions in ordered[:1] for caption in captions}
    texts: list[tuple[int, str]] = []
    for index, (_, captions) in enumerate(ordered):
        for caption in captions:
            place = next(iter(firsts)) if len(firsts) == 1 else caption.position
            if place is position:
                texts.append((min(index, 1), caption.text))
    return tuple(texts)


def _key(shown: Shown, canvas: QSize) -> _Key:
    texts = tuple(
        (language, tuple((caption.text, caption.position) for caption in captions)) for language, captions in shown
    )
    return canvas.width(), canvas.height(), texts


def _room(text: str, sizes: _Sizes) -> tuple[float, float]:
    """Give the pixels a line needs above and below its baseline."""
    scripts = {run.script for run in script_runs(text)} or {Script.LATIN}
    above = max(LINES[script][0] * sizes[script] for script in scripts)
    return above, max(LINES[script][1] * sizes[script] for script in scripts)


def _line_height(ranks: Sequence[_Sizes]) -> Callable[[str, int], float]:
    return lambda text, rank: sum(_room(text, ranks[rank]))


def _on_grid(size: float) -> float:
    """Keep sizes to quarters of a pixel, or every canvas and scale would load fonts of its own."""
    return round(size * 4) / 4
