"""What every picture of the demo shares: its size, its easing, its grain, and short names for Qt's colours."""

import random
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QLinearGradient, QPainter, QRadialGradient

WIDTH: Final = 1280
HEIGHT: Final = 720
FRAMES_PER_SECOND: Final = 25


def colour(code: str, alpha: float = 1.0) -> QColor:
    """Return the colour `#rrggbb` with an opacity from 0 to 1."""
    made = QColor(code)
    made.setAlphaF(max(0.0, min(1.0, alpha)))
    return made


def blend(first: str, second: str, share: float) -> str:
    """Return the colour `share` (0 to 1) of the way from `first` to `second`."""
    a, b = QColor(first), QColor(second)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def ease(value: float) -> float:
    """Return a soft start and a soft end for a movement from 0 to 1; values outside are held at the ends."""
    held = max(0.0, min(1.0, value))
    return held * held * held * (held * (held * 6 - 15) + 10)


def fade_down(area: QRectF, stops: list[tuple[float, QColor]]) -> QBrush:
    """Return a brush that changes from the top of `area` to its foot."""
    gradient = QLinearGradient(area.topLeft(), area.bottomLeft())
    gradient.setStops(stops)
    return QBrush(gradient)


def fade_across(area: QRectF, stops: list[tuple[float, QColor]]) -> QBrush:
    """Return a brush that changes from the left of `area` to its right."""
    gradient = QLinearGradient(area.topLeft(), area.topRight())
    gradient.setStops(stops)
    return QBrush(gradient)


def glow(painter: QPainter, centre: QPointF, radius: float, code: str, strength: float) -> None:
    """Paint light around `centre` that is gone at `radius` pixels."""
    gradient = QRadialGradient(centre, radius)
    for place, share in ((0.0, 1.0), (0.12, 0.72), (0.3, 0.38), (0.55, 0.13), (1.0, 0.0)):
        gradient.setColorAt(place, colour(code, strength * share))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(gradient))
    painter.drawEllipse(centre, radius, radius)


def screen() -> QRectF:
    """Return the rectangle of the whole picture."""
    return QRectF(0, 0, WIDTH, HEIGHT)


def grain(seed: int = 7, strength: int = 4) -> QImage:
    """Return a tile of faint noise: it breaks the bands of 8-bit gradients, and being still it costs a codec little."""
    side = 256
    source = random.Random(seed)  # noqa: S311 - texture, not secrecy
    cells = bytearray()
    for _ in range(side * side):
        alpha = source.randrange(strength)
        shade = source.choice((0, 255))
        cells += bytes((shade, shade, shade, alpha))
    return QImage(bytes(cells), side, side, side * 4, QImage.Format.Format_ARGB32).copy()
