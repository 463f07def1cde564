"""A release on probation, with a real state folder and a pretended player: proven, taken back, across restarts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from playlists.status import Showing
from sync.agent.app import Agent
from sync.agent.folder_source import FolderSource
from sync.agent.machine_clock import SetClock
from sync.agent.probation import Verdict
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of
from tests.support.pretended_player import PretendedPlayer
from tests.support.signed_feed import MADE, SignedFeed


class Scene:
    """A kiosk whose feed is a folder, its clock set by hand; release 1 is proven, release 2 has just taken over."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock(MADE)
        self.feed = SignedFeed(folder / "feed")
        self.kiosk = AgentKiosk(folder / "kiosk", self.feed.first_root, clock=self.clock)
        self.publish(1)
        self.agent = self.restarted()
        self.bring()
        self.player = PretendedPlayer(self.kiosk.state, self.clock)
        self.player.take_over()
        self.player.play("clip-1.mp4")
        assert self.pass_time(121) is Verdict.GOOD
        self.publish(2)
        self.bring()
        assert self.kiosk.sequence == 2

    def publish(self, sequence: int) -> None:
        clip = self.feed.add_media(b"clip" * sequence, f"clip-{sequence}.mp4")
        self.feed.add_release(GATE, SCREEN, sequence, playlist_of(clip), [clip])
        self.feed.publish()

    def restarted(self) -> Agent:
        """The agent, started again."""
        self.agent = self.kiosk.open(FolderSource(self.feed.folder))
        self.agent.cycle.mend()
        return self.agent

    def bring(self) -> None:
        self.agent.bring(FolderSource(self.feed.folder))

    def pass_time(self, seconds: int, each: Callable[[], None] | None = None) -> Verdict:
        """Let time pass; the player writes its status, the agent looks, once a second."""
        for _ in range(seconds):
            self.clock.sleep(1)
            (each or self.player.tell)()
            found = self.agent.succession.look()
            if found is not Verdict.OPEN:
                return found
        return Verdict.OPEN

    @property
    def bad(self) -> list[int]:
        standing = json.loads((self.kiosk.agent / "probation.json").read_bytes())
        return [one["sequence"] for one in standing["bad"]]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_two_minutes_of_playing_prove_a_release(scene: Scene) -> None:
    assert scene.pass_time(60) is Verdict.OPEN, "the player still tries it"
    scene.player.take_over()
    scene.player.play("clip-2.mp4")
    assert scene.pass_time(119) is Verdict.OPEN
    assert scene.pass_time(2) is Verdict.GOOD
    assert (scene.kiosk.sequence, scene.bad) == (2, [])
    scene.publish(3)
    scene.bring()
    assert scene.kiosk.sequence == 3


def test_three_deaths_bring_the_release_before_it_back(scene: Scene) -> None:
    scene.player.take_over()
    for death in range(3):
        scene.player.play("clip-2.mp4")
        assert scene.pass_time(30) is Verdict.OPEN, death
        scene.player.start()
        scene.player.take_over()
    scene.player.play("clip-2.mp4")
    assert scene.pass_time(1) is Verdict.DIED
    assert (scene.kiosk.sequence, scene.bad) == (1, [2])
    refusal = scene.agent.succession.taken_back
    assert refusal is not None
    assert "đã quay về bản 1" in refusal.vi
    scene.bring()
    assert scene.kiosk.sequence == 1, "what was bad is not taken again"
    scene.publish(3)
    scene.bring()
    assert scene.kiosk.sequence == 3
    assert scene.agent.succession.taken_back is None


def test_deaths_before_the_player_takes_it_over_count_too(scene: Scene) -> None:
    for _ in range(3):
        assert scene.pass_time(5) is Verdict.OPEN
        scene.player.start()
    assert scene.pass_time(1) is Verdict.DIED
    assert scene.kiosk.sequence == 1


def test_a_player_that_leaves_in_good_order_has_not_died(scene: Scene) -> None:
    for _ in range(4):
        scene.player.take_over()
        scene.player.play("clip-2.mp4")
        assert scene.pass_time(5) is Verdict.OPEN
        scene.player.tell(showing=Showing.LEFT, playing=None)
        assert scene.pass_time(2, lambda: None) is Verdict.OPEN
        scene.player.start()
    assert scene.pass_time(5) is Verdict.OPEN


def test_a_machine_switched_off_and_on_counts_nothing(scene: Scene) -> None:
    for boot in range(5):
        scene.player.take_over()
        assert scene.pass_time(5) is Verdict.OPEN
        scene.clock.reboot(f"again-{boot}")
        scene.player.start()
        scene.restarted()
    assert scene.pass_time(5) is Verdict.OPEN


def test_nothing_to_show_for_two_minutes_brings_the_release_before_it_back(scene: Scene) -> None:
    scene.player.take_over()
    scene.player.show_slate()
    assert scene.pass_time(119) is Verdict.OPEN
    assert scene.pass_time(2) is Verdict.EMPTY
    assert (scene.kiosk.sequence, scene.bad) == (1, [2])


