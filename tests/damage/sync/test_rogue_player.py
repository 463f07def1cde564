"""A player that was taken over writes what it likes into its own folder: the agent goes on, and nothing leaks."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playlists.status import Showing, Status, write_status
from sync.agent.account import report_to_hub
from sync.protocol import LONGEST_MESSAGE
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of
from tests.support.feed_server import feed_server
from tests.support.signed_feed import SignedFeed

NOW = datetime.now(UTC)


def written(**more: object) -> bytes:
    now = datetime.now(UTC).isoformat()
    status = Status(
        at=now,
        screen="s",
        software="1",
        started=now,
        showing=Showing.ITEM,
        since=now,
    )
    return json.dumps({**json.loads(write_status(status)), **more}).encode()


def link_to(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


def content(**more: object) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(written(**more))


ROGUES: dict[str, Callable[[Path], object]] = {
    "fifo": os.mkfifo,
    "folder": Path.mkdir,
    "endless": link_to("/dev/zero"),
    "ours": link_to("../agent/diagnosis.json"),
    "huge": lambda path: path.write_bytes(b" " * (1 << 25)),
    "deep": content(extra=json.loads("[" * 400 + "]" * 400)),
    "half a letter": content(screen="\ud800"),
    "long": content(screen="x" * 100_000),
    "great number": content(release="9" * 5000),
    "faults": content(faults=[{"at": "x", "code": "y", "detail": "z" * 9000}] * 20),
}


@pytest.mark.parametrize("name", ROGUES)
def test_whatever_the_player_writes_the_agent_goes_on(tmp_path: Path, name: str) -> None:
    feed = SignedFeed(tmp_path / "feed", now=NOW)
    clip = feed.add_media(b"clip", "clip.mp4")
    feed.add_release(GATE, SCREEN, 1, playlist_of(clip), [clip])
    feed.publish()
    with feed_server(feed.folder) as server:
        kiosk = AgentKiosk(tmp_path / "kiosk", feed.first_root, server.url)
        (kiosk.state / "player").mkdir()
        for file in ("status.json", "faults.json"):
            ROGUES[name](kiosk.state / "player" / file)
        kiosk.agent.mkdir()
        (kiosk.agent / "diagnosis.json").write_bytes(written(screen="secret"))
        agent = kiosk.open()
        agent.once()
        agent.succession.look()
        report = report_to_hub(agent.account()).write()
    assert kiosk.sequence == 1
    assert b"secret" not in report
    assert len(report) < LONGEST_MESSAGE
