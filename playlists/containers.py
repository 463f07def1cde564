"""Which container or picture format a file holds, told from its first bytes and from nothing else.

An allow-list: what is not named here is not opened by anything of ours. A playlist, a session description or a web page
under a clip's name is therefore never given to a demuxer that would follow the references in it.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

HEAD_BYTES: Final = 4096
"""How many bytes from the start of a file :func:`sniff` makes use of."""


class Container(StrEnum):
    """A container of moving pictures; its value is the name libVLC 3 knows the demuxer by."""

    MP4 = "mp4"
    """ISO base media and QuickTime."""
    MATROSKA = "mkv"
    """Matroska and WebM."""
    MPEGTS = "ts"
    """MPEG transport stream in packets of 188 or, as Blu-ray has them, 192 bytes."""
    MPEGPS = "ps"
    """MPEG program stream."""
    AVI = "avi"
    OGG = "ogg"

    @property
    def vlc_demux(self) -> str:
        """The module to force by ``:demux=`` in libVLC 3; forced, no other module is tried."""
        return self.value

    @property
    def av_format(self) -> str:
        """The name of the demuxer for ``av.open(format=...)``."""
        return _AV_FORMATS[self]


class Picture(StrEnum):
    """A format of still pictures; its value is Qt's name for it, to be forced on ``QImageReader``."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    BMP = "bmp"
    GIF = "gif"


_AV_FORMATS: Final = {
    Container.MP4: "mov",
    Container.MATROSKA: "matroska",
    Container.MPEGTS: "mpegts",
    Container.MPEGPS: "mpeg",
    Container.AVI: "avi",
    Container.OGG: "ogg",
}

_PREFIXES: Final[tuple[tuple[bytes, Container | Picture], ...]] = (
    (b"\x89PNG\r\n\x1a\n", Picture.PNG),
    (b"\xff\xd8\xff", Picture.JPEG),
    (b"GIF87a", Picture.GIF),
    (b"GIF89a", Picture.GIF),
    (b"\x00\x00\x01\xba", Container.MPEGPS),
    (b"OggS\x00", Container.OGG),
)
_RIFF_FORMS: Final[dict[bytes, Container | Picture]] = {b"AVI ": Container.AVI, b"WEBP": Picture.WEBP}
_BMP_HEADER_SIZES: Final = frozenset({12, 40, 52, 56, 64, 108, 124})

# The boxes a QuickTime file without `ftyp` may begin with.
_QUICKTIME_BOXES: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
# HEIF and AVIF are pictures in the same box structure: neither libVLC's mp4 demuxer nor Qt reads them.
_STILL_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_MIN_BOX: Final = 8

_EBML: Final = b"\x1aE\xdf\xa3"
# DocType: its id 0x4282, a one-byte length, the name.
_EBML_DOC_TYPE: Final = re.compile(rb"\x42\x82(?:\x88matroska|\x84webm)")

_TS_SYNC: Final = 0x47
_TS_LAYOUTS: Final = ((188, 0), (192, 4))
"""Packet size and where in a packet its sync byte stands."""
_TS_PACKETS_LOOKED_AT: Final = 5
_TS_PACKETS_NEEDED: Final = 2


def sniff(head: bytes) -> Container | Picture | None:
    """Tell what a file is from its first bytes.

    :param head: the first :data:`HEAD_BYTES` bytes of the file, or all of it where it is shorter.
    :returns: None for everything that is not on the list, including an empty file.
    """
    # No format on the list begins without a zero byte, and no text has one: so no text is ever taken for media.
    if b"\0" not in head:
        return None
    for prefix, what in _PREFIXES:
        if head.startswith(prefix):
            return what
    if head.startswith(b"RIFF"):
        return _RIFF_FORMS.get(head[8:12])
    return next((what for what, matches in _SHAPES if matches(head)), None)


def _is_matroska(head: bytes) -> bool:
    return head.startswith(_EBML) and _EBML_DOC_TYPE.search(head) is not None


def _is_bmp(head: bytes) -> bool:
    """Two letters are too few to go by: the header behind them must have one of the sizes there are."""
    return head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES


def _is_iso_media(head: bytes) -> bool:
    size, box = int.from_bytes(head[:4], "big"), head[4:8]
    if box == b"ftyp":
        return size >= _MIN_BOX and head[8:12] not in _STILL_BRANDS
    # A size of 1 announces a 64-bit size, 0 a box that runs to the end of the file.
    return box in _QUICKTIME_BOXES and (size >= _MIN_BOX or size in {0, 1})


def _is_transport_stream(head: bytes) -> bool:
    return any(_has_packets(head, size, sync_at) for size, sync_at in _TS_LAYOUTS)


def _has_packets(head: bytes, packet_size: int, sync_at: int) -> bool:
    starts = range(sync_at, len(head) - 3, packet_size)[:_TS_PACKETS_LOOKED_AT]
    return len(starts) >= _TS_PACKETS_NEEDED and all(_is_packet_header(head[start : start + 4]) for start in starts)


def _is_packet_header(header: bytes) -> bool:
    """Sync byte, no transport error, not scrambled, and a payload or an adaptation field or both."""
    return header[0] == _TS_SYNC and not header[1] & 0x80 and not header[3] & 0xC0 and bool(header[3] & 0x30)


_SHAPES: Final[tuple[tuple[Container | Picture, Callable[[bytes], bool]], ...]] = (
    (Container.MATROSKA, _is_matroska),
    (Picture.BMP, _is_bmp),
    (Container.MP4, _is_iso_media),
    (Container.MPEGTS, _is_transport_stream),
)
