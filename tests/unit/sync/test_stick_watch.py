import threading
from pathlib import Path

from sync import feed
from sync.agent.stick_watch import FIRST_RETRY_S, LAST_RETRY_S, MOST_STICKS, StickWatch, Visitor, seen, tried
from sync.bundle import FEED

A, B = Path("/media/a"), Path("/media/b")
MARK, OTHER = (1, 2, 3), (1, 2, 4)


def test_a_stick_that_appears_waits_from_then_on() -> None:
    known = seen({}, {A: MARK}, 10.0)

    assert known == {A: Visitor(MARK, 10.0)}
    assert seen(known, {A: MARK}, 12.0) == known


def test_a_stick_that_was_taken_in_waits_no_more_until_it_changes() -> None:
    taken = {A: tried(Visitor(MARK, 10.0), 11.0, again=False)}

    assert seen(taken, {A: MARK}, 12.0) == taken
    assert seen(taken, {A: OTHER}, 12.0) == {A: Visitor(OTHER, 12.0)}


def test_a_stick_put_in_anew_waits_anew() -> None:
    taken = {A: tried(Visitor(MARK, 10.0), 11.0, again=False)}
    gone = seen(taken, {B: MARK}, 12.0)

    assert gone == {B: Visitor(MARK, 12.0)}
    assert seen(gone, {A: MARK, B: MARK}, 14.0)[A] == Visitor(MARK, 14.0)


def test_another_try_comes_later_each_time() -> None:
    visitor = Visitor(MARK, 0.0)
    waits = []
    for _ in range(8):
        visitor = tried(visitor, 100.0, again=True)
        waits.append((visitor.due or 0.0) - 100.0)

    assert waits[:3] == [FIRST_RETRY_S, 2 * FIRST_RETRY_S, 4 * FIRST_RETRY_S]
    assert waits[-1] == LAST_RETRY_S


def with_bundle(stick: Path, content: bytes = b"{}") -> Path:
    place = stick / FEED / feed.TIMESTAMP
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return stick


def test_sub_folders_with_a_bundle_are_sticks(tmp_path: Path) -> None:
    watch = StickWatch(tmp_path, lambda: None)
    (tmp_path / "photos").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to(with_bundle(tmp_path.parent / f"{tmp_path.name}-elsewhere"))
    (tmp_path / "unfinished" / FEED).mkdir(parents=True)
    stick = with_bundle(tmp_path / "stick")

    assert watch.look()
    assert watch.waiting() == [stick, tmp_path / "unfinished"]


def test_a_stick_that_changed_while_it_was_taken_in_waits_still(tmp_path: Path) -> None:
    watch = StickWatch(tmp_path, lambda: None)
    stick = with_bundle(tmp_path / "stick")
    watch.look()
    assert watch.waiting() == [stick]
    with_bundle(stick, b"another")
    watch.look()
    watch.done(stick, again=False)
    assert watch.waiting() == [stick]
    watch.done(stick, again=False)
    assert watch.waiting() == []


def test_a_mount_root_with_a_thousand_folders_is_looked_at_no_further(tmp_path: Path) -> None:
    for number in range(MOST_STICKS + 20):
        with_bundle(tmp_path / f"{number}")
    watch = StickWatch(tmp_path, lambda: None)
    watch.look()

    assert len(watch.waiting()) == MOST_STICKS


def test_there_may_be_no_mount_root_yet(tmp_path: Path) -> None:
    appeared = threading.Event()
    watch = StickWatch(tmp_path / "media", appeared.set, look_seconds=0.01)
    watch.start()
    try:
        with_bundle(tmp_path / "stick")
        (tmp_path / "media").mkdir()
        (tmp_path / "stick").rename(tmp_path / "media" / "stick")
        assert appeared.wait(20)
    finally:
        watch.stop()


def test_the_kernel_tells_of_a_stick_before_the_next_look(tmp_path: Path) -> None:
    appeared = threading.Event()
    with_bundle(tmp_path / "stick")
    (tmp_path / "media").mkdir()
    watch = StickWatch(tmp_path / "media", appeared.set, look_seconds=3600)
    watch.start()
    try:
        (tmp_path / "stick").rename(tmp_path / "media" / "stick")
        assert appeared.wait(20)
    finally:
        watch.stop()
