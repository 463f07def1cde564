"""Real clips, probed by demuxing alone, against what really decodes."""

import contextlib
import ctypes
import io
import os
import random
import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest

from playlists.containers import Container
from playlists.media import Flaw, MediaError, MediaFacts, VideoFacts
from playlists.probe import DEFAULT_LIMITS, Limits, probe, refuse_to_open, until_damage
from tests.support.media import Clip, Tone, make_clip

UNEVEN = (0, 40, 80, 200, 220, 240, 400, 500, 520, 560, 700, 720, 740, 800, 1000)
OPEN_GOP = {"x264-params": "open-gop=1:bframes=3:keyint=12:log-level=none"}

CLIPS = {
    "h264.mp4": Clip(),
    "h264.mov": Clip(),
    "h264.mkv": Clip(),
    "h264.ts": Clip(),
    "h264.m2ts": Clip(),
    "hevc.mp4": Clip("libx265"),
    "hevc.mkv": Clip("libx265"),
    "hevc.ts": Clip("libx265"),
    "vp8.webm": Clip("libvpx"),
    "vp9.webm": Clip("libvpx-vp9"),
    "vp9.mp4": Clip("libvpx-vp9"),
    "vp9-hidden-frames.webm": Clip(
        "libvpx-vp9", frames=60, options={"deadline": "good", "auto-alt-ref": "1", "lag-in-frames": "25"}
    ),
    "av1.mp4": Clip("libsvtav1", size=(128, 96)),
    "mpeg4.avi": Clip("mpeg4"),
    "mpeg4.mp4": Clip("mpeg4"),
    "mpeg2.mpg": Clip("mpeg2video"),
    "mpeg2.ts": Clip("mpeg2video"),
    "ntsc.mpg": Clip("mpeg2video", rate=Fraction(30000, 1001)),
    "ntsc.mkv": Clip(rate=Fraction(30000, 1001)),
    "uneven.mp4": Clip(times=UNEVEN),
    "uneven.mkv": Clip(times=UNEVEN),
    "uneven.ts": Clip(times=UNEVEN),
    "half-a-second.mp4": Clip(frames=12),
    "one-frame.mp4": Clip(frames=1),
    "one-frame.mkv": Clip(frames=1),
    "one-frame.ts": Clip(frames=1),
    "one-frame.mpg": Clip("mpeg2video", frames=1),
    "one-frame.avi": Clip("mpeg4", frames=1),
}


def facts_of(path: Path) -> MediaFacts:
    with path.open("rb") as file:
        return probe(file)


def video_of(path: Path) -> VideoFacts:
    video = facts_of(path).video
    assert video is not None
    return video


def decoded(content: bytes, container: Container) -> list[int]:
    """Times of the frames a decoder gives out, in nanoseconds after the first."""
    with av.open(io.BytesIO(content), mode="r", format=container.av_format) as opened:
        base = opened.streams.video[0].time_base or 0
        times = [(frame.pts or 0) * base for frame in opened.decode(video=0)]
    return [round((time - times[0]) * 1_000_000_000) for time in times]


@pytest.mark.parametrize("name", CLIPS)
def test_frames_and_their_times_are_those_that_decode(tmp_path: Path, name: str) -> None:
    path = make_clip(tmp_path / name, CLIPS[name])
    facts, content = facts_of(path), path.read_bytes()
    assert facts.video is not None
    assert facts.complete
    assert list(facts.video.pts_ns) == decoded(content, facts.container)
    assert facts.video.frame_count == (len(CLIPS[name].times) or CLIPS[name].frames)
    assert facts.video.constant_rate == (not CLIPS[name].times)
    assert (facts.video.width, facts.video.height) == CLIPS[name].size


def test_h264_with_b_frames_in_avi_is_counted_though_avi_has_no_times_for_them(tmp_path: Path) -> None:
    video = video_of(make_clip(tmp_path / "h264.avi"))
    assert list(video.pts_ns) == [number * 40_000_000 for number in range(25)]
    assert video.end_ns == 1_000_000_000


