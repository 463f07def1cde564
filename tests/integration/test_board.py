"""What is mixed in memory the X server reads: captions over a picture, and one picture over another."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage

from player.fitting import Size
from player.performance import Picture
from player.ring import stride_of
from player.stage.board import Board, Glass
from player.stage.mixing import Layered, Mixer
from tests.support.screen import near

RED, BLUE = QColor(200, 0, 0), QColor(0, 0, 200)

pytestmark = pytest.mark.usefixtures("offscreen_qt")


def flat(colour: QColor, width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def colour_at(pixels: memoryview, stride: int, x: int, y: int) -> tuple[int, int, int]:
    blue, green, red = pixels[y * stride + 4 * x : y * stride + 4 * x + 3]
    return red, green, blue


def test_what_is_painted_on_a_board_lies_in_its_ring() -> None:
    board = Board(Size(30, 20))
    assert colour_at(board.ring.pixels(0), board.ring.stride, 29, 19) == (0, 0, 0)
    board.image.fill(RED)
    assert colour_at(board.ring.pixels(0), board.ring.stride, 29, 19) == (200, 0, 0)


def test_through_a_glass_the_picture_is_seen_where_there_is_one_and_black_elsewhere() -> None:
    glass = Glass(Size(64, 32))
    box = QImage(40, 20, QImage.Format.Format_ARGB32_Premultiplied)
    box.fill(QColor(0, 0, 0, 128))
    glass.mix(flat(RED, 100, 50), QPoint(80, 10), box)
    ring = glass.board.ring
    seen = [colour_at(ring.pixels(0), ring.stride, x, 5) for x in (0, 19, 20, 39)]
    assert seen[0] == seen[1]
    assert near(seen[0], (100, 0, 0), 1)
    assert seen[2] == seen[3] == (0, 0, 0)
    assert colour_at(ring.pixels(0), ring.stride, 40, 5) == (0, 0, 0), "nothing outside the box"
    assert glass.takes(Size(64, 32))
    assert not glass.takes(Size(65, 1))


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_mixture_has_its_share_of_both_and_bars_fade_like_pictures(share: float) -> None:
    main = QRect(10, 10, 80, 40)
    mixer = Mixer(main)
    below = Layered(None, flat(RED, 80, 40), main)
    above = Layered(None, flat(BLUE, 40, 40), QRect(30, 10, 40, 40))
    picture = mixer.mixed(below, above, share)
    assert picture is not None
    inside = colour_at(picture.pixels, picture.stride, 40, 20)
    bar = colour_at(picture.pixels, picture.stride, 5, 20)
    assert near(inside, (round(200 * (1 - share)), 0, round(200 * share)), 2)
    assert near(bar, (round(200 * (1 - share)), 0, 0), 2)


def test_a_picture_made_for_another_size_is_mixed_at_the_place_it_has() -> None:
    mixer = Mixer(QRect(0, 0, 80, 40))
    picture = mixer.mixed(Layered(None, flat(RED, 20, 10), QRect(0, 0, 80, 40)), None, 0.0)
    assert picture is not None
    assert colour_at(picture.pixels, picture.stride, 79, 39) == (200, 0, 0)


def test_a_mixer_has_three_pictures_and_gets_them_back() -> None:
    mixer = Mixer(QRect(0, 0, 8, 4))
    below = Layered(None, flat(RED, 8, 4), QRect(0, 0, 8, 4))
    made = [mixer.mixed(below, None, 0.0) for _ in range(4)]
    assert made[3] is None
    assert made[0] is not None
    made[0].release()
    assert mixer.mixed(below, None, 0.0) is not None


def test_a_layer_gives_its_picture_back_once() -> None:
    pixels = bytearray(stride_of(8) * 4)
    layer = Layered(Picture(memoryview(pixels), Size(8, 4), stride_of(8)), flat(RED, 8, 4), QRect(0, 0, 8, 4))
    layer.release()
    assert layer.picture is None
    layer.release()
