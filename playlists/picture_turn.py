"""Whether a photograph is to be shown on its side: the turn that a camera noted in a JPEG file (Exif)."""

import struct
from typing import BinaryIO, Final

_START: Final = b"\xff\xd8"
_EXIF: Final = b"Exif\x00\x00"
_APP1: Final = 0xE1
_MARKER: Final = 0xFF
_SEGMENTS: Final = 64
"""How many segments are looked at before the picture itself: cameras write two or three."""
_HEAD_BYTES: Final = 4
_ORDERS: Final = {b"II*\x00": "<", b"MM\x00*": ">"}
_ORIENTATION: Final = 0x0112
_ENTRY_BYTES: Final = 12
_SIDEWAYS: Final = range(5, 9)
"""The orientations in which width and height change places."""


def lies_on_its_side(stream: BinaryIO) -> bool:
    """Tell whether a JPEG picture is shown with width and height changed; False for all that is none or damaged.

    :param stream: seekable; it is left at an arbitrary place.
    :raises OSError: reading failed.
    """
    stream.seek(0)
    if stream.read(len(_START)) != _START:
        return False
    for _ in range(_SEGMENTS):
        head = stream.read(_HEAD_BYTES)
        if len(head) < _HEAD_BYTES or head[0] != _MARKER:
            return False
        _, marker, length = struct.unpack(">BBH", head)
        content = stream.read(max(0, length - 2)) if marker == _APP1 else b""
        if content.startswith(_EXIF):
            return _orientation(content[len(_EXIF) :]) in _SIDEWAYS
        if marker != _APP1:
            stream.seek(max(0, length - 2), 1)
    return False


def _orientation(tiff: bytes) -> int | None:
    """Find the orientation among the entries of a TIFF header's first directory."""
    order = _ORDERS.get(tiff[:4])
    if order is None:
        return None
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, directory)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, directory + 2 + number * _ENTRY_BYTES)
            if tag == _ORIENTATION:
                return int(value)
    except struct.error:
        return None
    return None
