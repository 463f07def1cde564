"""The agent's round against a real feed over real HTTP: trust, urgent, withdrawn, the release, the swap."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from playlists.agent_report import read_agent_report
from playlists.release import Withdrawn, read_withdrawn
from sync.agent.machine_clock import SetClock
from sync.agent.ports import SourceError
from sync.agent.release_choice import Stay
from sync.agent.standing import confirmed, read_standing, write_standing
from sync.durable import write_durably
from sync.publication import Rollout
from sync.refusals import RefusalError
from sync.trust import roles
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of, urgent_bulletin
from tests.support.feed_server import FeedServer, feed_server
from tests.support.signed_feed import SignedFeed

NOW = datetime.now(UTC)


@pytest.fixture
def feed(tmp_path: Path) -> SignedFeed:
    return SignedFeed(tmp_path / "feed", now=NOW, unit_gates={"bo-y": (GATE,)})


@pytest.fixture
def server(feed: SignedFeed) -> Iterator[FeedServer]:
    with feed_server(feed.folder) as running:
        yield running


@pytest.fixture
def kiosk(tmp_path: Path, feed: SignedFeed, server: FeedServer) -> AgentKiosk:
    return AgentKiosk(tmp_path / "kiosk", feed.first_root, server.url)


def publish(
    feed: SignedFeed, sequence: int, rollout: Rollout | None = None, role: str = roles.DEPARTMENT, screen: str = SCREEN
) -> None:
    clip = feed.add_media(b"clip" * sequence, f"clip-{sequence}.mp4")
    feed.add_release(GATE, screen, sequence, playlist_of(clip), [clip], rollout=rollout, role=role)
    feed.publish()


def report_of(kiosk: AgentKiosk) -> str | None:
    report = read_agent_report((kiosk.agent / "status.json").read_bytes())
    return None if report is None else report.trouble


def proven(kiosk: AgentKiosk) -> None:
    """What is active has proven good: the trial is over."""
    standing = kiosk.agent / "probation.json"
    standing.unlink()


def test_a_release_comes_whole_and_byte_for_byte(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1)
    told = kiosk.run("once")
    assert (told.returncode, told.stdout) == (0, "Bản phát hành: 1\n"), told.stderr
    release = next((feed.folder / "targets" / "releases" / GATE).iterdir()).read_bytes()
    assert (kiosk.agent / "releases" / "1" / "release.json").read_bytes() == release
    assert (kiosk.agent / "releases" / "1" / "playlist.json").is_file()
    assert kiosk.sequence == 1


def test_nothing_new_costs_two_small_requests(feed: SignedFeed, kiosk: AgentKiosk, server: FeedServer) -> None:
    publish(feed, 1)
    feed.add_urgent("u1", urgent_bulletin("u1", NOW))
    feed.withdraw("w1", Withdrawn(frozenset({"x"})))
    feed.publish()
    kiosk.open().once()
    server.requests.clear()
    kiosk.open().once()
    assert server.requests == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_urgent_and_withdrawn_come_without_a_release(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    picture = feed.add_media(b"picture", "map.png")
    content = urgent_bulletin("u1", NOW, picture)
    feed.add_urgent("u1", content, [f"{GATE}/*"])
    feed.add_urgent("u2", urgent_bulletin("u2", NOW), ["dak-blo/*"])
    feed.withdraw("w1", Withdrawn(frozenset({"clip-1"})))
    feed.withdraw("w2", Withdrawn(digests=frozenset({"0" * 64})), [f"{GATE}/{SCREEN}"])
    feed.withdraw("w3", Withdrawn(frozenset({"other"})), ["dak-blo/tuong-1"])
    feed.publish()
    polled = kiosk.open().once()
    assert [path.name for path in (kiosk.agent / "urgent").iterdir()] == ["u1.json"]
    assert (kiosk.agent / "urgent" / "u1.json").read_bytes() == content
    assert (kiosk.agent / "media" / picture.sha256).read_bytes() == b"picture"
    withdrawn = read_withdrawn((kiosk.agent / "withdrawn").read_bytes())
    assert withdrawn == Withdrawn(frozenset({"clip-1"}), frozenset({"0" * 64}))
    assert [refusal.code for refusal in polled.refusals] == ["no-release"]


def test_a_bulletin_goes_when_it_is_called_off_and_when_it_is_over(
    feed: SignedFeed, kiosk: AgentKiosk, server: FeedServer
) -> None:
    kiosk.clock = clock = SetClock(NOW)
    publish(feed, 1)
    feed.add_urgent("u1", urgent_bulletin("u1", NOW))
    feed.add_urgent("u2", urgent_bulletin("u2", NOW, minutes=10))
    feed.publish()
    kiosk.open().once()
    assert sorted(path.name for path in (kiosk.agent / "urgent").iterdir()) == ["u1.json", "u2.json"]
    clock.sleep(601)
    server.cut_after = 0  # the network is gone: what is over goes all the same
    with pytest.raises(SourceError):
        kiosk.open().once()
    assert [path.name for path in (kiosk.agent / "urgent").iterdir()] == ["u1.json"]
    server.cut_after = None
    feed.remove_urgent("u1")
    feed.publish()
    kiosk.open().once()
    assert list((kiosk.agent / "urgent").iterdir()) == []


def test_a_bulletin_whose_picture_is_missing_is_shown_without_it_and_again_with_it(
    feed: SignedFeed, kiosk: AgentKiosk
) -> None:
    picture = feed.add_media(b"picture", "map.png")
    (feed.folder / "media" / picture.sha256).unlink()
    feed.add_urgent("u1", urgent_bulletin("u1", NOW, picture))
    publish(feed, 1)
    polled = kiosk.open().once()
    shown = kiosk.agent / "urgent" / "u1.json"
    assert shown.is_file()
    assert kiosk.sequence == 1
    assert [refusal.code for refusal in polled.refusals] == ["not-fetched"]
    before = shown.stat().st_ino, shown.stat().st_mtime_ns
    feed.add_media(b"picture", "map.png")
    assert kiosk.open().once().refusals == ()
    assert (shown.stat().st_ino, shown.stat().st_mtime_ns) != before, "the player must look again"


def test_what_cannot_be_trusted_leaves_in_force_what_was(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1)
    feed.add_urgent("u1", urgent_bulletin("u1", NOW))
    feed.withdraw("w1", Withdrawn(frozenset({"x"})))
    feed.publish()
    kiosk.open().once()
    feed.signers = {roles.URGENT: ("dept-1",), roles.WITHDRAWALS: ()}
    feed.remove_urgent("u1")
    feed.delegated[roles.WITHDRAWALS].targets.clear()
    feed.publish_role(roles.WITHDRAWALS)
    proven(kiosk)
    publish(feed, 2)
    polled = kiosk.open().once()
    assert (kiosk.agent / "urgent" / "u1.json").is_file()
    assert read_withdrawn((kiosk.agent / "withdrawn").read_bytes()).items == {"x"}
    assert kiosk.sequence == 2, "a failure in one role bars no other"
    assert {refusal.code for refusal in polled.refusals} == {"too-few-signatures"}


def test_a_withdrawal_that_does_not_arrive_brings_nothing_back(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1)
    feed.withdraw("w1", Withdrawn(frozenset({"x"})))
    feed.publish()
    kiosk.open().once()
    feed.delegated[roles.WITHDRAWALS].targets.clear()
    feed.withdraw("w2", Withdrawn(frozenset({"y"})))
    feed.publish()
    for path in (feed.folder / "targets" / "withdrawals").glob("*w2*"):
        path.unlink()
    kiosk.open().once()
    assert read_withdrawn((kiosk.agent / "withdrawn").read_bytes()).items == {"x"}


def test_the_highest_sequence_counts_and_never_goes_down(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 3, role=roles.unit_role("bo-y"))
    publish(feed, 2)
    kiosk.open().once()
    assert kiosk.sequence == 3
    proven(kiosk)
    publish(feed, 1, role=roles.unit_role("bo-y"))
    kiosk.open().once()
    assert kiosk.sequence == 3
    publish(feed, 4)
    kiosk.open().once()
    assert kiosk.sequence == 4


def test_a_release_on_probation_keeps_the_next_one_waiting(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1)
    kiosk.open().once()
    proven = kiosk.agent / "probation.json"
    write_durably(proven, write_standing(confirmed(read_standing(proven.read_bytes()))))
    publish(feed, 2)
    kiosk.open().once()
    publish(feed, 3)
    polled = kiosk.open().once()
    assert (polled.choice.stay, polled.choice.waiting, kiosk.sequence) == (Stay.ON_PROBATION, 3, 2)
    assert not (kiosk.agent / "releases" / "3").exists()


def test_screens_that_are_no_canaries_wait_for_the_word(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1, Rollout((f"{GATE}/tuong-2",), 60))
    told = kiosk.run("once")
    assert "chờ các màn hình thử trước" in told.stdout
    assert kiosk.sequence is None
    feed.confirmed.append(1)
    feed.publish()
    kiosk.open().once()
    assert kiosk.sequence == 1


def test_a_canary_goes_first(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1, Rollout((f"{GATE}/{SCREEN}",), 60))
    kiosk.open().once()
    assert kiosk.sequence == 1


def test_a_release_that_cannot_be_read_is_refused_and_the_old_one_plays_on(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    publish(feed, 1)
    kiosk.open().once()
    proven(kiosk)
    feed.add_release(GATE, SCREEN, 2, b'{"format_version": 99}')
    feed.publish()
    with pytest.raises(RefusalError, match="cannot be read"):
        kiosk.open().once()
    assert kiosk.sequence == 1
    assert not (kiosk.agent / "releases" / "2").exists()
    assert "không đọc được" in (report_of(kiosk) or "")


def test_a_release_larger_than_the_disk_is_refused_with_numbers_before_its_first_byte(
    feed: SignedFeed, kiosk: AgentKiosk, server: FeedServer
) -> None:
    publish(feed, 1)
    kiosk.more["floor_megabytes"] = 10**9
    kiosk.write_settings()
    told = kiosk.run("once")
    assert told.returncode == 4
    assert "Đĩa không đủ chỗ" in told.stderr
    assert not [name for name in server.requests if name.startswith("media/")]


def test_what_expired_plays_on_and_is_said(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    kiosk.clock = clock = SetClock(NOW)
    publish(feed, 1)
    kiosk.open().once()
    clock.sleep(timedelta(days=8).total_seconds())
    with pytest.raises(RefusalError):
        kiosk.open().once()
    assert kiosk.sequence == 1
    assert "hết hạn" in (report_of(kiosk) or "")


def test_a_year_without_network_and_then_it_converges(server: FeedServer, feed: SignedFeed, kiosk: AgentKiosk) -> None:
    kiosk.clock = clock = SetClock(NOW, synchronised=False)
    publish(feed, 1)
    kiosk.open().once()
    proven(kiosk)
    server.cut_after = 0
    for month in range(12):
        clock.reboot(f"boot-{month}")
        clock.sleep(timedelta(days=30).total_seconds())
        with pytest.raises(SourceError):
            kiosk.open().once()
        assert kiosk.sequence == 1
    server.cut_after = None
    clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC), synchronised=False)
    for year in range(1, 3):  # the root was rotated twice meanwhile
        feed.now = NOW + timedelta(days=180 * year)
        feed.rotate_root({f"dept-{year}": f"dept-{year}-new"})
    feed.now = NOW + timedelta(days=365)
    feed.publish_targets()
    for role in feed.delegated:
        feed.publish_role(role)
    publish(feed, 2)
    kiosk.open().once()
    assert kiosk.sequence == 2


@pytest.mark.parametrize("wall", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_far_off_blocks_nothing(feed: SignedFeed, kiosk: AgentKiosk, wall: datetime) -> None:
    kiosk.clock = SetClock(wall, synchronised=False)
    publish(feed, 1)
    kiosk.open().once()
    assert kiosk.sequence == 1


def test_only_what_is_needed_is_kept(feed: SignedFeed, kiosk: AgentKiosk) -> None:
    for sequence in (1, 2, 3, 4):
        publish(feed, sequence)
        kiosk.open().once()
        agent = kiosk.open()
        agent.cycle.mend()
        if agent.cycle.standing.trial is not None:
            agent.cycle.keep_standing(confirmed(agent.cycle.standing))
            agent.cycle.collect()
    assert sorted(path.name for path in (kiosk.agent / "releases").iterdir()) == ["3", "4"]
    assert len(list((kiosk.agent / "media").iterdir())) == 4


def test_a_file_that_is_gone_is_fetched_anew(feed: SignedFeed, kiosk: AgentKiosk, server: FeedServer) -> None:
    publish(feed, 1)
    kiosk.open().once()
    media = sorted((kiosk.agent / "media").iterdir())
    for path in media:
        path.unlink()
    server.requests.clear()
    kiosk.open().once()
    assert sorted((kiosk.agent / "media").iterdir()) == media
    assert (kiosk.sequence, len(server.requests)) == (1, 4)
