"""The inbox and the small files of the player's half: real folders, real notices of the kernel, and none."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from player.clock import ManualClock
from player.doubles import ManualReactor, PromptErrands
from player.live.bookmark import FileBookmark, read_bookmark
from player.live.inbox import Inbox
from player.live.letters import Letters, read_letters
from player.live.state_folder import read_whole, write_durably
from player.live.verified import Verified, save
from player.ports import Remembered
from player.rehearsal import playlist_of
from player.trust import ClockTrust
from playlists.release import Active
from playlists.timing import DurationMs
from tests.support.agent import Agent
from tests.support.media import make_picture

FIRST = Active(1, "a" * 64)


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path / "state")


@contextmanager
def inbox(agent: Agent, heard: list[Letters], *, watched: bool = True) -> Iterator[ManualReactor]:
    reactor = ManualReactor(ManualClock())
    box = Inbox(agent.folder, reactor, heard.append, watched=watched)
    try:
        assert reactor.listen()
        yield reactor
    finally:
        box.close()


def wait_for_letters(reactor: ManualReactor, heard: list[Letters], count: int) -> float:
    begun = time.monotonic()
    while len(heard) < count:
        assert reactor.listen(), "nothing was delivered"
    return time.monotonic() - begun


@pytest.mark.parametrize("watched", [True, False])
def test_letters_are_delivered_at_the_start_and_whenever_one_changes(
    agent: Agent,
    tmp_path: Path,
    watched: bool,  # noqa: FBT001
) -> None:
    heard: list[Letters] = []
    with inbox(agent, heard, watched=watched) as reactor:
        assert heard == [Letters()]
        agent.activate(FIRST)
        wait_for_letters(reactor, heard, 2)
        assert heard[-1].active == FIRST
        agent.urge("lu", agent.bring(make_picture(tmp_path / "lu.png")))
        wait_for_letters(reactor, heard, 3)
        assert [slot.id for slot in heard[-1].slots] == ["lu"]
        agent.withdraw("a", "b")
        wait_for_letters(reactor, heard, 4)
        assert heard[-1].withdrawn.items == {"a", "b"}
        agent.calm("lu")
        wait_for_letters(reactor, heard, 5)
        assert heard[-1].urgent == ()


def test_the_kernel_announces_what_the_poll_would_find_a_second_later(agent: Agent) -> None:
    heard: list[Letters] = []
    with inbox(agent, heard) as reactor:
        time.sleep(0.3)  # the poll is now far off
        agent.activate(FIRST)
        assert wait_for_letters(reactor, heard, 2) < 0.6


def test_a_letter_that_cannot_be_read_leaves_the_one_before_in_force(agent: Agent) -> None:
    agent.activate(FIRST)
    before = read_letters(agent.folder, Letters())
    agent.folder.active.write_bytes(b"{")
    agent.folder.withdrawn.write_bytes(b"[]")
    (agent.folder.urgent / "x.json").write_bytes(b"{}")
    (agent.folder.urgent / "x.json.part").write_bytes(b"{")
    letters = read_letters(agent.folder, before)
    assert letters.active == FIRST
    assert [name for name, _flaw in letters.flaws] == ["active", "withdrawn", "urgent/x.json"]


def test_more_urgent_files_than_are_shown_are_a_fault_that_does_not_change_with_their_number(agent: Agent) -> None:
    for number in range(100):
        (agent.folder.urgent / f"{number:03}.json").write_bytes(b"{}")
    assert "urgent" not in dict(read_letters(agent.folder, Letters()).flaws)
    said = set()
    for number in (100, 101):
        (agent.folder.urgent / f"{number:03}.json").write_bytes(b"{}")
        letters = read_letters(agent.folder, Letters())
        assert len(letters.flaws) == 101
        said.add(dict(letters.flaws)["urgent"])
    assert said == {"hơn 100 tin khẩn: chỉ 100 tin đầu theo tên tệp được chiếu"}


def test_a_state_folder_without_an_agent_is_no_error(tmp_path: Path) -> None:
    assert read_letters(Agent(tmp_path / "new").folder, Letters()) == Letters()


def test_what_was_verified_is_known_after_a_restart_and_only_for_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "player" / "verified.json"
    known = Verified(path)
    known.add("a" * 64, (1, 2, 3))
    known.add("b" * 64, (4, 5, 6))
    known.release = FIRST
    known.keep_only(frozenset({"a" * 64}))
    assert save(path, known.content()) is None
    again = Verified.load(path)
    assert again.release == FIRST
    assert again.knows("a" * 64, (1, 2, 3))
    assert not again.knows("a" * 64, (1, 2, 4))
    assert not again.knows("b" * 64, (4, 5, 6))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format_version": 2}', b'{"format_version": 1, "media": 3}'])
def test_a_damaged_file_of_the_players_own_knows_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert Verified.load(path) == Verified(path)
    assert read_bookmark(path) == (None, None)


def test_a_bookmark_is_read_as_it_was_kept_and_can_be_removed(tmp_path: Path) -> None:
    clock = ManualClock()
    reactor = ManualReactor(clock)
    path = tmp_path / "player" / "resume.json"
    bookmark = FileBookmark(path, PromptErrands(reactor), clock, ClockTrust(boot="b"))
    (slot,) = playlist_of("a").slots
    for position in (0, 10, 20):
        bookmark.keep(slot, "play", DurationMs(position))
    reactor.run_for(10)
    assert read_bookmark(path) == (Remembered("a", "a", "play", 20), "b")
    bookmark.remove()
    reactor.run_for(10)
    assert read_bookmark(path) == (None, "b")


def test_a_file_is_replaced_whole_and_one_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x"
    write_durably(path, b"one")
    write_durably(path, b"two")
    assert read_whole(path, 3) == b"two"
    assert read_whole(path, 2) is None
    assert read_whole(tmp_path, 10) is None
    assert [found.name for found in path.parent.iterdir()] == ["x"]


def test_a_disk_that_refuses_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert save(tmp_path / "file" / "x", b"content") is not None


def test_an_urgent_bulletin_that_is_spoiled_stays_and_one_without_its_picture_is_told_of(
    agent: Agent, tmp_path: Path
) -> None:
    picture = make_picture(tmp_path / "lũ.png")
    brought = agent.bring(picture)
    agent.urge("lu", brought)
    before = read_letters(agent.folder, Letters())
    assert (len(before.urgent), before.flaws) == (1, ())
    agent.folder.media(brought.sha256).unlink()
    missing = read_letters(agent.folder, before)
    assert missing.flaws == (("urgent/lu.json", "thiếu tệp lũ.png"),)
    (agent.folder.urgent / "lu.json").write_bytes(b"{}")
    spoiled = read_letters(agent.folder, missing)
    assert spoiled.urgent == before.urgent
    assert [name for name, _flaw in spoiled.flaws] == ["urgent/lu.json"]
