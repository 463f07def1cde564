"""A download that is cut or killed every twentieth of the way reads hardly more than the file once."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest

from sync.agent.download import Wanted, fetch
from sync.agent.media_store import MediaStore
from sync.agent.requests_source import RequestsSource
from sync.feed import media_name
from tests.support.feed_server import FeedServer, feed_server
from tests.support.small_feed import add_file, some_bytes, wrong_files

WORST: Final = 1.06
"""Times the file's length may be read, whatever happens on the way."""
LARGE: Final = 200_000_000
SMALL: Final = 24_000_000
PATIENCE_S: Final = 60.0


def test_killed_every_quarter(tmp_path: Path) -> None:
    assert _read_when_killed(tmp_path, SMALL, kills=3) <= WORST


@pytest.mark.long
def test_killed_every_twentieth(tmp_path: Path) -> None:
    ratio = _read_when_killed(tmp_path, LARGE, kills=19)
    print(f"read {ratio:.4f} times its length when killed 19 times")  # noqa: T201 - a figure for the record
    assert ratio <= WORST


@pytest.mark.parametrize("length", [SMALL, pytest.param(LARGE, marks=pytest.mark.long)])
def test_cut_every_twentieth(tmp_path: Path, length: int) -> None:
    feed = tmp_path / "feed"
    clip = add_file(feed, some_bytes("clip", length), "clip.mp4")
    store = MediaStore(tmp_path / "agent", floor=0)
    with feed_server(feed) as server:
        server.cut_after = length // 20
        source = RequestsSource(server.url)
        fetch([clip], source, store)
        source.close()
        ratio = server.body_bytes[media_name(clip.sha256)] / length
    print(f"read {ratio:.4f} times its length when cut 19 times")  # noqa: T201 - a figure for the record
    assert ratio <= WORST
    assert store.has(clip.sha256, length)
    assert not wrong_files(store)


def _read_when_killed(tmp_path: Path, length: int, kills: int) -> float:
    """How many times its length the server gave of a file whose download was killed so many times."""
    feed, kiosk = tmp_path / "feed", tmp_path / "agent"
    clip = add_file(feed, some_bytes("clip", length), "clip.mp4")
    with feed_server(feed) as server:
        server.pace = 20_000_000
        for kill in range(1, kills + 1):
            _kill_at(server, clip, kiosk, kill * length // (kills + 1))
        _start(server, clip, kiosk).communicate(timeout=PATIENCE_S)
        read = server.body_bytes[media_name(clip.sha256)]
    store = MediaStore(kiosk, floor=0)
    assert store.has(clip.sha256, length)
    assert not wrong_files(store)
    assert not list(store.downloads.iterdir())
    return read / length


def _kill_at(server: FeedServer, clip: Wanted, kiosk: Path, offset: int) -> None:
    """Kill a download when its file has grown so far."""
    part = kiosk / "downloads" / f"{clip.sha256}.part"
    ends = time.monotonic() + PATIENCE_S
    with _start(server, clip, kiosk) as process:
        while not part.exists() or part.stat().st_size < offset:
            assert process.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)


def _start(server: FeedServer, clip: Wanted, kiosk: Path) -> "subprocess.Popen[bytes]":
    kiosk.mkdir(exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "tests.support.download_process",
        server.url,
        str(kiosk),
        json.dumps([asdict(clip)]),
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)
