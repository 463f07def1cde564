"""Captions as they are drawn: compared with pictures somebody has looked at, and measured in pixels.

``UPDATE_GOLDEN=1 pytest tests/integration/test_caption_painting.py`` draws the pictures anew; look at them then.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QRawFont

from player.fonts import FACES
from player.glyphs import REMEMBERED_BYTES, GlyphPainter
from player.stage.captions import CaptionPainter, Overlay
from player.typesetting import Typeface
from playlists.captions import Caption, Position
from playlists.errors import SiteError
from playlists.line_breaks import Script, shipped_font_holds
from playlists.timing import DurationMs

GOLDEN = Path(__file__).parents[1] / "golden" / "captions"
HD = QSize(1920, 1080)
CANVASES = [(384, 1024), (1024, 384), (640, 360), (1280, 720), (1080, 1920), (1920, 1080), (3840, 2160), (2160, 3840)]

VI = "Chào mừng quý khách đến Cửa khẩu quốc tế Bờ\u00a0Y, xin vui lòng chuẩn bị sẵn giấy tờ"
# The Lao and Khmer sentences have not been read by a native.
LO = "ຍິນດີຕ້ອນຮັບສູ່ດ່ານຊາຍແດນສາກົນໂບອີ (Bờ\u00a0Y), ກະລຸນາປະຕິບັດຕາມກົດລະບຽບຕ່າງໆຂອງດ່ານ"
KM = "សូមស្វាគមន៍មកកាន់ច្រកព្រំដែនអន្តរជាតិ Bờ\u00a0Y។ សូមគោរពច្បាប់ផ្សេងៗរបស់ស្ត្រី និងកុមារ"
EN = "Welcome to the Bờ\u00a0Y international border gate, please have your papers ready"
TALLEST_STACKS = {
    "vi": "ẴẪỂỖ Ộ gạy Ơ\u0306Ê\u0306 ẴẪỂỖ Ộ gạy",
    "lo": "ນ້ຳປື້ມຫຼູຍິ້ມກົ້ວສິ່ງຢູ່ ນ້ຳປື້ມ",
    "km": "ខ្ញុំផ្លូវស្ត្រ៊ីង្ក្រ៊ាំញ្ញឹឡើង្គ ខ្ញុំផ្លូវ",
}


def caption(text: str, position: Position = Position.BOTTOM) -> Caption:
    return Caption(DurationMs(0), DurationMs(1000), text, position)


def size(canvas: tuple[int, int]) -> QSize:
    return QSize(*canvas)


@pytest.fixture(scope="module", autouse=True)
def quiet_qt() -> Iterator[None]:
    """A GUI application without a screen; whatever Qt says is a fault."""
    application = QGuiApplication.instance() or QGuiApplication(["test", "-platform", "offscreen"])
    said: list[str] = []

    def hear(_kind: QtMsgType, _context: object, message: str) -> None:
        said.append(message)

    qInstallMessageHandler(hear)
    yield
    qInstallMessageHandler(None)
    assert application is not None
    assert said == []


@pytest.fixture(name="painter")
def a_painter() -> CaptionPainter:
    return CaptionPainter(["vi", "lo", "km"])


def on_canvas(overlays: tuple[Overlay, ...], canvas: QSize, background: str = "#3a7a8a") -> QImage:
    picture = QImage(canvas, QImage.Format.Format_RGB32)
    picture.fill(QColor(background))
    painter = QPainter(picture)
    for overlay in overlays:
        painter.drawImage(overlay.position, overlay.image)
    painter.end()
    return picture


def grey(picture: QImage) -> list[bytes]:
    """The rows of a picture as one byte a pixel, 255 being white."""
    flat = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels, stride = bytes(flat.constBits()), flat.bytesPerLine()
    return [pixels[row * stride : row * stride + flat.width()] for row in range(flat.height())]


def inked_rows(overlay: Overlay, canvas: QSize) -> list[tuple[int, int]]:
    """First row and height of each band of rows with white in it, in canvas pixels."""
    rows = [max(row) > 128 for row in grey(on_canvas((overlay,), canvas, "black"))]
    starts = [y for y, inked in enumerate(rows) if inked and not rows[y - 1]]
    return [(y, next(n for n in range(len(rows) - y) if not rows[y + n])) for y in starts]


def place(overlay: Overlay) -> QRect:
    return QRect(overlay.position, overlay.image.size())


@pytest.mark.parametrize(("language", "text"), [("lo", LO), ("km", KM), ("en", EN)], ids=["lo", "km", "en"])
@pytest.mark.parametrize("canvas", [(1280, 720), (384, 1024)], ids=["1280x720", "384x1024"])
def test_it_looks_as_it_did(
    painter: CaptionPainter, language: str, text: str, canvas: tuple[int, int], tmp_path: Path
) -> None:
    drawn = on_canvas(painter.render([("vi", [caption(VI)]), (language, [caption(text)])], size(canvas)), size(canvas))
    golden = GOLDEN / f"vi-{language}-{canvas[0]}x{canvas[1]}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        assert drawn.save(str(golden))
    expected = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    assert drawn.save(str(tmp_path / golden.name))
    assert drawn.size() == expected.size()
    pairs = zip(b"".join(grey(drawn)), b"".join(grey(expected)), strict=True)
    differing = sum(abs(one - other) > 64 for one, other in pairs)
    assert differing < 0.001 * canvas[0] * canvas[1], f"see {tmp_path / golden.name}"


@pytest.mark.parametrize("canvas", CANVASES)
@pytest.mark.parametrize("language", ["vi", "lo", "km"])
def test_no_mark_is_clipped(painter: CaptionPainter, language: str, canvas: tuple[int, int]) -> None:
    """The tallest stacks of each script keep clear of the edges of the box."""
    (overlay,) = painter.render([(language, [caption(TALLEST_STACKS[language])])], size(canvas))
    rows = grey(on_canvas((replace(overlay, position=QPoint(0, 0)),), overlay.image.size(), "black"))
    assert max(max(row) for row in rows) > 240
    edges = [*rows[0], *rows[-1], *(row[0] for row in rows), *(row[-1] for row in rows)]
    assert max(edges) == 0


@pytest.mark.parametrize("canvas", CANVASES)
@pytest.mark.parametrize(("language", "letter"), [("lo", "ກ"), ("km", "ក"), ("en", "x")])
def test_the_second_language_is_smaller(
    painter: CaptionPainter, language: str, letter: str, canvas: tuple[int, int]
) -> None:
    """At most 3/4 of the first one's drawn letters, and not much less; both as the canvas asks."""
    (overlay,) = painter.render([("vi", [caption("xxx")]), (language, [caption(letter * 3)])], size(canvas))
    (_, first), *bands = inked_rows(overlay, size(canvas))
    second = sum(bands[-1]) - bands[0][0]
    capital = first * 714 / 536
    assert abs(capital - min(canvas[1] / 18, canvas[0] / 20)) <= 2
    assert second - 1 <= 0.75 * first
    assert second + 1 >= 0.68 * first


