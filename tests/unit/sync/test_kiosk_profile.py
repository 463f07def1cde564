"""What a kiosk plays and what not, and the shape of the command that mends it. Whether it does: test_kiosk_command."""

from dataclasses import replace
from fractions import Fraction

import pytest

from playlists.containers import Container
from sync.hub.kiosk_profile import (
    MOST_BYTES,
    MOST_PIXELS,
    Coding,
    SoundCoding,
    Use,
    VideoCoding,
    mending,
    shortfalls,
)

HD = VideoCoding("h264", "yuv420p", 1920, 1080, Fraction(25))
AAC = SoundCoding("aac", 2, 48_000)
GOOD = Coding(Container.MP4, 60_000, 60_000_000, HD, (AAC,))


def codes(coding: Coding, use: Use = Use.CLIP) -> list[str]:
    return [one.code for one in shortfalls(coding, use)]


@pytest.mark.parametrize(
    "video",
    [
        HD,
        replace(HD, rate=Fraction(60)),
        replace(HD, rate=Fraction(60000, 1001)),
        replace(HD, codec="hevc", rate=Fraction(30)),
        replace(HD, codec="av1", rate=Fraction(30)),
        replace(HD, codec="vp9", width=1280, height=720, rate=Fraction(60)),
        replace(HD, codec="mpeg2video", width=720, height=576, aspect=Fraction(64, 45)),
        replace(HD, width=1080, height=1920),
        replace(HD, width=3840, height=540),
        replace(HD, width=1920, height=1088),
        replace(HD, pixel_format="yuvj420p", rotation=90),
    ],
)
def test_what_is_played(video: VideoCoding) -> None:
    assert codes(replace(GOOD, video=video)) == []


@pytest.mark.parametrize(
    ("video", "code"),
    [
        (replace(HD, codec="prores"), "codec"),
        (replace(HD, codec="mpeg1video"), "codec"),
        (replace(HD, pixel_format="yuv420p10le"), "pixel-format"),
        (replace(HD, pixel_format="yuv444p"), "pixel-format"),
        (replace(HD, pixel_format="yuv422p"), "pixel-format"),
        (replace(HD, interlaced=True), "interlaced"),
        (replace(HD, transfer="smpte2084"), "high-dynamic-range"),
        (replace(HD, transfer="arib-std-b67"), "high-dynamic-range"),
        (replace(HD, width=3840, height=2160), "size"),
        (replace(HD, width=4100, height=100), "size"),
        (replace(HD, rate=Fraction(120)), "rate"),
        (replace(HD, width=64, height=64, rate=Fraction(240)), "rate"),
        (replace(HD, codec="hevc", rate=Fraction(60)), "rate"),
        (replace(HD, codec="av1", rate=Fraction(50)), "rate"),
    ],
)
def test_a_picture_that_is_not_played(video: VideoCoding, code: str) -> None:
    assert codes(replace(GOOD, video=video)) == [code]


@pytest.mark.parametrize(
    ("sound", "code"),
    [
        (replace(AAC, codec="dts"), "sound-codec"),
        (replace(AAC, codec="eac3"), "sound-codec"),
        (replace(AAC, channels=6), "channels"),
        (replace(AAC, channels=0), "channels"),
        (replace(AAC, sample_rate=96_000), "sample-rate"),
    ],
)
def test_a_sound_that_is_not_played(sound: SoundCoding, code: str) -> None:
    assert codes(replace(GOOD, sounds=(AAC, sound))) == [code]
    assert codes(replace(GOOD, video=None, sounds=(sound,)), Use.SOUND) == [code]


@pytest.mark.parametrize("codec", ["aac", "mp3", "mp2", "opus", "vorbis", "ac3", "flac", "pcm_s16le"])
def test_sounds_that_are_played(codec: str) -> None:
    assert codes(replace(GOOD, sounds=(replace(AAC, codec=codec),))) == []


