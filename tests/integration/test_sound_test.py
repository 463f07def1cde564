"""``signage-player --test-sound`` on a sound server of its own, and without one."""

import os
import socket
import subprocess
import sys
from array import array
from pathlib import Path

from player.decoding.pcm import RATE
from player.decoding.pulse_client import ask_server
from player.tone import tone
from playlists.errors import ExitCode
from tests.support.sound_server import SINK, private_sound_server, recording

PROGRAM = Path(sys.executable).with_name("signage-player")


def run(home: Path, environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)} | environment
    return subprocess.run(
        [PROGRAM, "--test-sound", *words], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def loudness(side: "array[int]", begin: float, end: float) -> int:
    return max(map(abs, side[round(begin * RATE) : round(end * RATE)]))


def samples(volume: int) -> "array[int]":
    both = array("h", tone(volume))
    assert len(both) == 2 * 2 * RATE
    return both


def test_the_tone_is_left_then_right_then_both() -> None:
    both = samples(100)
    left, right = both[0::2], both[1::2]
    assert loudness(left, 0, 0.6) > 7900
    assert loudness(right, 0.7, 1.3) > 7900
    assert loudness(right, 0, 0.6) == loudness(left, 0.7, 1.3) == 0
    assert min(loudness(left, 1.4, 2), loudness(right, 1.4, 2)) > 7900
    assert loudness(left, 0.6, 0.7) == loudness(right, 1.3, 1.4) == 0


def test_the_volume_is_that_of_the_tone() -> None:
    assert abs(max(samples(50)) - max(samples(100)) / 2) < 2
    assert not any(samples(0))


def test_the_tone_arrives_where_the_line_says(tmp_path: Path) -> None:
    with private_sound_server(tmp_path / "server") as server, server.recorded(tmp_path / "heard"):
        done = run(tmp_path, server.environment, "--volume", "50")
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    assert done.stdout.count("\n") == 1
    assert "pulseaudio" in done.stdout
    assert str(server.socket) in done.stdout
    assert f"({SINK}), at 100 %" in done.stdout
    heard = recording(tmp_path / "heard")
    first = {name: next(i for i, s in enumerate(getattr(heard, name)) if abs(s) > 1000) for name in ("left", "right")}
    assert 0.6 < (first["right"] - first["left"]) / RATE < 0.8
    start = first["left"] / RATE
    for side, begin in ((heard.left, 0.1), (heard.right, 0.8), (heard.left, 1.5), (heard.right, 1.5)):
        assert 3600 < loudness(side, start + begin, start + begin + 0.4) < 4400


def test_without_a_server_one_line_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, {"PULSE_SERVER": f"unix:{tmp_path}/nobody"})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (ExitCode.SITE, "", 1)
    assert "No sound server answers" in done.stderr


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "mute"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        assert ask_server(str(path), patience_s=0.3) is None


def test_a_muted_sink_is_called_muted(tmp_path: Path) -> None:
    with private_sound_server(tmp_path / "server") as server:
        environment = os.environ | server.environment
        subprocess.run(["pactl", "set-sink-mute", SINK, "1"], env=environment, check=True)
        subprocess.run(["pactl", "set-sink-volume", SINK, "50%"], env=environment, check=True)
        found = ask_server(str(server.socket))
    assert found is not None
    assert found.sink is not None
    assert (found.sink.name, found.sink.muted, found.sink.percent) == (SINK, True, 50)
