"""Bulletins as they are drawn: compared with pictures somebody has looked at, and measured.

``UPDATE_GOLDEN=1 pytest tests/integration/test_bulletin_painting.py`` draws the pictures anew; look at them then.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter

from player.bulletins.insets import code_of
from player.bulletins.lettering import Lettering
from player.bulletins.level import level_bar
from player.bulletins.level_scale import lit_width
from player.bulletins.looks import LOOKS, LookName
from player.bulletins.page import Area
from player.bulletins.setting import SetBulletin, Setter
from player.bulletins.wanted import Wanted
from player.fitting import Size
from playlists.bulletin import Bulletin, BulletinText
from playlists.errors import ContentError
from playlists.media import MediaError
from playlists.proof import Rendition
from tests.support.bulletins import LINK, TEXTS, bulletin, urgent

GOLDEN = Path(__file__).parents[1] / "golden" / "bulletins"
POSTER = Path(__file__).parents[2] / "deploy" / "demo-content" / "bo-y" / "06-ap-phich-mang-den-vi-en.jpg"
HD, COLUMN, UPRIGHT = Size(1280, 720), Size(384, 1024), Size(720, 1280)
PICTURES = {
    "day-vi-lo": (bulletin("vi", "lo"), HD, "day"),
    "day-vi-km": (bulletin("vi", "km"), COLUMN, "day"),
    "day-vi-en": (bulletin("vi", "en", link=LINK), UPRIGHT, "day"),
    "night-vi-km": (bulletin("vi", "km", link=LINK), HD, "night"),
    "night-vi-lo": (bulletin("vi", "lo"), COLUMN, "night"),
    "ceremony-vi-en": (bulletin("vi", "en"), HD, "ceremony"),
    "ceremony-vi-lo": (bulletin("vi", "lo"), UPRIGHT, "ceremony"),
    "three-vi-lo-en": (bulletin("vi", "lo", "en"), UPRIGHT, "day"),
    "urgent-vi-lo": (urgent("lo"), HD, "day"),
    "urgent-vi-km-night": (urgent("km"), COLUMN, "night"),
}
MINORITY_LETTERS = {
    "jra-Latn": "ăâčĕê ê\u0306 đeiơ ơ\u0306 ô ô\u0306 ư ư\u0306 c\u0306 ñ ŏ ŭ ĭ Ă Â Č Ê\u0306 Ô\u0306 Ơ\u0306 Ư\u0306",
    "bdq": "ă â đ ĕ ê ê\u0306 ĭ ñ ŏ ô ô\u0306 ơ ơ\u0306 ŭ ư ư\u0306 Ŏ Ŭ Ĕ Ĭ",
    "sed": "ă â đ ê ô ơ ư á é í ó ú",
    "jeh": "ă â đ ê ô ơ ư ŏ ŭ ĕ ĭ",
    "jra-Khmr": "កខគឃង អាឥឦ ា ិ ី ឹ ឺ ុ ូ",
}
"""Letters as the domain sheet and the alphabets in use have them; no sentence of these languages is ours to write."""


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


@pytest.fixture(scope="module", name="setter")
def a_setter() -> Setter:
    return Setter()


def painted(setter: Setter, made: SetBulletin, number: int = 0) -> QImage:
    image = QImage(made.canvas.width, made.canvas.height, QImage.Format.Format_RGB32)
    setter.paint(made, number, image)
    return image


def grey(picture: QImage) -> bytes:
    flat = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels, stride = bytes(flat.constBits()), flat.bytesPerLine()
    return b"".join(pixels[row * stride : row * stride + flat.width()] for row in range(flat.height()))


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(setter: Setter, name: str, tmp_path: Path) -> None:
    content, canvas, look = PICTURES[name]
    drawn = painted(setter, setter.set(Wanted(content, canvas, look)))
    golden = GOLDEN / f"{name}-{canvas.width}x{canvas.height}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        writer = QImageWriter(str(golden), b"png")
        writer.setCompression(100)
        assert writer.write(drawn.convertToFormat(QImage.Format.Format_RGB888))
    expected = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    assert drawn.save(str(tmp_path / golden.name))
    assert drawn.size() == expected.size()
    differing = sum(abs(one - other) > 64 for one, other in zip(grey(drawn), grey(expected), strict=True))
    assert differing < 0.001 * canvas.width * canvas.height, f"see {tmp_path / golden.name}"


@pytest.mark.parametrize("look", list(LookName))
@pytest.mark.parametrize("canvas", [HD, COLUMN, UPRIGHT, Size(1024, 384), Size(3840, 2160)], ids=str)
@pytest.mark.parametrize("languages", [("vi", "lo"), ("vi", "km"), ("vi", "en"), ("vi", "lo", "en")], ids=str)
def test_what_is_measured_keeps_the_rules(setter: Setter, look: str, canvas: Size, languages: tuple[str, ...]) -> None:
    """Drawn heights at most 3/4 part by part, every character drawn, contrast 4.5:1, letters as large as wanted."""
    facts = setter.set(Wanted(bulletin(*languages), canvas, look)).facts
    for second in languages[1:]:
        assert 0.68 <= facts.ratio("vi", second) <= 0.75
    assert facts.missing == {}
    assert facts.not_nfc == ()
    assert facts.least_contrast >= 4.5
    assert facts.letter >= facts.smallest - 0.01
    assert len(facts.times_ms) == facts.pages
    assert facts.lonely == 0


@pytest.mark.parametrize("look", list(LookName))
def test_urgent_ones_are_readable_in_any_house(setter: Setter, look: str) -> None:
    facts = setter.set(Wanted(urgent("lo"), HD, look, {"text": "#808080", "background": "#818181"})).facts
    assert facts.look == "urgent"
    assert facts.adjusted == ()
    assert min(ratio for use, ratio in facts.contrast.items() if use != "accent") >= 4.5


@pytest.mark.parametrize("canvas", [HD, COLUMN, Size(1024, 384), Size(720, 1280)], ids=str)
@pytest.mark.parametrize("language", ["vi", "lo", "km", "en"])
def test_no_letter_reaches_the_edge_or_its_neighbours(setter: Setter, canvas: Size, language: str) -> None:
    """What is painted of a page's letters lies within the room that was planned for its lines."""
    content = Bulletin((TEXTS[language], BulletinText("vi", "ẴẪỂỖ Ộ gạy", "ẴẪỂỖ Ộ gạy")))
    made = setter.set(Wanted(content, canvas))
    page = made.plan.pages[0]
    with_letters, without = (QImage(canvas.width, canvas.height, QImage.Format.Format_RGB32) for _ in range(2))
    setter.paint(made, 0, with_letters)
    plain = replace(made, plan=replace(made.plan, pages=(replace(page, lines=()),)))
    setter.paint(plain, 0, without)
    rooms = [line.area for line in page.lines]
    one, other = grey(with_letters), grey(without)
    outside = 0
    for place, (lit, dark) in enumerate(zip(one, other, strict=True)):
        if abs(lit - dark) > 48:
            dot = Area(place % canvas.width, place // canvas.width, 1, 1)
            outside += not any(room.holds(dot, slack=2) for room in rooms)
    assert outside == 0


@pytest.mark.parametrize("language", MINORITY_LETTERS)
def test_every_letter_of_the_minority_languages_is_drawn(language: str) -> None:
    """Coverage only: what their texts should say is for those who speak them."""
    assert Lettering().missing(MINORITY_LETTERS[language]) == ""


def test_a_character_without_a_glyph_is_reported_by_language(setter: Setter) -> None:
    content = Bulletin((BulletinText("vi", "Bờ 中 Y", "e\u0302"), BulletinText("lo", "ດີ ก")), issuer="Đồn 😀")
    facts = setter.set(Wanted(content, HD)).facts
    assert facts.missing == {"vi": "中", "lo": "ก", "": "😀"}
    assert facts.not_nfc == ("vi",)


def test_picture_and_logo_stand_in_their_places(setter: Setter) -> None:
    data = POSTER.read_bytes()
    content = Bulletin((TEXTS["vi"],), issuer="Đồn", picture="x")
    made = setter.set(Wanted(content, HD, picture=data, logo=data))
    page = made.plan.pages[0]
    assert page.picture is not None
    assert page.logo is not None
    assert page.picture.width / page.picture.height == pytest.approx(1920 / 1080, rel=0.01)
    with_both, without = painted(setter, made), painted(setter, setter.set(Wanted(content, HD)))
    for place in (page.picture, page.logo):
        middle = round(place.x + place.width / 2), round(place.y + place.height / 2)
        assert with_both.pixelColor(*middle) != without.pixelColor(*middle)


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        (Wanted(bulletin("vi"), HD, "dawn"), "no look 'dawn'"),
        (Wanted(bulletin("vi"), HD, colours={"text": "red"}), "'red' is not a colour"),
        (Wanted(bulletin("vi", link="x" * 3000), HD), "too long for a QR code"),
    ],
    ids=["look", "colour", "link"],
)
def test_what_cannot_be_set_is_the_operators_to_put_right(setter: Setter, wanted: Wanted, complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint):
        setter.set(wanted)


def test_what_is_no_picture_is_refused(setter: Setter) -> None:
    content = Bulletin((TEXTS["vi"],), rendition=Rendition.IMAGE, picture="x")
    with pytest.raises(MediaError):
        setter.set(Wanted(content, HD, picture=b"no picture at all"))


def test_a_code_is_square_and_says_what_it_was_given() -> None:
    code = code_of(LINK)
    assert len({len(row) for row in code} | {len(code)}) == 1
    assert code[0][:8] == (True,) * 7 + (False,)
    assert code_of(LINK) != code_of(f"{LINK}/1")


def test_the_level_bar_fills_from_the_left() -> None:
    size, look = Size(400, 40), LOOKS[LookName.DAY]
    empty, half, full = (level_bar(level, size, look) for level in (0.0, 0.5, 1.0))
    edge = lit_width(0.5, size)
    assert half.copy(0, 0, edge, 40) == full.copy(0, 0, edge, 40)
    assert half.copy(edge, 0, 400 - edge, 40) == empty.copy(edge, 0, 400 - edge, 40)
    assert full != half
    assert empty.pixelColor(390, 0) == QColor(look.below)
    assert (lit_width(-1, size), lit_width(2, size)) == (68, 400)
