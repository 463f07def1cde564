"""Hills, forest, mist and birds: what the scenes of the highlands are built of."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from canvas import HEIGHT, WIDTH, blend, colour, fade_down
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPen, QRadialGradient

Outline: TypeAlias = Callable[[float], float]

_MIST_HEIGHT: Final = 120


def outline(seed: int, base: float, height: float, wavelength: float, octaves: int = 5) -> Outline:
    """Return the skyline of a range: for each x its y, around `base` and up to about `height` pixels away from it."""
    source = random.Random(seed)  # noqa: S311 - scenery, not secrecy
    waves = [
        (height * 0.56**n, wavelength / 2.07**n, source.uniform(0, math.tau), source.uniform(0.8, 1.2))
        for n in range(octaves)
    ]

    def skyline(x: float) -> float:
        return (
            base
            - sum(
                size * (1 - 2 * abs(math.sin(x * math.pi * skew / length + phase))) * 0.5 + size * 0.2
                for size, length, phase, skew in waves[:2]
            )
            - sum(
                size * 0.5 * math.sin(x * math.tau * skew / length + phase) for size, length, phase, skew in waves[2:]
            )
        )

    return skyline


def ground(skyline: Outline, shift: float = 0.0, last: int = WIDTH, step: int = 4) -> QPainterPath:
    """Return the area below `skyline` as far as x `last`, seen from `shift` pixels further right."""
    path = QPainterPath(QPointF(-step, HEIGHT + 4))
    for x in range(-step, last + 2 * step, step):
        path.lineTo(x, skyline(x + shift))
    path.lineTo(last + step, HEIGHT + 4)
    path.closeSubpath()
    return path


def paint_range(painter: QPainter, path: QPainterPath, crest: str, foot: str) -> None:
    """Fill a range, its crest in one colour, fading into the haze of its foot."""
    top = path.boundingRect().top()
    area = QRectF(0, top, WIDTH, min(HEIGHT - top, 260))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fade_down(area, [(0.0, colour(crest)), (1.0, colour(foot))]))
    painter.drawPath(path)


def pine(x: float, foot: float, height: float, seed: int) -> QPainterPath:
    """Return the shape of one pine, `height` pixels tall, standing at (`x`, `foot`)."""
    source = random.Random(seed)  # noqa: S311 - scenery, not secrecy
    tiers = 8 + round(height / 34)
    left: list[QPointF] = []
    right: list[QPointF] = []
    for tier in range(1, tiers + 1):
        y = foot - height + height * 0.92 * tier / tiers
        reach = height * 0.19 * (tier / tiers) ** 0.85
        for side, points in ((-1, left), (1, right)):
            tip = reach * source.uniform(0.75, 1.15)
            points.append(QPointF(x + side * tip, y + height * 0.012))
            points.append(QPointF(x + side * tip * 0.42, y - height * 0.018))
    path = QPainterPath(QPointF(x, foot - height))
    for point in right:
        path.lineTo(point)
    path.lineTo(x + height * 0.016, foot - height * 0.08)
    path.lineTo(x + height * 0.016, foot + 6)
    path.lineTo(x - height * 0.016, foot + 6)
    path.lineTo(x - height * 0.016, foot - height * 0.08)
    for point in reversed(left):
        path.lineTo(point)
    path.closeSubpath()
    return path


def forest(skyline: Outline, seed: int, span: tuple[float, float], tall: float, spacing: float) -> QPainterPath:
    """Return pines along `skyline` over the `span` of x, up to `tall` pixels high."""
    source = random.Random(seed)  # noqa: S311 - scenery, not secrecy
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    x, last = span
    while x < last:
        height = tall * source.uniform(0.5, 1.0)
        path.addPath(pine(x, skyline(x) + 5, height, source.randrange(1 << 30)))
        x += spacing * source.uniform(0.45, 1.5)
    return path


def canopy(skyline: Outline, seed: int, first: float, last: float, size: float) -> QPainterPath:
    """Return the round crowns of a broad-leaved forest along `skyline`."""
    source = random.Random(seed)  # noqa: S311 - scenery, not secrecy
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    x = first
    while x < last:
        reach = size * source.uniform(0.5, 1.1)
        path.addEllipse(QPointF(x, skyline(x) + reach * 0.25), reach, reach * source.uniform(0.6, 0.85))
        x += reach * source.uniform(0.5, 1.0)
    return path


@dataclass(frozen=True)
class Mist:
    """A bank of mist, painted once and drifting: `speed` in pixels a second, negative to the left."""

    image: QImage
    top: float
    speed: float
    opacity: float

    def paint(self, painter: QPainter, second: float) -> None:
        """Paint the bank where it is after `second` seconds."""
        painter.save()
        painter.setOpacity(self.opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # The faint scaling makes Qt interpolate, else the bank would jump from pixel to pixel.
        painter.scale(1.0005, 1.0)
        width = self.image.width()
        start = (second * self.speed) % width - width
        while start < WIDTH:
            painter.drawImage(QPointF(start, self.top), self.image)
            start += width
        painter.restore()


def mist(seed: int, top: float, code: str, speed: float, opacity: float) -> Mist:
    """Return a bank of mist whose upper edge stands at `top`, drifting `speed` pixels a second."""
    source = random.Random(seed)  # noqa: S311 - scenery, not secrecy
    width, height = 2 * WIDTH, _MIST_HEIGHT
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    for _ in range(70):
        reach = source.uniform(0.35, 1.0) * height * 2.6
        middle = QPointF(source.uniform(0, width), height * source.triangular(0.3, 0.7, 0.55))
        flat = min(height - middle.y(), middle.y(), height * 0.4) / reach
        gradient = QRadialGradient(QPointF(0, 0), reach)
        for place, share in ((0.0, 1.0), (0.35, 0.68), (0.7, 0.2), (1.0, 0.0)):
            gradient.setColorAt(place, colour(code, 0.13 * share))
        painter.setBrush(QBrush(gradient))
        for copy in (-width, 0, width):
            painter.save()
            painter.translate(middle.x() + copy, middle.y())
            painter.scale(1.0, flat)
            painter.drawEllipse(QPointF(0, 0), reach, reach)
            painter.restore()
    painter.end()
    return Mist(image, top, speed, opacity)


def paint_birds(painter: QPainter, second: float, start: QPointF, code: str, count: int = 5) -> None:
    """Paint a loose flock that starts at `start` and flies up to the right."""
    source = random.Random(count)  # noqa: S311 - scenery, not secrecy
    for number in range(count):
        size = source.uniform(9, 15)
        x = start.x() + second * 26 - number * 34 + source.uniform(-8, 8)
        y = start.y() - second * 5 + abs(number - 1) * 15 + source.uniform(-6, 6)
        beat = math.sin(second * source.uniform(7.0, 8.5) + number * 1.7)
        wing = QPainterPath(QPointF(x - size, y - size * 0.55 * beat))
        wing.quadTo(x - size * 0.4, y - size * 0.5, x, y)
        wing.quadTo(x + size * 0.4, y - size * 0.5, x + size, y - size * 0.55 * beat)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour(code), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(wing)


def haze(crest: str, air: str, distance: float) -> tuple[str, str]:
    """Return the colours of a range's crest and foot when `distance` (0 near, 1 far) of `air` lies between."""
    return blend(crest, air, distance), blend(crest, air, min(1.0, distance + 0.28))
