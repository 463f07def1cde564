"""The scene of the border gate: its wide roof, lanes with barriers that lift, a lorry passing, papers being checked."""

import math
from typing import Final

from canvas import HEIGHT, WIDTH, colour, ease, fade_across, fade_down, glow, screen
from landscape import canopy, ground, haze, mist, outline, paint_range
from lettering import line_path, paint_line
from papers import Paper, paint_paper
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from scenes import PAN, paint_shade


class Gate:
    """The gate in the blue of the evening; over it the papers the titles speak of, one after the other."""

    _ROAD: Final = 628

    def __init__(self, papers: tuple[tuple[float, Paper], ...]) -> None:
        """Take the papers to show, each with the second at which it comes."""
        self._papers = papers
        air = "#7f8fa8"
        self._ranges = [
            (0.10, outline(71, 440, 66, 700), *haze("#20405a", air, 0.42)),
            (0.22, outline(77, 490, 74, 560), *haze("#17324a", air, 0.22)),
        ]
        self._banks = [mist(31, 410, "#cfd9e2", 9, 0.6), mist(32, 476, "#a9b9c8", -12, 0.55)]
        wood = outline(79, 560, 30, 640, 4)
        self._wood = canopy(wood, 4, -40, WIDTH + 200, 18)
        self._wood.addPath(ground(wood, last=WIDTH + 200).translated(0, 5))
        self._sign = line_path("CỬA KHẨU QUỐC TẾ BỜ Y", 25)

    def paint(self, painter: QPainter, second: float) -> None:
        """Paint the gate."""
        sky = [(0.0, "#0a2038"), (0.3, "#143b5a"), (0.5, "#3f6a83"), (0.62, "#a8a79a"), (0.72, "#e3bd8c")]
        painter.fillRect(screen(), fade_down(screen(), [(place, colour(code)) for place, code in sky]))
        for (depth, skyline, crest, foot), bank in zip(self._ranges, self._banks, strict=True):
            paint_range(painter, ground(skyline, second * PAN * depth), crest, foot)
            bank.paint(painter, second)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#0f2a38"))
        painter.drawPath(self._wood.translated(-second * PAN * 0.4, 0))
        paint_shade(painter, "#071626", 0.76)
        self._paint_road(painter, second)
        self._paint_building(painter, second)
        self._paint_lorry(painter, -330 + second * 118)
        for came, paper in self._papers:
            paint_paper(painter, paper, QPointF(1066, 240), second - came)

    def _paint_road(self, painter: QPainter, second: float) -> None:
        area = QRectF(0, self._ROAD - 26, WIDTH, HEIGHT - self._ROAD + 26)
        painter.fillRect(
            area, fade_down(area, [(0.0, colour("#22313c")), (0.3, colour("#19242d")), (1.0, colour("#0d141a"))])
        )
        painter.fillRect(QRectF(0, self._ROAD - 26, WIDTH, 4), colour("#56707c"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#f1d9a0", 0.75))
        for number in range(-1, 10):
            x = number * 150 - (second * 16) % 150
            painter.drawPolygon(
                QPolygonF([QPointF(x, 698), QPointF(x + 70, 698), QPointF(x + 62, 704), QPointF(x - 8, 704)])
            )

    def _paint_building(self, painter: QPainter, second: float) -> None:
        middle, foot = 1000.0, float(self._ROAD - 22)
        glow(painter, QPointF(middle, foot - 50), 330, "#ffd08a", 0.55)
        painter.setPen(Qt.PenStyle.NoPen)
        for x in (-196, -66, 66, 196):
            area = QRectF(middle + x - 9, foot - 118, 18, 120)
            painter.fillRect(area, fade_across(area, [(0.0, colour("#e8dcc8")), (1.0, colour("#8b8172"))]))
            painter.fillRect(QRectF(middle + x - 14, foot - 8, 28, 10), colour("#5b5a58"))
        self._paint_lanes(painter, second, middle, foot)
        self._paint_roof(painter, middle, foot - 118)

    def _paint_roof(self, painter: QPainter, middle: float, y: float) -> None:
        fascia = QRectF(middle - 226, y - 42, 452, 44)
        painter.fillRect(fascia, fade_down(fascia, [(0.0, colour("#a32a20")), (1.0, colour("#7c1c16"))]))
        painter.fillRect(QRectF(middle - 226, y, 452, 5), colour("#ffdf9e"))
        roof = QPainterPath(QPointF(middle - 276, y - 34))
        roof.quadTo(middle - 214, y - 52, middle - 172, y - 102)
        roof.lineTo(middle + 172, y - 102)
        roof.quadTo(middle + 214, y - 52, middle + 276, y - 34)
        roof.closeSubpath()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fade_down(roof.boundingRect(), [(0.0, colour("#3d5666")), (1.0, colour("#1d303d"))]))
        painter.drawPath(roof)
        painter.save()
        painter.setClipPath(roof)
        painter.setPen(QPen(colour("#0e1c26", 0.45), 2))
        for rib in range(-13, 14):
            painter.drawLine(QPointF(middle + rib * 15, y - 104), QPointF(middle + rib * 21, y - 30))
        painter.restore()
        painter.fillRect(QRectF(middle - 176, y - 107, 352, 6), colour("#e9b44c"))
        width = self._sign.boundingRect().width()
        paint_line(painter, self._sign, QPointF(middle - width / 2, y - 9), "#fff3d8")

    def _paint_lanes(self, painter: QPainter, second: float, middle: float, foot: float) -> None:
        for x in (-66, 66):
            booth = QRectF(middle + x - 24, foot - 66, 48, 66)
            painter.fillRect(booth, colour("#2b3f4c"))
            painter.fillRect(booth.adjusted(6, 8, -6, -34), colour("#ffe3a6"))
        for number, (x, side) in enumerate(((-176, 1), (-42, 1), (176, -1))):
            lifted = ease((second - 0.8 - 1.1 * number) / 1.6) * 72
            painter.save()
            painter.translate(middle + x, foot - 34)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillRect(QRectF(-6, -8, 12, 42), colour("#d9a13c"))
            painter.rotate(-side * lifted)
            for part in range(6):
                stripe = QRectF(side * part * 15 - (15 if side < 0 else 0), -4, 15, 7)
                painter.fillRect(stripe, colour("#c8322a" if part % 2 else "#f7f0e2"))
            painter.restore()
        for x in (-131, 0, 131):
            light = 0.75 + 0.08 * math.sin(second * 2 + x)
            glow(painter, QPointF(middle + x, foot - 112), 60, "#fff0c4", light)

    def _paint_lorry(self, painter: QPainter, x: float) -> None:
        foot = 686.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#000000", 0.4))
        painter.drawEllipse(QPointF(x + 150, foot + 1), 172, 8)
        box = QRectF(x, foot - 118, 212, 96)
        painter.fillRect(box, fade_down(box, [(0.0, colour("#f4ead6")), (1.0, colour("#b9a888"))]))
        painter.fillRect(QRectF(x, foot - 62, 212, 13), colour("#b5281e"))
        painter.fillRect(QRectF(x, foot - 46, 212, 4), colour("#e9b44c"))
        painter.fillRect(QRectF(x - 4, foot - 26, 304, 12), colour("#1b2329"))
        cab = QPainterPath(QPointF(x + 218, foot - 20))
        cab.lineTo(x + 218, foot - 100)
        cab.quadTo(x + 219, foot - 104, x + 226, foot - 104)
        cab.lineTo(x + 262, foot - 104)
        cab.quadTo(x + 280, foot - 100, x + 292, foot - 62)
        cab.quadTo(x + 304, foot - 58, x + 304, foot - 44)
        cab.lineTo(x + 304, foot - 20)
        cab.closeSubpath()
        painter.setBrush(fade_down(cab.boundingRect(), [(0.0, colour("#3f8f86")), (1.0, colour("#1f5c58"))]))
        painter.drawPath(cab)
        painter.setBrush(colour("#cfe6ea"))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x + 238, foot - 94),
                    QPointF(x + 262, foot - 94),
                    QPointF(x + 280, foot - 62),
                    QPointF(x + 238, foot - 62),
                ]
            )
        )
        glow(painter, QPointF(x + 306, foot - 36), 90, "#ffe6ac", 0.5)
        for wheel in (44, 92, 258):
            self._paint_wheel(painter, QPointF(x + wheel, foot - 18), x / 20)

    def _paint_wheel(self, painter: QPainter, centre: QPointF, turn: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#0b0f12"))
        painter.drawEllipse(centre, 20, 20)
        painter.setBrush(colour("#8d979c"))
        painter.drawEllipse(centre, 10, 10)
        painter.setPen(QPen(colour("#343c40"), 2.5))
        for spoke in range(3):
            angle = turn + spoke * math.tau / 3
            painter.drawLine(centre, centre + QPointF(9 * math.cos(angle), 9 * math.sin(angle)))
