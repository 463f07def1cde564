"""Clips that a kiosk does not play, made by the real ffmpeg: what is said of them, and the command that mends them.

Each command is run by a shell exactly as it is printed; what it makes is examined again.
"""

import os
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from playlists.cli_media import Medium
from playlists.media import Flaw, MediaError
from sync.hub.examination import Examined, examine
from sync.hub.kiosk_profile import Use, shortfalls
from sync.hub.release_checks import command_for
from tests.support.media import Clip, Tone, make_clip, make_picture

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=128x72:rate=25:duration=0.6")
NOISE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=0.6")
FAST = ("-preset", "ultrafast")
NAME = "Tờ rơi “số 1” & $HOME 'a'; b"
"""What a shell, an operator and a file system can make of a name."""

REFUSED = {
    "ten-bit.mp4": ((*PICTURE, "-c:v", "libx264", *FAST, "-pix_fmt", "yuv420p10le"), ["pixel-format"]),
    "hevc-10.mp4": (
        (*PICTURE, "-c:v", "libx265", *FAST, "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none"),
        ["pixel-format"],
    ),
    "444.mkv": ((*PICTURE, "-c:v", "libx264", *FAST, "-pix_fmt", "yuv444p"), ["pixel-format"]),
    "rgb.mkv": ((*PICTURE, "-c:v", "libx264rgb", *FAST), ["pixel-format"]),
    "prores.mov": ((*PICTURE, "-c:v", "prores_ks", "-profile:v", "0"), ["codec", "pixel-format"]),
    "interlaced.mp4": (
        (*PICTURE, "-vf", "interlace", "-c:v", "libx264", *FAST, "-pix_fmt", "yuv420p", "-flags", "+ilme+ildct"),
        ["interlaced"],
    ),
    "interlaced.mpg": (
        (*PICTURE, "-vf", "interlace", "-c:v", "mpeg2video", "-flags", "+ilme+ildct"),
        ["interlaced"],
    ),
    "hdr.mp4": (
        (
            *(*PICTURE, "-c:v", "libx265", *FAST, "-pix_fmt", "yuv420p10le", "-color_trc", "smpte2084"),
            *("-color_primaries", "bt2020", "-colorspace", "bt2020nc", "-x265-params", "log-level=none"),
        ),
        ["pixel-format", "high-dynamic-range"],
    ),
    "fast.mp4": (
        ("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=120:duration=0.5", "-c:v", "libx264", "-pix_fmt", "yuv420p"),
        ["rate"],
    ),
    "huge.mp4": (
        (
            *("-f", "lavfi", "-i", "testsrc2=size=2560x1440:rate=5:duration=0.4"),
            *("-c:v", "libx264", *FAST, "-pix_fmt", "yuv420p"),
        ),
        ["size"],
    ),
    "surround.mp4": (
        (*PICTURE, *NOISE, "-c:v", "libx264", *FAST, "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "6"),
        ["channels"],
    ),
    "eac3.mkv": (
        (*PICTURE, *NOISE, "-c:v", "libx264", *FAST, "-pix_fmt", "yuv420p", "-c:a", "eac3"),
        ["sound-codec"],
    ),
    "bits.mkv": (
        (
            *("-f", "lavfi", "-i", "nullsrc=size=320x180:rate=50:duration=1,geq=random(1)*255:128:128"),
            *("-c:v", "libx264", *FAST, "-qp", "0", "-pix_fmt", "yuv420p"),
        ),
        ["bits"],
    ),
}

OFTEN = frozenset({"444.mkv", "interlaced.mp4", "hdr.mp4"})
"""Tried at every run; the others take another fifteen seconds."""


def encode(folder: Path, name: str, arguments: tuple[str, ...]) -> Path:
    path = folder / f"{NAME} {name}"
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments, str(path)], check=True)
    return path


def mended(path: Path, medium: Medium, known: Examined | MediaError) -> Examined:
    """What the printed command makes of a file."""
    command = command_for(medium, known, path)
    assert command is not None
    before = path.read_bytes()
    subprocess.run(["bash", "-c", command.replace("ffmpeg ", "ffmpeg -v error ", 1)], check=True, cwd="/")
    assert path.read_bytes() == before
    suffix = {Medium.CLIP: ".mp4", Medium.SOUND: ".m4a", Medium.STILL: ".png"}[medium]
    return examine(path.with_name(f"{path.stem}.kiosk{suffix}"), medium)


@pytest.mark.parametrize(
    "name", [name if name in OFTEN else pytest.param(name, marks=pytest.mark.long) for name in REFUSED]
)
def test_a_refused_clip_is_played_once_the_command_has_run(name: str, tmp_path: Path) -> None:
    arguments, expected = REFUSED[name]
    path = encode(tmp_path, name, arguments)
    known = examine(path, Medium.CLIP)
    assert known.coding is not None
    assert [one.code for one in shortfalls(known.coding, Use.CLIP)] == expected
    after = mended(path, Medium.CLIP, known)
    assert after.coding is not None
    assert shortfalls(after.coding, Use.CLIP) == ()
    assert after.coding.video is not None
    assert known.coding.video is not None
    assert len(after.coding.sounds) == len(known.coding.sounds)
    assert abs(after.coding.length_ms - known.coding.length_ms) <= 100
    assert abs(Fraction(*after.coding.video.shown) - Fraction(*known.coding.video.shown)) < Fraction(1, 20)


