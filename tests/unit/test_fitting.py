"""Where a picture goes on a canvas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.fitting import Fit, Size, display_size, fitted, made_for

SIDES = st.integers(1, 8192)
SIZES = st.builds(Size, SIDES, SIDES)
CANVASES = st.builds(Size, st.integers(64, 4096), st.integers(64, 4096))


@pytest.mark.parametrize(
    ("picture", "canvas", "fit", "expected"),
    [
        (Size(1280, 720), Size(1920, 1080), Fit.CONTAIN, Size(1920, 1080)),
        (Size(640, 480), Size(1920, 1080), Fit.CONTAIN, Size(1440, 1080)),
        (Size(640, 480), Size(1920, 1080), Fit.COVER, Size(1920, 1440)),
        (Size(1080, 1920), Size(1920, 1080), Fit.CONTAIN, Size(608, 1080)),
        (Size(1366, 768), Size(1920, 1080), Fit.CONTAIN, Size(1920, 1080)),  # 1079.5 lines
        (Size(1920, 1080), Size(384, 1024), Fit.CONTAIN, Size(384, 216)),
        (Size(8000, 10), Size(640, 480), Fit.CONTAIN, Size(640, 1)),
        (Size(8000, 10), Size(640, 480), Fit.COVER, Size(640, 1)),  # covering would take 384000 columns
    ],
)
def test_usual_and_odd_shapes(picture: Size, canvas: Size, fit: Fit, expected: Size) -> None:
    assert fitted(picture, canvas, fit) == expected


@given(SIZES, CANVASES)
def test_a_contained_picture_lies_within_and_touches_two_edges(picture: Size, canvas: Size) -> None:
    size = fitted(picture, canvas, Fit.CONTAIN)
    assert 1 <= size.width <= canvas.width
    assert 1 <= size.height <= canvas.height
    assert size.width == canvas.width or size.height == canvas.height


@given(SIZES, CANVASES)
def test_a_covering_picture_covers_unless_that_takes_too_much_memory(picture: Size, canvas: Size) -> None:
    size = fitted(picture, canvas, Fit.COVER)
    covers = size.width >= canvas.width and size.height >= canvas.height
    assert covers or size == fitted(picture, canvas, Fit.CONTAIN)
    assert size.pixels <= 4 * canvas.pixels


@given(SIZES, CANVASES, st.sampled_from(Fit))
def test_the_shape_is_kept_to_the_pixel(picture: Size, canvas: Size, fit: Fit) -> None:
    size = fitted(picture, canvas, fit)
    off_in_width = abs(size.width - picture.width * size.height / picture.height)
    off_in_height = abs(size.height - picture.height * size.width / picture.width)
    assert min(off_in_width, off_in_height) <= 1.5


@given(SIZES, SIZES)
def test_a_picture_of_the_canvas_size_stays(picture: Size, canvas: Size) -> None:
    assert fitted(canvas, canvas, Fit.CONTAIN) == fitted(canvas, canvas, Fit.COVER) == canvas
    assert picture.turned(90).turned(270) == picture
    assert picture.turned(180) == picture.turned(0) == picture


@pytest.mark.parametrize(
    ("stored", "sar", "rotation", "expected"),
    [
        (Size(1280, 720), (1, 1), 0, Size(1280, 720)),
        (Size(720, 576), (64, 45), 0, Size(1024, 576)),  # PAL, wide
        (Size(720, 576), (16, 15), 0, Size(768, 576)),
        (Size(720, 480), (8, 9), 0, Size(720, 540)),  # NTSC: taller, not narrower
        (Size(1920, 1080), (1, 1), 90, Size(1080, 1920)),
        (Size(1440, 1080), (4, 3), 270, Size(1080, 1920)),
        (Size(1, 1), (1, 1000), 0, Size(1, 1000)),
    ],
)
def test_what_a_clip_is_meant_to_be_seen_at(stored: Size, sar: tuple[int, int], rotation: int, expected: Size) -> None:
    assert display_size(stored, sar, rotation) == expected


@given(SIZES, st.integers(1, 100), st.integers(1, 100))
def test_no_line_and_no_column_is_thrown_away(stored: Size, num: int, den: int) -> None:
    size = display_size(stored, (num, den), 0)
    assert size.width >= stored.width
    assert size.height >= stored.height


@given(SIZES, CANVASES, st.sampled_from(Fit))
def test_a_fitted_picture_is_known_to_be_made_for_its_canvas(picture: Size, canvas: Size, fit: Fit) -> None:
    size = fitted(picture, canvas, fit)
    assert made_for(size, canvas)
    assert not made_for(size, Size(size.width + 1, size.height + 1))
