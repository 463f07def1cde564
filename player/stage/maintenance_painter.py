"""Paints the maintenance page and the test picture."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QLinearGradient, QPainter, QPen

from player.fonts import Script, family_of
from player.maintenance.layout import Box, Layout
from player.maintenance.page import Key, Line, Page, Tone
from player.maintenance.session import View
from player.stage.slate import load_fonts

_GROUND: Final = QColor(13, 24, 38)
_TEXT: Final = QColor(240, 244, 250)
_LABEL: Final = QColor(150, 172, 200)
_KEY: Final = QColor(38, 62, 92)
_FOCUS: Final = QColor(255, 214, 92)
_TONES: Final = {Tone.PLAIN: _TEXT, Tone.GOOD: QColor(126, 224, 150), Tone.BAD: QColor(255, 150, 130)}
_BARS: Final = ("#ffffff", "#ffff00", "#00ffff", "#00ff00", "#ff00ff", "#ff0000", "#0000ff", "#000000")
_BAR: Final = 0.12
"""Height of a bar by its line's."""
_LABEL_SHARE: Final = 0.34
_SQUARES: Final = 16
_SMALLEST: Final = 8
_middle: Final = Qt.AlignmentFlag.AlignVCenter

_loaded: list[bool] = []


def painted(page: Page, places: Layout, size: QSize) -> QImage:
    """A page as an image of ``size`` pixels, laid out as ``places`` says."""
    if not _loaded:
        load_fonts()
        _loaded.append(True)
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if page.view is View.PICTURE:
        _test_picture(painter, size, page)
    else:
        painter.fillRect(image.rect(), _GROUND)
        _write(
            painter,
            page.title,
            places.title,
            min(places.title.height * 0.55, places.title.width / 14),
            _FOCUS,
            bold=True,
        )
        for line, box in zip(page.lines, places.lines, strict=False):
            _line(painter, line, box, stacked=places.stacked)
        if places.entry is not None and page.entry is not None:
            _entry(painter, page.entry, places.entry)
        letters = min((_key_letters(key, box) for key, box in zip(page.keys, places.keys, strict=True)), default=0.0)
        for key, box in zip(page.keys, places.keys, strict=True):
            _key(painter, key, box, letters)
    painter.end()
    return image


def _font(pixels: float, *, bold: bool) -> QFont:
    font = QFont(family_of(Script.LATIN))
    font.setBold(bold)
    font.setPixelSize(max(_SMALLEST, round(pixels)))
    return font


def _fitting(text: str, width: int, pixels: float, *, bold: bool) -> tuple[QFont, str]:
    """A font in which the text is no wider than that, down to four fifths of its size; then its end is left out."""
    font = _font(pixels, bold=bold)
    room = QFontMetrics(font).horizontalAdvance(text)
    if room > width:
        font = _font(max(pixels * width / room, pixels * 0.8), bold=bold)
    return font, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _write(  # noqa: PLR0913 - a text has a place, a size, a colour and a weight
    painter: QPainter, text: str, box: Box, pixels: float, colour: QColor, *, bold: bool = False
) -> None:
    font, cut = _fitting(text, box.width, pixels, bold=bold)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QRect(box.x, box.y, box.width, box.height), Qt.AlignmentFlag.AlignLeft | _middle, cut)


def _line(painter: QPainter, line: Line, box: Box, *, stacked: bool) -> None:
    if not line.label:
        _wrapped(painter, line.value, box, _TONES[line.tone])
    elif stacked:
        label = box.height * 2 // 5
        _write(painter, line.label, Box(box.x, box.y, box.width, label), label * 0.7, _LABEL)
        value = _barred(painter, line, Box(box.x, box.y + label, box.width, box.height - label))
        _write(painter, line.value, value, min(value.height * 0.7, box.width / 16), _TONES[line.tone], bold=True)
    else:
        share, unit = round(box.width * _LABEL_SHARE), box.height * 0.6
        _write(painter, line.label, Box(box.x, box.y, round(share - unit / 2), box.height), unit, _LABEL)
        value = _barred(painter, line, Box(box.x + share, box.y, box.width - share, box.height))
        _write(painter, line.value, value, min(unit, value.height * 0.75), _TONES[line.tone], bold=True)


