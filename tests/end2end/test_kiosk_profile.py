"""What the kiosk profile lets through, the player plays: codecs and sounds that no other test plays."""

import subprocess
from pathlib import Path

import pytest

from playlists.cli_media import Medium
from playlists.proof import Outcome
from sync.hub.examination import examine
from sync.hub.kiosk_profile import Use, shortfalls
from tests.support.player_process import stage
from tests.support.xserver import XServer

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=1.2")
TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1.2")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
ACCEPTED = {
    "theora.ogv": (*PICTURE, *TONE, "-c:v", "libtheora", "-pix_fmt", "yuv420p", "-c:a", "libvorbis"),
    "vp8.webm": (*PICTURE, *TONE, "-c:v", "libvpx", "-pix_fmt", "yuv420p", "-c:a", "libopus"),
    "mp3.mp4": (*PICTURE, *TONE, *H264, "-c:a", "libmp3lame"),
    "ac3.mkv": (*PICTURE, *TONE, *H264, "-c:a", "ac3"),
    "flac.mkv": (*PICTURE, *TONE, *H264, "-c:a", "flac"),
    "pcm.mov": (*PICTURE, *TONE, *H264, "-c:a", "pcm_s16le"),
    "telephone.mp4": (*PICTURE, *TONE, *H264, "-c:a", "aac", "-ar", "8000", "-ac", "1"),
    "full-range.mp4": (*PICTURE, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuvj420p"),
}


@pytest.mark.long
def test_the_player_plays_what_the_profile_lets_through(
    shared_x_server: XServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("accepted")
    for name, arguments in ACCEPTED.items():
        path = folder / name
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *arguments, str(path)], check=True)
        assert told(path) == []
    with stage(shared_x_server.display, tmp_path_factory.mktemp("home")) as players:
        plays = players.play(folder, "--loops", "1").log.plays
    assert {play.item: play.outcome for play in plays} == dict.fromkeys(ACCEPTED, Outcome.COMPLETED)
    shown = {play.item: sum(play.frames) for play in plays}
    assert all(28 <= frames <= 31 for frames in shown.values()), shown


def told(path: Path) -> list[str]:
    coding = examine(path, Medium.CLIP).coding
    assert coding is not None
    return [one.code for one in shortfalls(coding, Use.CLIP)]
