"""What a file is told from its first bytes: a short list of formats, and None for everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.containers import HEAD_BYTES, Container, Picture, sniff

FTYP = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"
SEGMENT = bytes.fromhex("42878104428581021853806701000000000011c5")
MATROSKA = bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f38108428288") + b"matroska" + SEGMENT
WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f38108428284") + b"webm" + SEGMENT
BMP = b"BM" + bytes(12) + b"\x28\x00\x00\x00" + bytes(36)
TS = b"\x47\x40\x00\x10" + bytes(184)
M2TS = bytes(4) + TS


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(FTYP, Container.MP4, id="mp4"),
        pytest.param(b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", Container.MP4, id="mov"),
        pytest.param(b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", Container.MP4, id="old-quicktime"),
        pytest.param(b"\x00\x00\x00\x01mdat" + bytes(8), Container.MP4, id="64-bit-mdat"),
        pytest.param(b"\x00\x00\x00\x00moov", Container.MP4, id="moov-to-the-end"),
        pytest.param(MATROSKA, Container.MATROSKA, id="matroska"),
        pytest.param(WEBM, Container.MATROSKA, id="webm"),
        pytest.param(TS * 3, Container.MPEGTS, id="ts-188"),
        pytest.param(M2TS * 3, Container.MPEGTS, id="ts-192"),
        pytest.param(TS * 2 + b"\x47", Container.MPEGTS, id="ts-cut-in-a-header"),
        pytest.param(b"\x00\x00\x01\xba\x44\x00", Container.MPEGPS, id="mpeg-ps"),
        pytest.param(b"RIFF\x00\x10\x00\x00AVI LIST", Container.AVI, id="avi"),
        pytest.param(b"OggS\x00\x02" + bytes(20), Container.OGG, id="ogg"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(8), Picture.PNG, id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", Picture.JPEG, id="jpeg"),
        pytest.param(b"RIFF\x00\x10\x00\x00WEBPVP8 ", Picture.WEBP, id="webp"),
        pytest.param(BMP, Picture.BMP, id="bmp"),
        pytest.param(b"GIF89a" + bytes(8), Picture.GIF, id="gif89"),
        pytest.param(b"GIF87a" + bytes(8), Picture.GIF, id="gif87"),
    ],
)
def test_a_format_on_the_list_is_told(head: bytes, expected: Container | Picture) -> None:
    assert sniff(head) is expected


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/a.mp4\n", id="m3u"),
        pytest.param(b"\xef\xbb\xbf#EXTM3U\n", id="m3u8-with-bom"),
        pytest.param(b'<?xml version="1.0"?><playlist xmlns="http://xspf.org/ns/0/">', id="xspf"),
        pytest.param(b'<asx version="3.0"><entry><ref href="http://127.0.0.1/"/></entry></asx>', id="asx"),
        pytest.param(b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\n", id="sdp"),
        pytest.param(b"[playlist]\nFile1=http://127.0.0.1/a.mp4\n", id="pls"),
        pytest.param(b"ffconcat version 1.0\nfile /etc/passwd\n", id="ffconcat"),
        pytest.param(b"<html><body>", id="html"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'>", id="svg"),
        pytest.param(b"%PDF-1.7", id="pdf"),
        pytest.param(b"PK\x03\x04" + bytes(30), id="zip"),
        pytest.param(b"RTSPtextrtsp://127.0.0.1/", id="quicktime-redirect"),
        pytest.param(b"RIFF\x00\x10\x00\x00WAVEfmt ", id="wav"),
        pytest.param(b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", id="avif"),
        pytest.param(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", id="heic"),
        pytest.param(b"\x00\x00\x00\x02ftypisom", id="box-smaller-than-its-header"),
        pytest.param(b"\x00\x00\x00\x05moov", id="moov-smaller-than-its-header"),
        pytest.param(bytes.fromhex("1a45dfa3") + b"other", id="ebml-of-another-kind"),
        pytest.param(b"BM is how this text begins, and it goes on", id="text-with-bm"),
        pytest.param(TS, id="one-ts-packet"),
        pytest.param(TS + b"\x00" + TS, id="ts-out-of-step"),
        pytest.param((b"G" + b"o" * 187) * 3, id="text-with-a-G-every-188"),
        pytest.param(b"\x47\xc0\x00\x10" + bytes(184) + TS, id="ts-with-transport-error"),
        pytest.param(b"\x47\x40\x00\x80" + bytes(184) + TS, id="scrambled-ts"),
        pytest.param(b"The free world" * 9, id="text-with-a-box-name"),
        pytest.param(b"RIFFraffAVI is a format", id="text-with-a-riff"),
        pytest.param("Gặp nhau".encode("utf-16-le") * 200, id="utf-16-text"),
        pytest.param(bytes(HEAD_BYTES), id="zeros"),
    ],
)
def test_anything_else_is_nothing(head: bytes) -> None:
    assert sniff(head) is None


def test_every_container_has_a_demuxer_in_both_libraries() -> None:
    assert {(c.vlc_demux, c.av_format) for c in Container} == {
        ("mp4", "mov"),
        ("mkv", "matroska"),
        ("ts", "mpegts"),
        ("ps", "mpeg"),
        ("avi", "avi"),
        ("ogg", "ogg"),
    }


@given(st.binary(max_size=1024))
def test_any_bytes_get_an_answer(head: bytes) -> None:
    assert sniff(head) in {None, *Container, *Picture}


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=800))
def test_no_printable_text_is_media(text: str) -> None:
    assert sniff(text.encode("ascii")) is None
