"""``signage-agent run`` as a process, and its loop: downloads beside polls, urgent first, wake-ups, kills."""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.agent.standing import confirmed
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of, urgent_bulletin, whole_release
from tests.support.feed_server import FeedServer, feed_server
from tests.support.signed_feed import SignedFeed

NOW = datetime.now(UTC)
MEGABYTE = 1 << 20


@pytest.fixture
def feed(tmp_path: Path) -> SignedFeed:
    return SignedFeed(tmp_path / "feed", now=NOW)


@pytest.fixture
def server(feed: SignedFeed) -> Iterator[FeedServer]:
    with feed_server(feed.folder) as running:
        yield running


@pytest.fixture
def kiosk(tmp_path: Path, feed: SignedFeed, server: FeedServer) -> AgentKiosk:
    return AgentKiosk(tmp_path / "kiosk", feed.first_root, server.url, more={"poll_seconds": 1})


def publish(feed: SignedFeed, sequence: int, megabytes: float = 0.01) -> None:
    content = random.Random(sequence).randbytes(round(megabytes * MEGABYTE))  # noqa: S311 - a clip of noise
    clip = feed.add_media(content, "clip.mp4")
    feed.add_release(GATE, SCREEN, sequence, playlist_of(clip), [clip])
    feed.publish()


def until(true: Callable[[], bool], seconds: float = 15) -> float:
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds
        time.sleep(0.01)
    return time.monotonic() - begun


def test_it_takes_what_is_published_while_it_runs(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    with kiosk.running():
        time.sleep(1)
        publish(feed, 1)
        until(lambda: kiosk.sequence == 1)
        told = kiosk.run("status")
    assert told.returncode == 0
    assert "Bản phát hành      1 (đang theo dõi)" in told.stdout


def test_only_one_agent_works_on_a_state_folder(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1)
    with kiosk.running():
        until(lambda: kiosk.sequence == 1)
        assert kiosk.run("once").returncode == 4


def test_an_urgent_bulletin_overtakes_a_running_download(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    kiosk.more["kilobits_a_second"] = 4000
    kiosk.write_settings()
    publish(feed, 1, megabytes=20)
    picture = feed.add_media(b"picture" * 1000, "map.png")
    with kiosk.running():
        until(lambda: any((kiosk.agent / "downloads").glob("*.part")))
        feed.add_urgent("u1", urgent_bulletin("u1", NOW, picture))
        feed.publish()
        until((kiosk.agent / "urgent" / "u1.json").exists, 5)
        assert kiosk.sequence is None, "the download still runs"
        assert (kiosk.agent / "media" / picture.sha256).is_file()


def test_a_newer_release_takes_the_place_of_one_on_its_way(
    feed: SignedFeed, kiosk: AgentKiosk, server: FeedServer
) -> None:
    kiosk.more["kilobits_a_second"] = 4000
    kiosk.write_settings()
    publish(feed, 1, megabytes=20)
    with kiosk.running():
        until(lambda: any((kiosk.agent / "downloads").glob("*.part")))
        publish(feed, 2)
        until(lambda: kiosk.sequence == 2, 10)
    assert sum(server.body_bytes.values()) < 10 * MEGABYTE
    assert not (kiosk.agent / "releases" / "1").exists()


def test_releases_wait_for_the_night_and_urgent_bulletins_do_not(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1)
    kiosk.open().once()
    agent = kiosk.open()
    agent.cycle.mend()
    agent.cycle.keep_standing(confirmed(agent.cycle.standing))
    kiosk.more["night"] = {"begins": "00:00", "ends": "00:00"}  # no hour is night
    kiosk.write_settings()
    publish(feed, 2)
    feed.add_urgent("u1", urgent_bulletin("u1", NOW))
    feed.publish()
    with kiosk.running():
        until((kiosk.agent / "urgent" / "u1.json").exists)
        time.sleep(2)
        assert kiosk.sequence == 1
    del kiosk.more["night"]
    kiosk.write_settings()
    with kiosk.running():
        until(lambda: kiosk.sequence == 2)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12))])
def test_killed_at_any_moment_it_converges(feed: SignedFeed, kiosk: AgentKiosk, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same moments every time
    kiosk.more["kilobits_a_second"] = 40_000
    kiosk.write_settings()
    seen = 0
    for sequence in (1, 2):
        publish(feed, sequence, megabytes=3)
        for _ in range(3):
            process = subprocess.Popen(kiosk.command("once"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.3, 1.2))
            process.send_signal(signal.SIGKILL)
            process.wait()
            now = whole_release(kiosk) or 0
            assert now >= seen, "never back"
            seen = now
        (kiosk.agent / "probation.json").unlink(missing_ok=True)
        told = kiosk.run("once")
        assert kiosk.sequence == sequence, told.stderr
        (kiosk.agent / "probation.json").unlink()
        assert whole_release(kiosk) == sequence


@pytest.mark.long
def test_it_says_that_it_is_there_while_a_server_holds_it_up(tmp_path: Path, feed: SignedFeed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kiosk = AgentKiosk(tmp_path / "kiosk", feed.first_root, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        status = kiosk.agent / "status.json"
        with kiosk.running():
            until(status.exists)
            asked, _ = silent.accept()
            with asked:  # and no answer comes
                for _ in range(2):
                    seen = status.read_bytes()
                    until(lambda seen=seen: status.read_bytes() != seen, 10)  # type: ignore[misc]