def _barred(painter: QPainter, line: Line, box: Box) -> Box:
    """Paint a line's bar at the lower edge of its box, and give what is left of the box."""
    if line.share is None:
        return box
    high = max(3, round(box.height * _BAR))
    top = box.y + box.height - high - high // 2
    painter.setPen(Qt.PenStyle.NoPen)
    for width, colour in ((box.width, _KEY), (round(box.width * line.share), _FOCUS)):
        painter.setBrush(colour)
        if width:
            painter.drawRoundedRect(QRectF(box.x, top, max(width, high), high), high / 2, high / 2)
    return Box(box.x, box.y, box.width, top - box.y)


def _wrapped(painter: QPainter, text: str, box: Box, colour: QColor, side: int = 0) -> None:
    """Words on as many lines as the box has room for, as large as they can be but no larger than a page's lines."""
    flags = int(Qt.TextFlag.TextWordWrap) | int(_middle) | (side or int(Qt.AlignmentFlag.AlignLeft))
    area = QRect(box.x, box.y, box.width, box.height)
    pixels = min(box.height * 0.6, box.width / 16)
    while pixels > _SMALLEST:
        needed = QFontMetrics(_font(pixels, bold=False)).boundingRect(area, flags, text)
        if needed.height() <= box.height and needed.width() <= box.width:
            break
        pixels *= 0.92
    painter.setFont(_font(pixels, bold=False))
    painter.setPen(colour)
    painter.drawText(area, flags, text)


def _entry(painter: QPainter, digits: int, box: Box) -> None:
    """A dot for each digit; never the digits themselves, for others look on."""
    radius = box.height / 6
    step = radius * 4
    left = box.x + (box.width - (digits - 1) * step) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_TEXT)
    for index in range(digits):
        painter.drawEllipse(QPointF(left + index * step, box.y + box.height / 2), radius, radius)


def _key_letters(key: Key, box: Box) -> float:
    """How large a key's words may be; all keys of a page take the least of these."""
    pixels = box.height * 0.42
    room = QFontMetrics(_font(pixels, bold=True)).horizontalAdvance(key.text)
    return pixels * min(1.0, box.width * 0.88 / max(1, room))


def _key(painter: QPainter, key: Key, box: Box, letters: float) -> None:
    thick = max(2, box.height // 20)
    painter.setBrush(_KEY)
    painter.setPen(QPen(_FOCUS, thick) if key.focused else Qt.PenStyle.NoPen)
    inner = QRectF(box.x, box.y, box.width, box.height).adjusted(thick, thick, -thick, -thick)
    painter.drawRoundedRect(inner, box.height / 8, box.height / 8)
    painter.setFont(_font(letters, bold=True))
    painter.setPen(_TEXT)
    painter.drawText(QRect(box.x, box.y, box.width, box.height), Qt.AlignmentFlag.AlignCenter, key.text)


def _test_picture(painter: QPainter, size: QSize, page: Page) -> None:
    """Bars, steps of grey, a grid and a circle that must be round, a frame on the outermost pixels, the words below."""
    width, height = size.width(), size.height()
    bars = height * 5 // 8
    for index, colour in enumerate(_BARS):
        left, right = index * width // len(_BARS), (index + 1) * width // len(_BARS)
        painter.fillRect(QRect(left, 0, right - left, bars), QColor(colour))
    ramp = QLinearGradient(QPointF(0, 0), QPointF(width, 0))
    ramp.setColorAt(0, Qt.GlobalColor.black)
    ramp.setColorAt(1, Qt.GlobalColor.white)
    painter.fillRect(QRect(0, bars, width, height // 8), ramp)
    painter.fillRect(QRect(0, bars + height // 8, width, height), _GROUND)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QColor(128, 128, 128))
    step = max(8, min(width, height) // _SQUARES)
    for x in range(width // 2 % step, width, step):
        painter.drawLine(x, 0, x, bars)
    for y in range(bars // 2 % step, bars, step):
        painter.drawLine(0, y, width, y)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = min(width, bars) * 0.45
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, thick in ((QColor(0, 0, 0), 5), (QColor(255, 255, 255), 2)):
        painter.setPen(QPen(ink, thick))
        painter.drawEllipse(QPointF(width / 2, bars / 2), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QColor(255, 255, 255))
    painter.drawRect(0, 0, width - 1, height - 1)
    room = height - bars - height // 8
    each = room // (len(page.lines) + 1)
    for index, line in enumerate((*page.lines, Line("", "Chạm hoặc bấm phím bất kỳ để quay lại."))):
        box = Box(width // 20, bars + height // 8 + index * each, width - width // 10, each)
        _wrapped(painter, line.value, box, _TEXT, int(Qt.AlignmentFlag.AlignHCenter))
