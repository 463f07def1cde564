"""The agent's way to trust, whole: a real feed, a real store on disk, and time that passes."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from playlists.release import Withdrawn
from sync import feed
from sync.agent.folder_source import FolderSource
from sync.agent.ports import BusyError, Instant, Source, SourceError
from sync.agent.refresh import MOST_BYTES_OF_A_TARGET, Policy, Trusted, find_target, read_target, refresh
from sync.agent.requests_source import RequestsSource
from sync.agent.trust_store import TrustStore
from sync.refusals import RefusalError
from sync.trust import roles
from tests.support.feed_in_memory import FeedInMemory
from tests.support.feed_server import FeedServer, feed_server
from tests.support.signed_feed import MADE, ONLINE, SignedFeed

DAY = timedelta(days=1)
SCREEN = ("bo-y", "tuong-1")
HOUR_NS = 3_600_000_000_000


@dataclass
class Kiosk:
    """An agent's trust on disk, and its clocks: a wall clock that may be wrong, and the boot clock."""

    folder: Path
    root: bytes
    wall: datetime = MADE
    boot: str = "boot-1"
    uptime: timedelta = timedelta(hours=1)
    synchronised: bool = True
    policy: Policy = field(default_factory=lambda: Policy((SCREEN,)))

    def trust(self, source: Source) -> Trusted:
        """What a poll does; the store is opened anew, as after a restart."""
        store = TrustStore.in_agent_folder(self.folder, self.root)
        boot_ns = int(self.uptime.total_seconds() * 1e9)
        attested = store.attest(Instant(self.wall, self.boot, boot_ns, self.synchronised))
        policy = Policy(self.policy.screens, attested.synchronised, self.policy.horizon, self.policy.urgent_life)
        return refresh(source, store, attested.at, policy)

    def refusal(self, source: Source) -> str:
        with pytest.raises(RefusalError) as refused:
            self.trust(source)
        return refused.value.code


@pytest.fixture
def made(tmp_path: Path) -> SignedFeed:
    made = SignedFeed(tmp_path / "feed", unit_gates={"bp-1": ("bo-y", "dak-blo")})
    made.add_release(*SCREEN, 1, b"{}")
    made.publish()
    return made


@pytest.fixture
def kiosk(tmp_path: Path, made: SignedFeed) -> Kiosk:
    return Kiosk(tmp_path / "agent", made.first_root)


@pytest.fixture
def live(made: SignedFeed) -> FeedInMemory:
    return FeedInMemory(made.folder)


def sequences(source: Source, trusted: Trusted) -> dict[str, int]:
    """The sequence that each authority names for the screen."""
    found = trusted.release(*SCREEN)
    return {role: json.loads(read_target(source, target))["sequence"] for role, _, target in found}


# What is asked of the feed.


@pytest.fixture
def server(made: SignedFeed) -> Iterator[FeedServer]:
    with feed_server(made.folder) as running:
        yield running


def test_where_nothing_is_new_two_small_files_are_asked_for(kiosk: Kiosk, server: FeedServer) -> None:
    source = RequestsSource(server.url)
    kiosk.trust(source)
    server.requests.clear()
    server.body_bytes.clear()
    trusted = kiosk.trust(source)
    source.close()
    assert server.requests == ["metadata/2.root.json", "metadata/timestamp.json"]
    assert sum(server.body_bytes.values()) < 1000
    assert trusted.urgent == {}
    assert [role for role, _, _ in trusted.release(*SCREEN)] == ["department"]


def test_pressing_roles_are_asked_for_before_any_release(kiosk: Kiosk, live: FeedInMemory) -> None:
    kiosk.trust(live)
    names = [name.split("/")[1].split(".", 1)[1] for name in live.asked if "." in name.split("/")[1]]
    assert names == [
        "root.json",
        "json",
        "snapshot.json",
        "targets.json",
        "urgent.json",
        "withdrawals.json",
        "unit-bp-1.json",
        "department.json",
    ]


def test_pressing_roles_are_told_before_any_release_is_asked_for(
    kiosk: Kiosk, made: SignedFeed, live: FeedInMemory
) -> None:
    made.add_urgent("u", b"{}")
    made.publish()
    live.take(made.folder)
    asked: list[list[str]] = []

    def tell(trusted: Trusted) -> None:
        asked.append(list(live.asked))
        assert trusted.urgent is not None
        assert trusted.release(*SCREEN) == []

    store = TrustStore.in_agent_folder(kiosk.folder, kiosk.root)
    refresh(live, store, MADE, kiosk.policy, tell)
    assert asked[0][-1] == "metadata/1.withdrawals.json"


