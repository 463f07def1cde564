"""Drawing shaped glyphs, the large ones from pictures of them.

Above 64 pixels Qt's raster painter draws nothing at all of a font loaded by path (6.11; also seen in
slint-ui/slint#10568), and filling an outline costs 60 µs a glyph at caption size. So a large glyph is filled once and
then blitted.
"""

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGlyphRun, QImage, QPainter, QRawFont

LARGEST_DRAWN_BY_QT: Final = 64.0
REMEMBERED_BYTES: Final = 8 * 1024 * 1024
_EDGE: Final = 1

_Key = tuple[str, float, int]


@dataclass(frozen=True, slots=True)
class _Picture:
    """A filled glyph; ``offset`` leads from its origin on the baseline to the upper left corner."""

    image: QImage
    offset: QPoint


class GlyphPainter:
    """Draws glyph runs in one colour; remembers pictures of large glyphs up to :data:`REMEMBERED_BYTES`."""

    def __init__(self, colour: QColor) -> None:
        self._colour = colour
        self._pictures: OrderedDict[_Key, _Picture] = OrderedDict()
        self.remembered_bytes = 0

    def draw(self, painter: QPainter, origin: QPointF, glyphs: QGlyphRun) -> None:
        """Draw a run whose own coordinates begin at ``origin``; large glyphs stand on whole pixels."""
        font = glyphs.rawFont()
        if font.pixelSize() <= LARGEST_DRAWN_BY_QT:
            painter.setPen(self._colour)
            painter.drawGlyphRun(origin, glyphs)
            return
        name, size = font.familyName(), font.pixelSize()
        for glyph, position in zip(glyphs.glyphIndexes(), glyphs.positions(), strict=True):
            picture = self._picture((name, size, glyph), font)
            place = QPoint(round(origin.x() + position.x()), round(origin.y() + position.y()))
            painter.drawImage(place + picture.offset, picture.image)

    def _picture(self, key: _Key, font: QRawFont) -> _Picture:
        picture = self._pictures.get(key)
        if picture is None:
            picture = self._pictures[key] = _filled(font, key[2], self._colour)
            self.remembered_bytes += picture.image.sizeInBytes()
            while self.remembered_bytes > REMEMBERED_BYTES and len(self._pictures) > 1:
                self.remembered_bytes -= self._pictures.popitem(last=False)[1].image.sizeInBytes()
        self._pictures.move_to_end(key)
        return picture


def _filled(font: QRawFont, glyph: int, colour: QColor) -> _Picture:
    path = font.pathForGlyph(glyph)
    path.setFillRule(Qt.FillRule.WindingFill)
    bounds = path.boundingRect()
    offset = QPoint(floor(bounds.left()) - _EDGE, floor(bounds.top()) - _EDGE)
    size = QPoint(ceil(bounds.right()) + _EDGE, ceil(bounds.bottom()) + _EDGE) - offset
    image = QImage(size.x(), size.y(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-QPointF(offset))
    painter.fillPath(path, colour)
    painter.end()
    return _Picture(image, offset)
