"""The demo's road: the commands that people use bring the demo content from a folder to a kiosk, and end well."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from player.live.loading import Loaded, load_release
from player.live.state_folder import StateFolder
from playlists.errors import ExitCode
from playlists.release import read_active
from playlists.screen import Screen

_DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
_CONTENT = _DEPLOY / "demo-content" / "bo-y"


def test_the_road_ends_at_a_kiosk_that_can_play(tmp_path: Path) -> None:
    road = tmp_path / "road"
    command = [sys.executable, str(_DEPLOY / "demo_road.py"), str(_CONTENT), str(road)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not (road / "ready").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    told, complained = process.communicate(timeout=30)
    assert (process.returncode, complained) == (ExitCode.OK, "")
    assert told.count("$ signage-hub sign ") == 6, "three people, trust and a release"
    folder = StateFolder(road / "kiosk")
    loaded = load_release(folder, read_active(folder.active.read_bytes()), Screen("x", "", ""))
    assert isinstance(loaded, Loaded), loaded
    assert (loaded.active.sequence, loaded.screen is not None) == (1, True)
    assert "ap-phich" not in {slot.item.id for slot in loaded.playlist.slots}, "it comes with the change"


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    command = [sys.executable, str(_DEPLOY / "demo_road.py")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == ExitCode.USAGE
    (tmp_path / "bo-y").mkdir()
    shutil.copy(_CONTENT / "bo-y.screen.json", tmp_path / "bo-y")
    (tmp_path / "bo-y" / "bo-y.playlist.json").write_text('{"items": []}')
    command += [str(tmp_path / "bo-y"), str(tmp_path / "road")]
    wrong = subprocess.run(command, check=False, capture_output=True, text=True)
    assert wrong.returncode == ExitCode.CONTENT
    assert wrong.stderr
