"""The gate's own mark in the logo zone: a landmark before three ranges, drawn by us. No state's emblem."""

from typing import Final

from brocade import paint_band
from canvas import colour
from lettering import line_path
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen, QPolygonF

SIZE: Final = 480
"""Pixels of its width and height; the ground around the disc is clear."""
_SKY: Final = "#f8c37e"
_INK: Final = "#0b2138"


def draw_emblem() -> QImage:
    """Return the mark, square, with a clear ground."""
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    disc = QPainterPath()
    disc.addEllipse(QPointF(SIZE / 2, SIZE / 2), SIZE / 2 - 8, SIZE / 2 - 8)
    painter.setClipPath(disc)
    painter.fillRect(image.rect(), colour(_SKY))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("#fff1d6"))
    painter.drawEllipse(QPointF(322, 150), 44, 44)
    for code, peaks in (
        ("#6f8f86", ((0, 250), (110, 150), (230, 262), (340, 176), (480, 258))),
        ("#2f6b62", ((0, 300), (150, 226), (270, 306), (400, 236), (480, 284))),
        ("#173a44", ((0, 330), (120, 300), (300, 334), (480, 306))),
    ):
        _range(painter, code, peaks)
    _landmark(painter)
    painter.fillRect(QRectF(0, 372, SIZE, 108), colour(_INK))
    painter.save()
    painter.translate(SIZE, 356)
    painter.rotate(90)
    paint_band(painter, SIZE, 20)
    painter.restore()
    name = line_path("Bờ Y", 68)
    box = name.boundingRect()
    painter.fillPath(name.translated(SIZE / 2 - box.center().x(), 436), colour("#ffe2a0"))
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour("#e9b44c"), 12))
    painter.drawEllipse(QPointF(SIZE / 2, SIZE / 2), SIZE / 2 - 8, SIZE / 2 - 8)
    painter.end()
    return image


def _range(painter: QPainter, code: str, peaks: tuple[tuple[int, int], ...]) -> None:
    painter.setBrush(colour(code))
    corners = [QPointF(x, y) for x, y in peaks]
    painter.drawPolygon(QPolygonF([QPointF(0, SIZE), *corners, QPointF(SIZE, SIZE)]))


def _landmark(painter: QPainter) -> None:
    """The stone where three countries meet: a three-sided post on a step."""
    painter.setBrush(colour("#f5e9d2"))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in ((212, 358), (220, 190), (240, 160), (240, 358))]))
    painter.setBrush(colour("#cbb58c"))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in ((240, 358), (240, 160), (260, 190), (268, 358))]))
    painter.setBrush(colour("#e9b44c"))
    painter.drawRect(QRectF(196, 340, 88, 18))