@pytest.mark.parametrize("background", ["white", "black", "#ffff00", "#00ffff"])
def test_contrast_on_any_picture(painter: CaptionPainter, background: str) -> None:
    """4.5 to 1 between the letters and the box, by the formula of WCAG 2."""
    (overlay,) = painter.render([("vi", [caption("Bờ Y")])], HD)
    picture = on_canvas((overlay,), HD, background)

    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    within = place(overlay)
    middle = [
        luminance(picture.pixelColor(x, within.center().y())) for x in range(within.left() + 30, within.right() - 30)
    ]
    box = luminance(picture.pixelColor(within.center().x(), within.top() + 4))
    assert min(middle) == pytest.approx(box)
    assert (max(middle) + 0.05) / (box + 0.05) >= 4.5


@pytest.mark.parametrize("canvas", CANVASES)
@pytest.mark.parametrize("length", [1, 3, 12])
def test_everything_stays_inside_the_safe_area(painter: CaptionPainter, canvas: tuple[int, int], length: int) -> None:
    """However much text there is, at both ends at once."""
    vi, lo = [caption(VI * length)], [caption(LO * length)]
    top = [caption(VI * length, Position.TOP)]
    above, below = painter.render([("vi", vi + top), ("lo", lo)], size(canvas))
    across, down = round(canvas[0] * 0.05), round(canvas[1] * 0.05)
    safe = QRect(QPoint(0, 0), size(canvas)).adjusted(across, down, -across, -down)
    assert safe.adjusted(-1, -1, 1, 1).contains(place(above))
    assert safe.adjusted(-1, -1, 1, 1).contains(place(below))
    assert not place(above).intersects(place(below))


def test_vietnamese_stands_first_and_the_other_follows_it(painter: CaptionPainter) -> None:
    """Whatever order and position the other language's file has."""
    straight = painter.render([("vi", [caption("Xin chào")]), ("lo", [caption("ສະບາຍດີ")])], HD)
    turned = painter.render([("lo", [caption("ສະບາຍດີ", Position.TOP)]), ("vi", [caption("Xin chào")])], HD)
    assert [(one.image, one.position) for one in turned] == [(one.image, one.position) for one in straight]


def test_alone_the_second_language_keeps_its_size_and_place(painter: CaptionPainter) -> None:
    """Nothing grows or jumps when the Vietnamese caption ends first."""
    (both,) = painter.render([("vi", [caption("Xin chào")]), ("lo", [caption("ກກກ")])], HD)
    (alone,) = painter.render([("vi", []), ("lo", [caption("ກກກ")])], HD)
    assert inked_rows(alone, HD) == inked_rows(both, HD)[-1:]
    (top,) = painter.render([("vi", []), ("lo", [caption("ກກກ", Position.TOP)])], HD)
    assert top.position.y() == 54


