"""Writes the skeleton of an MP4: boxes that say what tracks there are, without a sample in them."""


def box(kind: bytes, body: bytes, *, wide: bool = False) -> bytes:
    """One box, its length in 32 bits or, ``wide``, in 64."""
    if wide:
        return b"\0\0\0\1" + kind + (16 + len(body)).to_bytes(8, "big") + body
    return plain_box(kind, body)


def plain_box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def track(handler: bytes, flags: int, *, edits: bytes = b"", scale: int = 48_000, wide: bool = False) -> bytes:
    """A track whose header carries ``flags``, and ``edits`` where there are any; ``wide`` numbers have 64 bits."""
    header = plain_box(b"tkhd", bytes(3) + bytes([flags]) + bytes(80))
    says = plain_box(b"hdlr", bytes(8) + handler + bytes(13))
    ticks = scale.to_bytes(4, "big")
    media = b"\1" + bytes(19) + ticks + bytes(12) if wide else bytes(12) + ticks + bytes(8)
    parts = header + (plain_box(b"edts", edits) if edits else b"")
    return plain_box(b"trak", parts + plain_box(b"mdia", plain_box(b"mdhd", media) + says))


def edit_list(*begins: int, wide: bool = False) -> bytes:
    """An edit list: an edit from each of these ticks of the track."""
    width = 8 if wide else 4
    edits = b"".join(bytes(width) + begin.to_bytes(width, "big", signed=True) + b"\0\1\0\0" for begin in begins)
    return plain_box(b"elst", bytes([wide, 0, 0, 0]) + len(begins).to_bytes(4, "big") + edits)


def movie(*tracks: bytes, wide: bool = False) -> bytes:
    """The ``moov`` box of a file."""
    return box(b"moov", plain_box(b"mvhd", bytes(100)) + b"".join(tracks), wide=wide)
