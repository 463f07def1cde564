"""What an Xvfb shows, read from the file it keeps its screen in (``-fbdir``, in the format of ``xwd``)."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first ones outside."""

_HEADER = struct.Struct(">25I")
_COLOUR_ENTRY_BYTES = 12
_DARK = 24
"""A channel up to this is as good as black."""


@dataclass(frozen=True)
class Screenshot:
    """A picture of the whole screen; rows of ``stride`` bytes, four to a pixel: blue, green, red, nothing."""

    width: int
    height: int
    stride: int
    data: bytes

    def pixel(self, x: int, y: int) -> Colour:
        at = y * self.stride + 4 * x
        return self.data[at + 2], self.data[at + 1], self.data[at]

    def bounds(self, dark: int = _DARK) -> Box | None:
        """The smallest box around all that is not black; None for a black screen."""
        table = bytes(value > dark for value in range(256))
        rows = [self._bright(y, table) for y in range(self.height)]
        lit = [y for y, row in enumerate(rows) if any(row)]
        if not lit:
            return None
        left = min(row.index(1) for row in rows if any(row))
        right = max(row.rindex(1) for row in rows if any(row))
        return left // 4, lit[0], right // 4 + 1, lit[-1] + 1

    def crop(self, box: Box) -> bytes:
        """The pixels within a box, three bytes each: blue, green, red."""
        left, top, right, bottom = box
        found = bytearray()
        for y in range(top, bottom):
            row = bytearray(self.data[y * self.stride + 4 * left : y * self.stride + 4 * right])
            del row[3::4]
            found += row
        return bytes(found)

    def fingerprint(self) -> int:
        """Equal for equal pictures."""
        return zlib.crc32(self.crop((0, 0, self.width, self.height)))

    def _bright(self, y: int, table: bytes) -> bytes:
        row = bytearray(self.data[y * self.stride : y * self.stride + 4 * self.width].translate(table))
        row[3::4] = bytes(self.width)
        return bytes(row)


def read_screen(framebuffer: Path) -> Screenshot:
    """Read the screen as it is now; a picture being painted may be caught half-way."""
    data = framebuffer.read_bytes()
    header = _HEADER.unpack_from(data)
    header_bytes, width, height = header[0], header[4], header[5]
    bits, stride, colours = header[11], header[12], header[19]
    assert bits == 32, "Xvfb was not started with 24 bits a pixel"
    start = header_bytes + colours * _COLOUR_ENTRY_BYTES
    return Screenshot(width, height, stride, data[start : start + stride * height])


def near(found: Colour, wanted: Colour, tolerance: int = 48) -> bool:
    """Whether two colours are the same but for what a codec does to them."""
    return all(abs(one - other) <= tolerance for one, other in zip(found, wanted, strict=True))
