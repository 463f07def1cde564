"""The papers a traveller shows, drawn as cards: a passport, a goods declaration, a queue ticket."""

from enum import Enum, auto

from canvas import colour, ease
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

_STAY = 3.3
"""Seconds a paper stays, its coming and going included."""


class Paper(Enum):
    """What kind of paper a card shows."""

    PASSPORT = auto()
    DECLARATION = auto()
    TICKET = auto()


def paint_paper(painter: QPainter, paper: Paper, centre: QPointF, since: float, stay: float = _STAY) -> None:
    """Paint `paper` around `centre`, `since` seconds after its coming; nothing before that or after `stay` seconds."""
    if not 0 <= since <= stay:
        return
    shown = ease(since / 0.6) * ease((stay - since) / 0.35)
    painter.save()
    painter.setOpacity(shown)
    painter.translate(centre.x(), centre.y() + (1 - ease(since / 0.6)) * 46)
    painter.rotate(-4 + 2.2 * ease(since / stay))
    _DRAWN[paper](painter, since)
    _paint_tick(painter, QPointF(112, 128), ease((since - 1.5) / 0.5))
    painter.restore()


def _sheet(painter: QPainter, area: QRectF, code: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for spread in (18, 11, 5):
        painter.setBrush(colour("#00060d", 0.13))
        painter.drawRoundedRect(area.adjusted(-spread, -spread + 12, spread, spread + 12), 18 + spread, 18 + spread)
    painter.setBrush(colour(code))
    painter.drawRoundedRect(area, 16, 16)


def _passport(painter: QPainter, since: float) -> None:
    area = QRectF(-116, -158, 232, 316)
    _sheet(painter, area, "#7d1f22")
    painter.setPen(QPen(colour("#e9b44c", 0.9), 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(14, 14, -14, -14), 9, 9)
    painter.setPen(QPen(colour("#f3c76a"), 4.5))
    globe = QPointF(0, -30)
    painter.drawEllipse(globe, 58, 58)
    wide = 58 * abs(1 - 2 * ((since * 0.22) % 1.0))
    painter.drawEllipse(globe, wide, 58)
    painter.drawLine(QPointF(-58, -30), QPointF(58, -30))
    for lift in (-29, 29):
        painter.drawLine(QPointF(-50, -30 + lift), QPointF(50, -30 + lift))
    _rules(painter, since, [(-62, 72, 124), (-40, 96, 80)], "#f3c76a", 8)


def _declaration(painter: QPainter, since: float) -> None:
    _sheet(painter, QRectF(-124, -158, 248, 316), "#fbf6ea")
    painter.fillRect(QRectF(-124, -120, 248, 10), colour("#1f5c58"))
    for row in range(4):
        y = -84 + row * 50
        painter.setPen(QPen(colour("#1f5c58"), 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(-98, y, 28, 28), 5, 5)
        _rules(painter, since - 0.25 * row, [(-52, y + 7, 142), (-52, y + 22, 96)], "#8fa6a4", 7)
        _paint_check(painter, QPointF(-84, y + 14), 8, ease((since - 0.5 - 0.25 * row) / 0.35), "#c8322a")


def _ticket(painter: QPainter, since: float) -> None:
    area = QRectF(-132, -128, 264, 256)
    _sheet(painter, area, "#fbf6ea")
    painter.setBrush(colour("#1f5c58"))
    painter.setPen(Qt.PenStyle.NoPen)
    path = QPainterPath()
    path.addRoundedRect(QRectF(-132, -128, 264, 92), 16, 16)
    path.addRect(QRectF(-132, -60, 264, 24))
    path.setFillRule(Qt.FillRule.WindingFill)
    painter.drawPath(path)
    painter.setPen(QPen(colour("#8fa6a4"), 4, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(-112, 62), QPointF(112, 62))
    for number in range(4):
        came = ease((since - 0.3 - 0.3 * number) / 0.5)
        x = -88 + number * 56 + (1 - came) * 40
        code = "#f2a541" if number == 0 else "#fbf6ea"
        _person(painter, QPointF(x, -74), came, code)
    _rules(painter, since - 0.2, [(-104, -8, 170), (-104, 20, 120), (-104, 92, 96)], "#8fa6a4", 9)


def _person(painter: QPainter, place: QPointF, opacity: float, code: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(code, opacity))
    painter.drawEllipse(place + QPointF(0, -20), 11, 11)
    body = QPainterPath(place + QPointF(-18, 24))
    body.cubicTo(place + QPointF(-18, -10), place + QPointF(18, -10), place + QPointF(18, 24))
    body.closeSubpath()
    painter.drawPath(body)


def _rules(painter: QPainter, since: float, rules: list[tuple[float, float, float]], code: str, thick: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(code))
    for number, (x, y, length) in enumerate(rules):
        drawn = ease((since - 0.25 - 0.15 * number) / 0.6) * length
        if drawn > thick:
            painter.drawRoundedRect(QRectF(x, y, drawn, thick), thick / 2, thick / 2)


def _paint_tick(painter: QPainter, centre: QPointF, shown: float) -> None:
    if shown <= 0:
        return
    painter.setPen(QPen(colour("#ffffff"), 6))
    painter.setBrush(colour("#2f8f5b"))
    painter.drawEllipse(centre, 45 * shown, 45 * shown)
    _paint_check(painter, centre, 20, shown, "#ffffff")


def _paint_check(painter: QPainter, centre: QPointF, size: float, shown: float, code: str) -> None:
    if shown <= 0:
        return
    first, bend, last = QPointF(-size, 0), QPointF(-size * 0.25, size * 0.75), QPointF(size, -size * 0.75)
    points = [centre + first, centre + first + (bend - first) * min(1.0, shown * 3)]
    if shown > 1 / 3:
        points.append(centre + bend + (last - bend) * ((shown - 1 / 3) * 1.5))
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour(code), 2 + 0.4 * size, Qt.PenStyle.SolidLine, cap, join))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))


_DRAWN = {Paper.PASSPORT: _passport, Paper.DECLARATION: _declaration, Paper.TICKET: _ticket}
