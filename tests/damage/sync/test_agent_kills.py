"""The agent killed, or its machine's power cut, anywhere in a round: always old or new, and then it converges.

Killed before every call that changes a file; and the calls of a round, recorded by strace, replayed into the states
that a power cut can leave, in which what was not fsynced may be lost.
"""

import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playlists.errors import SignageError
from playlists.release import Withdrawn, read_urgent, read_withdrawn
from sync.agent.folder_source import FolderSource
from sync.agent.machine_clock import SetClock
from sync.agent.standing import read_standing
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of, urgent_bulletin, whole_release
from tests.support.crash_states import Disk, Tree, tree_of, write_tree
from tests.support.feed_server import feed_server
from tests.support.killed import killed_at
from tests.support.pretended_player import PretendedPlayer
from tests.support.recorded_calls import record
from tests.support.signed_feed import SignedFeed

NOW = datetime.now(UTC).replace(microsecond=0)
EVERY = 9
"""Of the places of a round, a fast run tries each ninth."""


class CountingSource(FolderSource):
    """Counts the media that were asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.media: list[str] = []

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        self.media.append(name)
        with super().stream(name, begins, length) as chunks:
            yield chunks


def publish(feed: SignedFeed, sequence: int) -> None:
    media = [feed.add_media(f"{sequence}-{name}".encode() * 100, f"{name}.mp4") for name in "abc"]
    feed.add_release(GATE, SCREEN, sequence, playlist_of(*media), media)
    feed.publish()


def brought(kiosk: AgentKiosk, feed: SignedFeed) -> CountingSource:
    """A start of the agent, and one round."""
    source = CountingSource(feed.folder)
    agent = kiosk.open(source)
    agent.cycle.mend()
    agent.bring(source)
    return source


def judged(kiosk: AgentKiosk, seconds: int) -> None:
    """A start of the agent, and so many seconds of looking at a player."""
    agent = kiosk.open(FolderSource(kiosk.folder))
    agent.cycle.mend()
    player = PretendedPlayer(kiosk.state, kiosk.clock)
    player.take_over()
    player.play()
    for _ in range(seconds):
        kiosk.clock.sleep(1)
        player.tell()
        agent.succession.look()


@pytest.fixture
def feed(tmp_path: Path) -> SignedFeed:
    return SignedFeed(tmp_path / "feed", now=NOW)


@pytest.fixture
def before(tmp_path: Path, feed: SignedFeed) -> AgentKiosk:
    """A kiosk whose release 1 is proven, of a feed that has release 2, a bulletin less, one more, and a withdrawal."""
    kiosk = AgentKiosk(tmp_path / "kiosk", feed.first_root, clock=SetClock(NOW))
    publish(feed, 1)
    feed.add_urgent("u1", urgent_bulletin("u1", NOW))
    feed.publish()
    brought(kiosk, feed)
    judged(kiosk, 121)
    publish(feed, 2)
    feed.remove_urgent("u1")
    feed.add_urgent("u2", urgent_bulletin("u2", NOW, feed.add_media(b"map", "map.png")))
    feed.withdraw("w1", Withdrawn(frozenset({"b.mp4"})))
    feed.publish()
    return kiosk


def copied(kiosk: AgentKiosk, folder: Path) -> AgentKiosk:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kiosk.folder, folder)
    return AgentKiosk(folder, kiosk.root, clock=SetClock(NOW))


def assert_old_or_new(kiosk: AgentKiosk) -> None:
    assert whole_release(kiosk) in {1, 2}
    bulletins = {path.stem: path for path in (kiosk.agent / "urgent").glob("*.json")}
    assert bulletins.keys() <= {"u1", "u2"}
    for name, path in bulletins.items():
        assert read_urgent(path.read_bytes()).id == name
    if (kiosk.agent / "withdrawn").exists():
        assert read_withdrawn((kiosk.agent / "withdrawn").read_bytes()).items == {"b.mp4"}


def assert_new(kiosk: AgentKiosk) -> None:
    assert whole_release(kiosk) == 2
    assert [path.name for path in (kiosk.agent / "urgent").iterdir()] == ["u2.json"]
    assert read_withdrawn((kiosk.agent / "withdrawn").read_bytes()).items == {"b.mp4"}
    assert list((kiosk.agent / "downloads").iterdir()) == []
    standing = read_standing((kiosk.agent / "probation.json").read_bytes())
    assert standing.good is not None
    assert standing.good.sequence == 1
    assert standing.trial is not None, "it is watched, whatever moment it took over at"
    assert standing.trial.active.sequence == 2


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.long), EVERY])
def test_a_round_killed_anywhere_leaves_old_or_new(
    tmp_path: Path, feed: SignedFeed, before: AgentKiosk, step: int
) -> None:
    number = 0
    while True:
        kiosk = copied(before, tmp_path / "again")
        killed = killed_at(number, kiosk.folder, lambda kiosk=kiosk: brought(kiosk, feed))  # type: ignore[misc]
        assert_old_or_new(kiosk)
        had = {path.name for path in (kiosk.agent / "media").iterdir()}
        source = brought(kiosk, feed)
        assert_new(kiosk)
        assert had.isdisjoint(name.removeprefix("media/") for name in source.media), "a finished file came again"
        if not killed:
            break
        number += step
    assert number > 40, "so many calls change a file"


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.long), 4])
def test_the_way_back_killed_anywhere_ends_at_the_proven_release(
    tmp_path: Path, feed: SignedFeed, before: AgentKiosk, step: int
) -> None:
    brought(before, feed)
    PretendedPlayer(before.state, before.clock).refuse(2, "broken")
    number = 0
    while True:
        kiosk = copied(before, tmp_path / "again")
        killed = killed_at(number, kiosk.agent, lambda kiosk=kiosk: judged(kiosk, 1))  # type: ignore[misc]
        assert whole_release(kiosk) in {1, 2}
        judged(kiosk, 1)
        brought(kiosk, feed)
        assert whole_release(kiosk) == 1
        if not killed:
            break
        number += step


def cut_states(before: AgentKiosk, feed: SignedFeed, folder: Path, step: int, *, syncing: bool) -> Iterator[Tree]:
    """What cuts in a round of ``signage-agent once`` can leave of the agent's folder, each state once."""
    tree, chance = tree_of(before.agent), random.Random(1)  # noqa: S311 - the same sample every time
    kiosk = copied(before, folder)
    with feed_server(feed.folder) as server:
        kiosk.feed = server.url
        kiosk.write_settings()
        calls = record(kiosk.command("once"), folder / "trace", kiosk.agent, stdout=subprocess.DEVNULL)
    disk, seen = Disk(tree), set[int]()
    for number, call in enumerate(calls):
        disk.apply(call, syncing=syncing)
        if number % step and number + 1 < len(calls):
            continue
        for state in disk.states(chance):
            mark = hash(frozenset(state.items()))
            if mark not in seen:
                seen.add(mark)
                yield state


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.long), 12])
def test_a_power_cut_anywhere_in_a_round_leaves_old_or_new(
    tmp_path: Path, feed: SignedFeed, before: AgentKiosk, step: int
) -> None:
    count = 0
    for state in cut_states(before, feed, tmp_path / "recorded", step, syncing=True):
        count += 1
        kiosk = copied(before, tmp_path / "again")
        shutil.rmtree(kiosk.agent)
        write_tree(state, kiosk.agent)
        assert_old_or_new(kiosk)
        had = {path.name for path in (kiosk.agent / "media").iterdir()}
        source = brought(kiosk, feed)
        assert_new(kiosk)
        assert had.isdisjoint(name.removeprefix("media/") for name in source.media), "a finished file came again"
    assert count > 20, "so many states"


def test_without_its_fsyncs_it_would_not(tmp_path: Path, feed: SignedFeed, before: AgentKiosk) -> None:
    broken = 0
    for state in cut_states(before, feed, tmp_path / "recorded", 12, syncing=False):
        kiosk = copied(before, tmp_path / "again")
        shutil.rmtree(kiosk.agent)
        write_tree(state, kiosk.agent)
        try:
            assert_old_or_new(kiosk)
        except (AssertionError, OSError, SignageError):
            broken += 1
    assert broken
