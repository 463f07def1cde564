"""Ticker and clock as they are drawn: compared with pictures somebody has looked at, and measured in pixels.

``UPDATE_GOLDEN=1 pytest tests/integration/test_zone_painting.py`` draws the pictures anew; look at them then.
"""

import os
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QTransform

from player.fitting import Size
from player.stage.captions_type import Typeface
from player.stage.clock_face import WEEKDAYS, clock_face, date_of
from player.stage.side_zones import COLOURS, colours_of
from player.stage.slate import load_fonts
from player.stage.ticker_strip import Strip, lettering
from player.ticker import FOREIGN
from player.zoning import Box, turned
from playlists.line_breaks import Script
from playlists.playlist import TickerText

GOLDEN = Path(__file__).parents[1] / "golden" / "zones"
VI = TickerText("vi", "Cửa khẩu quốc tế Bờ\u00a0Y mở cửa từ 7 giờ đến 19 giờ hằng ngày")
# The Lao and Khmer sentences have not been read by a native.
LO = TickerText("lo", "ຍິນດີຕ້ອນຮັບສູ່ດ່ານຊາຍແດນສາກົນໂບອີ (Bờ\u00a0Y), ກະລຸນາປະຕິບັດຕາມກົດລະບຽບຕ່າງໆຂອງດ່ານ")
KM = TickerText("km", "សូមស្វាគមន៍មកកាន់ច្រកព្រំដែនអន្តរជាតិ Bờ\u00a0Y។ សូមគោរពច្បាប់ផ្សេងៗរបស់ស្ត្រី និងកុមារ")
TALLEST = [
    TickerText("vi", "ẴẪỂỖ Ộ gạy Ơ\u0306Ê\u0306"),
    TickerText("lo", "ນ້ຳປື້ມຫຼູຍິ້ມກົ້ວ"),
    TickerText("km", "ខ្ញុំផ្លូវស្ត្រ៊ីង្ក្រ៊ាំ"),
]
TUESDAY = datetime(2026, 11, 24, 14, 5)  # noqa: DTZ001 - local by nature
PLAIN = colours_of({})

pytestmark = pytest.mark.usefixtures("offscreen_qt")


@pytest.fixture(scope="module", autouse=True)
def fonts(offscreen_qt: QGuiApplication) -> None:
    assert offscreen_qt is not None
    load_fonts()


def strip_of(zone: Size, texts: list[TickerText], rotation: int = 0) -> Strip:
    strip = Strip(zone, rotation, PLAIN, Typeface())
    strip.set_texts(texts)
    return strip


