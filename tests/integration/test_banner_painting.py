"""The banner's strip as it is drawn: compared with pictures somebody has looked at, and measured.

``UPDATE_GOLDEN=1 pytest tests/integration/test_banner_painting.py`` draws the pictures anew; look at them then.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from player.bulletins.contrast import contrast
from player.fitting import Size
from player.stage.banner import ACCENT, GROUND, TEXT, BannerPainter, Drawn
from player.zoning import Box, floorplan
from playlists.screen import Layout, Zone, ZoneKind

if TYPE_CHECKING:
    from collections.abc import Generator

GOLDEN = Path(__file__).parents[1] / "golden" / "zones"
SENTENCE = "Đang nhập dữ liệu từ USB: 42 %. Xin đừng rút thiết bị ra."
OVER = Layout((Zone(ZoneKind.MAIN, 0, 0, 100, 100), Zone(ZoneKind.LOGO, 30, 70, 25, 30)))

pytestmark = pytest.mark.usefixtures("offscreen_qt")


def drawn(text: str, size: tuple[int, int], layout: Layout | None = None) -> Drawn | None:
    steps: Generator[None, None, Drawn | None] = BannerPainter().steps(text, floorplan(layout or Layout(), Size(*size)))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Drawn | None = end.value
            return found


def strip(text: str, size: tuple[int, int], layout: Layout | None = None) -> Drawn:
    found = drawn(text, size, layout)
    assert found is not None
    return found


def letters_in(image: QImage) -> Box:
    """The smallest box around all that is written."""
    lit = [
        (x, y)
        for y in range(image.height())
        for x in range(image.width())
        if image.pixelColor(x, y).red() > 0x60 and image.pixelColor(x, y).blue() > 0xB0
    ]
    columns, rows = [x for x, _y in lit], [y for _x, y in lit]
    return Box(min(columns), min(rows), max(columns) - min(columns) + 1, max(rows) - min(rows) + 1)


@pytest.mark.parametrize("size", [(1280, 720), (384, 1024)])
def test_a_banner_looks_as_somebody_has_seen_it(size: tuple[int, int], tmp_path: Path) -> None:
    image = strip(SENTENCE, size).image
    name = f"banner-{size[0]}x{size[1]}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        assert image.save(str(GOLDEN / name))
    expected = QImage(str(GOLDEN / name)).convertToFormat(QImage.Format.Format_RGB32)
    assert image.save(str(tmp_path / name))
    assert image.size() == expected.size()
    both = zip(bytes(image.constBits()), bytes(expected.constBits()), strict=True)
    assert sum(abs(one - other) > 64 for one, other in both) < 0.003 * image.width() * image.height()


@pytest.mark.parametrize("size", [(1920, 1080), (640, 360), (384, 1024), (1080, 1920), (1024, 384)])
def test_it_stands_at_the_lower_edge_with_letters_large_enough_and_nothing_touches_the_rim(
    size: tuple[int, int],
) -> None:
    found = strip("HHHH ẴỖg", size)
    assert (found.box.x, found.box.bottom, found.box.width) == (0, size[1], size[0])
    assert (found.image.width(), found.image.height()) == (found.box.width, found.box.height)
    assert found.box.height <= 0.25 * size[1]
    inside = letters_in(found.image)
    assert inside.y > 0.09 * found.box.height
    assert inside.bottom < found.box.height
    capital = letters_in(strip("HHHH", size).image).height
    assert capital >= min(size[1] / 22, size[0] / 24) * 0.96


@pytest.mark.parametrize("words", [8, 40, 400])
def test_a_long_sentence_is_set_smaller_or_cut_off_but_never_larger_than_a_quarter(words: int) -> None:
    found = strip(" ".join(["nhập"] * words), (640, 360))
    assert found.box.height <= 0.25 * 360
    inside = letters_in(found.image)
    assert inside.x > 0
    assert inside.right < 640


def test_its_rule_is_on_the_side_of_the_picture() -> None:
    below = strip("H", (640, 360))
    assert below.image.pixelColor(0, 0) == ACCENT
    assert below.image.pixelColor(0, below.box.height - 1) == GROUND
    above = strip("H", (640, 360), OVER)
    assert above.box.y == 0
    assert above.image.pixelColor(0, 0) == GROUND
    assert above.image.pixelColor(0, above.box.height - 1) == ACCENT


def test_nothing_is_drawn_without_words_or_room() -> None:
    assert drawn("  \n ", (640, 360)) is None
    pillars = tuple(Zone(ZoneKind.LOGO, left, 0, 30, 95) for left in (0, 35, 70))
    assert drawn("H", (640, 360), Layout((Zone(ZoneKind.MAIN, 0, 0, 100, 100), *pillars))) is None


def test_it_can_be_read_in_bad_light() -> None:
    assert contrast(TEXT.name(), GROUND.name()) >= 7


def test_a_canvas_of_a_few_pixels_breaks_nothing() -> None:
    for size in ((1, 1), (9, 16), (640, 3), (3, 640), (64, 36)):
        drawn(SENTENCE, size)
