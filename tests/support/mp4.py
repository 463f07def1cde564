"""Writes the skeleton of an MP4: boxes that say what tracks there are, without a sample in them."""


def box(kind: bytes, body: bytes, *, wide: bool = False) -> bytes:
    """One box, its length in 32 bits or, ``wide``, in 64."""
    if wide:
        return b"\0\0\0\1" + kind + (16 + len(body)).to_bytes(8, "big") + body
    return plain_box(kind, body)


def plain_box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def track(handler: bytes, flags: int) -> bytes:
    """A track whose header carries ``flags``."""
    header = plain_box(b"tkhd", bytes(3) + bytes([flags]) + bytes(80))
    says = plain_box(b"hdlr", bytes(8) + handler + bytes(13))
    return plain_box(b"trak", header + plain_box(b"mdia", plain_box(b"mdhd", bytes(24)) + says))


def movie(*tracks: bytes, wide: bool = False) -> bytes:
    """The ``moov`` box of a file."""
    return box(b"moov", plain_box(b"mvhd", bytes(100)) + b"".join(tracks), wide=wide)
