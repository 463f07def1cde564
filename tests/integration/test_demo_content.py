"""The finished demo content is what it claims to be: asked of the files themselves, not of the script."""

import re
import subprocess
import sys
import unicodedata
from array import array
from dataclasses import dataclass
from pathlib import Path

import av
import pytest
from av.stream import Disposition
from PySide6.QtGui import QGuiApplication, QImage, QRawFont

from player.fonts import FACES, Script, script_of_language, script_runs

_DEMO = Path(__file__).resolve().parents[2] / "deploy" / "demo-content"
_GATE = _DEMO / "bo-y"
_CLIPS = sorted(_GATE.glob("*.mp4"))
_STILLS = sorted([*_GATE.glob("*.png"), *_GATE.glob("*.jpg")])
_CAPTIONS = sorted(_GATE.glob("*.srt"))
_RATE = 48_000
_MINUS_3_DBFS = 10 ** (-3 / 20)
_BT709 = 1

_by_name = pytest.mark.parametrize("clip", _CLIPS, ids=[path.stem for path in _CLIPS])


@dataclass(frozen=True)
class _Caption:
    start: float
    end: float
    text: str


def _languages(path: Path) -> list[str]:
    """Return the languages a file's name ends with, in reading order."""
    return re.findall(r"-(vi|lo|km|en)(?=-|$)", path.stem)


def test_the_folder_holds_what_a_gate_shows() -> None:
    gate = {f"bo-y.{kind}.json" for kind in ("playlist", "screen", "facts", "thresholds")}
    assert {path.name for path in _GATE.iterdir() if path.is_file()} == {
        *(path.name for path in (*_CLIPS, *_STILLS, *_CAPTIONS, _GATE / "README.md")),
        *gate,
    }
    assert {path.name for path in _GATE.iterdir() if path.is_dir()} == {"am-thanh", "bieu-trung", "hinh", "khan-cap"}
    assert [_languages(path) for path in _CLIPS] == [["vi", "lo"], ["vi", "km"], ["vi", "en"], ["vi"]]
    assert [path.name[:2] for path in _STILLS] == ["05", "05", "06"]
    assert [path.name.removeprefix(_CLIPS[0].stem) for path in _CAPTIONS] == [".lo.srt", ".vi.srt"]


def test_it_is_small_enough_to_commit() -> None:
    assert sum(path.stat().st_size for path in _GATE.rglob("*")) < 8_000_000
    assert (_DEMO / "contact-sheet.png").stat().st_size < 300_000


@_by_name
def test_picture_is_720p25_h264_in_bt709(clip: Path) -> None:
    with av.open(str(clip), "r") as container:
        (stream,) = container.streams.video
        context = stream.codec_context
        assert (context.name, context.width, context.height, context.pix_fmt) == ("h264", 1280, 720, "yuv420p")
        assert stream.average_rate == 25
        assert (context.colorspace, context.color_primaries, context.color_trc) == (_BT709, _BT709, _BT709)
        times = [frame.time for frame in container.decode(stream)]
        assert times == pytest.approx([number / 25 for number in range(stream.frames)], abs=1e-6)
        assert 8 <= len(times) / 25 <= 14


@_by_name
def test_no_clip_opens_or_ends_in_black_or_stands_still_at_its_opening(clip: Path) -> None:
    with av.open(str(clip), "r") as container:
        pictures = [bytes(frame.planes[0]) for frame in container.decode(video=0)]
    for picture in (pictures[0], pictures[-1]):
        assert sum(picture) / len(picture) > 30
    assert pictures[0] != pictures[1]


@_by_name
def test_every_audio_track_is_as_long_as_the_picture_and_says_its_language(clip: Path) -> None:
    with av.open(str(clip), "r") as container:
        frames, tracks = container.streams.video[0].frames, len(container.streams.audio)
        expected = ["vie", "eng"] if _languages(clip) == ["vi", "en"] else ["vie"]
        assert [stream.language for stream in container.streams.audio] == expected
        for stream in container.streams.audio:
            # libVLC chooses by language only among tracks marked so.
            assert stream.disposition & Disposition.default
            assert (stream.codec_context.name, stream.rate, stream.layout.name) == ("aac", _RATE, "stereo")
    for number in range(tracks):
        assert len(_left(clip, number)) == frames * _RATE // 25