def test_what_plays_besides_proves_nothing(scene: Scene) -> None:
    scene.player.take_over()
    scene.player.play("an-urgent-bulletin")
    assert scene.pass_time(200) is Verdict.OPEN
    scene.player.show_slate()
    assert scene.pass_time(125) is Verdict.EMPTY


def test_one_bad_clip_takes_nothing_back(scene: Scene) -> None:
    scene.player.take_over()

    def now_and_then() -> None:
        if scene.clock.now().boot_ns // 10**9 % 20 < 15:
            scene.player.show_slate()
        else:
            scene.player.play("clip-2.mp4")

    assert scene.pass_time(200, now_and_then) is Verdict.GOOD


def test_a_release_the_player_refuses_goes_at_once(scene: Scene) -> None:
    scene.player.refuse(2, "clip-2.mp4: broken")
    assert scene.pass_time(1) is Verdict.REFUSED
    assert (scene.kiosk.sequence, scene.bad) == (1, [2])
    refusal = scene.agent.succession.taken_back
    assert refusal is not None
    assert "clip-2.mp4: broken" in refusal.vi


def test_a_player_that_is_not_running_is_not_judged(scene: Scene) -> None:
    assert scene.pass_time(1000, lambda: None) is Verdict.OPEN
    assert scene.kiosk.sequence == 2


def test_a_release_nobody_could_judge_gives_way_to_a_newer_one(scene: Scene) -> None:
    scene.pass_time(3700, lambda: None)
    scene.publish(3)
    scene.bring()
    assert scene.kiosk.sequence == 3
    scene.player.start()
    scene.player.refuse(3, "x")
    assert scene.pass_time(1) is Verdict.REFUSED
    assert scene.kiosk.sequence == 1, "back to what was proven, not to what was not"


def test_an_agent_that_restarts_goes_on_where_it_was(scene: Scene) -> None:
    scene.player.take_over()
    for _ in range(3):
        assert scene.pass_time(3) is Verdict.OPEN
        scene.player.start()
        scene.player.take_over()
        scene.player.play("clip-2.mp4")
        if scene.pass_time(1) is Verdict.OPEN:
            scene.restarted()
    assert scene.kiosk.sequence == 1


@pytest.mark.parametrize("broken", [b"", b"{}", b'{"format_version": 9}', b"[" * 10_000])
def test_a_spoiled_standing_loses_nothing_that_plays(scene: Scene, broken: bytes) -> None:
    (scene.kiosk.agent / "probation.json").write_bytes(broken)
    scene.restarted()
    assert scene.kiosk.sequence == 2
    scene.publish(3)
    scene.bring()
    assert scene.kiosk.sequence == 3


def test_a_cut_between_the_two_writes_is_mended(scene: Scene) -> None:
    active = (scene.kiosk.agent / "active").read_bytes()
    scene.player.refuse(2, "x")
    scene.pass_time(1)
    (scene.kiosk.agent / "active").write_bytes(active)  # remembered as bad, and not yet taken back
    scene.restarted()
    assert scene.kiosk.sequence == 1
    assert scene.bad == [2]


def test_a_spoiled_release_is_mended_from_the_store(scene: Scene) -> None:
    document = scene.kiosk.agent / "releases" / "2" / "playlist.json"
    whole = document.read_bytes()
    document.write_bytes(whole[:-1])
    scene.restarted()
    assert (scene.kiosk.sequence, document.read_bytes()) == (2, whole)


def test_a_release_that_lost_a_file_gives_way_to_the_one_before(scene: Scene) -> None:
    (scene.kiosk.agent / "releases" / "2" / "release.json").write_bytes(b"")
    scene.restarted()
    assert scene.kiosk.sequence == 1
    scene.bring()
    assert scene.kiosk.sequence == 2, "and is fetched anew"


def test_a_swap_that_the_disk_refuses_is_tried_again(scene: Scene) -> None:
    scene.player.take_over()
    scene.player.play("clip-2.mp4")
    assert scene.pass_time(121) is Verdict.GOOD
    scene.publish(3)
    obstacle = scene.kiosk.agent / "active.part"
    obstacle.mkdir()
    with pytest.raises(OSError, match="directory"):
        scene.bring()
    assert scene.agent.cycle.standing.trial is None
    obstacle.rmdir()
    scene.bring()
    assert scene.kiosk.sequence == 3


def test_a_way_back_that_the_disk_refuses_is_gone_as_soon_as_it_can_be(scene: Scene) -> None:
    scene.player.take_over()
    scene.player.show_slate()
    obstacle = scene.kiosk.agent / "active.part"
    obstacle.mkdir()
    with pytest.raises(OSError, match="directory"):
        scene.pass_time(130)
    with pytest.raises(OSError, match="directory"):
        scene.pass_time(1)
    assert (scene.kiosk.sequence, scene.bad) == (2, [2])
    obstacle.rmdir()
    scene.pass_time(1)
    assert scene.kiosk.sequence == 1
