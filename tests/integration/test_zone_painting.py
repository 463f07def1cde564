"""Ticker and clock as they are drawn: compared with pictures somebody has looked at, and measured in pixels.

``UPDATE_GOLDEN=1 pytest tests/integration/test_zone_painting.py`` draws the pictures anew; look at them then.
"""

import os
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QTransform

from player.fitting import Size
from player.stage.captions import CaptionPainter
from player.stage.clock_face import WEEKDAYS, clock_face, date_of
from player.stage.side_zones import COLOURS, colours_of
from player.stage.slate import load_fonts
from player.stage.ticker_strip import Strip, lettering
from player.ticker import FOREIGN
from player.typesetting import Typeface
from player.zoning import Box, floorplan, turned
from playlists.captions import Caption, Position
from playlists.line_breaks import Script
from playlists.playlist import TickerText
from playlists.screen import Layout, Zone, ZoneKind
from playlists.timing import DurationMs

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


BESIDE = Layout(
    (
        Zone(ZoneKind.MAIN, 0, 0, 80, 90),
        Zone(ZoneKind.CLOCK, 80, 0, 20, 30),
        Zone(ZoneKind.LOGO, 80, 30, 20, 40),
        Zone(ZoneKind.TICKER, 0, 90, 100, 10),
    )
)
STACKED = Layout(
    (
        Zone(ZoneKind.MAIN, 0, 14, 100, 78),
        Zone(ZoneKind.LOGO, 0, 0, 30, 14),
        Zone(ZoneKind.CLOCK, 30, 0, 70, 14),
        Zone(ZoneKind.TICKER, 0, 92, 100, 8),
    )
)
OVER = Layout(
    (Zone(ZoneKind.MAIN, 0, 0, 100, 100), Zone(ZoneKind.CLOCK, 76, 4, 20, 12), Zone(ZoneKind.TICKER, 0, 90, 100, 10))
)


def logo_of(size: Size) -> QImage:
    """A disc, drawn as a gate's logo would come."""
    image = QImage(size.width, size.height, QImage.Format.Format_RGB32)
    image.fill(PLAIN.ground)
    side = 0.9 * min(size.width, size.height)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor("#c8102e"))
    painter.drawEllipse(QPointF(size.width / 2, size.height / 2), side / 2, side / 2)
    painter.end()
    return image


def screen_of(layout: Layout, canvas: Size, texts: list[TickerText], captions: list[tuple[str, str]]) -> QImage:
    """A whole screen as the zones paint it, each within what it owns, the ticker where it is full of letters."""
    plan = floorplan(layout, canvas)
    sheet = QImage(canvas.width, canvas.height, QImage.Format.Format_RGB32)
    sheet.fill(PLAIN.ground)
    painter = QPainter(sheet)
    for zone in plan.zones:
        size = zone.box.size
        match zone.kind:
            case ZoneKind.MAIN:
                image = QImage(size.width, size.height, QImage.Format.Format_RGB32)
                image.fill(QColor("#3a7a8a"))
                over = QPainter(image)
                shown = [
                    (language, [Caption(DurationMs(0), DurationMs(1), text, Position.BOTTOM)])
                    for language, text in captions
                ]
                clear = plan.clear
                for overlay in CaptionPainter().render(shown, QSize(clear.width, clear.height)):
                    over.drawImage(overlay.position + QPoint(0, clear.y - zone.box.y), overlay.image)
                over.end()
            case ZoneKind.CLOCK:
                image = clock_face(QSize(size.width, size.height), TUESDAY, PLAIN.text, PLAIN.ground)
            case ZoneKind.LOGO:
                image = logo_of(size)
            case ZoneKind.TICKER:
                image = rows_of(strip_of(size, texts), size, 0, 8, size.width // 4).copy(
                    0, 7 * size.height, size.width, size.height
                )
        for box in zone.visible:
            source = QRect(box.x - zone.box.x, box.y - zone.box.y, box.width, box.height)
            painter.drawImage(QPoint(box.x, box.y), image, source)
    painter.end()
    return sheet


@pytest.mark.parametrize(
    ("name", "layout", "canvas", "texts", "captions"),
    [
        ("beside", BESIDE, (1280, 720), [VI, LO], [("vi", VI.text), ("lo", LO.text)]),
        ("stacked", STACKED, (384, 1024), [KM, VI], [("vi", VI.text), ("km", KM.text)]),
        ("stacked", STACKED, (1080, 1920), [VI, KM], [("vi", VI.text)]),
        ("over", OVER, (1024, 384), [LO, VI], [("vi", VI.text), ("lo", LO.text)]),
    ],
)
def test_a_whole_screen_looks_as_somebody_has_seen_it(
    name: str,
    layout: Layout,
    canvas: tuple[int, int],
    texts: list[TickerText],
    captions: list[tuple[str, str]],
    tmp_path: Path,
) -> None:
    drawn = screen_of(layout, Size(*canvas), texts, captions)
    judge(drawn, f"screen-{name}-{canvas[0]}x{canvas[1]}.png", tmp_path)


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
