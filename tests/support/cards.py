"""Test cards: four coloured corners that tell where a picture's corners went, as clips and as stills."""

from fractions import Fraction
from pathlib import Path

import av

from tests.support.screen import Box, Colour, Screenshot, near

RED: Colour = (220, 30, 30)
GREEN: Colour = (30, 200, 40)
BLUE: Colour = (40, 50, 220)
YELLOW: Colour = (230, 220, 40)
GREY: Colour = (128, 128, 128)
UPRIGHT = (RED, GREEN, YELLOW, BLUE)
"""Clockwise from the upper left."""


def make_card_clip(
    path: Path,
    size: tuple[int, int],
    *,
    aspect: Fraction = Fraction(1),
    rotation: int = 0,
    frames: int = 50,
) -> Path:
    """Write a clip of a standing test card, 25 frames a second; ``rotation`` is clockwise, to be done by the player."""
    return _encode(path, _card(size), frames, aspect, rotation)


def make_plain_clip(path: Path, colour: Colour, *, size: tuple[int, int] = (160, 90), frames: int = 25) -> Path:
    """Write a clip all of one colour, 25 frames a second, each frame with a small moving mark of its own."""
    return _encode(path, _painted(size, [bytes(colour) * size[0]] * size[1]), frames, Fraction(1), 0, moving=True)


def make_card_still(path: Path, size: tuple[int, int]) -> Path:
    """Write a test card as PNG."""
    context = av.CodecContext.create("png", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = *size, "rgb24"
    context.time_base = Fraction(1, 25)
    path.write_bytes(b"".join(bytes(packet) for packet in [*context.encode(_card(size)), *context.encode(None)]))
    return path


def corners_in(shot: Screenshot, box: Box) -> tuple[Colour | None, ...]:
    """The card's colours near the corners of a box, clockwise from the upper left; None for another colour."""
    left, top, right, bottom = box
    dx, dy = (right - left) // 8, (bottom - top) // 8
    places = ((left + dx, top + dy), (right - dx, top + dy), (right - dx, bottom - dy), (left + dx, bottom - dy))
    return tuple(_named(shot.pixel(x, y)) for x, y in places)


def _named(found: Colour) -> Colour | None:
    return next((colour for colour in (*UPRIGHT, GREY) if near(found, colour)), None)


def _encode(
    path: Path, picture: av.VideoFrame, frames: int, aspect: Fraction, rotation: int, *, moving: bool = False
) -> Path:
    with av.open(str(path), "w") as container:
        # All intra at one quality: equal pictures stay equal to the bit.
        options = {"preset": "ultrafast", "x264-params": "keyint=1:qp=16:log-level=none"}
        stream = container.add_stream("libx264", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        if rotation:
            stream.set_display_rotation(-rotation)
        luma = bytes(picture.reformat(format="yuv420p").planes[0])
        for number in range(frames):
            frame = picture.reformat(format="yuv420p")
            if moving:
                at = 8 * (number % (frame.width // 8))
                frame.planes[0].update(luma[:at] + bytes([255]) * 8 + luma[at + 8 :])
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _card(size: tuple[int, int]) -> av.VideoFrame:
    """Each corner's quarter of width and height in its colour, the rest grey."""
    width, height = size
    left, middle, right = width // 4, width - 2 * (width // 4), width // 4

    def row(first: Colour, last: Colour) -> bytes:
        return bytes(first) * left + bytes(GREY) * middle + bytes(last) * right

    upper, between, lower = row(RED, GREEN), bytes(GREY) * width, row(BLUE, YELLOW)
    quarter = height // 4
    return _painted(size, [upper] * quarter + [between] * (height - 2 * quarter) + [lower] * quarter)


def _painted(size: tuple[int, int], lines: list[bytes]) -> av.VideoFrame:
    frame = av.VideoFrame(*size, "rgb24")
    plane = frame.planes[0]
    plane.update(b"".join(line.ljust(plane.line_size, b"\0") for line in lines))
    return frame
