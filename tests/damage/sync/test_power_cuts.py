"""A kiosk whose power is cut while it syncs, fifty times: a real kernel and file system on a disk that forgets."""

import json
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sync import feed
from sync.pieces import PIECE_BYTES
from tests.support.agent_kiosk import GATE, SCREEN, playlist_of
from tests.support.feed_server import FeedServer, feed_server
from tests.support.signed_feed import SignedFeed
from tests.support.state_inspection import faults_of_versions
from tests.support.virtual_machine import HOST, Machine, built_root, empty_disk
from tests.support.volatile_disk import VolatileDisk

CUTS = 50
_INSPECTION = Path(__file__).parents[2] / "support" / "state_inspection.py"
_SAID = "ROAD "
_SCRIPT = """
import json, sys, time
from pathlib import Path
from playlists.errors import SignageError
from state_inspection import active_in, faults_of, finished_media, known_versions
from sync.agent.app import Agent
from sync.agent.machine_clock import MachineClock
from sync.agent.outfit import fitted_out
from sync.agent.settings import read_settings
from sync.agent.standing import confirmed, read_standing, write_standing
from sync.durable import write_durably

state = Path("/state/kiosk")
state.mkdir(exist_ok=True)
agent = state / "agent"
try:
    faults = list(faults_of(agent))
except Exception as error:
    faults = [f"{type(error).__name__}: {error}"]
root = Path("/road/root.json").read_bytes()
known, media = known_versions(agent, root), finished_media(agent)
told = {"sequence": active_in(agent), "faults": faults, "media": media, "known": known}
print("ROAD", json.dumps(told), flush=True)
while True:
    try:
        settings = read_settings(Path("/road/agent.json").read_bytes())
        Agent(fitted_out(settings), MachineClock(), chance=lambda: 0.0).once()
        standing = agent / "probation.json"
        write_durably(standing, write_standing(confirmed(read_standing(standing.read_bytes()))))
        print("ROAD done", active_in(agent), flush=True)
    except (SignageError, OSError) as error:
        print("ROAD error", type(error).__name__, error, flush=True)
    time.sleep(0.2)
"""


def publish(signed: SignedFeed, sequence: int) -> None:
    """A release of two small files of its own, one of two pieces, and one that all releases share."""
    signed.now = datetime.now(UTC).replace(microsecond=0)
    chance = random.Random(sequence)  # noqa: S311 - any bytes
    lengths = {"dai.mp4": PIECE_BYTES + 300_000, "ngan.mp4": 9_000, "nho.mp4": 2_000}
    media = [signed.add_media(chance.randbytes(length), name) for name, length in lengths.items()]
    media.append(signed.add_media(b"shared" * 500, "chung.mp4"))
    signed.add_release(GATE, SCREEN, sequence, playlist_of(*media), media)
    signed.publish()


def settings_for(server: FeedServer) -> str:
    port = server.server_address[1]
    told = {
        "format_version": 1,
        "state": "/state/kiosk",
        "feed": f"http://{HOST}:{port}/",
        "gate": GATE,
        "screen": SCREEN,
    }
    return json.dumps({**told, "root_file": "/road/root.json", "floor_megabytes": 0, "kilobits_a_second": 8_000})


def faults_between(before: dict[str, Any], told: dict[str, Any], published: int, server: FeedServer) -> list[str]:
    """What is wrong with what a machine found after a cut; ``before`` is what it found after the cut before."""
    faults = [*told["faults"], *faults_of_versions(told["known"], before["known"])]
    if told["sequence"] is None or not (before["sequence"] or 1) <= told["sequence"] <= published:
        faults.append(f"{told['sequence']} is active")
    again = [digest for digest in told["media"] if server.body_bytes[feed.media_name(digest)]]
    return [*faults, *(f"media/{digest} was fetched again" for digest in again)]


@pytest.mark.long
def test_fifty_power_cuts_leave_old_or_new(tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    signed = SignedFeed(tmp_path / "feed", datetime.now(UTC).replace(microsecond=0))
    chance = random.Random(20261124)  # noqa: S311 - when to cut
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    with (
        feed_server(tmp_path / "feed") as server,
        VolatileDisk(empty_disk(256, tmp_path), tmp_path / "disk", chance) as disk,
    ):
        files = {"agent.json": settings_for(server), "root.json": signed.first_root.decode()}
        root = built_root(_SCRIPT, {**files, "state_inspection.py": _INSPECTION.read_text()}, tmp_path)
        publish(signed, 1)
        with Machine(root, disk.address, tmp_path / "serial.log") as machine:
            lines = (line for line in machine.lines(120) if _SAID in line)
            before = json.loads(next(lines).partition(_SAID)[2])
            begun = time.monotonic()
            assert "done 1" in next(lines)
            seconds = time.monotonic() - begun
        disk.cut()
        for sequence in range(2, CUTS + 2):
            publish(signed, sequence)
            server.body_bytes.clear()
            with Machine(root, disk.address, tmp_path / "serial.log") as machine:
                lines = (line for line in machine.lines(120) if _SAID in line)
                told = json.loads(next(lines).partition(_SAID)[2])
                time.sleep(chance.uniform(0, 1.2 * seconds))
            disk.cut()
            wrong += [f"release {sequence}: {fault}" for fault in faults_between(before, told, sequence - 1, server)]
            seen["new" if told["sequence"] == sequence - 1 else "old"] += 1
            before = told
        figures = f"{CUTS} cuts: {dict(seen)}, {disk.flushes} flushes, {disk.lost_sectors} sectors lost"
        print(f"\n{figures}")  # noqa: T201 - a figure for the record
    assert wrong == []
    assert min(seen["old"], seen["new"]) > 0, "it was cut before the swap sometimes, and sometimes after it"
    assert disk.lost_sectors > 0, "a power cut that loses nothing proves nothing"
