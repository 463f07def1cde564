"""What a scene is, and two of them: the highlands at dawn, and the landmark where three countries meet."""

import math
from typing import Final, Protocol

from canvas import HEIGHT, WIDTH, colour, ease, fade_across, fade_down, glow, screen
from landscape import canopy, forest, ground, haze, mist, outline, paint_birds, paint_range
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

PAN: Final = 9.0
"""How fast the nearest things pass, in pixels a second; farther ones pass slower."""


class Scene(Protocol):
    """A moving picture without words."""

    def paint(self, painter: QPainter, second: float) -> None:
        """Paint the whole picture as it is `second` seconds after the clip's start."""


def paint_shade(painter: QPainter, code: str, strength: float, reach: float = 0.68) -> None:
    """Darken the left part of the picture, where the titles stand, so that they keep their contrast."""
    stops = [(0.0, strength), (reach * 0.5, strength * 0.9), (reach * 0.8, strength * 0.32), (reach, 0.0), (1.0, 0.0)]
    painter.fillRect(screen(), fade_across(screen(), [(place, colour(code, alpha)) for place, alpha in stops]))


class Dawn:
    """Ranges of the highlands behind one another, the sun coming up between them, mist in the valleys."""

    _AIR: Final = "#e2a077"

    def __init__(self) -> None:
        self._ranges = [
            (0.10, outline(3, 470, 74, 620), *haze("#27495a", self._AIR, 0.62)),
            (0.22, outline(12, 512, 84, 540), *haze("#1f4552", self._AIR, 0.40)),
            (0.42, outline(8, 562, 82, 690), *haze("#173a44", self._AIR, 0.20)),
        ]
        self._banks = [
            mist(1, 430, "#ffe6cc", 10, 0.75),
            mist(2, 492, "#fbe3d0", -14, 0.75),
            mist(3, 556, "#d9dcd6", 20, 0.60),
        ]
        near = outline(21, 634, 52, 900, 3)
        front = outline(33, 694, 30, 700, 3)
        self._near = (near, forest(near, 5, (-60, WIDTH + 320), 96, 30))
        self._front = (front, forest(front, 6, (-60, WIDTH + 320), 170, 74))

    def paint(self, painter: QPainter, second: float) -> None:
        """Paint the dawn."""
        sky = [(0.0, "#0b2138"), (0.30, "#1b4259"), (0.48, "#6f6a6c"), (0.60, "#dd9264"), (0.70, "#f8c37e")]
        painter.fillRect(screen(), fade_down(screen(), [(place, colour(code)) for place, code in sky]))
        sun = QPointF(1010 - second * 0.8, 432 - second * 7.5)
        glow(painter, sun, 620, "#ffb56b", 0.85)
        painter.setBrush(colour("#fff1d6"))
        painter.drawEllipse(sun, 43, 43)
        for (depth, skyline, crest, foot), bank in zip(self._ranges, self._banks, strict=True):
            paint_range(painter, ground(skyline, second * PAN * depth), crest, foot)
            bank.paint(painter, second)
        paint_birds(painter, second, QPointF(700, 352), "#13222c")
        paint_shade(painter, "#081a2b", 0.66)
        for depth, (skyline, trees), code in ((0.9, self._near, "#10303a"), (1.8, self._front, "#081d26")):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(code))
            painter.drawPath(ground(skyline, second * PAN * depth))
            painter.drawPath(trees.translated(-second * PAN * depth, 0))


