"""A power cut while the hub publishes: the calls of the real command, replayed into what a disk can have kept of them.

After each cut the feed is the old one or the new one to a kiosk, and publishing again ends it.
"""

import os
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from playlists.errors import SignageError
from sync.hub.drafts import Change, list_drafts, stage
from sync.hub.folder import HubFolder
from sync.hub.publishing import publish
from sync.trust import roles
from tests.support.crash_states import Disk, Tree, tree_of, write_tree
from tests.support.recorded_calls import Call, record
from tests.support.small_hub import ENOUGH, PASSWORD, RELEASE, Kiosk, SmallHub, release

HUB = Path(sys.executable).with_name("signage-hub")


class Cut:
    """A hub with one publication behind it and one ready, and the calls that published the second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime.now(UTC)
        self.small = SmallHub(folder / "hub", self.now).found()
        self.small.release(1)
        clip = folder / "clip.mp4"
        clip.write_bytes(b"a clip" * 100)
        media = {sha256(clip.read_bytes()).hexdigest(): clip}
        change = Change(roles.DEPARTMENT, ("Thử",), {RELEASE: (release(2), None)}, media=media)
        self.small.sign(stage(self.small.hub, change, self.now), *ENOUGH)
        self.online = self.small.online()
        self.before = tree_of(self.small.folder)
        command = [str(HUB), "publish", "--hub", str(self.small.folder)]
        environment = {**os.environ, "SIGNAGE_HUB_PASSWORD": PASSWORD}
        self.calls: Sequence[Call] = record(command, folder / "trace", self.small.folder, env=environment)
        self.root = self.small.first_root

    def states(self, chance: random.Random, *, most: int, syncing: bool = True) -> Iterator[tuple[int, Tree]]:
        """What each cut can leave, a few of each, none twice."""
        disk, seen = Disk(self.before), set[int]()
        for number, call in enumerate(self.calls):
            disk.apply(call, syncing=syncing)
            states = list(disk.states(chance))
            for state in chance.sample(states, min(most, len(states))):
                key = hash(frozenset(state.items()))
                if key not in seen:
                    seen.add(key)
                    yield number, state

    def seen_by_kiosk(self, state: Tree, *, again: bool) -> tuple[bytes | None, bytes | None]:
        """What a kiosk that had the first release finds after the cut, and after publishing again."""
        place, kiosk = self.folder / "state", Kiosk(self.folder / "kiosk", self.root)
        write_tree(state, place)
        try:
            kiosk.release(self.folder / "old" / "feed", self.now)
            hub = HubFolder(place)
            after_cut = kiosk.release(hub.feed, datetime.now(UTC))
            if again:
                for draft in list_drafts(hub):
                    publish(hub, draft, self.online, datetime.now(UTC))
            return after_cut, kiosk.release(hub.feed, datetime.now(UTC))
        finally:
            shutil.rmtree(place)
            shutil.rmtree(self.folder / "kiosk", ignore_errors=True)


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    cut = Cut(tmp_path_factory.mktemp("cut"))
    write_tree(cut.before, cut.folder / "old")
    return cut


def look_after_cuts(cut: Cut, *, most: int) -> list[bytes | None]:
    outcomes: list[bytes | None] = []
    for number, state in cut.states(random.Random(4), most=most):  # noqa: S311  # the same states each time
        found, ended = cut.seen_by_kiosk(state, again=True)
        assert found in {release(1), release(2)}, cut.calls[number]
        assert ended == release(2), cut.calls[number]
        outcomes.append(found)
    return outcomes


def test_after_any_power_cut_the_feed_is_old_or_new(cut: Cut) -> None:
    assert len(cut.calls) > 30
    assert set(look_after_cuts(cut, most=1)) == {release(1), release(2)}


@pytest.mark.long
def test_after_every_power_cut_the_feed_is_old_or_new(cut: Cut) -> None:
    assert set(look_after_cuts(cut, most=48)) == {release(1), release(2)}


def test_without_its_fsyncs_the_hub_would_be_found_out(cut: Cut) -> None:
    states = cut.states(random.Random(4), most=4, syncing=False)  # noqa: S311  # the same states each time
    for _, state in reversed(list(states)):
        try:
            if cut.seen_by_kiosk(state, again=False)[0] in {release(1), release(2)}:
                continue
        except (SignageError, AssertionError, OSError):
            pass
        return
    pytest.fail("no state without fsyncs was wrong: the model of the disk finds nothing")
