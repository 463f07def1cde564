"""The strip a ticker moves over: a ring of pixels that is drawn a few letters ahead of what is to be seen.

However long the texts are, the memory is that of the zone and a little more; and a step of the ticker draws nothing,
it shows another part of the strip.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from player.fitting import Size
from player.glyphs import GlyphPainter
from player.stage.board import Board
from player.ticker import Piece, Separator, pieces, rank_of
from player.typesetting import LINES, ShapedLine, Typeface
from player.zoning import Box, turned
from playlists.line_breaks import Script, script_runs
from playlists.playlist import TickerText

SECOND_SIZE: Final = 0.73
"""Letter height of foreign languages by that of Vietnamese, as in captions: 3/4 is the most allowed."""
_FILLED: Final = 0.84
"""Share of the zone's height the tallest line may take."""
_AHEAD_EM: Final = 24
"""How much of the strip lies beyond the zone; a piece is never longer than a good half of it."""
_MARGIN_EM: Final = 0.5
"""Room on both sides of a piece for signs that stick out."""
_GUARD: Final = 64
"""Pixels that have just left the zone and that the X server may still be reading."""
_GAP_EM: Final = 1.2
"""Room on either side of the dot between two texts."""
_DOT_EM: Final = 0.16

_Sizes = Mapping[Script, float]


@dataclass(frozen=True, slots=True)
class Colours:
    """Of the letters, of the ground under them, and of what parts two texts."""

    text: QColor
    ground: QColor
    accent: QColor


@dataclass(frozen=True, slots=True)
class Lettering:
    """Pixels per em of each script by rank, where the baseline is, and the em of the first rank."""

    em: float
    ranks: tuple[_Sizes, _Sizes]
    baseline: int


def lettering(texts: Sequence[TickerText], height: int, typeface: Typeface) -> Lettering:
    """The largest letters with which every line of these texts fits into a zone of this height, on one baseline."""
    letter_em = typeface.letter_em
    first = {script: letter_em[Script.LATIN] / letter for script, letter in letter_em.items()}
    ranks = (first, {script: size * SECOND_SIZE for script, size in first.items()})
    used = {(rank_of(text.language), run.script) for text in texts for run in script_runs(text.text)}
    used |= set() if used else {(0, Script.LATIN)}
    above = max(LINES[script][0] * ranks[rank][script] for rank, script in used)
    below = max(LINES[script][1] * ranks[rank][script] for rank, script in used)
    em = max(4.0, round(height * _FILLED / (above + below) * 4) / 4)
    sized = tuple({script: size * em for script, size in sizes.items()} for sizes in ranks)
    return Lettering(em, (sized[0], sized[1]), round((height - (above + below) * em) / 2 + above * em))