@pytest.mark.parametrize(
    ("name", "clip"),
    [
        ("h264.mp4", Clip(frames=10, sound=(Tone(0.4),))),
        ("hevc.mkv", Clip("libx265", frames=10)),
        ("av1.mp4", Clip("libsvtav1", (128, 96), frames=10)),
        ("mpeg2.mpg", Clip("mpeg2video", frames=10, sound=(Tone(0.4),))),
        ("uneven.mp4", Clip(times=(0, 40, 80, 200, 240, 520, 560, 600, 640, 1000))),
        ("turned.mp4", Clip(frames=10, rotation=90)),
        ("sixty.mkv", Clip(frames=30, rate=Fraction(60))),
    ],
)
def test_what_the_player_plays_is_not_refused(name: str, clip: Clip, tmp_path: Path) -> None:
    coding = examine(make_clip(tmp_path / name, clip), Medium.CLIP).coding
    assert coding is not None
    assert shortfalls(coding, Use.CLIP) == ()


def test_rates_are_told_as_they_are(tmp_path: Path) -> None:
    ntsc = examine(
        make_clip(tmp_path / "a.webm", Clip("libvpx-vp9", frames=30, rate=Fraction(30000, 1001))), Medium.CLIP
    )
    assert ntsc.coding is not None
    assert ntsc.coding.video is not None
    assert ntsc.coding.video.rate == Fraction(30000, 1001)
    bursts = (*range(0, 200, 5), 1500, 3000)
    burst = examine(make_clip(tmp_path / "b.mp4", Clip(times=bursts)), Medium.CLIP)
    assert burst.coding is not None
    assert burst.coding.video is not None
    assert burst.coding.video.rate == 40


def test_files_of_other_kinds_get_a_command_too(tmp_path: Path) -> None:
    path = encode(tmp_path, "old.flv", (*PICTURE, *NOISE, "-c:v", "flv1", "-c:a", "aac"))
    with pytest.raises(MediaError) as refused:
        examine(path, Medium.CLIP)
    assert refused.value.flaw is Flaw.UNKNOWN_FORMAT
    after = mended(path, Medium.CLIP, refused.value)
    assert after.coding is not None
    assert shortfalls(after.coding, Use.CLIP) == ()


def test_a_recording_of_another_kind_becomes_m4a(tmp_path: Path) -> None:
    path = encode(tmp_path, "loi.mp3", (*NOISE, "-c:a", "libmp3lame"))
    with pytest.raises(MediaError) as refused:
        examine(path, Medium.SOUND)
    after = mended(path, Medium.SOUND, refused.value)
    assert after.coding is not None
    assert shortfalls(after.coding, Use.SOUND) == ()
    assert [one.codec for one in after.coding.sounds] == ["aac"]


def test_a_clip_cut_off_is_said_to_be_so(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mkv", Clip(frames=50, size=(320, 240)))
    content = path.read_bytes()
    faststart = tmp_path / "b.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-c", "copy", "-movflags", "+faststart", str(faststart)], check=True
    )
    faststart.write_bytes(faststart.read_bytes()[: len(content) // 2])
    known = examine(faststart, Medium.CLIP)
    assert known.coding is not None
    assert [one.code for one in shortfalls(known.coding, Use.CLIP)] == ["incomplete"]
    after = mended(faststart, Medium.CLIP, known)
    assert after.coding is not None
    assert shortfalls(after.coding, Use.CLIP) == ()


def test_a_still_is_decoded_whole(tmp_path: Path) -> None:
    good = make_picture(tmp_path / "a.png", (300, 200))
    assert examine(good, Medium.STILL).facts.picture is not None
    torn = tmp_path / "b.png"
    torn.write_bytes(good.read_bytes()[:-200])
    with pytest.raises(MediaError) as refused:
        examine(torn, Medium.STILL)
    assert refused.value.flaw is Flaw.DAMAGED
    assert command_for(Medium.STILL, refused.value, torn) is None


def test_a_still_too_large_gets_a_command(tmp_path: Path) -> None:
    path = encode(tmp_path, "lớn.png", ("-f", "lavfi", "-i", "color=c=red:s=7000x6000", "-frames:v", "1"))
    with pytest.raises(MediaError) as refused:
        examine(path, Medium.STILL)
    assert refused.value.flaw is Flaw.TOO_LARGE
    picture = mended(path, Medium.STILL, refused.value).facts.picture
    assert picture is not None
    assert (picture.width, picture.height) == (3840, 3291)


def test_hostile_files_end_as_a_sentence(tmp_path: Path) -> None:
    for name, content in (
        ("empty.mp4", b""),
        ("text.mp4", b"#EXTM3U\nhttp://127.0.0.1/a.ts\n" * 50),
        ("zeros.mp4", bytes(10_000)),
        ("box.mp4", b"\x00\x00\x00\x18ftypisom" + bytes(200)),
        (
            "bomb.png",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00" + bytes(50),
        ),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(MediaError) as refused:
            examine(path, Medium.STILL if name.endswith("png") else Medium.CLIP)
        assert refused.value.vi


def test_a_pipe_and_a_file_that_is_not_there_do_not_hold_anybody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for name in ("pipe.mp4", "missing.mp4"):
        with pytest.raises(MediaError):
            examine(tmp_path / name, Medium.CLIP)
