"""A kiosk's agent and a real hub, both as processes: enrolment, wake-ups, reports, revocation."""

import itertools
import json
import stat
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playlists.release import Withdrawn, read_withdrawn
from sync.agent.folder_source import FolderSource
from sync.agent.identity import Identity
from tests.support.agent_kiosk import GATE, AgentKiosk, playlist_of, urgent_bulletin
from tests.support.hub_server import HubServer, make_hub, serving
from tests.support.signed_feed import SignedFeed

REGISTER_SECONDS = 2.5
"""Within which the server sees what a command changed in the register."""
_NUMBERS = itertools.count(1)


class Road:
    """A hub, and a kiosk that has a ticket for it."""

    def __init__(self, hub: HubServer, feed: SignedFeed, folder: Path, screen: str) -> None:
        self.hub, self.feed = hub, feed
        # Nothing but the state folder is in the settings: the rest comes with the ticket.
        self.kiosk = AgentKiosk(folder / "kiosk", b"", more={"poll_seconds": 600, "gate": None, "screen": None})
        self.kiosk.more |= {"root_file": None}
        self.kiosk.write_settings()
        self.ticket = folder / "ticket.json"
        self.move(screen)

    def move(self, screen: str) -> None:
        """Get a ticket for a screen."""
        self.screen, name = screen, f"{GATE}/{screen}"
        self.hub.command("screens", "add", name)
        self.hub.command("enrol-code", name, "--address", self.hub.url, "--ticket", str(self.ticket))

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
        self.feed.add_release(GATE, self.screen, sequence, playlist_of(clip), [clip])
        self.feed.publish()

    def urge(self, name: str) -> float:
        """Publish an urgent bulletin; seconds until it lies in the state folder."""
        self.feed.now = datetime.now(UTC)
        self.feed.add_urgent(name, urgent_bulletin(name, self.feed.now), [f"{GATE}/{self.screen}"])
        self.feed.publish()
        return until((self.kiosk.agent / "urgent" / f"{name}.json").exists)


def until(true: Callable[[], bool], seconds: float = 20) -> float:
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds
        time.sleep(0.01)
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HubServer, SignedFeed]]:
    folder = tmp_path_factory.mktemp("hub")
    feed = make_hub(folder)
    with serving(folder) as running:
        yield running, feed


@pytest.fixture
def road(hub: tuple[HubServer, SignedFeed], tmp_path: Path) -> Road:
    """A screen of its own for each test."""
    return Road(*hub, tmp_path, f"tuong-{next(_NUMBERS)}")


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


def test_a_revoked_device_plays_on_takes_nothing_new_but_a_withdrawal_and_says_so(road: Road) -> None:
    road.publish(1)
    road.confirm()
    assert road.kiosk.run("once").returncode == 0
    (road.kiosk.agent / "probation.json").unlink()
    key = Identity(road.kiosk.agent / "identity").key()
    assert key is not None
    road.hub.command("devices", "revoke", key.device, "--reason", "đã bán")
    time.sleep(REGISTER_SECONDS)
    road.feed.withdraw("w1", Withdrawn(frozenset({"x"})), [f"{GATE}/{road.screen}"])
    road.publish(2)
    road.kiosk.run("once")
    assert road.kiosk.sequence == 1
    assert read_withdrawn((road.kiosk.agent / "withdrawn").read_bytes()) == Withdrawn(frozenset({"x"}))
    assert "thu hồi" in road.kiosk.run("status").stdout
    told = road.kiosk.run("diagnose")
    assert "trung tâm đã thu hồi hoặc từ chối máy này (đã bán)" in told.stdout


def test_a_kiosk_that_moves_to_another_screen_begins_anew(road: Road) -> None:
    road.publish(5)
    road.confirm()
    assert road.kiosk.run("once").returncode == 0
    assert road.kiosk.sequence == 5
    road.move(f"{road.screen}-b")
    road.publish(2)
    road.confirm()
    assert road.kiosk.run("once").returncode == 0
    assert road.kiosk.sequence == 2


@pytest.mark.parametrize("wrong", ["root", "code"])
def test_a_wrong_ticket_enrols_nothing(road: Road, wrong: str) -> None:
    ticket = json.loads(road.ticket.read_bytes())
    ticket |= {"root_sha256": "0" * 64} if wrong == "root" else {"code": "0000-0000-0000-0000"}
    road.ticket.write_text(json.dumps(ticket), encoding="utf-8")
    told = road.kiosk.run("enrol", str(road.ticket), "--wait", "0")
    assert told.returncode == 4
    assert "Traceback" not in told.stderr
    assert Identity(road.kiosk.agent / "identity").enrolment() is None


def test_a_device_that_was_cut_off_before_it_was_confirmed_is_served_by_sticks(road: Road) -> None:
    road.publish(1)
    road.enrol()
    agent = road.kiosk.open()
    agent.cycle.mend()
    agent.bring(FolderSource(road.feed.folder))
    assert road.kiosk.sequence == 1
