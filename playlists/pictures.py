"""The size of a still picture, read from its header alone."""

import struct
from collections.abc import Callable
from typing import BinaryIO, Final

from playlists.containers import Picture

_MAX_JPEG_SEGMENTS: Final = 4096
# Start of frame, in all its codings; the gaps are DHT (C4), JPG (C8) and DAC (CC).
_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Markers that stand alone: TEM and the restarts.
_BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_MARKER: Final = 0xFF
_SIZE_14_BITS: Final = 0x3FFF
_OLD_BMP_HEADER: Final = 12


def picture_size(picture: Picture, stream: BinaryIO) -> tuple[int, int] | None:
    """Read width and height in pixels as stored (a rotation the camera noted is not applied).

    :param stream: seekable; it is left at an arbitrary place.
    :returns: None where the header is damaged or cut off, or a side is 0.
    :raises OSError: reading failed.
    """
    stream.seek(0)
    try:
        width, height = _READERS[picture](stream)
    except (struct.error, EOFError):
        return None
    return (width, height) if width > 0 and height > 0 else None


def _unpack(layout: str, stream: BinaryIO) -> tuple[int, ...]:
    return struct.unpack(layout, stream.read(struct.calcsize(layout)))


def _png_size(stream: BinaryIO) -> tuple[int, int]:
    _, name, width, height = struct.unpack(">12s4sII", stream.read(24))
    if name != b"IHDR":
        raise EOFError
    return width, height


def _gif_size(stream: BinaryIO) -> tuple[int, int]:
    stream.seek(6)
    width, height = _unpack("<HH", stream)
    return width, height


def _bmp_size(stream: BinaryIO) -> tuple[int, int]:
    stream.seek(14)
    (header,) = _unpack("<I", stream)
    width, height = _unpack("<HH" if header == _OLD_BMP_HEADER else "<ii", stream)
    # A negative height means that the rows run from the top.
    return width, abs(height)


def _webp_size(stream: BinaryIO) -> tuple[int, int]:
    stream.seek(12)
    chunk = stream.read(4)
    stream.seek(20)
    if chunk == b"VP8X":
        low_width, high_width, low_height, high_height = _unpack("<4xHBHB", stream)
        return low_width + (high_width << 16) + 1, low_height + (high_height << 16) + 1
    if chunk == b"VP8L":
        (bits,) = _unpack("<xI", stream)
        return (bits & _SIZE_14_BITS) + 1, (bits >> 14 & _SIZE_14_BITS) + 1
    if chunk == b"VP8 ":
        width, height = _unpack("<6xHH", stream)
        return width & _SIZE_14_BITS, height & _SIZE_14_BITS
    raise EOFError


def _jpeg_size(stream: BinaryIO) -> tuple[int, int]:
    stream.seek(2)
    for _ in range(_MAX_JPEG_SEGMENTS):
        marker = _next_marker(stream)
        if marker in _BARE_MARKERS:
            continue
        (length,) = _unpack(">H", stream)
        if marker in _START_OF_FRAME:
            height, width = _unpack(">xHH", stream)
            return width, height
        stream.seek(max(0, length - 2), 1)
    raise EOFError


def _next_marker(stream: BinaryIO) -> int:
    """Any number of fill bytes may stand before a marker; anything else there is damage."""
    prefix, marker = _unpack("BB", stream)
    while prefix == marker == _MARKER:
        (marker,) = _unpack("B", stream)
    if prefix != _MARKER:
        raise EOFError
    return marker


_READERS: Final[dict[Picture, Callable[[BinaryIO], tuple[int, int]]]] = {
    Picture.PNG: _png_size,
    Picture.JPEG: _jpeg_size,
    Picture.WEBP: _webp_size,
    Picture.BMP: _bmp_size,
    Picture.GIF: _gif_size,
}