class Strip:
    """Draws texts ahead of a place that moves on; ``place`` is where the zone's left edge is, and never goes back."""

    def __init__(self, zone: Size, rotation: int, colours: Colours, typeface: Typeface) -> None:
        self._zone, self._rotation, self._colours, self._typeface = zone, rotation, colours, typeface
        self._glyphs = GlyphPainter(colours.text)
        self._texts: tuple[TickerText, ...] = ()
        self._lettered: tuple[TickerText, ...] = ()
        self._coming: chain[Piece | Separator] = chain()
        self._lettering = lettering((), zone.height, typeface)
        self._ahead = ceil(_AHEAD_EM * max(self._lettering.em, zone.height * _FILLED))
        self._ring = Size(zone.width + self._ahead, zone.height)
        self.board = Board(self._ring.turned(rotation))
        self.board.image.fill(colours.ground)
        self.drawn = zone.width
        """Up to which place there are letters: texts come in from the right."""
        self.last = 0
        """Where the last letter ends."""
        self._clean = zone.width
        """Up to which place the ground is painted."""

    @property
    def em(self) -> float:
        """Pixels per em of Vietnamese."""
        return self._lettering.em

    def set_texts(self, texts: Sequence[TickerText]) -> None:
        """Go on with these after the text that is just being drawn."""
        self._texts = tuple(texts)

    def restart(self, place: int) -> None:
        """Begin with the first text at the right edge of an empty zone whose left edge is at ``place``."""
        self._coming = chain()
        self.board.image.fill(self._colours.ground)
        self.drawn = self._clean = self.last = place + self._zone.width

    def wants(self, place: int) -> bool:
        """Whether there is room to draw ahead."""
        return self.drawn + self._ahead // 2 + self._margin <= place + self._ring.width - _GUARD

    def draw_ahead(self) -> None:
        """Draw the next few letters, which takes about half a millisecond."""
        piece = next(self._coming, None)
        if piece is None:
            if self._lettered is not self._texts:
                self._lettering = lettering(self._texts, self._zone.height, self._typeface)
                self._lettered = self._texts
            self._coming = chain(pieces(self._texts))
            piece = next(self._coming, None)
        if piece is None:
            self._clear_to(self.drawn + self._ahead // 2)
            self.drawn += self._ahead // 2
        elif isinstance(piece, Separator):
            self._draw_separator()
        else:
            self._draw_letters(piece)

    def parts(self, place: int, target: Box) -> list[tuple[Box, Box]]:
        """What of the board stands where, with the zone at ``place``, in a box of the zone: both as turned.

        ``target`` counts from the zone's corner; the second box of each pair does too.
        """
        found = []
        begin = (place + target.x) % self._ring.width
        room = min(target.width, self._ring.width - begin)
        for source, left, width in ((begin, 0, room), (0, room, target.width - room)):
            if width > 0:
                box = Box(source, target.y, width, target.height)
                at = Box(target.x + left, target.y, width, target.height)
                found.append((turned(box, self._ring, self._rotation), at))
        return found

    @property
    def _margin(self) -> int:
        return ceil(_MARGIN_EM * self._lettering.em)

    def _draw_letters(self, piece: Piece) -> None:
        sizes = self._lettering.ranks[piece.rank]
        shaped = self._typeface.shaped(piece.text, sizes)
        width = min(ceil(shaped.width), self._ahead // 2)
        self._clear_to(self.drawn + width + self._margin)
        self._lay(self._picture(shaped, width), self.drawn - self._margin)
        self.drawn += width
        self.last = self.drawn

    def _picture(self, shaped: ShapedLine, width: int) -> QImage:
        image = QImage(width + 2 * self._margin, self._zone.height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shaped.draw(painter, self._margin, self._lettering.baseline, self._glyphs)
        painter.end()
        return image

    def _draw_separator(self) -> None:
        em = self._lettering.em
        width = ceil(2 * _GAP_EM * em)
        self._clear_to(self.drawn + width + self._margin)
        image = QImage(width, self._zone.height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours.accent)
        middle = self._lettering.baseline - self._typeface.letter_em[Script.LATIN] * em / 2
        painter.drawEllipse(QPointF(width / 2, middle), _DOT_EM * em, _DOT_EM * em)
        painter.end()
        self._lay(image, self.drawn)
        self.drawn += width

    def _clear_to(self, place: int) -> None:
        """Paint the ground as far as ``place``; what has been painted so far may hold signs that stick out."""
        width = place - self._clean
        if width <= 0:
            return
        with _Brush(self.board.image, self._ring, self._rotation) as painter:
            for left in self._lefts(self._clean, width):
                painter.fillRect(QRect(left, 0, width, self._zone.height), self._colours.ground)
        self._clean = place

    def _lay(self, image: QImage, place: int) -> None:
        with _Brush(self.board.image, self._ring, self._rotation) as painter:
            for left in self._lefts(place, image.width()):
                painter.drawImage(QPoint(left, 0), image)

    def _lefts(self, place: int, width: int) -> list[int]:
        """Where on the ring a stretch begins: once, or a second time before it where it runs over the end."""
        left = place % self._ring.width
        return [left] if left + width <= self._ring.width else [left, left - self._ring.width]


class _Brush:
    """A painter on a board in the strip's own upright pixels."""

    def __init__(self, image: QImage, ring: Size, rotation: int) -> None:
        self._painter = QPainter(image)
        if rotation:
            corner = turned(Box(0, 0, 0, 0), ring, rotation)
            self._painter.setTransform(QTransform.fromTranslate(corner.x, corner.y).rotate(rotation))

    def __enter__(self) -> QPainter:
        return self._painter

    def __exit__(self, *_error: object) -> None:
        self._painter.end()
