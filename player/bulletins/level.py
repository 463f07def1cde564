"""The level of a sound bulletin: a loudspeaker and steps that fill with the sound. Painted, not moved, here."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from player.bulletins.contrast import mixed
from player.bulletins.level_scale import BEFORE, STEPS, lit_steps, pitch
from player.bulletins.looks import Look
from player.fitting import Size

_OFF: Final = 0.78
_GAP: Final = 0.28


def level_bar(level: float, size: Size, look: Look) -> QImage:
    """A picture of this size in pixels for a level from 0 (silence) to 1; levels beyond are cut off.

    It stands on the lower colour of the look's background, whose part of a page it replaces.
    """
    image = QImage(size.width, size.height, QImage.Format.Format_RGB32)
    image.fill(QColor(look.below))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    _loudspeaker(painter, size.height, look)
    lit = lit_steps(level)
    left, wide = BEFORE * size.height, pitch(size)
    off = QColor(mixed(look.accent, look.below, _OFF))
    for step in range(STEPS):
        painter.setBrush(QColor(look.accent) if step < lit else off)
        tall = size.height * (0.3 + 0.5 * (step + 1) / STEPS)
        place = QRectF(left + step * wide, (size.height - tall) / 2, wide * (1 - _GAP), tall)
        round_ = min(place.width(), place.height()) * 0.2
        painter.drawRoundedRect(place, round_, round_)
    painter.end()
    return image


def _loudspeaker(painter: QPainter, height: int, look: Look) -> None:
    tall = float(height)
    painter.setBrush(QColor(look.accent))
    corners = [(0.08, 0.37), (0.3, 0.37), (0.58, 0.14), (0.58, 0.86), (0.3, 0.63), (0.08, 0.63)]
    painter.drawPolygon(QPolygonF([QPointF(x * tall, y * tall) for x, y in corners]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(look.accent), 0.08 * tall, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for radius in (0.2, 0.38):
        box = QRectF(0.62 * tall - radius * tall, 0.5 * tall - radius * tall, 2 * radius * tall, 2 * radius * tall)
        painter.drawArc(box, -45 * 16, 90 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