def test_an_expired_urgent_role_is_no_failure_and_is_not_fetched_again(kiosk: Kiosk, made: SignedFeed) -> None:
    made.now = MADE + 4 * DAY
    made.publish()
    live = FeedInMemory(made.folder)
    kiosk.wall = made.now
    for asked in (1, 0):
        live.asked.clear()
        trusted = kiosk.trust(live)
        assert trusted.urgent is None
        assert trusted.failures == ()
        assert live.asked.count("metadata/1.urgent.json") == asked


# Whose word counts.


def test_every_authority_that_names_the_screen_is_heard(kiosk: Kiosk, made: SignedFeed) -> None:
    made.add_release(*SCREEN, 7, b"{}", role="unit-bp-1")
    made.publish()
    source = FolderSource(made.folder)
    assert sequences(source, kiosk.trust(source)) == {"department": 1, "unit-bp-1": 7}


def test_a_role_speaks_only_for_what_is_delegated_to_it(kiosk: Kiosk, made: SignedFeed) -> None:
    path = roles.release_path(*SCREEN)
    made.add_target("urgent", path, b'{"sequence": 99}')
    made.add_target("urgent", "withdrawals/w.json", b"{}")
    made.add_target("withdrawals", "urgent/u.json", b"{}")
    made.publish_role("urgent")
    made.publish_role("withdrawals")
    made.add_release("elsewhere", "1", 99, b"{}", role="unit-bp-1")
    kiosk.policy = Policy((SCREEN, ("elsewhere", "1")))
    made.publish()
    trusted = kiosk.trust(FolderSource(made.folder))
    assert trusted.urgent == {}
    assert trusted.withdrawals == {}
    assert [role for role, _, _ in trusted.release(*SCREEN)] == ["department"]
    assert trusted.release("elsewhere", "1") == []
    assert trusted.targets("unit-bp-1") == {}


@pytest.mark.parametrize("broken", ["urgent", "withdrawals", "unit-bp-1", "department"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "missing"),
        (b"<html>", "malformed"),
        (BusyError("busy", 5), "not-fetched"),
        (b" " * 6_000_000, "not-fetched"),
    ],
)
def test_one_role_that_fails_bars_no_other(
    kiosk: Kiosk, made: SignedFeed, broken: str, content: bytes | Exception | None, code: str
) -> None:
    made.add_urgent("u", b"{}")
    made.withdraw("w", Withdrawn(frozenset({"a"})))
    made.add_release(*SCREEN, 7, b"{}", role="unit-bp-1")
    made.publish()
    live = FeedInMemory(made.folder)
    name = feed.metadata_name(broken, made.delegated[broken].version)
    if content is None:
        del live.files[name]
    else:
        live.files[name] = content
    trusted = kiosk.trust(live)
    assert [failure.code for failure in trusted.failures] == [code]
    assert (trusted.urgent is None) == (broken == "urgent")
    assert (trusted.withdrawals is None) == (broken == "withdrawals")
    heard = {"department", "unit-bp-1"} - {broken}
    assert {role for role, _, _ in trusted.release(*SCREEN)} == heard
    live.take(made.folder)
    assert kiosk.trust(live).failures == ()


def test_an_authority_whose_word_has_expired_is_passed_over_and_told(kiosk: Kiosk, made: SignedFeed) -> None:
    made.now = MADE + 364 * DAY
    made.publish_targets()
    made.publish_role("unit-bp-1")
    made.now += 2 * DAY
    made.rotate_root()
    made.publish()
    kiosk.wall = made.now
    trusted = kiosk.trust(FolderSource(made.folder))
    assert {failure.fields.get("role") for failure in trusted.failures} == {"department", "withdrawals"}
    assert trusted.release(*SCREEN) == []


def test_an_urgent_role_signed_for_too_long_is_refused(kiosk: Kiosk, made: SignedFeed) -> None:
    made.now = MADE + DAY
    made.add_urgent("u", b"{}")
    made.now = MADE - 2 * timedelta(hours=1)
    made.publish()
    trusted = kiosk.trust(FolderSource(made.folder))
    assert trusted.urgent is None
    assert [failure.code for failure in trusted.failures] == ["urgent-too-long"]


# Top-level refusals.


@pytest.mark.parametrize(
    ("name", "code"), [("timestamp", "missing"), ("2.snapshot", "missing"), ("1.targets", "missing")]
)
def test_a_top_level_file_that_is_missing_is_told(kiosk: Kiosk, live: FeedInMemory, name: str, code: str) -> None:
    del live.files[f"metadata/{name}.json"]
    assert kiosk.refusal(live) == code