def test_nothing_to_show_is_nothing(painter: CaptionPainter) -> None:
    assert painter.render([], HD) == ()
    assert painter.render([("vi", []), ("lo", [])], HD) == ()


def test_what_was_prepared_is_only_looked_up(painter: CaptionPainter) -> None:
    shown = [("vi", [caption(VI)]), ("km", [caption(KM)])]
    steps = sum(1 for _ in painter.prepare(shown, HD))
    assert steps > 5
    first = painter.render(shown, HD)
    assert painter.render(shown, HD) is first
    assert next(painter.prepare(shown, HD), "done") == "done"
    whole = CaptionPainter().render(shown, HD)
    assert [one.image for one in first] == [one.image for one in whole]


def test_a_preparation_goes_on_where_it_was_left(painter: CaptionPainter) -> None:
    shown = [("vi", [caption(VI)])]
    all_steps = sum(1 for _ in CaptionPainter().prepare(shown, HD))
    for _ in range(3):
        next(painter.prepare(shown, HD))
    assert sum(1 for _ in painter.prepare(shown, HD)) == all_steps - 3
    next(painter.prepare([("vi", [caption("khác")])], HD))
    assert len(painter.render(shown, HD)) == 1
    next(painter.prepare([("vi", [caption("dở dang")])], HD))
    assert [one.image for one in painter.render([("vi", [caption("dở dang")])], HD)] == [
        one.image for one in CaptionPainter().render([("vi", [caption("dở dang")])], HD)
    ]


def test_a_new_canvas_is_a_new_picture(painter: CaptionPainter) -> None:
    shown = [("vi", [caption("Bờ Y")])]
    assert painter.render(shown, HD)[0].image.width() > painter.render(shown, QSize(640, 360))[0].image.width()


def test_only_the_last_few_are_remembered(painter: CaptionPainter) -> None:
    """An hour of captions must not become an hour of pictures; the ones asked for last are kept."""
    shown = [[("vi", [caption(f"câu {number}")])] for number in range(3)]
    first, second = (painter.render(one, HD) for one in shown[:2])
    assert painter.render(shown[0], HD) is first
    assert list(painter.prepare([("vi", [])], HD)) == []
    assert painter.render([("vi", [])], HD) == ()
    painter.render(shown[2], HD)
    assert painter.render(shown[0], HD) is first
    assert painter.render(shown[1], HD) is not second


def test_measures_and_sizes_are_not_remembered_for_ever() -> None:
    """Past its bounds the typeface begins anew, and says the same."""
    typeface = Typeface()
    sizes = dict.fromkeys(Script, 20.0)
    before = typeface.advance("Bờ", sizes)
    for number in range(4200):
        typeface.advance(f"x{number}", sizes)
    assert typeface.advance("Bờ", sizes) == before
    for size in range(40, 80):
        width = typeface.shaped("Bờ", dict.fromkeys(Script, size / 4)).width
        assert width == pytest.approx(before * size / 80, rel=0.01)


def test_unknown_characters_never_come_from_the_system(painter: CaptionPainter) -> None:
    """A font of the machine would draw them otherwise on every machine."""
    (foreign,) = painter.render([("vi", [caption("a 中ก😀 b")])], HD)
    (replaced,) = painter.render([("vi", [caption("a \ufffd\ufffd\ufffd b")])], HD)
    assert foreign.image == replaced.image


def test_the_fonts_hold_what_the_cutting_into_runs_believes() -> None:
    for face in FACES:
        font = QRawFont(str(face.path), 20)
        script = Script(face.script.value)
        neutral = [chr(code) for code in range(0x20, 0x2C00) if not chr(code).isalpha() and code != 0x7F]
        if script is not Script.LATIN:
            believed = {character for character in neutral if shipped_font_holds(script, character)}
            assert {character for character in believed if not font.supportsCharacter(ord(character))} == set()


def test_a_font_that_cannot_be_loaded_is_the_sites_fault(tmp_path: Path) -> None:
    broken = tmp_path / "NotoSans-Regular.ttf"
    broken.write_bytes(b"no font")
    with pytest.raises(SiteError, match=r"font file cannot be loaded: .*NotoSans-Regular\.ttf"):
        Typeface([replace(FACES[0], path=broken)])


def test_memory_of_large_letters_is_bounded() -> None:
    """On a 4K canvas every letter is a picture of its own; hundreds of different ones do not pile up."""
    glyphs = GlyphPainter(QColor("white"))
    letters = "".join(chr(code) for code in range(0xC0, 0x250))
    line = Typeface().shaped(letters, dict.fromkeys(Script, 168.0))
    picture = QImage(2000, 400, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    line.draw(painter, 0, 250, glyphs)
    painter.end()
    assert REMEMBERED_BYTES * 0.9 < glyphs.remembered_bytes <= REMEMBERED_BYTES
