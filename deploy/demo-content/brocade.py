"""A band of highland brocade: the mark that ties the gate's pictures together."""

from typing import Final

from canvas import HEIGHT, colour
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

BAND: Final = 44
"""Width of the band at the left edge, in pixels."""

_NIGHT: Final = "#17120f"
_RED: Final = "#b5281e"
_GOLD: Final = "#e9b44c"
_CREAM: Final = "#f5e9d2"
_REPEAT: Final = 60


def _diamond(x: float, y: float, across: float, along: float) -> QPolygonF:
    return QPolygonF([QPointF(x, y - along), QPointF(x + across, y), QPointF(x, y + along), QPointF(x - across, y)])


def paint_band(painter: QPainter, height: int = HEIGHT, width: int = BAND) -> None:
    """Paint the band down the left edge of a picture `height` pixels high; everything in it scales with `width`."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    unit = width / BAND
    painter.scale(unit, unit)
    tall = height / unit
    painter.fillRect(QRectF(0, 0, BAND, tall), colour(_NIGHT))
    for left, wide, code in ((0, 4, _RED), (6, 1.6, _CREAM), (36.4, 1.6, _CREAM), (40, 4, _RED)):
        painter.fillRect(QRectF(left, 0, wide, tall), colour(code))
    repeats = max(1, round(tall / _REPEAT))
    step = tall / repeats
    for number in range(repeats + 1):
        _motif(painter, 22, number * step, step)
    painter.restore()


def _motif(painter: QPainter, x: float, y: float, step: float) -> None:
    for across, along, code in ((12, 22, _RED), (9, 16.5, _NIGHT), (6.4, 11.5, _GOLD), (3, 5.5, _RED)):
        painter.setBrush(colour(code))
        painter.drawPolygon(_diamond(x, y, across, along))
    middle = y + step / 2
    painter.setBrush(colour(_CREAM))
    for side in (-1, 1):
        painter.drawPolygon(_diamond(x + side * 9.4, middle, 2.6, 4.6))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x + side * 12.4, middle - 12),
                    QPointF(x + side * 8.2, middle - 8),
                    QPointF(x + side * 12.4, middle - 4),
                ]
            )
        )
    painter.setBrush(colour(_GOLD))
    painter.drawPolygon(_diamond(x, middle, 3.2, 5.4))
