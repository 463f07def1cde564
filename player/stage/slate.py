"""The built-in slate: what a screen says when nothing can be shown, with a clock, so that it is plainly alive."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QLinearGradient, QPainter

from player.fonts import FACES, Script
from player.stage.clock_face import date_of, font, time_of

_VIETNAMESE: Final = "Thông tin sẽ trở lại sau ít phút"
_ENGLISH: Final = "Information will be back in a few minutes"


def load_fonts() -> None:
    """Make Qt know the shipped fonts; once, before the first slate."""
    for face in FACES:
        if face.script is Script.LATIN:
            QFontDatabase.addApplicationFont(str(face.path))


def slate(size: QSize, local: datetime) -> QImage:
    """The slate for a canvas of ``size`` pixels at a local time, to the minute."""
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width, height = size.width(), size.height()
    ground = QLinearGradient(QPointF(0, 0), QPointF(0, height))
    ground.setColorAt(0, QColor(16, 42, 78))
    ground.setColorAt(1, QColor(9, 22, 44))
    painter.fillRect(image.rect(), ground)
    unit = min(height / 7, width / 7)
    rows = (
        (time_of(local), unit * 2.0, True, QColor(255, 255, 255)),
        (date_of(local), unit * 0.5, False, QColor(200, 214, 235)),
        (_VIETNAMESE, unit * 0.5, True, QColor(255, 214, 92)),
        (_ENGLISH, unit * 0.36, False, QColor(200, 214, 235)),
    )
    top = (height - sum(pixels * 1.4 for _text, pixels, _bold, _colour in rows)) / 2
    for text, pixels, bold, colour in rows:
        letters = font(pixels, bold=bold)
        painter.setFont(letters)
        painter.setPen(colour)
        room = painter.fontMetrics().horizontalAdvance(text)
        if room > width * 0.9:
            letters.setPixelSize(max(4, int(letters.pixelSize() * width * 0.9 / room)))
            painter.setFont(letters)
        painter.drawText(QRectF(0, top, width, pixels * 1.4), Qt.AlignmentFlag.AlignCenter, text)
        top += pixels * 1.4
    painter.end()
    return image