@_by_name
def test_sound_is_heard_stays_below_the_ceiling_and_joins_without_a_click(clip: Path) -> None:
    with av.open(str(clip), "r") as container:
        tracks = len(container.streams.audio)
    for number in range(tracks):
        side = _left(clip, number)
        assert 0.1 < max(map(abs, side)) < _MINUS_3_DBFS
        assert max(map(abs, side[:48])) < 0.002
        assert max(map(abs, side[-48:])) < 0.002


def test_the_two_tracks_of_the_bilingual_clip_differ() -> None:
    (clip,) = (path for path in _CLIPS if _languages(path) == ["vi", "en"])
    assert _left(clip, 0) != _left(clip, 1)


def _left(clip: Path, number: int) -> "array[float]":
    side = array("f")
    with av.open(str(clip), "r") as container:
        for frame in container.decode(audio=number):
            side.frombytes(bytes(frame.planes[0])[: frame.samples * 4])
    return side


@pytest.mark.parametrize("still", _STILLS, ids=[path.stem for path in _STILLS])
def test_stills_fill_a_full_hd_screen(still: Path) -> None:
    image = QImage(str(still))
    assert (image.width(), image.height()) == (1920, 1080)


def _parse(path: Path) -> list[_Caption]:
    def seconds(stamp: str) -> float:
        hours, minutes, rest = stamp.replace(",", ".").split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(rest)

    captions = []
    for number, block in enumerate(path.read_text("utf-8").strip().split("\n\n"), 1):
        index, times, *lines = block.splitlines()
        assert index == str(number)
        start, end = times.split(" --> ")
        captions.append(_Caption(seconds(start), seconds(end), "\n".join(lines)))
    return captions


@pytest.mark.parametrize("path", _CAPTIONS, ids=[path.name for path in _CAPTIONS])
def test_captions_are_in_order_inside_the_clip_and_in_their_script(path: Path) -> None:
    captions = _parse(path)
    assert len(captions) == 3
    moments = [moment for caption in captions for moment in (caption.start, caption.end)]
    assert moments == sorted(moments)
    with av.open(str(_GATE / (path.name.split(".")[0] + ".mp4")), "r") as container:
        assert moments[-1] < container.streams.video[0].frames / 25
    script = script_of_language(path.suffixes[0][1:])
    application = QGuiApplication.instance() or QGuiApplication(["test", "-platform", "offscreen"])
    (font,) = (QRawFont(str(face.path), 32.0) for face in FACES if face.bold and face.script is script)
    for caption in captions:
        assert unicodedata.is_normalized("NFC", caption.text)
        assert [run for run, _ in script_runs(caption.text)] == [script]
        assert [sign for sign in caption.text if not font.supportsCharacter(ord(sign))] == []
    del font, application


def test_captions_of_both_languages_come_and_go_together() -> None:
    lao, vietnamese = (_parse(path) for path in _CAPTIONS)
    assert [(one.start, one.end) for one in lao] == [(one.start, one.end) for one in vietnamese]


def test_the_readme_says_of_every_lao_and_khmer_sentence_that_nobody_read_it() -> None:
    readme = (_GATE / "README.md").read_text("utf-8")
    assert readme.count("unread by a native speaker") == 2
    assert "Universal Declaration of Human Rights" in readme
    for caption in _parse(_CAPTIONS[0]):
        assert caption.text in readme
    storyboard = (_DEMO / "storyboard.py").read_text("utf-8")
    unread = re.findall(r'"([^"]*[\u0e80-\u0eff\u1780-\u17ff][^"]*)"', storyboard)
    assert len(unread) == 13
    assert [line for line in unread if line not in readme] == []
    assert {run for line in unread for run, _ in script_runs(line)} == {Script.LAO, Script.KHMER}


def test_every_file_is_named_in_the_readme() -> None:
    readme = (_GATE / "README.md").read_text("utf-8")
    assert [path.name for path in (*_CLIPS, _STILLS[0], _STILLS[-1], _CAPTIONS[1]) if path.name not in readme] == []


def test_the_script_still_finds_its_titles_large_enough_and_readable() -> None:
    run = subprocess.run(
        [sys.executable, str(_DEMO / "make_content.py"), "--check"], check=False, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
