"""The store and its scrub, on a real disk."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from sync.agent.media_store import MediaStore
from sync.agent.scrub import EVERY, is_due, scrub
from sync.refusals import RefusalError
from tests.support.small_feed import some_bytes

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "agent", floor=0)


def _adopted(store: MediaStore, content: bytes) -> str:
    digest = sha256(content).hexdigest()
    store.part(digest).write_bytes(content)
    store.pieces(digest).write_bytes(b"list")
    store.adopt(store.part(digest), digest)
    return digest


def test_what_is_adopted_is_there_and_leaves_nothing_behind(store: MediaStore) -> None:
    digest = _adopted(store, b"content")
    assert store.path(digest).read_bytes() == b"content"
    assert store.has(digest, 7)
    assert not store.has(digest, 8)
    assert not store.has("ab" * 32, 7)
    assert not list(store.downloads.iterdir())


def test_a_link_is_no_file_of_ours(store: MediaStore) -> None:
    store.path("ab" * 32).symlink_to("/etc/hostname")
    for length in (len("/etc/hostname"), Path("/etc/hostname").stat().st_size):
        assert not store.has("ab" * 32, length)


def test_what_nobody_names_is_collected_half_or_whole(store: MediaStore) -> None:
    kept, gone = _adopted(store, b"kept"), _adopted(store, b"gone")
    wanted, left = "ab" * 32, "cd" * 32
    for digest in (wanted, left):
        store.part(digest).write_bytes(b"half")
        store.pieces(digest).write_bytes(b"list")
    assert sorted(store.collect([kept, wanted])) == sorted([gone, left])
    assert store.digests() == (kept,)
    assert {path.name.partition(".")[0] for path in store.downloads.iterdir()} == {wanted}
    assert store.collect([kept, wanted]) == ()


def test_what_a_power_cut_left_under_both_names_is_collected_once(store: MediaStore) -> None:
    digest = _adopted(store, b"content")
    store.part(digest).hardlink_to(store.path(digest))
    assert store.collect([digest]) == (digest,)
    assert store.has(digest, 7)
    assert not store.part(digest).exists()


def test_what_is_held_is_not_collected(store: MediaStore) -> None:
    held = _adopted(store, b"held")
    with store.holding([held]):
        with store.holding([held, held]):
            assert store.collect([]) == ()
        assert store.collect([]) == ()
    assert store.collect([]) == (held,)


def test_space_is_reckoned_less_what_is_there(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "agent", floor=0)
    there = _adopted(store, some_bytes("there", 1000))
    store.reserve([(there, 1000)])
    part = "ab" * 32
    with store.part(part).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 500_000_000)
    # Others may write on this disk meanwhile: the sizes leave them 100 MB.
    tight = MediaStore(tmp_path / "agent", floor=store.space().free - 200_000_000)
    tight.reserve([(part, 600_000_000), (there, 1000)])
    with pytest.raises(RefusalError, match="MB more needed"):
        tight.reserve([("cd" * 32, 600_000_000)])


def test_a_store_over_its_floor_still_has_what_it_has(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "agent", floor=1 << 60)
    store.reserve([(_adopted(store, b"there"), 5)])


def test_the_scrub_removes_what_rotted_and_names_it(store: MediaStore) -> None:
    sound = [_adopted(store, some_bytes(number, 300_000 * number)) for number in range(4)]
    rotten, short = (_adopted(store, some_bytes(name, 900_000)) for name in ("rotten", "short"))
    with store.path(rotten).open("r+b") as file:
        file.seek(700_000)
        file.write(b"\0")
    os.truncate(store.path(short), 899_999)
    assert sorted(scrub(store)) == sorted([rotten, short])
    assert store.digests() == tuple(sorted(sound))
    assert scrub(store) == ()


def test_the_scrub_can_be_ended(store: MediaStore) -> None:
    rotten = _adopted(store, b"rotten")
    store.path(rotten).write_bytes(b"other!")
    assert scrub(store, lambda: True) == ()
    assert store.has(rotten, 6)


def test_the_scrub_leaves_a_directory_entry_it_cannot_read_to_nobody(store: MediaStore) -> None:
    gone = _adopted(store, b"gone")
    store.path(gone).unlink()
    assert scrub(store) == ()


def test_only_the_scrubs_own_thread_steps_back(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "agent", floor=0)
    _adopted(store, b"content")
    seen: list[tuple[int, str]] = []

    def look() -> bool:
        ionice = subprocess.run(["ionice", "-p", str(threading.get_native_id())], check=True, capture_output=True)
        seen.append((os.sched_getscheduler(0), ionice.stdout.decode().strip()))
        return False

    before = os.sched_getscheduler(0)
    scrub(store, look)
    assert seen == [(os.SCHED_IDLE, "idle")]
    assert os.sched_getscheduler(0) == before


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (NOW, False),
        (NOW - EVERY + timedelta(seconds=1), False),
        (NOW - EVERY, True),
        (NOW + timedelta(days=3), True),
    ],
)
def test_when_the_scrub_is_due(last: datetime | None, due: bool) -> None:  # noqa: FBT001 - a case
    assert is_due(last, NOW) == due


def test_the_bar_is_for_terminals_alone(tmp_path: Path) -> None:
    script = tmp_path / "bar.py"
    script.write_text(
        "import sys\n"
        "from sync.agent.download import Progress, Wanted\n"
        "from sync.agent.progress_bar import progress_bar\n"
        "with progress_bar() as show:\n"
        "    show(Progress(Wanted('ab', 2000), 1000, 1000, 2000, 0, 1))\n"
        "    show(Progress(Wanted('ab', 2000), 2000, 2000, 2000, 1, 1))\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    piped = subprocess.run([sys.executable, str(script)], check=True, capture_output=True, env=environment)
    assert piped.stderr == b""
    command = ["script", "-qec", f"stty cols 80 rows 24; {sys.executable} {script}", "/dev/null"]
    shown = subprocess.run(command, check=True, capture_output=True, env=environment)
    assert b"1/1" in shown.stdout
    assert b"2.00k/2.00k" in shown.stdout
