"""The size of still pictures from their headers, without decoding a pixel."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.containers import Picture
from playlists.media import Flaw, MediaError
from playlists.pictures import picture_size
from playlists.probe import probe, probe_picture
from tests.support.media import make_clip, make_picture

SUFFIXES = {
    ".png": Picture.PNG,
    ".jpg": Picture.JPEG,
    ".webp": Picture.WEBP,
    ".bmp": Picture.BMP,
    ".gif": Picture.GIF,
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def size_of(picture: Picture, content: bytes) -> tuple[int, int] | None:
    return picture_size(picture, io.BytesIO(content))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_real_pictures_tell_their_size(tmp_path: Path, suffix: str) -> None:
    path = make_picture(tmp_path / f"poster{suffix}", (34, 26))
    with path.open("rb") as file:
        facts = probe_picture(file)
    assert (facts.picture, facts.width, facts.height) == (SUFFIXES[suffix], 34, 26)


@pytest.mark.parametrize(
    ("picture", "content"),
    [
        pytest.param(
            Picture.WEBP, b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + bytes([0x1F, 1, 0, 0xC7, 0, 0]), id="extended"
        ),
        pytest.param(
            Picture.WEBP, b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0/" + struct.pack("<I", 287 | 199 << 14), id="lossless"
        ),
        pytest.param(Picture.BMP, b"BM" + bytes(12) + struct.pack("<IHH", 12, 288, 200), id="old-bitmap"),
        pytest.param(Picture.BMP, b"BM" + bytes(12) + struct.pack("<Iii", 40, 288, -200), id="bitmap-from-the-top"),
        pytest.param(
            Picture.JPEG,
            b"\xff\xd8\xff\xe1\x00\x04ab\xff\x01\xff\xff\xc4\x00\x02\xff\xc2\x00\x11\x08\x00\xc8\x01\x20",
            id="progressive-jpeg-behind-other-segments",
        ),
    ],
)
def test_rarer_headers_tell_their_size(picture: Picture, content: bytes) -> None:
    assert size_of(picture, content) == (288, 200)


@pytest.mark.parametrize(
    ("picture", "content"),
    [
        pytest.param(Picture.PNG, PNG, id="cut-off"),
        pytest.param(Picture.PNG, PNG.replace(b"IHDR", b"IDAT") + bytes(8), id="png-without-header"),
        pytest.param(Picture.PNG, PNG + bytes(8), id="no-width"),
        pytest.param(Picture.PNG, PNG + bytes([0, 0, 0, 9, 0, 0, 0, 0]), id="no-height"),
        pytest.param(Picture.BMP, b"BM" + bytes(12) + struct.pack("<Iii", 40, -3, 3), id="negative-width"),
        pytest.param(Picture.WEBP, b"RIFF\0\0\0\0WEBPANIM" + bytes(20), id="webp-of-no-kind"),
        pytest.param(Picture.JPEG, b"\xff\xd8\x00\x00\x00", id="jpeg-without-marker"),
        pytest.param(Picture.JPEG, b"\xff\xd8" + b"\xff\x01" * 5000, id="jpeg-without-end"),
        pytest.param(Picture.JPEG, b"\xff\xd8" + b"\xff\xe0\x00\x00" * 3, id="jpeg-cut-off"),
    ],
)
def test_a_damaged_header_has_no_size(picture: Picture, content: bytes) -> None:
    assert size_of(picture, content) is None


@given(st.sampled_from(list(Picture)), st.binary(max_size=64))
def test_any_bytes_get_an_answer(picture: Picture, content: bytes) -> None:
    size = size_of(picture, content)
    assert size is None or min(size) > 0


def flaw_of(content: bytes) -> Flaw:
    with pytest.raises(MediaError) as caught:
        probe_picture(io.BytesIO(content))
    return caught.value.flaw


def test_a_picture_of_a_hundred_megapixels_is_refused() -> None:
    assert flaw_of(PNG + struct.pack(">II", 10_000, 10_000)) is Flaw.TOO_LARGE


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    assert flaw_of(b"") is Flaw.EMPTY
    assert flaw_of(b"#EXTM3U\n") is Flaw.UNKNOWN_FORMAT
    assert flaw_of(PNG) is Flaw.DAMAGED
    assert flaw_of(make_clip(tmp_path / "clip.mp4").read_bytes()) is Flaw.UNKNOWN_FORMAT


def test_a_picture_is_no_clip(tmp_path: Path) -> None:
    with make_picture(tmp_path / "poster.png").open("rb") as file, pytest.raises(MediaError) as caught:
        probe(file)
    assert caught.value.flaw is Flaw.UNKNOWN_FORMAT


class FailingDisk(io.BytesIO):
    """A file on a disk that fails once it was read from ``reads`` times."""

    def __init__(self, content: bytes, reads: int) -> None:
        super().__init__(content)
        self._left = reads

    def read(self, size: int | None = -1, /) -> bytes:
        if not self._left:
            raise OSError(5, "Input/output error")
        self._left -= 1
        return super().read(size)


@pytest.mark.parametrize("reads", [0, 1])
def test_a_failing_disk_is_told_from_a_damaged_picture(reads: int) -> None:
    with pytest.raises(MediaError) as caught:
        probe_picture(FailingDisk(PNG + bytes(64), reads))
    assert caught.value.flaw is Flaw.UNREADABLE