def seen(strip: Strip, zone: Size, place: int, rotation: int = 0) -> QImage:
    """What of the strip is in the zone at a place, upright."""
    size = zone.turned(rotation)
    image = QImage(size.width, size.height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for source, at in strip.parts(place, Box(0, 0, zone.width, zone.height)):
        target = turned(at, zone, rotation)
        assert (source.width, source.height) == (target.width, target.height)
        painter.drawImage(QPoint(target.x, target.y), strip.board.image, QRect(*source.edges))
    painter.end()
    return image.transformed(QTransform().rotate(-rotation)).convertToFormat(QImage.Format.Format_RGB32)


def rows_of(strip: Strip, zone: Size, rotation: int, rows: int, step: int) -> QImage:
    """The ticker at several places, one under the other; drawn ahead as it moves, as it really is."""
    sheet = QImage(zone.width, zone.height * rows, QImage.Format.Format_RGB32)
    painter = QPainter(sheet)
    for row in range(rows):
        while strip.wants(row * step):
            strip.draw_ahead()
        painter.drawImage(QPoint(0, row * zone.height), seen(strip, zone, row * step, rotation))
    painter.end()
    return sheet


def pixels(image: QImage) -> bytes:
    return bytes(image.constBits())


def judge(drawn: QImage, name: str, tmp_path: Path) -> None:
    golden = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        assert drawn.save(str(golden))
    expected = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    assert drawn.save(str(tmp_path / name))
    assert drawn.size() == expected.size()
    differing = sum(abs(one - other) > 64 for one, other in zip(pixels(drawn), pixels(expected), strict=True))
    assert differing < 0.003 * drawn.width() * drawn.height(), f"see {tmp_path / name}"


def test_a_ticker_in_three_scripts_looks_as_somebody_has_seen_it(tmp_path: Path) -> None:
    zone = Size(1280, 64)
    judge(rows_of(strip_of(zone, [VI, LO, KM]), zone, 0, 14, 231), "ticker-vi-lo-km-1280x64.png", tmp_path)


@pytest.mark.parametrize("size", [(282, 86), (256, 216), (900, 60), (120, 300)])
def test_a_clock_looks_as_somebody_has_seen_it(size: tuple[int, int], tmp_path: Path) -> None:
    both = QImage(size[0], 2 * size[1], QImage.Format.Format_RGB32)
    painter = QPainter(both)
    for row, local in enumerate((TUESDAY, None)):
        painter.drawImage(QPoint(0, row * size[1]), clock_face(QSize(*size), local, PLAIN.text, PLAIN.ground))
    painter.end()
    judge(both, f"clock-{size[0]}x{size[1]}.png", tmp_path)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_ticker_is_the_upright_one_turned(rotation: int) -> None:
    zone = Size(700, 40)
    upright = rows_of(strip_of(zone, [VI, KM]), zone, 0, 8, 203)
    assert pixels(rows_of(strip_of(zone, [VI, KM], rotation), zone, rotation, 8, 203)) == pixels(upright)


def test_what_is_seen_moves_and_changes_in_nothing_else() -> None:
    """However the strip is cut into pieces and wraps, a later look is the earlier one, shifted."""
    zone = Size(500, 40)
    strip = strip_of(zone, [VI, LO])
    looks = []
    for place in range(0, 6000, 97):
        while strip.wants(place):
            strip.draw_ahead()
        looks.append(seen(strip, zone, place))
    for before, after in pairwise(looks):
        assert pixels(before.copy(97, 0, 403, 40)) == pixels(after.copy(0, 0, 403, 40))


@pytest.mark.parametrize("height", [16, 40, 64, 173])
def test_no_mark_of_any_script_touches_the_edge_of_the_zone(height: int) -> None:
    zone = Size(height * 30, height)
    strip = strip_of(zone, TALLEST)
    strip.draw_ahead()
    while strip.wants(zone.width):
        strip.draw_ahead()
    image = seen(strip, zone, zone.width)
    ground = PLAIN.ground.rgb()
    edge = 0 if height < 40 else 1
    for y in (*range(edge), *range(height - edge, height)):
        assert all(image.pixel(x, y) == ground for x in range(zone.width))
    assert pixels(image) != pixels(seen(strip_of(zone, []), zone, 0))


def test_foreign_letters_are_at_most_three_quarters_of_the_vietnamese_ones() -> None:
    typeface = Typeface()
    found = lettering([VI, LO, KM], 64, typeface)
    first = found.ranks[0][Script.LATIN] * typeface.letter_em[Script.LATIN]
    for script in Script:
        assert 0.6 * first < found.ranks[1][script] * typeface.letter_em[script] <= 0.75 * first
    assert {"lo", "km", "en"} <= FOREIGN


def test_without_texts_the_ticker_is_its_ground_and_texts_come_in_from_the_right() -> None:
    zone = Size(300, 30)
    strip = strip_of(zone, [])
    blank = QImage(300, 30, QImage.Format.Format_RGB32)
    blank.fill(PLAIN.ground)
    while strip.wants(0):
        strip.draw_ahead()
    assert pixels(seen(strip, zone, 0)) == pixels(blank)
    strip.set_texts([VI])
    strip.restart(0)
    while strip.wants(0):
        strip.draw_ahead()
    assert pixels(seen(strip, zone, 0)) == pixels(blank)
    assert pixels(seen(strip, zone, 150).copy(0, 0, 150, 30)) == pixels(blank.copy(0, 0, 150, 30))
    assert pixels(seen(strip, zone, 150)) != pixels(blank)


def test_a_very_long_text_takes_no_more_memory_than_a_short_one() -> None:
    zone = Size(640, 40)
    long = TickerText("vi", " ".join([VI.text] * 400))
    assert strip_of(zone, [long]).board.size == strip_of(zone, [VI]).board.size


def test_the_date_is_written_as_in_vietnam() -> None:
    assert date_of(TUESDAY) == "Thứ Ba, 24/11/2026"
    assert len(set(WEEKDAYS)) == 7


def test_a_clock_stands_in_the_same_place_every_day_and_fits() -> None:
    size = QSize(282, 86)
    ground = PLAIN.ground.rgb()
    tops = set()
    for day in range(1, 8):
        face = clock_face(size, datetime(2026, 11, day, 20, 58), PLAIN.text, PLAIN.ground)  # noqa: DTZ001
        lit = [y for y in range(86) if any(face.pixel(x, y) != ground for x in range(282))]
        assert all(face.pixel(x, y) == ground for x in (0, 281) for y in range(86))
        tops.add(lit[0])
    assert len(tops) == 1


def test_a_colour_that_is_none_gives_way_to_the_house_s_own() -> None:
    named = colours_of({"background": "#204060", "text": "no colour", "elsewhere": "#000000"})
    assert (named.ground, named.text) == (QColor("#204060"), QColor(COLOURS["text"]))
