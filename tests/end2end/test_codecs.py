"""Every codec in every container that can be made here, and clips of odd lengths and rates: no frame goes unsaid."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from playlists.proof import Outcome
from tests.support.media import Clip, Tone, make_clip
from tests.support.player_process import Play, stage
from tests.support.xserver import XServer

SMALL = (160, 90)
CONTAINERS: Mapping[str, tuple[str, ...]] = {
    "libx264": (".mp4", ".mov", ".mkv", ".ts", ".m2ts"),
    "libx265": (".mp4", ".mkv", ".ts"),
    "libvpx-vp9": (".webm", ".mkv", ".mp4"),
    "libvpx": (".webm",),
    "mpeg4": (".mp4", ".mkv", ".avi"),
    "mpeg2video": (".mpg", ".ts", ".mkv"),
    "libsvtav1": (".mp4", ".mkv", ".webm"),
}
MIXED = {
    f"{codec}{suffix}": Clip(codec, SMALL, frames=20, sound=(Tone(0.8),) if len(suffix) % 2 == 0 else ())
    for codec, suffixes in CONTAINERS.items()
    for suffix in suffixes
}
ODD = {
    "half-second.mp4": Clip(size=SMALL, frames=13, sound=(Tone(0.5),)),
    "half-second.webm": Clip("libvpx-vp9", SMALL, frames=13),
    "half-second.ts": Clip("mpeg2video", SMALL, frames=13),
    "two-a-second.mp4": Clip(size=SMALL, rate=Fraction(2), frames=4),
    "sixty-a-second.mkv": Clip(size=SMALL, rate=Fraction(60), frames=60),
    "ntsc.mp4": Clip(size=SMALL, rate=Fraction(30000, 1001), frames=30),
    "film.mkv": Clip(size=SMALL, rate=Fraction(24000, 1001), frames=24, options={"x264-params": "log-level=none"}),
    "variable.mp4": Clip(size=SMALL, times=(0, 40, 80, 200, 240, 520, 560, 600, 640, 1000)),
    "variable.mkv": Clip(size=SMALL, times=(0, 100, 133, 166, 500, 533, 566, 800)),
    "standing.mp4": Clip(size=SMALL, frames=25, movement=0),
    "two-pictures.mkv": Clip(size=SMALL, frames=15, second_picture=True),
    "sound-longer.mp4": Clip(size=SMALL, frames=15, sound=(Tone(1.2),)),
    "sound-shorter.mkv": Clip(size=SMALL, frames=20, sound=(Tone(0.3),)),
    "sound-later.mp4": Clip(size=SMALL, frames=20, sound=(Tone(0.4, delay=0.3),)),
    "four-to-three.avi": Clip("mpeg4", (120, 90), frames=15, sound=(Tone(0.6),)),
    "portrait.mp4": Clip("libx265", (90, 160), frames=15),
    "odd-size.mkv": Clip("libvpx-vp9", (162, 94), frames=15),
}


def played(clips: Mapping[str, Clip], display: str, folders: pytest.TempPathFactory) -> dict[str, Play]:
    """One play of each clip of a set, in one run."""
    folder = folders.mktemp("codecs")
    for name, clip in clips.items():
        make_clip(folder / name, clip)
    with stage(display, folders.mktemp("home")) as players:
        found = players.play(folder, "--loops", "1").log.plays
    assert sorted(play.item for play in found) == sorted(clips)
    return {play.item: play for play in found}


@pytest.fixture(scope="module")
def mixed(shared_x_server: XServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Play]:
    return played(MIXED, shared_x_server.display, tmp_path_factory)


@pytest.fixture(scope="module")
def odd(shared_x_server: XServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Play]:
    return played(ODD, shared_x_server.display, tmp_path_factory)


def complete(play: Play, clip: Clip) -> None:
    """Every frame of the clip is accounted for, and its time is the file's own."""
    frames = len(clip.times) or clip.frames
    assert play.end is not None
    assert (play.outcome, play.end["reason"]) == (Outcome.COMPLETED, None)
    assert sum(play.frames) == frames
    # Of a clip of a variable rate nobody but the file says how long its last frame stands.
    shortest = clip.times[-1] if clip.times else frames * 1000 / clip.rate - 2
    longest = clip.times[-1] + 400 if clip.times else shortest + 4
    assert shortest <= play.start["planned_ms"] <= longest
    # Longer where the next one was not ready on a busy machine, never shorter.
    assert -100 < play.end["actual_ms"] - play.start["planned_ms"] < 2000
    assert play.start["rendition"] == "video"


@pytest.mark.parametrize("name", MIXED)
def test_a_codec_in_a_container_plays_all_its_frames(mixed: dict[str, Play], name: str) -> None:
    complete(mixed[name], MIXED[name])


@pytest.mark.parametrize("name", ODD)
def test_an_odd_clip_plays_all_its_frames(odd: dict[str, Play], name: str) -> None:
    complete(odd[name], ODD[name])


def test_nearly_nothing_is_lost_even_where_the_machine_is_busy(mixed: dict[str, Play], odd: dict[str, Play]) -> None:
    plays = mixed | odd
    shown, lost = (sum(play.frames[which] for play in plays.values()) for which in (0, 1))
    assert lost < 0.05 * shown, {play.item: play.frames for play in plays.values() if play.frames[1]}