@pytest.mark.parametrize("name", ["2.root", "timestamp", "2.snapshot", "1.targets"])
def test_a_source_that_fails_is_no_refusal(kiosk: Kiosk, live: FeedInMemory, name: str) -> None:
    live.files[f"metadata/{name}.json"] = BusyError("busy", 30)
    with pytest.raises(BusyError):
        kiosk.trust(live)


@pytest.mark.parametrize(("name", "limit"), [("2.root", 512_000), ("timestamp", 16_384), ("2.snapshot", 2_000_000)])
def test_metadata_without_end_is_not_read(kiosk: Kiosk, live: FeedInMemory, name: str, limit: int) -> None:
    live.files[f"metadata/{name}.json"] = b" " * (limit + 1)
    with pytest.raises(SourceError):
        kiosk.trust(live)


def test_a_web_page_in_place_of_a_root_is_refused(kiosk: Kiosk, live: FeedInMemory) -> None:
    live.files["metadata/2.root.json"] = b"<html>please log in</html>"
    assert kiosk.refusal(live) == "malformed"


def test_a_target_is_what_was_signed(kiosk: Kiosk, live: FeedInMemory) -> None:
    [(_, path, target)] = kiosk.trust(live).release(*SCREEN)
    name = feed.target_name(path, target.hashes["sha256"])
    right = live.files[name]
    assert isinstance(right, bytes)
    for wrong in (right[:-1] + b" ", right[:-1], b""):
        live.files[name] = wrong
        with pytest.raises(RefusalError) as refused:
            read_target(live, target)
        assert refused.value.code == "wrong-digest"
    del live.files[name]
    with pytest.raises(RefusalError) as refused:
        read_target(live, target)
    assert refused.value.code == "missing"
    target.length = MOST_BYTES_OF_A_TARGET + 1
    with pytest.raises(RefusalError) as refused:
        read_target(live, target)
    assert refused.value.code == "malformed"


def test_a_target_is_looked_for_in_the_order_of_delegation(kiosk: Kiosk, made: SignedFeed, live: FeedInMemory) -> None:
    made.add_release(*SCREEN, 7, b"{}", role="unit-bp-1")
    made.publish()
    live.take(made.folder)
    trusted = kiosk.trust(live)
    store = TrustStore.in_agent_folder(kiosk.folder, kiosk.root)
    found = find_target(live, store, trusted, roles.release_path(*SCREEN))
    assert found is not None
    assert json.loads(read_target(live, found))["sequence"] == 7
    assert find_target(live, store, trusted, "nowhere/x") is None


# Keys that are lost, roots that follow one another.


def test_several_roots_are_caught_up_with_after_a_year_offline(kiosk: Kiosk, made: SignedFeed) -> None:
    kiosk.trust(FolderSource(made.folder))
    made.now = MADE + 100 * DAY
    made.rotate_root({"dept-1": "dept-3"})
    made.now += 100 * DAY
    made.rotate_root({"guard-1": "guard-3", ONLINE: "online-2"})
    made.now += 200 * DAY
    made.rotate_root({"dept-2": "dept-4", "guard-2": "guard-4"})
    made.publish_targets()
    for role in made.delegated:
        made.publish_role(role)
    made.add_release(*SCREEN, 2, b"{}")
    made.publish()
    kiosk.wall, kiosk.boot = made.now, "boot-2"
    source = FolderSource(made.folder)
    assert sequences(source, kiosk.trust(source)) == {"department": 2}
    kept = sorted(path.name for path in (kiosk.folder / "metadata" / "roots").iterdir())
    assert kept == ["2.json", "3.json", "4.json"]
    assert kiosk.trust(source).failures == ()


def test_a_rotation_without_enough_of_the_old_keys_leads_nowhere(kiosk: Kiosk, made: SignedFeed) -> None:
    kiosk.trust(FolderSource(made.folder))
    for name in ("dept-1", "guard-1"):
        made.keys[name] = type(made.keys[name]).generate_ed25519()
    made.rotate_root({"dept-2": "dept-3"})
    made.publish()
    assert kiosk.refusal(FolderSource(made.folder)) == "too-few-signatures"


def test_what_signed_with_a_lost_online_key_is_not_taken_any_more(kiosk: Kiosk, made: SignedFeed) -> None:
    made.rotate_root({ONLINE: "online-2"})
    assert kiosk.refusal(FolderSource(made.folder)) == "too-few-signatures"
    made.publish()
    assert kiosk.trust(FolderSource(made.folder)).top.root.version == 2