class Landmark:
    """The three-sided stone on its hill at dusk; three paths of light come up to it, one from each country."""

    _STONE: Final = QPointF(962, 476)

    def __init__(self) -> None:
        air = "#a8788c"
        self._ranges = [
            (0.10, outline(41, 452, 64, 700), *haze("#2c3a5c", air, 0.52)),
            (0.24, outline(45, 496, 80, 560), *haze("#233152", air, 0.28)),
        ]
        self._banks = [mist(11, 424, "#e9bfb4", 9, 0.75), mist(12, 486, "#b9a3b8", -13, 0.65)]
        slope = outline(52, 566, 40, 760, 4)
        self._slope = canopy(slope, 3, -40, WIDTH + 200, 20)
        self._slope.addPath(ground(slope, last=WIDTH + 200).translated(0, 6))
        self._stars = [((n * 397) % WIDTH, (n * n * 53 + n * 71) % 330, 0.7 + (n % 5) * 0.28) for n in range(90)]

    def paint(self, painter: QPainter, second: float) -> None:
        """Paint the dusk over the three borders."""
        sky = [(0.0, "#10183a"), (0.30, "#27305c"), (0.48, "#71567f"), (0.60, "#cd8079"), (0.70, "#f0ad80")]
        painter.fillRect(screen(), fade_down(screen(), [(place, colour(code)) for place, code in sky]))
        self._paint_stars(painter, second)
        glow(painter, QPointF(980, 470), 560, "#ffb27c", 0.55)
        for (depth, skyline, crest, foot), bank in zip(self._ranges, self._banks, strict=True):
            paint_range(painter, ground(skyline, second * PAN * depth), crest, foot)
            bank.paint(painter, second)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#1d2745"))
        painter.drawPath(self._slope.translated(-second * PAN * 0.45, 0))
        paint_shade(painter, "#0b1130", 0.62)
        self._paint_hill(painter)
        self._paint_paths(painter, second)
        self._paint_stone(painter, second)

    def _paint_stars(self, painter: QPainter, second: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for number, (x, y, size) in enumerate(self._stars):
            light = (0.5 + 0.3 * math.sin(second * 1.6 + number)) * (1 - y / 330)
            painter.setBrush(colour("#fff4e0", light))
            painter.drawEllipse(QPointF(x, y), size, size)

    def _paint_hill(self, painter: QPainter) -> None:
        hill = QPainterPath(QPointF(-10, HEIGHT + 10))
        hill.lineTo(-10, 664)
        hill.cubicTo(330, 640, 560, 560, 800, 526)
        hill.cubicTo(900, 512, 1030, 512, 1120, 528)
        hill.cubicTo(1190, 540, 1240, 560, WIDTH + 10, 572)
        hill.lineTo(WIDTH + 10, HEIGHT + 10)
        hill.closeSubpath()
        area = QRectF(0, 510, WIDTH, 210)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            fade_down(area, [(0.0, colour("#27304a")), (0.5, colour("#141b33")), (1.0, colour("#0b1126"))])
        )
        painter.drawPath(hill)

    def _paint_paths(self, painter: QPainter, second: float) -> None:
        foot = self._STONE + QPointF(0, 62)
        starts = (
            (QPointF(120, 742), QPointF(520, 640)),
            (QPointF(900, 760), QPointF(870, 650)),
            (QPointF(1340, 690), QPointF(1190, 590)),
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, (start, bend) in enumerate(starts):
            path = QPainterPath(start)
            path.quadTo(bend, foot)
            grown = ease((second + 0.6 - 0.35 * number) / 2.4)
            for wide, code, alpha in ((16, "#f2a541", 0.10), (7, "#f7c273", 0.26), (2.6, "#fff0cf", 0.95)):
                pen = QPen(colour(code, alpha), wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
                if grown < 1:
                    pen.setDashPattern([path.length() * grown / wide + 0.01, path.length() * 2 / wide])
                    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawPath(path)
            self._paint_travellers(painter, path, second, number, grown)

    def _paint_travellers(
        self, painter: QPainter, path: QPainterPath, second: float, number: int, grown: float
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for place in range(3):
            share = (second * 0.11 + place / 3 + number * 0.13) % 1.0
            if share < grown:
                glow(painter, path.pointAtPercent(share), 20 - 7 * share, "#fff0cf", 0.9)

    def _paint_stone(self, painter: QPainter, second: float) -> None:
        middle, foot = self._STONE.x(), self._STONE.y() + 62
        painter.setPen(Qt.PenStyle.NoPen)
        for reach, flat, lift, code in ((150, 30, 12, "#39415c"), (118, 24, 0, "#525a76"), (86, 18, -12, "#6d738e")):
            painter.setBrush(colour("#0b1126", 0.55))
            painter.drawEllipse(QPointF(middle, foot + lift + 7), reach, flat)
            painter.setBrush(colour(code))
            painter.drawEllipse(QPointF(middle, foot + lift), reach, flat)
        glow(painter, QPointF(middle, foot - 120), 230, "#ffd9a0", 0.28 + 0.05 * math.sin(second * 1.3))
        top, base, edge = foot - 236, foot - 10, middle + 8
        painter.setPen(Qt.PenStyle.NoPen)
        lit = QPolygonF(
            [
                QPointF(middle - 42, top),
                QPointF(edge, top + 12),
                QPointF(edge + 3, base + 8),
                QPointF(middle - 54, base - 4),
            ]
        )
        dark = QPolygonF(
            [
                QPointF(edge, top + 12),
                QPointF(middle + 40, top),
                QPointF(middle + 52, base - 4),
                QPointF(edge + 3, base + 8),
            ]
        )
        cap = QPolygonF([QPointF(middle - 42, top), QPointF(middle - 2, top - 46), QPointF(edge, top + 12)])
        cap_dark = QPolygonF([QPointF(edge, top + 12), QPointF(middle - 2, top - 46), QPointF(middle + 40, top)])
        tall = QRectF(0, top - 46, 10, base - top + 54)
        for shape, above, below in (
            (lit, "#f3dcc3", "#a98c8a"),
            (dark, "#8a7386", "#4a4766"),
            (cap, "#ffeed6", "#f3dcc3"),
            (cap_dark, "#a98c97", "#8a7386"),
        ):
            painter.setBrush(fade_down(tall, [(0.0, colour(above)), (1.0, colour(below))]))
            painter.drawPolygon(shape)
        self._paint_carving(painter, middle, top)

    def _paint_carving(self, painter: QPainter, middle: float, top: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("#7c5a4e", 0.75), 3))
        painter.drawEllipse(QPointF(middle - 20, top + 52), 14, 16)
        for row in range(3):
            y = top + 92 + row * 17
            painter.drawLine(QPointF(middle - 38, y - 1), QPointF(middle - 3, y + 5))
        painter.setPen(QPen(colour("#2e2b47", 0.7), 3))
        painter.drawEllipse(QPointF(middle + 26, top + 52), 9, 16)
        for row in range(3):
            y = top + 92 + row * 17
            painter.drawLine(QPointF(middle + 16, y + 4), QPointF(middle + 40, y - 1))
