"""A kiosk's agent and a real hub, both as processes: enrolment, wake-ups, reports, revocation."""

import json
import stat
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.agent.folder_source import FolderSource
from sync.agent.identity import Identity
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of, urgent_bulletin
from tests.support.hub_server import HubServer, make_hub, serving
from tests.support.signed_feed import SignedFeed

NAME = f"{GATE}/{SCREEN}"


class Road:
    """A hub, and a kiosk that has a ticket for it."""

    def __init__(self, hub: HubServer, feed: SignedFeed, folder: Path) -> None:
        self.hub, self.feed = hub, feed
        # Nothing but the state folder is in the settings: the rest comes with the ticket.
        self.kiosk = AgentKiosk(folder / "kiosk", b"", more={"poll_seconds": 600, "gate": None, "screen": None})
        self.kiosk.more |= {"root_file": None}
        self.kiosk.write_settings()
        self.ticket = folder / "ticket.json"
        hub.command("screens", "add", NAME)
        hub.command("enrol-code", NAME, "--address", hub.url, "--ticket", str(self.ticket))

    def enrol(self) -> Identity:
        told = self.kiosk.run("enrol", str(self.ticket), "--wait", "0")
        assert told.returncode == 0, told.stderr
        identity = Identity(self.kiosk.agent / "identity")
        key = identity.key()
        assert key is not None
        assert key.fingerprint in told.stdout
        return identity

    def confirm(self) -> None:
        key = self.enrol().key()
        assert key is not None
        self.hub.command("devices", "confirm", key.device, "--fingerprint", key.fingerprint)

    def publish(self, sequence: int) -> None:
        clip = self.feed.add_media(b"clip" * sequence, f"clip-{sequence}.mp4")
        self.feed.now = datetime.now(UTC)
        self.feed.add_release(GATE, SCREEN, sequence, playlist_of(clip), [clip])
        self.feed.publish()

    def urge(self, name: str) -> float:
        """Publish an urgent bulletin; seconds until it lies in the state folder."""
        self.feed.now = datetime.now(UTC)
        self.feed.add_urgent(name, urgent_bulletin(name, self.feed.now), [f"{GATE}/*"])
        self.feed.publish()
        return until((self.kiosk.agent / "urgent" / f"{name}.json").exists)


def until(true: Callable[[], bool], seconds: float = 20) -> float:
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds
        time.sleep(0.01)
    return time.monotonic() - begun


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    feed = make_hub(tmp_path / "hub")
    with serving(tmp_path / "hub") as hub:
        yield Road(hub, feed, tmp_path)


def test_from_a_ticket_to_an_urgent_bulletin(road: Road) -> None:
    road.publish(1)
    road.confirm()
    key = road.kiosk.agent / "identity" / "key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with road.kiosk.running():
        until(lambda: road.kiosk.sequence == 1)
        took = [road.urge(f"u{number}") for number in (1, 2)]
        assert max(took) < 3, took
        road.urge("u3")


def test_nothing_is_taken_before_a_human_confirmed(road: Road) -> None:
    road.publish(1)
    road.enrol()
    told = road.kiosk.run("once")
    assert told.returncode == 4
    assert "đang chờ người ở trung tâm xác nhận" in told.stderr
    assert road.kiosk.sequence is None


def test_a_revoked_device_plays_on_takes_nothing_new_and_says_so(road: Road) -> None:
    road.publish(1)
    road.confirm()
    assert road.kiosk.run("once").returncode == 0
    (road.kiosk.agent / "probation.json").unlink()
    key = Identity(road.kiosk.agent / "identity").key()
    assert key is not None
    road.hub.command("devices", "revoke", key.device, "--reason", "đã bán")
    road.publish(2)
    road.kiosk.run("once")
    assert road.kiosk.sequence == 1
    assert "thu hồi" in road.kiosk.run("status").stdout
    told = road.kiosk.run("diagnose")
    assert "trung tâm đã thu hồi hoặc từ chối máy này (đã bán)" in told.stdout


@pytest.mark.parametrize("wrong", ["root", "code"])
def test_a_wrong_ticket_enrols_nothing(road: Road, wrong: str) -> None:
    ticket = json.loads(road.ticket.read_bytes())
    ticket |= {"root_sha256": "0" * 64} if wrong == "root" else {"code": "0000-0000-0000-0000"}
    road.ticket.write_text(json.dumps(ticket), encoding="utf-8")
    told = road.kiosk.run("enrol", str(road.ticket), "--wait", "0")
    assert told.returncode == 4
    assert "Traceback" not in told.stderr
    assert Identity(road.kiosk.agent / "identity").enrolment() is None


def test_the_hub_may_be_away(road: Road) -> None:
    """What the feed brings does not wait for the hub's other half; a stick would do."""
    road.publish(1)
    road.confirm()
    road.hub.kill()
    agent = road.kiosk.open()
    agent.cycle.mend()
    agent.bring(FolderSource(road.feed.folder))
    assert road.kiosk.sequence == 1
