"""A planned page as pixels: background, ornament, pictures, code, letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from player.bulletins.contrast import mixed
from player.bulletins.insets import Inset, Modules
from player.bulletins.lettering import Lettering
from player.bulletins.level import level_bar
from player.bulletins.looks import Look
from player.bulletins.page import Area, Ink, Page
from player.fitting import Size

MOST_DOTS: Final = 8
"""More pages than this are told by a number."""
_QUIET: Final = 4
_STRIPE: Final = 0.012
_URGENT_FRAME: Final = 0.014
_OUTER: Final = 0.03
_INNER: Final = 0.046


@dataclass(frozen=True, slots=True)
class Insets:
    """What is drawn in a page's places for pictures and code."""

    picture: Inset | None = None
    logo: Inset | None = None
    code: Modules | None = None


def colours_of(look: Look) -> Mapping[Ink, str]:
    """The colour of every kind of line."""
    return {
        Ink.TITLE: look.title,
        Ink.TEXT: look.text,
        Ink.SECOND_TITLE: look.second,
        Ink.SECOND: look.second,
        Ink.ISSUER: look.accent,
        Ink.DATE: look.second,
        Ink.ALERT: look.on_band,
        Ink.ALERT_ISSUER: look.on_band,
        Ink.FACT: look.on_panel,
    }


def paint(page: Page, image: QImage, look: Look, lettering: Lettering, insets: Insets) -> None:
    """Paint a page over the whole of an image.

    Raises:
        MediaError: picture or logo cannot be decoded.

    """
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    _ground(painter, page, image.width(), image.height(), look)
    for place, inset in ((page.picture, insets.picture), (page.logo, insets.logo)):
        if place is not None and inset is not None:
            painter.drawImage(round(place.x), round(place.y), inset.image(round(place.width), round(place.height)))
    if page.code is not None and insets.code is not None:
        _code(painter, page.code, insets.code)
    if page.level is not None:
        size = Size(round(page.level.width), round(page.level.height))
        painter.drawImage(round(page.level.x), round(page.level.y), level_bar(0.0, size, look))
    for area in (*page.rules, *filter(None, (page.bar,))):
        painter.fillRect(_rect(area), QColor(look.accent))
    colours = colours_of(look)
    for line in page.lines:
        lettering.draw(painter, line, colours[line.ink])
    if page.dots is not None and page.of > 1:
        painter.setPen(Qt.PenStyle.NoPen)
        _dots(painter, page, page.dots, look)
    painter.end()


def _ground(painter: QPainter, page: Page, width: int, height: int, look: Look) -> None:
    """Background, band and panel, and the look's ornament."""
    _background(painter, width, height, look)
    short = min(width, height)
    if page.panel is not None:
        painter.fillRect(_rect(page.panel), QColor(look.panel))
    if look.urgent:
        _outline(painter, QRectF(0, 0, width, height), _URGENT_FRAME * short, look.band)
    elif look.framed:
        _double_frame(painter, width, height, look)
    else:
        painter.fillRect(QRectF(0, 0, width, max(2.0, _STRIPE * short)), QColor(look.accent))
    if page.band is not None:
        painter.fillRect(_rect(page.band), QColor(look.band))
    if page.sign is not None:
        _warning_sign(painter, page.sign, look)


def _rect(area: Area) -> QRectF:
    return QRectF(area.x, area.y, area.width, area.height)


def _background(painter: QPainter, width: int, height: int, look: Look) -> None:
    if look.background == look.below:
        painter.fillRect(0, 0, width, height, QColor(look.background))
        return
    gradient = QLinearGradient(0, 0, 0, height)
    gradient.setColorAt(0, QColor(look.background))
    gradient.setColorAt(1, QColor(look.below))
    painter.fillRect(0, 0, width, height, QBrush(gradient))


