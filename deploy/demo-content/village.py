"""The scene of a highland village: the communal house nhà rông, terraced fields, an evening sun."""

import math
from typing import Final

from canvas import HEIGHT, WIDTH, blend, colour, fade_across, fade_down, glow, screen
from landscape import canopy, forest, ground, haze, mist, outline, paint_birds, paint_range
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from scenes import PAN, paint_shade


class Village:
    """A communal house with its tall roof, smoke from a hearth, fields that shine with water."""

    _HOUSE: Final = QPointF(1020, 602)

    def __init__(self) -> None:
        air = "#e8a869"
        self._ranges = [
            (0.10, outline(61, 456, 70, 640), *haze("#4a4a3a", air, 0.58)),
            (0.24, outline(64, 502, 74, 720), *haze("#3b4430", air, 0.34)),
        ]
        self._banks = [mist(21, 430, "#ffe2b4", 11, 0.7), mist(22, 496, "#f5dcae", -12, 0.55)]
        line = outline(66, 556, 40, 820, 4)
        self._wood = canopy(line, 8, -40, WIDTH + 220, 17)
        self._wood.addPath(ground(line, last=WIDTH + 200).translated(0, 5))
        self._pines = forest(line, 9, (-40, 420), 96, 40)

    def paint(self, painter: QPainter, second: float) -> None:
        """Paint the village."""
        sky = [(0.0, "#173230"), (0.28, "#35564a"), (0.46, "#938a55"), (0.58, "#e2a552"), (0.68, "#f9cd7d")]
        painter.fillRect(screen(), fade_down(screen(), [(place, colour(code)) for place, code in sky]))
        sun = QPointF(1190, 388 + second * 3.2)
        glow(painter, sun, 600, "#ffc061", 0.9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#fff3cf"))
        painter.drawEllipse(sun, 40, 40)
        for (depth, skyline, crest, foot), bank in zip(self._ranges, self._banks, strict=True):
            paint_range(painter, ground(skyline, second * PAN * depth), crest, foot)
            bank.paint(painter, second)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#2c3a22"))
        painter.drawPath(self._wood.translated(-second * PAN * 0.4, 0))
        painter.drawPath(self._pines.translated(-second * PAN * 0.4, 0))
        paint_birds(painter, second, QPointF(700, 322), "#26301f", 4)
        self._paint_fields(painter, second)
        paint_shade(painter, "#0c1e1a", 0.72, 0.74)
        self._paint_smoke(painter, second)
        self._paint_house(painter)

    def _paint_fields(self, painter: QPainter, second: float) -> None:
        rows = 9
        painter.setPen(Qt.PenStyle.NoPen)
        for row in range(rows):
            top = 566 + row * row * 1.55 + row * 6
            share = row / (rows - 1)
            edge = QPainterPath(QPointF(-10, HEIGHT + 10))
            for x in range(-10, WIDTH + 20, 10):
                sway = math.sin((x + second * PAN * (0.5 + share)) / (190 + 26 * row) + row * 1.9)
                edge.lineTo(x, top + sway * (7 + 2.4 * row) + 12 * math.cos(x / 420 + row))
            edge.lineTo(WIDTH + 10, HEIGHT + 10)
            edge.closeSubpath()
            painter.setBrush(colour(blend("#4b5a2c", "#18240f", share)))
            painter.drawPath(edge)
            edge.translate(0, 3.5 + row * 0.7)
            lit, dim = blend("#e8c777", "#7d7a3c", share), blend("#7c8040", "#27361a", share)
            painter.setBrush(fade_across(screen(), [(0.0, colour(dim)), (0.6, colour(lit)), (1.0, colour(dim))]))
            painter.drawPath(edge)
            edge.translate(0, 5 + row * 1.3)
            painter.setBrush(colour(blend("#586733", "#1c2912", share)))
            painter.drawPath(edge)

    def _paint_smoke(self, painter: QPainter, second: float) -> None:
        for puff in range(16):
            age = (second * 0.16 + puff / 16) % 1.0
            drift = math.sin(age * 4 + puff) * 12 + age * 84
            centre = QPointF(1206 + drift, 540 - age * 250)
            glow(painter, centre, 18 + age * 58, "#fff0d2", 0.24 * math.sin(math.pi * age))

    def _paint_house(self, painter: QPainter) -> None:
        painter.save()
        painter.translate(self._HOUSE)
        painter.scale(0.98, 0.98)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#0d130a", 0.5))
        painter.drawEllipse(QPointF(0, 84), 220, 17)
        self._paint_body(painter)
        self._paint_roof(painter)
        self._paint_ladder(painter)
        painter.restore()

    def _paint_body(self, painter: QPainter) -> None:
        painter.setBrush(colour("#231a12"))
        for x in range(-148, 149, 37):
            painter.drawRect(QRectF(x - 4.5, 8, 9, 74))
        painter.setBrush(colour("#3c2a1a"))
        painter.drawRect(QRectF(-168, 14, 336, 11))
        painter.setBrush(fade_down(QRectF(0, -44, 1, 60), [(0.0, colour("#1d130c")), (1.0, colour("#5a3d22"))]))
        painter.drawRect(QRectF(-142, -44, 284, 58))
        painter.setBrush(colour("#ffdf9e"))
        painter.drawRect(QRectF(-19, -30, 38, 44))

    def _roof(self) -> QPainterPath:
        roof = QPainterPath(QPointF(-190, -26))
        roof.cubicTo(-146, -120, -118, -250, -104, -392)
        roof.quadTo(0, -358, 104, -392)
        roof.cubicTo(118, -250, 146, -120, 190, -26)
        roof.quadTo(0, -4, -190, -26)
        roof.closeSubpath()
        return roof

    def _paint_roof(self, painter: QPainter) -> None:
        roof = self._roof()
        area = QRectF(-190, -392, 380, 376)
        stops = [(0.0, colour("#b98443")), (0.32, colour("#7d5329")), (1.0, colour("#3a2615"))]
        painter.setBrush(fade_across(area, stops))
        painter.drawPath(roof)
        painter.save()
        painter.setClipPath(roof)
        for row in range(25):
            y = -386 + row * 15.4
            painter.setPen(QPen(colour("#1e1209", 0.26), 2.2))
            thatch = QPainterPath(QPointF(-200, y + 4))
            thatch.quadTo(0, y + 24, 200, y + 4)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(thatch)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            fade_down(
                area, [(0.0, colour("#ffd68a", 0.30)), (0.3, colour("#ffd68a", 0.0)), (1.0, colour("#140b05", 0.5))]
            )
        )
        painter.drawRect(area)
        painter.restore()
        self._paint_ornaments(painter)

    def _paint_ornaments(self, painter: QPainter) -> None:
        painter.setPen(QPen(colour("#f0c46c"), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ridge = QPainterPath(QPointF(-104, -392))
        ridge.quadTo(0, -358, 104, -392)
        painter.drawPath(ridge)
        for side in (-1, 1):
            horn = QPainterPath(QPointF(side * 104, -392))
            horn.quadTo(side * 114, -408, side * 109, -428)
            painter.drawPath(horn)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#f0c46c"))
        for number in range(11):
            share = number / 10
            x = -94 + 188 * share
            y = -392 + 34 * 2 * share * (1 - share) - 2
            tall = 19 if number % 2 == 0 else 12
            painter.drawPolygon(QPolygonF([QPointF(x - 7, y), QPointF(x, y - tall), QPointF(x + 7, y)]))
        self._paint_weave(painter)

    def _paint_weave(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipPath(self._roof())
        for number in range(-11, 12):
            x = number * 15.0
            y = -222 + 20 * (1 - (x / 200) ** 2)
            painter.setBrush(colour(("#f0c46c", "#f5e9d2", "#b5281e")[number % 3], 0.9))
            painter.drawPolygon(
                QPolygonF([QPointF(x, y - 13), QPointF(x + 7, y), QPointF(x, y + 13), QPointF(x - 7, y)])
            )
        painter.restore()

    def _paint_ladder(self, painter: QPainter) -> None:
        painter.setPen(QPen(colour("#4d351e"), 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(-13, 18), QPointF(-24, 82))
        painter.drawLine(QPointF(13, 18), QPointF(24, 82))
        painter.setPen(QPen(colour("#7a5730"), 5))
        for step in range(5):
            y = 26 + step * 13
            painter.drawLine(QPointF(-15 - step * 2, y), QPointF(15 + step * 2, y))
