"""The turn a camera noted: every orientation, both byte orders, and nothing that damage could do."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.cli_media import Medium, look_into
from playlists.picture_turn import lies_on_its_side
from playlists.playlist import PictureSize
from tests.support.media import make_picture


def exif(orientation: int, order: str = "<") -> bytes:
    """A JPEG segment in which a camera noted its make and the orientation."""
    sign = {"<": b"II*\x00", ">": b"MM\x00*"}[order]
    make = struct.pack(f"{order}HHIHH", 0x010F, 2, 1, 0, 0)
    turn = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    content = b"Exif\x00\x00" + sign + struct.pack(f"{order}IH", 8, 2) + make + turn
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def photograph(path: Path, *segments: bytes) -> Path:
    whole = make_picture(path, (32, 24)).read_bytes()
    path.write_bytes(whole[:2] + b"".join(segments) + whole[2:])
    return path


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(10))
def test_four_of_eight_orientations_lie_on_their_side(tmp_path: Path, orientation: int, order: str) -> None:
    path = photograph(tmp_path / "a.jpg", exif(orientation, order))
    shown = PictureSize(24, 32) if orientation in {5, 6, 7, 8} else PictureSize(32, 24)
    assert look_into(path, Medium.STILL).picture == shown


def test_other_segments_may_come_first(tmp_path: Path) -> None:
    another = b"\xff\xe1\x00\x08XMP\x00\x00\x00"
    for segments, turned in (((another, exif(6)), True), ((another,), False), ((), False)):
        with photograph(tmp_path / "a.jpg", *segments).open("rb") as file:
            assert lies_on_its_side(file) is turned


def test_an_exif_that_says_nothing_is_no_turn() -> None:
    for content in (b"", b"II*\x00", b"XX*\x00\x08\x00\x00\x00", b"II*\x00\x08\x00\x00\x00\x00\x00"):
        segment = b"\xff\xe1" + struct.pack(">H", len(content) + 8) + b"Exif\x00\x00" + content
        assert not lies_on_its_side(io.BytesIO(b"\xff\xd8" + segment))
    assert not lies_on_its_side(io.BytesIO(b"\x89PNG"))
    assert not lies_on_its_side(io.BytesIO(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 1000))


@given(st.binary(max_size=60), st.integers(0, 60))
def test_damage_is_an_answer_too(noise: bytes, where: int) -> None:
    whole = b"\xff\xd8" + exif(6)
    lies_on_its_side(io.BytesIO(whole[:where] + noise + whole[where + len(noise) :]))
