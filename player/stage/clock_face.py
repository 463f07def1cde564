"""The clock of a screen: the time large, the Vietnamese date with it, in whatever shape there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from player.fonts import FACES, Script

WEEKDAYS: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
UNKNOWN: Final = "--:--"
"""Shown while the clock is not trusted: no time is better than a wrong one."""

_DATE: Final = 0.42
"""Size of the date's letters by the time's."""
_BESIDE: Final = 0.7
"""The same where both stand in one row."""
_LINE: Final = 1.3
"""Height of a line by its letters, the marks of Vietnamese capitals included."""
_FILLED: Final = 0.9
_REFERENCE: Final = 100
_WIDEST: Final = datetime(2026, 11, 1, 0, 0)  # noqa: DTZ001 - a local time like all here
"""A Sunday, the longest of the weekdays: sizes are taken from it, so that a clock looks the same every day."""


def date_of(local: datetime) -> str:
    """The weekday and the date as Vietnam writes them."""
    return f"{WEEKDAYS[local.weekday()]}, {local.day:02d}/{local.month:02d}/{local.year}"


def time_of(local: datetime) -> str:
    """Hours and minutes."""
    return f"{local.hour:02d}:{local.minute:02d}"


def font(pixels: float, *, bold: bool) -> QFont:
    """The shipped Latin font, which has to be loaded already."""
    face = next(face for face in FACES if face.script is Script.LATIN and face.bold == bold)
    found = QFont(face.family)
    found.setBold(bold)
    found.setPixelSize(max(4, round(pixels)))
    return found


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    size: float
    bold: bool

    @property
    def width(self) -> float:
        """Of one pixel a time's em."""
        return QFontMetricsF(font(_REFERENCE, bold=self.bold)).horizontalAdvance(self.text) / _REFERENCE * self.size


_Rows = Sequence[Sequence[_Word]]


def clock_face(size: QSize, local: datetime | None, text: QColor, ground: QColor) -> QImage:
    """The clock at a local time, on ``size`` pixels; None stands for a time nobody knows."""
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(ground)
    sizes = [_em(rows, size) for rows in _arrangements(_WIDEST)]
    em = max(sizes)
    rows = _arrangements(local)[sizes.index(em)] if local is not None else [[_Word(UNKNOWN, 1.0, bold=True)]]
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(text)
    top = (size.height() - sum(_height(row) for row in rows) * em) / 2
    for row in rows:
        left = (size.width() - _width(row) * em) / 2
        for word in row:
            painter.setFont(font(word.size * em, bold=word.bold))
            area = QRectF(left, top, word.width * em * 1.02, _height(row) * em)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, word.text)
            left += word.width * em + _gap(row) * em
        top += _height(row) * em
    painter.end()
    return image


def _arrangements(local: datetime) -> list[_Rows]:
    """Everything in a row, the date under the time, or the date in two rows."""
    time, date = _Word(time_of(local), 1.0, bold=True), _Word(date_of(local), _DATE, bold=False)
    weekday, day = (_Word(part, _DATE, bold=False) for part in date.text.split(", "))
    beside = _Word(date.text, _BESIDE, bold=False)
    return [[[time, beside]], [[time], [date]], [[time], [weekday], [day]]]


def _em(rows: _Rows, size: QSize) -> float:
    """The size of the time's letters, in pixels, with which all of it fits."""
    across = min(size.width() * _FILLED / _width(row) for row in rows)
    return min(across, size.height() * _FILLED / sum(_height(row) for row in rows))


def _width(row: Sequence[_Word]) -> float:
    return sum(word.width for word in row) + (len(row) - 1) * _gap(row)


def _height(row: Sequence[_Word]) -> float:
    return max(word.size for word in row) * _LINE


def _gap(row: Sequence[_Word]) -> float:
    return 0.4 if len(row) > 1 else 0.0