def _outline(painter: QPainter, area: QRectF, thick: float, colour: str) -> None:
    """A frame that lies within its rectangle."""
    painter.setPen(
        QPen(QColor(colour), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = thick / 2
    painter.drawRect(area.adjusted(half, half, -half, -half))
    painter.setPen(Qt.PenStyle.NoPen)


def _double_frame(painter: QPainter, width: int, height: int, look: Look) -> None:
    """Two gold lines, the inner one finer, and a woven lozenge in every corner."""
    short = min(width, height)
    outer, inner = _OUTER * short, _INNER * short
    _outline(painter, QRectF(outer, outer, width - 2 * outer, height - 2 * outer), max(2.0, 0.006 * short), look.accent)
    _outline(painter, QRectF(inner, inner, width - 2 * inner, height - 2 * inner), max(1.0, 0.002 * short), look.accent)
    middle = (outer + inner) / 2
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            _lozenge(painter, QPointF(x, y), 0.03 * short, look)


def _lozenge(painter: QPainter, centre: QPointF, radius: float, look: Look) -> None:
    for size, colour in ((radius, look.accent), (0.62 * radius, look.below), (0.34 * radius, look.accent)):
        corners = [centre + QPointF(size * cos(quarter * pi / 2), size * sin(quarter * pi / 2)) for quarter in range(4)]
        painter.setBrush(QColor(colour))
        painter.drawPolygon(QPolygonF(corners))


def _warning_sign(painter: QPainter, area: Area, look: Look) -> None:
    """A triangle with an exclamation mark, which needs no language."""
    size = area.width
    top = QPointF(area.x + size / 2, area.y + 0.09 * size)
    right = QPointF(area.x + 0.95 * size, area.y + 0.89 * size)
    left = QPointF(area.x + 0.05 * size, area.y + 0.89 * size)
    painter.setBrush(QColor(look.on_band))
    join = Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(QColor(look.on_band), 0.1 * size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, join))
    painter.drawPolygon(QPolygonF([top, right, left]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.band))
    stroke = QPainterPath()
    middle = area.x + size / 2
    stroke.addRoundedRect(
        QRectF(middle - 0.055 * size, area.y + 0.34 * size, 0.11 * size, 0.3 * size), 0.05 * size, 0.05 * size
    )
    stroke.addEllipse(QPointF(middle, area.y + 0.76 * size), 0.065 * size, 0.065 * size)
    painter.drawPath(stroke)


def _code(painter: QPainter, area: Area, modules: Modules) -> None:
    """Black on white whatever the look: telephones are not to be tried."""
    side = round(area.width / (len(modules) + 2 * _QUIET))
    left, top = round(area.x), round(area.y)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(left, top, round(area.width), round(area.height), QColor("white"))
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                painter.fillRect(
                    left + (column + _QUIET) * side, top + (row + _QUIET) * side, side, side, QColor("black")
                )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)


def _dots(painter: QPainter, page: Page, area: Area, look: Look) -> None:
    """One for each page, that of this page full; many pages share a bar that fills."""
    in_band = page.band is not None and page.band.holds(area)
    on, behind = (look.on_band, look.band) if in_band else (look.accent, look.background)
    off = mixed(on, behind, 0.6)
    if page.of > MOST_DOTS:
        _bar(painter, area, page.number / page.of, QColor(on), QColor(off))
        return
    pitch = area.width / MOST_DOTS
    radius = 0.36 * min(pitch, area.height)
    left = area.right - pitch * (page.of - 0.5)
    if look.centred and not look.urgent:
        left = area.x + (area.width - pitch * (page.of - 1)) / 2
    for number in range(1, page.of + 1):
        here = number == page.number
        painter.setBrush(QColor(on if here else off))
        size = radius * (1.35 if here else 0.9)
        painter.drawEllipse(QPointF(left + (number - 1) * pitch, area.y + area.height / 2), size, size)


def _bar(painter: QPainter, area: Area, share: float, on: QColor, off: QColor) -> None:
    thick = 0.4 * area.height
    whole = QRectF(area.x, area.y + (area.height - thick) / 2, area.width, thick)
    painter.setBrush(off)
    painter.drawRoundedRect(whole, thick / 2, thick / 2)
    painter.setBrush(on)
    painter.drawRoundedRect(QRectF(whole.x(), whole.y(), whole.width() * share, thick), thick / 2, thick / 2)