def test_a_file_that_is_too_much() -> None:
    assert codes(replace(GOOD, byte_count=151_000_000)) == ["bits"]
    assert codes(replace(GOOD, length_ms=3_600_000, byte_count=MOST_BYTES + 1)) == ["bytes"]
    assert codes(replace(GOOD, complete=False)) == ["incomplete"]
    assert codes(replace(GOOD, length_ms=40, byte_count=1_000_000)) == []  # one key frame is no rate


def test_each_sentence_is_whole_in_both_languages() -> None:
    worst = replace(
        GOOD,
        byte_count=MOST_BYTES * 2,
        complete=False,
        video=replace(HD, codec="", pixel_format="", transfer="smpte2084", interlaced=True, width=9000, height=100),
        sounds=(SoundCoding("", 9, 0),),
    )
    found = shortfalls(worst, Use.CLIP)
    assert len({one.code for one in found}) == 11
    assert all(one.vi and one.en and "{" not in one.vi + one.en for one in found)


@pytest.mark.parametrize(
    ("video", "scale", "rate"),
    [
        (replace(HD, width=3840, height=2160, rate=Fraction(30)), "scale=1920:1080:flags=lanczos", "30/1"),
        (replace(HD, rate=Fraction(120)), "scale=1920:1080:flags=lanczos", "30/1"),
        (replace(HD, rate=Fraction(50), interlaced=True), "scale=1920:1080:flags=lanczos", "50/1"),
        (
            replace(HD, width=720, height=576, aspect=Fraction(16, 15), codec="dv"),
            "scale=768:576:flags=lanczos",
            "25/1",
        ),
        (replace(HD, width=2160, height=3840), "scale=1080:1920:flags=lanczos", "25/1"),
        (replace(HD, width=2160, height=3840, rotation=90), "scale=1920:1080:flags=lanczos", "25/1"),
        (replace(HD, width=161, height=91), "scale=160:90:flags=lanczos", "25/1"),
    ],
)
def test_the_command_keeps_shape_and_rate(video: VideoCoding, scale: str, rate: str) -> None:
    command = mending(replace(GOOD, video=video), Use.CLIP, "/a b.mov", "/a b.kiosk.mp4")
    filters = command[command.index("-vf") + 1]
    assert scale in filters.split(",")
    assert command[command.index("-r") + 1] == rate
    assert command[-1] == "/a b.kiosk.mp4"


def test_the_command_weaves_fields_and_maps_tones_before_it_scales() -> None:
    wild = replace(HD, interlaced=True, transfer="smpte2084")
    first, *between, scale, aspect, pixel_format = filters_for(wild)
    assert first.startswith("bwdif")
    assert any(one.startswith("tonemap=") for one in between)
    assert (scale, aspect, pixel_format) == ("scale=1920:1080:flags=lanczos", "setsar=1", "format=yuv420p")
    assert filters_for(HD) == [scale, aspect, pixel_format]


def test_the_command_takes_rgb_to_the_matrix_the_player_expects() -> None:
    assert "out_color_matrix=bt709" in filters_for(replace(HD, pixel_format="gbrp"))[0]
    assert "out_color_matrix=bt601" in filters_for(replace(HD, pixel_format="rgb24", width=640, height=360))[0]


def filters_for(video: VideoCoding) -> list[str]:
    command = mending(replace(GOOD, video=video), Use.CLIP, "/a", "/b")
    return command[command.index("-vf") + 1].split(",")


def test_what_the_command_aims_at_is_within_the_profile() -> None:
    for width, height in ((3840, 2160), (8192, 4320), (5000, 100), (100, 5000), (1921, 1089), (7680, 1080)):
        wild = replace(HD, width=width, height=height, rate=Fraction(240), codec="prores")
        command = mending(replace(GOOD, video=wild), Use.CLIP, "/a", "/b")
        scale = next(one for one in command[command.index("-vf") + 1].split(",") if one.startswith("scale="))
        across, down = map(int, scale.removeprefix("scale=").split(":")[:2])
        assert across * down <= MOST_PIXELS
        assert Fraction(command[command.index("-r") + 1]) <= 60
        aimed = replace(wild, codec="h264", width=across, height=down, rate=Fraction(command[command.index("-r") + 1]))
        assert codes(replace(GOOD, video=aimed)) == []
