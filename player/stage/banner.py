"""The banner: a strip along the main zone's edge with a sentence of the agent, such as that a stick is being read.

Its letters are drawn a word at a time between frames. Its pixels are its own while it stands: pictures are shown around
it, so that it costs a frame nothing.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from player.clock import Clock
from player.reactor import Cancellable, Reactor
from player.stage.board import Board
from player.stage.captions_layout import Paragraph, fit
from player.stage.window import Banner, StageWindow
from player.zoning import Box, Floorplan
from playlists.line_breaks import ZERO_WIDTH_SPACE, Script, script_runs, with_breaks
from playlists.timing import MonotonicNs

TEXT: Final = QColor("#ffffff")
GROUND: Final = QColor("#1d4f91")
"""White on this has a contrast of 8:1. Not the layout's colours, which are those of the ticker it may stand beside."""
ACCENT: Final = QColor("#ffd65c")
_LETTERS_DOWN: Final = 22
_LETTERS_ACROSS: Final = 24
"""So many capitals go into the canvas's height, or its width: readable from five metres on the smallest screens."""
_LEAST_EM: Final = 8.0
"""Pixels; no canvas is so small that less could be drawn."""
_TALLEST: Final = 0.25
"""Share of the main zone's height the strip may take; a longer sentence is set smaller, and at last cut off."""
_PADDING_ACROSS: Final = 0.6
_PADDING_DOWN: Final = 0.22
_RULE: Final = 0.09
"""Thickness of the bright edge. All in em."""
_MOST_LETTERS: Final = 240
_STEP_NS: Final = 4_000_000
"""Between two steps of drawing, each of which takes about half a millisecond."""