def test_new_online_keys_bring_back_versions_that_an_attacker_drove_up(kiosk: Kiosk, made: SignedFeed) -> None:
    made.timestamp.version = made.snapshot.version = 10_000
    made.publish()
    kiosk.trust(FolderSource(made.folder))
    made.timestamp.version = made.snapshot.version = 5
    made.rotate_root({ONLINE: "online-2"})
    made.publish()
    trusted = kiosk.trust(FolderSource(made.folder))
    assert trusted.top.timestamp is not None
    assert trusted.top.timestamp.version == 6


# Cut off.


def test_cut_off_at_any_request_it_is_old_or_on_its_way_and_gets_there(kiosk: Kiosk, made: SignedFeed) -> None:
    old = FeedInMemory(made.folder)
    kiosk.trust(old)
    made.rotate_root({"dept-1": "dept-3"})
    made.publish_targets()
    for role in made.delegated:
        made.publish_role(role)
    made.publish()
    live = FeedInMemory(made.folder)
    for cut in range(8):
        live.asked.clear()
        cut_off = FeedInMemory(made.folder)
        cut_off.cut_after = cut
        with contextlib.suppress(SourceError, RefusalError):
            kiosk.trust(cut_off)
        with contextlib.suppress(RefusalError):
            heard = kiosk.trust(old)
            assert cut <= 2
            assert heard.top.timestamp is not None
            assert heard.top.timestamp.version == 2
    assert kiosk.trust(live).failures == ()


# Time.


def test_after_a_year_offline_nothing_new_comes_from_the_old_feed(kiosk: Kiosk, made: SignedFeed) -> None:
    source = FolderSource(made.folder)
    kiosk.trust(source)
    kiosk.wall = MADE + 400 * DAY
    assert kiosk.refusal(source) == "expired"


@pytest.mark.parametrize("wall", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)])
def test_a_clock_gone_wild_neither_bars_nor_revives(kiosk: Kiosk, made: SignedFeed, wall: datetime) -> None:
    source = FolderSource(made.folder)
    kiosk.trust(source)
    kiosk.wall, kiosk.synchronised, kiosk.boot, kiosk.uptime = wall, False, "boot-2", timedelta(minutes=1)
    assert kiosk.trust(source).failures == ()  # not barred
    made.now = MADE + 30 * DAY
    made.publish_role("urgent")
    made.publish()
    trusted = kiosk.trust(source)
    assert trusted.at == made.now  # what was signed tells the time
    assert trusted.urgent == {}
    old = FeedInMemory(made.folder)
    made.now = MADE + 50 * DAY
    made.publish()
    kiosk.trust(source)
    (kiosk.folder / "metadata" / "timestamp.json").unlink()
    (kiosk.folder / "metadata" / "snapshot.json").unlink()
    made.timestamp.version += 1
    made.now = MADE + 10 * DAY
    made.publish_timestamp()
    kiosk.uptime = timedelta(hours=2)
    assert kiosk.refusal(FeedInMemory(made.folder)) == "expired"  # not revived
    assert kiosk.refusal(old) == "rolled-back"


def test_a_signed_time_beyond_the_roots_own_end_becomes_not_known(kiosk: Kiosk, made: SignedFeed) -> None:
    kiosk.synchronised = False
    made.now = datetime(2090, 1, 1, tzinfo=UTC)
    made.publish()
    assert kiosk.refusal(FolderSource(made.folder)) == "expired"
    assert TrustStore.in_agent_folder(kiosk.folder, kiosk.root).known_time < MADE + 365 * DAY


def test_a_sticks_timestamp_is_taken_from_a_stick_and_never_online(kiosk: Kiosk, made: SignedFeed) -> None:
    made.publish_timestamp(life=roles.STICK_LIFE)
    live, stick = FeedInMemory(made.folder), FeedInMemory(made.folder, online=False)
    assert kiosk.refusal(live) == "too-far-ahead"
    kiosk.trust(stick)
    assert kiosk.refusal(live) == "too-far-ahead"  # played back, though nothing is new
    made.publish_timestamp()
    live.take(made.folder)
    assert kiosk.trust(live).failures == ()
    assert kiosk.refusal(stick) == "rolled-back"  # an old stick


def test_a_synchronised_clock_refuses_a_timestamp_from_the_future(kiosk: Kiosk, made: SignedFeed) -> None:
    made.now = MADE + 3 * DAY
    made.publish()
    assert kiosk.refusal(FeedInMemory(made.folder)) == "too-far-ahead"
    kiosk.synchronised = False
    assert kiosk.trust(FeedInMemory(made.folder)).at == made.now


def test_confirmed_sequences_and_the_time_of_signing_are_told(kiosk: Kiosk, made: SignedFeed) -> None:
    made.confirmed = [1]
    made.publish_timestamp()
    trusted = kiosk.trust(FolderSource(made.folder))
    assert trusted.confirmed == (1,)
    assert trusted.issued == MADE
