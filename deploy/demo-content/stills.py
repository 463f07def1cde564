"""The pictures that stand still: a leaflet of two pages and a poster, drawn at one and a half times the clips' size."""

from dataclasses import dataclass
from typing import Final

from brocade import BAND, paint_band
from canvas import HEIGHT, WIDTH, colour, fade_across, fade_down, glow, grain, screen
from contrast import brightest, luminance, ratio, require_contrast
from landscape import forest, ground, haze, mist, outline, paint_birds, paint_range
from lettering import line_path, paint_line
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen

SCALE: Final = 1.5
_INK: Final = "#14302f"
_SOFT: Final = "#3f5a57"
_PAPER: Final = "#fbf5e8"
_RED: Final = "#a32a20"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the leaflet: its title and three rows, each in Vietnamese and in English."""

    number: int
    title: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


LEAFLET: Final = (
    Page(
        1,
        ("Trước khi đến cửa khẩu", "Before you reach the gate"),
        (
            ("Kiểm tra giấy tờ còn hạn", "Check that your papers are valid"),
            ("Biết rõ hàng hóa mang theo", "Know every item you carry"),
            ("Không mang hộ hành lý", "Carry no bags for other people"),
        ),
    ),
    Page(
        2,
        ("Tại cửa khẩu", "At the border gate"),
        (
            ("Đi đúng làn, xếp hàng", "Keep to your lane and queue"),
            ("Khai báo trung thực", "Declare truthfully"),
            ("Cần giúp, hỏi cán bộ trực", "Need help? Ask an officer on duty"),
        ),
    ),
)


def _blank() -> tuple[QImage, QPainter]:
    image = QImage(round(WIDTH * SCALE), round(HEIGHT * SCALE), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    return image, painter


def draw_page(page: Page) -> QImage:
    """Return one page of the leaflet, 1920x1080."""
    image, painter = _blank()
    painter.fillRect(screen(), colour(_PAPER))
    painter.fillRect(QRectF(BAND, 0, WIDTH, 212), colour(_INK))
    painter.fillRect(QRectF(BAND, 212, WIDTH, 6), colour("#e9b44c"))
    paint_band(painter)
    _plain(painter, page.title[0], 78, QPointF(108, 108), "#ffffff")
    _plain(painter, page.title[1], 50, QPointF(110, 178), "#ffe2a0")
    for row, (vietnamese, english) in enumerate(page.rows):
        y = 284 + row * 150
        _disc(painter, QPointF(152, y + 24), str(row + 1 + 3 * (page.number - 1)))
        _plain(painter, vietnamese, 58, QPointF(228, y + 24), _INK)
        _plain(painter, english, 40, QPointF(230, y + 80), _SOFT)
        if row < len(page.rows) - 1:
            painter.fillRect(QRectF(228, y + 108, 940, 2), colour("#d8c9a6"))
    _page_marks(painter, page.number)
    painter.end()
    return image


def _plain(painter: QPainter, text: str, size: int, place: QPointF, code: str) -> None:
    painter.fillPath(line_path(text, size).translated(place), colour(code))


def _disc(painter: QPainter, centre: QPointF, number: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(_RED))
    painter.drawEllipse(centre, 44, 44)
    painter.setPen(QPen(colour("#e9b44c"), 4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, 51, 51)
    path = line_path(number, 56)
    middle = path.boundingRect().center()
    painter.fillPath(path.translated(centre - middle), colour("#ffffff"))


def _page_marks(painter: QPainter, number: int) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for page in range(len(LEAFLET)):
        painter.setBrush(colour("#e9b44c" if page + 1 == number else "#4a6360"))
        painter.drawRoundedRect(QRectF(1110 + page * 42, 160, 32, 12), 6, 6)


def draw_poster(*, words: bool = True) -> QImage:
    """Return the poster, 1920x1080: the pine forests and lakes of Măng Đen; without its words where asked."""
    image, painter = _blank()
    sky = [(0.0, "#06363f"), (0.34, "#14707a"), (0.52, "#6fb3a4"), (0.64, "#f3dfae")]
    painter.fillRect(screen(), fade_down(screen(), [(place, colour(code)) for place, code in sky]))
    sun = QPointF(1000, 336)
    glow(painter, sun, 560, "#fff0c0", 0.8)
    painter.setBrush(colour("#fffbea"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(sun, 66, 66)
    paint_birds(painter, 2.0, QPointF(1020, 236), "#0b4a4e")
    stops = [(0.0, colour("#05363f", 0.82)), (0.5, colour("#05363f", 0.68)), (0.74, colour("#05363f", 0.0))]
    _paint_hills(painter)
    painter.fillRect(screen(), fade_across(screen(), stops))
    _paint_lake(painter, sun)
    _paint_frame_of_pines(painter)
    paint_band(painter)
    if words:
        _paint_poster_words(painter)
    painter.fillRect(screen(), QBrush(grain()))
    painter.end()
    return image


def _paint_hills(painter: QPainter) -> None:
    for seed, base, height, distance, code, wooded in (
        (91, 492, 44, 0.58, "#1c6a63", False),
        (94, 520, 50, 0.34, "#155a52", False),
        (97, 546, 34, 0.12, "#0f4740", True),
    ):
        skyline = outline(seed, base, height, 640)
        paint_range(painter, ground(skyline), *haze(code, "#cfe0bd", distance))
        if wooded:
            painter.drawPath(forest(skyline, 4, (0, WIDTH), 54, 15))
        mist(seed, base - 10, "#f2f2d8", 0, 0.5).paint(painter, 0.0)


def _paint_lake(painter: QPainter, sun: QPointF) -> None:
    shore = 572.0
    lake = QRectF(0, shore, WIDTH, HEIGHT - shore)
    painter.fillRect(
        lake, fade_down(lake, [(0.0, colour("#9ccbb4")), (0.3, colour("#3f948c")), (1.0, colour("#0b4149"))])
    )
    painter.setPen(Qt.PenStyle.NoPen)
    for number in range(26):
        y = shore + 4 + number * number * 0.22
        wide = 150 - number * 3.4 + (number * 37) % 41
        x = sun.x() - wide / 2 + ((number * 53) % 37 - 18)
        painter.setBrush(colour("#fff6d2", 0.62 - number * 0.02))
        painter.drawRoundedRect(QRectF(x, y, wide, 2 + number * 0.07), 1.5, 1.5)
    for number in range(16):
        y = shore + 8 + number * 9.2
        painter.setBrush(colour("#e6f4e4", 0.16))
        painter.drawRoundedRect(QRectF((number * 211) % 1180, y, 120 + (number * 29) % 90, 2.2), 1.2, 1.2)


def _paint_frame_of_pines(painter: QPainter) -> None:
    bank = QPainterPath(QPointF(0, HEIGHT))
    bank.lineTo(0, 650)
    bank.cubicTo(260, 634, 430, 690, 640, 704)
    bank.cubicTo(820, 700, 1040, 664, WIDTH, 616)
    bank.lineTo(WIDTH, HEIGHT)
    bank.closeSubpath()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("#052a2e"))
    painter.drawPath(bank)
    painter.drawPath(forest(lambda x: 660 - (x - 1090) * 0.18, 15, (1110, 1300), 330, 50))
    painter.drawPath(forest(lambda x: 652 + (x - 60) * 0.12, 18, (60, 350), 130, 44))


def _paint_poster_words(painter: QPainter) -> None:
    for path, place, code in _poster_lines():
        paint_line(painter, path, place, code)
    painter.fillRect(QRectF(114, 334, 132, 7), colour("#f2a541"))


def _poster_lines() -> list[tuple[QPainterPath, QPointF, str]]:
    return [
        (line_path(text, size), QPointF(left, y), code)
        for text, size, left, y, code in (
            ("Măng Đen", 146, 104, 172, "#ffffff"),
            ("Xanh mát bốn mùa", 72, 111, 294, "#ffffff"),
            ("Green and cool", 50, 111, 404, "#ffe2a0"),
            ("all year round", 50, 111, 468, "#ffe2a0"),
        )
    ]


def page_letters() -> tuple[tuple[str, int, str], ...]:
    """Return what a leaflet's page is set in: part, language and size in pixels of the clips' picture."""
    return (("title", 78, "vi"), ("title", 50, "en"), ("body", 58, "vi"), ("body", 40, "en"))


def page_contrast() -> float:
    """Return the least contrast of any line of the leaflet's pages."""
    pairs = (("#ffffff", _INK), ("#ffe2a0", _INK), (_INK, _PAPER), (_SOFT, _PAPER))
    return min(ratio(luminance(QColor(letters)), luminance(QColor(ground))) for letters, ground in pairs)


def poster_letters() -> tuple[tuple[str, int, str], ...]:
    """Return what the poster is set in, as of the leaflet."""
    return (("title", 146, "vi"), ("body", 72, "vi"), ("body", 50, "en"))


def poster_contrast() -> float:
    """Return the least contrast of any line of the poster to what is behind it."""
    bare = draw_poster(words=False).scaled(WIDTH, HEIGHT)
    return min(
        ratio(luminance(QColor(code)), brightest(bare, path.boundingRect().translated(place)))
        for path, place, code in _poster_lines()
    )


def check_poster() -> None:
    """Raise ContentError when a line of the poster leaves the safe area or cannot be read on its picture."""
    bare = draw_poster(words=False).scaled(WIDTH, HEIGHT)
    require_contrast(
        bare, [(path.boundingRect().translated(place), code) for path, place, code in _poster_lines()], "poster"
    )