_Sizes = Mapping[Script, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A strip as the viewer sees it, and where on the canvas it goes."""

    image: QImage
    box: Box


class BannerPainter:
    """Draws strips; belongs to the thread that made it. Raises SiteError where a font cannot be loaded."""

    def __init__(self) -> None:
        # Fonts are loaded only where there is an agent to say something.
        from player.glyphs import GlyphPainter
        from player.typesetting import Typeface

        self._type = Typeface()
        self._glyphs = GlyphPainter(TEXT)

    def steps(self, text: str, plan: Floorplan) -> Generator[None, None, Drawn | None]:
        """Draw a strip for a canvas, a little at each ``next()``; None where there is no room for one."""
        capital = min(plan.canvas.height / _LETTERS_DOWN, plan.canvas.width / _LETTERS_ACROSS)
        em = max(_LEAST_EM, capital / self._type.capital_em)
        tallest = round(plan.main.box.height * _TALLEST)
        room, down = plan.strip(tallest), (2 * _PADDING_DOWN + _RULE) * em
        text = with_breaks(" ".join(text.split())[:_MOST_LETTERS])
        if room is None or not text:
            return None
        full = self._sizes(em)
        for word in _words(text):
            self._type.advance(word, full)
            yield
        wide = room.width - 2 * _PADDING_ACROSS * em
        line = sum(self._line(text, full))
        fitted = fit(
            [Paragraph(0, text)], wide, tallest - down, lambda words, _: self._width(words, full), lambda *_: line
        )
        yield
        lines = [line for _rank, line in fitted.lines]
        sizes = self._sizes(em * fitted.scale)
        above, below = (ceil(share) for share in self._line(text, sizes))
        height = min(room.height, ceil(down) + len(lines) * (above + below))
        top = room.y if room.y < plan.main.box.y + plan.main.box.height // 2 else room.bottom - height
        box = Box(room.x, top, room.width, height)
        image = _ground(box, ceil(_RULE * em), below_picture=top > room.y)
        for number, words in enumerate(lines):
            left = (box.width - self._width(words, sizes)) / 2
            baseline = ceil((_PADDING_DOWN + _RULE) * em) + number * (above + below) + above
            yield from self._written(image, words, sizes, left, baseline)
        return Drawn(image, box)

    def _written(
        self, image: QImage, words: str, sizes: _Sizes, left: float, baseline: int
    ) -> Generator[None, None, None]:
        gap = self._type.advance(" ", sizes)
        for word in _words(words):
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._type.shaped(word, sizes).draw(painter, left, baseline, self._glyphs)
            painter.end()
            left += self._type.advance(word, sizes) + gap
            yield

    def _sizes(self, em: float) -> dict[Script, float]:
        """Pixels per em of each script, for letters of one height; quarters, or every scale would load a font."""
        letter = em * self._type.letter_em[Script.LATIN]
        return {script: round(letter / height * 4) / 4 for script, height in self._type.letter_em.items()}

    def _width(self, words: str, sizes: _Sizes) -> float:
        """The width in pixels of words in one line."""
        found = _words(words)
        between = max(0, len(found) - 1) * self._type.advance(" ", sizes)
        return between + sum(self._type.advance(word, sizes) for word in found)

    def _line(self, text: str, sizes: _Sizes) -> tuple[float, float]:
        """Room above and below the baseline of every line of a text."""
        from player.typesetting import LINES

        scripts = {run.script for run in script_runs(text)} or {Script.LATIN}
        return tuple(max(LINES[script][side] * sizes[script] for script in scripts) for side in (0, 1))  # type: ignore[return-value]  # two sides


def _words(text: str) -> Sequence[str]:
    return [word for word in text.replace(ZERO_WIDTH_SPACE, "").split(" ") if word]


def _ground(box: Box, rule: int, *, below_picture: bool) -> QImage:
    """The strip without letters, a bright rule where it meets the picture."""
    image = QImage(box.width, box.height, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    painter.fillRect(QRect(0, 0 if below_picture else box.height - rule, box.width, rule), ACCENT)
    painter.end()
    return image


@dataclass(slots=True)
class BannerZone:
    """Has a sentence drawn and put up, and takes it down for what nothing may lie over."""

    window: StageWindow
    reactor: Reactor
    clock: Clock
    _painter: BannerPainter | None = None
    _text: str | None = None
    _drawn: Drawn | None = None
    _board: Board | None = None
    _drawing: Generator[None, None, Drawn | None] | None = None
    _allowed: bool = True
    _timer: Cancellable | None = None

    def open(self) -> None:
        """Load fonts, before there is a frame to wait for them."""
        self._painter = self._painter or BannerPainter()

    def close(self) -> None:
        """Draw no more."""
        if self._timer is not None:
            self._timer.cancel()

    def show(self, text: str | None) -> None:
        """Have this text stand as soon as it is drawn, until another or None comes."""
        if text == self._text:
            return
        self._text = text
        if text is not None:
            self._draw()
            return
        self._stop_drawing()
        self._drawn = None
        self.window.show_banner(None)

    def allow(self, *, allowed: bool) -> None:
        """Whether it may stand; what may not be covered is free of it at once."""
        if allowed == self._allowed:
            return
        self._allowed = allowed
        if allowed:
            self._put_up()
        else:
            self.window.show_banner(None)

    def canvas_changed(self) -> None:
        """Its place is another."""
        self._drawn = None
        if self._text is not None:
            self._draw()

    def _draw(self) -> None:
        self._stop_drawing()
        self.open()
        if self._painter is not None and self._text is not None:
            self._drawing = self._painter.steps(self._text, self.window.base)
            self._step()

    def _step(self) -> None:
        if self._drawing is None:
            return
        try:
            next(self._drawing)
        except StopIteration as end:
            self._drawing, self._drawn = None, end.value
            self._put_up()
        else:
            self._timer = self.reactor.call_at(MonotonicNs(self.clock.monotonic() + _STEP_NS), self._step)

    def _stop_drawing(self) -> None:
        self._drawing = None
        if self._timer is not None:
            self._timer.cancel()

    def _put_up(self) -> None:
        if not self._allowed:
            return
        if self._drawn is None:
            self.window.show_banner(None)
            return
        size, degrees = self._drawn.box.size.turned(self.window.rotation), self.window.rotation
        if self._board is None or self._board.size != size:
            self._board = Board(size)
        painter = QPainter(self._board.image)
        image = self._drawn.image
        painter.drawImage(QPoint(0, 0), image.transformed(QTransform().rotate(degrees)) if degrees else image)
        painter.end()
        self.window.show_banner(Banner(self._board, self._drawn.box))
