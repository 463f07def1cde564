"""Which bytes of an MP4 have to read differently for libVLC to play the tracks that are wanted."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.decoding.track_headers import ReadOtherwise, read_otherwise
from tests.support.media import Clip, Tone, make_clip
from tests.support.mp4 import box, edit_list, movie, plain_box, track

VIDEO, SOUND, TEXT = b"vide", b"soun", b"text"
MEDIA_DATA = plain_box(b"mdat", bytes(100))


def changes(data: bytes, sound: int | None = None) -> dict[int, int]:
    """Which bytes would read differently, from a file of these."""
    return otherwise(data, sound).values


def otherwise(data: bytes, sound: int | None = None) -> ReadOtherwise:
    file = BytesIO(data)

    def read_at(offset: int, count: int) -> bytes:
        file.seek(offset)
        return file.read(count)

    return read_otherwise(read_at, len(data), sound)


def enabled(data: bytes) -> list[bool]:
    """What each track header says, found by its name alone."""
    places = [place for place in range(len(data)) if data.startswith(b"tkhd", place)]
    return [bool(data[place + 7] & 1) for place in places]


def changed(data: bytes, sound: int | None = None) -> bytes:
    other = bytearray(data)
    for offset, value in changes(data, sound).items():
        other[offset] = value
    return bytes(other)


@pytest.mark.parametrize("order", ["moov first", "moov last"])
@pytest.mark.parametrize("wide", [False, True], ids=["", "64-bit sizes"])
def test_only_the_wanted_sound_is_enabled_in_addition(order: str, *, wide: bool) -> None:
    tracks = [track(VIDEO, 3), track(SOUND, 3), track(TEXT, 2), track(SOUND, 2), track(SOUND, 2)]
    parts = [plain_box(b"ftyp", b"isom"), movie(*tracks, wide=wide), box(b"mdat", bytes(100), wide=wide)]
    data = b"".join(parts if order == "moov first" else [parts[0], parts[2], parts[1]])
    assert changes(data, None) == changes(data, 0) == {}
    assert enabled(changed(data, 1)) == [True, True, False, True, False]
    assert enabled(changed(data, 2)) == [True, True, False, False, True]
    assert list(changes(data, 2).values()) == [3], "its other flags stay"


def test_a_picture_that_is_not_enabled_beside_a_sound_that_is_becomes_so() -> None:
    data = movie(track(SOUND, 1), track(VIDEO, 0), track(VIDEO, 0))
    assert enabled(changed(data)) == [True, True, False]


def test_where_nothing_is_enabled_libvlc_takes_all_for_enabled() -> None:
    assert changes(movie(track(VIDEO, 0), track(SOUND, 2), track(SOUND, 0)), 1) == {}


@pytest.mark.parametrize("wide", [False, True], ids=["", "64-bit numbers"])
def test_the_run_up_of_the_wanted_sound_is_read_as_none(*, wide: bool) -> None:
    run_up = edit_list(1024, wide=wide)
    tracks = [track(VIDEO, 3, edits=run_up), *[track(SOUND, 3, edits=run_up, wide=wide)] * 2]
    data = movie(*tracks)
    found = otherwise(data, 1)
    assert found.late_ns == 21_333_333
    place = data.rindex(b"elst") + 4 + 8 + (8 if wide else 4)
    assert found.values == dict.fromkeys(range(place, place + (8 if wide else 4)), 0)
    assert changed(data, 1)[place - 4 :].startswith(bytes(8) if wide else bytes(4))
    assert otherwise(data, None) == ReadOtherwise()


@pytest.mark.parametrize(
    "edits",
    [edit_list(), edit_list(0), edit_list(-1), edit_list(-1, 1024), edit_list(4801), edit_list(1024)[:-8], b"\0" * 8],
    ids=["none", "from the start", "a wait", "a wait before", "left out on purpose", "cut off", "no list"],
)
def test_other_edits_stay(edits: bytes) -> None:
    assert otherwise(movie(track(VIDEO, 3), track(SOUND, 3, edits=edits)), 0) == ReadOtherwise()


def test_an_edit_of_a_track_without_ticks_stays() -> None:
    assert otherwise(movie(track(SOUND, 3, edits=edit_list(1024), scale=0)), 0) == ReadOtherwise()


def test_a_track_that_is_not_there_changes_nothing() -> None:
    assert changes(movie(track(VIDEO, 3), track(SOUND, 3)), 5) == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"moov",
        MEDIA_DATA,
        plain_box(b"moov", b""),
        plain_box(b"moov", plain_box(b"trak", b"")),
        plain_box(b"moov", plain_box(b"trak", plain_box(b"tkhd", b""))),
        movie(track(VIDEO, 3), plain_box(b"trak", plain_box(b"tkhd", bytes(4)))),
        b"\0\0\0\1moov" + bytes(8),
        b"\0\0\0\1moov" + (2**64 - 1).to_bytes(8, "big"),
        b"\0\0\0\7free" * 3,
    ],
)
def test_damage_changes_nothing(data: bytes) -> None:
    assert changes(data, 0) == {}


def test_the_last_box_may_reach_to_the_end() -> None:
    whole = movie(track(VIDEO, 3), track(SOUND, 0))
    open_ended = MEDIA_DATA + bytes(4) + whole[4:]
    assert enabled(changed(open_ended, 0)) == [True, True]


def test_a_file_of_nothing_but_boxes_is_given_up() -> None:
    reads = 0

    def read_at(offset: int, count: int) -> bytes:
        nonlocal reads
        reads += 1
        return (b"\0\0\0\x08free" * 2)[:count] if offset % 8 == 0 else b""

    assert read_otherwise(read_at, 1 << 40, 0).values == {}
    assert reads < 50_000


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_files_change_inside_or_not_at_all(data: st.DataObject) -> None:
    tracks = track(VIDEO, 3), track(SOUND, 3), track(SOUND, 2, edits=edit_list(1024))
    whole = bytearray(MEDIA_DATA + movie(*tracks))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    for offset, value in changes(cut, 1).items():
        assert 0 <= offset < len(cut)
        assert value in {cut[offset] ^ 1, 0}


@pytest.mark.parametrize("flags", ["", "+faststart", "+frag_keyframe+empty_moov", "+isml+frag_keyframe+empty_moov"])
@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_the_files_that_ffmpeg_writes(tmp_path: Path, suffix: str, flags: str) -> None:
    sounds = (Tone(0.4, "vie"), Tone(0.4, "eng"), Tone(0.4, "lao"))
    muxer = {"movflags": flags} if flags else {}
    data = make_clip(tmp_path / f"clip{suffix}", Clip(frames=10, sound=sounds, muxer=muxer)).read_bytes()
    assert enabled(data) == [True, True, False, False], "or this proves nothing"
    assert enabled(changed(data, 0)) == [True, True, False, False]
    assert enabled(changed(data, 2)) == [True, True, False, True]
    if not flags.startswith(("+frag", "+isml")):
        assert otherwise(data, 0).late_ns == 1024 * 1_000_000_000 // 48_000, "ffmpeg's AAC has a run-up"
        assert b"\0\0\4\0" in data
        assert changed(data, 0).count(b"elst") == 4