@pytest.mark.parametrize(
    ("name", "end"),
    [("clip.mp4", 480), ("clip.mkv", 480), ("clip.ts", 480), ("clip.avi", 480), ("clip.webm", 480)],
)
def test_a_clip_ends_when_its_last_frame_does(tmp_path: Path, name: str, end: int) -> None:
    codec = {".avi": "mpeg4", ".webm": "libvpx-vp9"}.get(Path(name).suffix, "libx264")
    assert video_of(make_clip(tmp_path / name, Clip(codec, frames=12))).end_ns == end * 1_000_000


@pytest.mark.parametrize("clip", [Clip(frames=60), Clip("mpeg2video", frames=60), Clip(frames=60, options=OPEN_GOP)])
@pytest.mark.parametrize("share", [0.2, 0.33, 0.5])
def test_a_recording_that_begins_in_the_middle_counts_what_can_be_shown(
    tmp_path: Path, clip: Clip, share: float
) -> None:
    whole = make_clip(tmp_path / "whole.ts", clip).read_bytes()
    cut = whole[int(len(whole) * share) // 188 * 188 :]
    video = probe(io.BytesIO(cut)).video
    assert video is not None
    assert list(video.pts_ns) == decoded(cut, Container.MPEGTS)
    assert 0 < video.frame_count < 60


def test_recordings_joined_end_to_end_are_as_long_as_both(tmp_path: Path) -> None:
    one = make_clip(tmp_path / "one.ts", Clip(frames=50)).read_bytes()
    video = probe(io.BytesIO(one + one)).video
    assert video is not None
    assert video.frame_count == 100
    assert video.end_ns == pytest.approx(4_000_000_000, abs=100_000_000)


def test_shape_and_rotation_are_told(tmp_path: Path) -> None:
    wide = video_of(make_clip(tmp_path / "wide.mp4", Clip(aspect=Fraction(16, 11))))
    assert (wide.sar_num, wide.sar_den, wide.rotation) == (16, 11, 0)
    for degrees in (90, 180, 270):
        turned = video_of(make_clip(tmp_path / f"{degrees}.mp4", Clip(rotation=degrees)))
        assert (turned.rotation, turned.width, turned.height) == (degrees, 64, 48)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_sound_tracks_are_told_with_language_and_span(tmp_path: Path, suffix: str) -> None:
    clip = Clip(sound=(Tone(1.0, "vie"), Tone(1.5, "lao", delay=0.2), Tone(0.5)))
    tracks = facts_of(make_clip(tmp_path / f"clip{suffix}", clip)).audio
    assert [(track.index, track.language, track.channels) for track in tracks] == [
        (0, "vi", 1),
        (1, "lo", 1),
        (2, None, 1),
    ]
    for track, (start, end) in zip(tracks, [(0.0, 1.0), (0.2, 1.7), (0.0, 0.5)], strict=True):
        assert track.start_ns / 1e9 == pytest.approx(start, abs=0.05)
        assert track.end_ns / 1e9 == pytest.approx(end, abs=0.05)


def test_the_first_video_track_is_the_one_that_counts(tmp_path: Path) -> None:
    assert video_of(make_clip(tmp_path / "clip.mkv", Clip(second_picture=True))).frame_count == 25


@pytest.mark.parametrize("error", [IndexError(), av.InvalidDataError(1, "invalid data")])
def test_the_count_ends_where_the_damage_begins(error: Exception) -> None:
    damage: list[Exception] = []

    def packets() -> Iterator[int]:
        yield from (1, 2, 3)
        raise error

    assert list(until_damage(packets(), damage)) == [1, 2, 3]
    assert damage == [error]


def test_frames_cut_away_by_an_edit_list_are_not_counted(tmp_path: Path) -> None:
    content = bytearray(make_clip(tmp_path / "clip.mp4").read_bytes())
    entry = content.index(b"elst") + 16
    (media_time,) = struct.unpack_from(">i", content, entry)
    struct.pack_into(">i", content, entry, media_time + 5 * 512)
    video = probe(io.BytesIO(content)).video
    assert video is not None
    assert list(video.pts_ns) == decoded(bytes(content), Container.MP4)
    assert video.frame_count == 20


def test_frames_cut_off_the_end_by_an_edit_list_are_not_counted(tmp_path: Path) -> None:
    content = bytearray(make_clip(tmp_path / "clip.mp4").read_bytes())
    length = content.index(b"elst") + 12
    (movie_ms,) = struct.unpack_from(">I", content, length)
    struct.pack_into(">I", content, length, movie_ms * 3 // 5)
    facts = probe(io.BytesIO(content))
    assert facts.video is not None
    assert list(facts.video.pts_ns) == decoded(bytes(content), Container.MP4)
    assert 14 <= facts.video.frame_count <= 16


def test_hidden_frames_are_not_counted(tmp_path: Path) -> None:
    content = make_clip(tmp_path / "clip.webm", Clip("libvpx")).read_bytes()
    with av.open(io.BytesIO(content), mode="r") as opened:
        frames = [bytes(packet) for packet in opened.demux(video=0)]
    frame = next(frame for frame in frames[1:] if content.count(frame) == 1)
    hidden = content.replace(frame, bytes([frame[0] & 0xEF]) + frame[1:])
    video = probe(io.BytesIO(hidden)).video
    assert video is not None
    assert video.frame_count == len(decoded(hidden, Container.MATROSKA)) == 24


def test_a_file_of_sound_alone_has_no_video(tmp_path: Path) -> None:
    facts = facts_of(make_clip(tmp_path / "sound.mp4", Clip(frames=0, sound=(Tone(0.5),))))
    assert facts.video is None
    assert facts.audio[0].start_ns == 0


def flaw_of(content: bytes, limits: Limits = DEFAULT_LIMITS) -> Flaw:
    with pytest.raises(MediaError) as caught:
        probe(io.BytesIO(content), limits)
    assert str(caught.value) == caught.value.en
    return caught.value.flaw


def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "clip.mp4").read_bytes()
    assert flaw_of(b"") is Flaw.EMPTY
    assert flaw_of(b"#EXTM3U\nhttp://127.0.0.1/\n") is Flaw.UNKNOWN_FORMAT
    assert flaw_of(whole[: whole.index(b"moov")]) is Flaw.DAMAGED
    assert flaw_of(whole.replace(b"avc1", b"zzzz")) is Flaw.UNKNOWN_CODEC
    start, end = whole.index(b"mdat") + 4, whole.index(b"moov") - 4
    garbled = whole[:start] + b"\x5a" * (end - start) + whole[end:]
    assert flaw_of(garbled) is Flaw.NO_PICTURE
    assert flaw_of(garbled, Limits(tries=2)) is Flaw.NO_PICTURE
    assert flaw_of(whole.replace(b"vide", b"meta").replace(b"avc1", b"zzzz")) is Flaw.NO_PICTURE


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts"])
def test_no_more_is_looked_at_than_is_allowed(tmp_path: Path, name: str) -> None:
    content = make_clip(tmp_path / name, Clip(sound=(Tone(1.0), Tone(1.0)))).read_bytes()
    assert flaw_of(content, Limits(streams=2)) is Flaw.TOO_LONG
    assert flaw_of(content, Limits(packets=20)) is Flaw.TOO_LONG
    assert flaw_of(content, Limits(video_pixels=64 * 48 - 1)) is Flaw.TOO_LARGE
    assert probe(io.BytesIO(content), Limits(streams=3, video_pixels=64 * 48)).complete


def test_a_truncated_file_keeps_what_is_there_and_says_so(tmp_path: Path) -> None:
    clip = Clip(muxer={"movflags": "faststart"})
    whole = make_clip(tmp_path / "clip.mp4", clip).read_bytes()
    facts = probe(io.BytesIO(whole[: len(whole) * 3 // 4]))
    assert not facts.complete
    assert facts.video is not None
    assert 0 < facts.video.frame_count < 25


def test_a_file_cut_off_between_two_frames_is_not_taken_for_whole(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", Clip(muxer={"movflags": "faststart"}))
    with av.open(str(path), mode="r") as opened:
        places = [packet.pos or 0 for packet in opened.demux(video=0) if packet.size]
    facts = probe(io.BytesIO(path.read_bytes()[: places[12]]))
    assert not facts.complete
    assert facts.video is not None
    assert facts.video.frame_count == 12


class ReadingOnly:
    """A file that can do no more than what a probe needs, under a name that would lead elsewhere."""

    name = "http://127.0.0.1:9/clip.mp4"

    def __init__(self, content: bytes, fail_at: int | None = None) -> None:
        self._file = io.BytesIO(content)
        self._fail_at = fail_at
        self.seek, self.tell = self._file.seek, self._file.tell

    def read(self, size: int) -> bytes:
        if self._fail_at is not None and self.tell() >= self._fail_at:
            raise OSError(5, "Input/output error")
        return self._file.read(size)


def test_the_name_of_the_file_plays_no_part(tmp_path: Path) -> None:
    content = make_clip(tmp_path / "clip.mp4").read_bytes()
    assert probe(ReadingOnly(content)).complete  # type: ignore[arg-type]


@pytest.mark.parametrize("fail_at", [0, 4096])
def test_a_failing_disk_is_told_from_a_damaged_file(tmp_path: Path, fail_at: int) -> None:
    content = make_clip(tmp_path / "clip.ts", Clip(frames=100)).read_bytes()
    with pytest.raises(MediaError) as caught:
        probe(ReadingOnly(content, fail_at))  # type: ignore[arg-type]
    assert caught.value.flaw is Flaw.UNREADABLE


def alias_to(path: Path) -> bytes:
    """Make a QuickTime alias: a data reference that leads to another file by its absolute path."""
    target = str(path).encode()
    name = path.name.encode()
    record = bytes(10) + b"\x00" + bytes(27) + bytes(12) + bytes([len(name)]) + name.ljust(63, b"\0") + bytes(16)
    record += struct.pack(">hh", 1, 1) + bytes(16)
    record += struct.pack(">hh", 2, len(target)) + target + b"\0" * (len(target) % 2) + struct.pack(">hh", -1, 0)
    return struct.pack(">I4sI", 12 + len(record), b"alis", 0) + record


def with_reference(content: bytes, reference: bytes) -> bytes:
    """Replace the one data reference of a file whose index comes last, and let the boxes around it grow."""
    own = b"\x00\x00\x00\x0curl \x00\x00\x00\x01"
    grown = bytearray(content.replace(own, reference))
    assert len(grown) == len(content) + len(reference) - len(own)
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = content.index(box) - 4
        struct.pack_into(">I", grown, at, struct.unpack_from(">I", grown, at)[0] + len(reference) - len(own))
    return bytes(grown)


@contextlib.contextmanager
def opened_within(path: Path) -> Iterator[list[str]]:
    """Tell, once left, whether anybody opened ``path`` meanwhile, by the kernel's own account."""
    libc = ctypes.CDLL(None, use_errno=True)
    watcher = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(watcher, os.fsencode(path), 0x20) > 0
    opened: list[str] = []
    try:
        yield opened
        with contextlib.suppress(BlockingIOError):
            opened += ["opened"] * bool(os.read(watcher, 4096))
    finally:
        os.close(watcher)


def test_whatever_a_demuxer_asks_for_is_refused() -> None:
    with pytest.raises(PermissionError):
        refuse_to_open("http://127.0.0.1/", 1, {})


def test_a_reference_to_another_file_is_not_followed(tmp_path: Path) -> None:
    canary = make_clip(tmp_path / "canary.mov")
    clip = make_clip(tmp_path / "clip.mov", Clip(frames=3))
    clip.write_bytes(with_reference(clip.read_bytes(), alias_to(canary)))
    follow = {"enable_drefs": "1", "use_absolute_path": "1"}
    with opened_within(canary) as opened, av.open(str(clip), mode="r", options=follow):
        pass
    assert opened, "the file made for this test leads nowhere"
    with opened_within(canary) as opened, contextlib.suppress(MediaError):
        facts_of(clip)
    assert not opened


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "h264.ts", "mpeg2.mpg", "mpeg4.avi", "vp9.webm"])
def test_damaged_clips_are_refused_or_bounded(tmp_path: Path, name: str) -> None:
    whole = make_clip(tmp_path / name, CLIPS[name]).read_bytes()
    chance = random.Random(name)  # noqa: S311  # damage that can be repeated
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 5, 50))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        del damaged[chance.choice((len(whole), chance.randrange(len(whole)))) :]
        with contextlib.suppress(MediaError):
            video = probe(io.BytesIO(damaged)).video
            assert video is None or 0 < video.end_ns <= video.frame_count * 301 * 1_000_000_000
