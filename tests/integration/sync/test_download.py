"""What a download brings, costs, keeps and refuses, over real HTTP and from a stick's folder."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from sync.agent.download import Progress, Wanted, fetch
from sync.agent.folder_source import FolderSource, numbered_parts
from sync.agent.gate import Gate, StoppedError
from sync.agent.media_store import MediaStore
from sync.agent.ports import NotThereError
from sync.agent.requests_source import RequestsSource
from sync.feed import media_name, pieces_name
from sync.pieces import PIECE_BYTES, write_pieces
from sync.publication import PieceList
from sync.refusals import RefusalError
from tests.support.feed_server import FeedServer, feed_server
from tests.support.small_feed import add_file, leave_part, some_bytes, wrong_files

CLIP: Final = some_bytes("clip", 4 * PIECE_BYTES + 300_000)
PICTURE: Final = some_bytes("picture", 70_000)
SLACK: Final = 400_000
"""What may be on its way when a connection is let go, in bytes, besides a piece list."""

GENTLE: Final = 20_000_000
"""Bytes a second at which nothing piles up between server and kiosk."""


class Kiosk:
    """A store, a server, and the clip it has."""

    def __init__(self, folder: Path, server: FeedServer) -> None:
        self.feed = folder / "feed"
        self.server = server
        self.clip = add_file(self.feed, CLIP, "clip.mp4")
        self.store = MediaStore(folder / "agent", floor=0)
        self.source = RequestsSource(server.url)

    def fetch(self, *wanted: Wanted, gate: Gate | None = None) -> None:
        fetch(wanted or [self.clip], self.source, self.store, gate)

    @property
    def read(self) -> int:
        """Bytes of the clip that the server gave."""
        return self.server.body_bytes[media_name(self.clip.sha256)]


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with feed_server(tmp_path / "feed") as server:
        made = Kiosk(tmp_path, server)
        yield made
        made.source.close()
    assert not wrong_files(made.store)


def test_what_is_missing_is_brought_and_nothing_else(kiosk: Kiosk) -> None:
    picture = add_file(kiosk.feed, PICTURE, "picture.png")
    kiosk.fetch(picture)
    kiosk.fetch(kiosk.clip, picture, replace(kiosk.clip, source_name="again.mp4"))
    kiosk.fetch(kiosk.clip, picture)
    assert kiosk.store.path(kiosk.clip.sha256).read_bytes() == CLIP
    assert kiosk.store.path(picture.sha256).read_bytes() == PICTURE
    assert kiosk.server.body_bytes[media_name(picture.sha256)] == len(PICTURE)
    assert kiosk.read == len(CLIP)
    assert not list(kiosk.store.downloads.iterdir())


def test_many_files_come_over_two_kept_connections(kiosk: Kiosk) -> None:
    wanted = [add_file(kiosk.feed, some_bytes(number, 500 * number), f"{number}.png") for number in range(30)]
    kiosk.fetch(*wanted)
    assert all(kiosk.store.has(one.sha256, one.length) for one in wanted)
    assert kiosk.server.connections <= 2


def test_an_earlier_download_is_gone_on_with(kiosk: Kiosk) -> None:
    leave_part(kiosk.store, kiosk.clip, CLIP[: 2 * PIECE_BYTES + 12345])
    kiosk.fetch()
    assert kiosk.read == len(CLIP) - 2 * PIECE_BYTES - 12345


@pytest.mark.parametrize("cut_after", [PIECE_BYTES // 3, PIECE_BYTES, len(CLIP) // 20])
def test_cuts_cost_nothing(kiosk: Kiosk, cut_after: int) -> None:
    kiosk.server.cut_after = cut_after
    kiosk.fetch()
    assert kiosk.read == len(CLIP)


@pytest.mark.parametrize("offset", [0, PIECE_BYTES + 5, 2 * PIECE_BYTES - 1])
def test_a_piece_that_rotted_in_the_part_costs_one_piece(kiosk: Kiosk, offset: int) -> None:
    kiosk.server.pace = GENTLE
    rotten = bytearray(CLIP[: 3 * PIECE_BYTES + 100])
    rotten[offset] ^= 1
    leave_part(kiosk.store, kiosk.clip, bytes(rotten))
    kiosk.fetch()
    assert kiosk.read <= len(CLIP) - len(rotten) + PIECE_BYTES + SLACK


def test_a_power_cut_costs_one_piece(kiosk: Kiosk) -> None:
    proven = 3 * PIECE_BYTES
    leave_part(kiosk.store, kiosk.clip, CLIP[:proven] + bytes(500_000))
    kiosk.fetch()
    assert kiosk.read <= len(CLIP) - proven + PIECE_BYTES + SLACK


@pytest.mark.parametrize("left", [CLIP + b"more", some_bytes("other", len(CLIP)), bytes(len(CLIP) - 7)])
def test_a_part_that_is_nothing_of_the_file_is_replaced(kiosk: Kiosk, left: bytes) -> None:
    leave_part(kiosk.store, kiosk.clip, left)
    kiosk.fetch()
    assert kiosk.store.path(kiosk.clip.sha256).read_bytes() == CLIP


def test_a_piece_that_comes_wrong_costs_one_piece(kiosk: Kiosk) -> None:
    kiosk.server.pace = GENTLE
    kiosk.server.spoiled += [PIECE_BYTES + 700, 3 * PIECE_BYTES + 1]
    kiosk.fetch()
    assert kiosk.read <= len(CLIP) + 2 * (PIECE_BYTES + SLACK)


def test_a_piece_that_stays_wrong_is_refused_and_the_others_kept(kiosk: Kiosk) -> None:
    kiosk.server.pace = GENTLE
    kiosk.server.spoiled += [2 * PIECE_BYTES + 700] * 3
    with pytest.raises(RefusalError, match=r"clip\.mp4.*not what was signed"):
        kiosk.fetch()
    assert kiosk.store.part(kiosk.clip.sha256).stat().st_size == 2 * PIECE_BYTES
    before = kiosk.read
    kiosk.fetch()
    assert kiosk.read - before <= len(CLIP) - 2 * PIECE_BYTES + SLACK


def test_the_lost_piece_list_is_fetched_again(kiosk: Kiosk) -> None:
    leave_part(kiosk.store, kiosk.clip, CLIP[:PIECE_BYTES])
    kiosk.store.pieces(kiosk.clip.sha256).write_bytes(b"rotten")
    kiosk.fetch()
    assert kiosk.read == len(CLIP) - PIECE_BYTES


def test_without_its_piece_list_a_file_comes_all_the_same(kiosk: Kiosk) -> None:
    assert kiosk.clip.pieces is not None
    (kiosk.feed / pieces_name(kiosk.clip.pieces.sha256)).unlink()
    leave_part(kiosk.store, kiosk.clip, CLIP[:PIECE_BYTES])
    kiosk.fetch()
    assert kiosk.read == len(CLIP) - PIECE_BYTES


def test_a_piece_list_of_another_file_is_found_out(kiosk: Kiosk) -> None:
    other = some_bytes("other", len(CLIP))
    listed = write_pieces([other])
    pieces = PieceList(sha256(listed).hexdigest(), len(listed))
    (kiosk.feed / pieces_name(pieces.sha256)).write_bytes(listed)
    (kiosk.feed / media_name(kiosk.clip.sha256)).write_bytes(other)
    with pytest.raises(RefusalError, match="not what was signed"):
        kiosk.fetch(replace(kiosk.clip, pieces=pieces))
    assert not kiosk.store.has(kiosk.clip.sha256, kiosk.clip.length)
    assert not kiosk.store.part(kiosk.clip.sha256).exists()


def test_a_piece_list_of_another_length_is_refused(kiosk: Kiosk) -> None:
    listed = write_pieces([PICTURE])
    pieces = PieceList(sha256(listed).hexdigest(), len(listed))
    (kiosk.feed / pieces_name(pieces.sha256)).write_bytes(listed)
    with pytest.raises(RefusalError, match="cannot be read"):
        kiosk.fetch(replace(kiosk.clip, pieces=pieces))


def test_a_file_that_is_not_there_does_not_hold_up_the_others(kiosk: Kiosk) -> None:
    lost = Wanted("ab" * 32, 100, None, "lost.mp4")
    broken = add_file(kiosk.feed, some_bytes("broken", 5000), "broken.png")
    (kiosk.feed / media_name(broken.sha256)).write_bytes(b"short")
    with pytest.raises(NotThereError):
        kiosk.fetch(lost, broken, kiosk.clip)
    assert kiosk.store.has(kiosk.clip.sha256, kiosk.clip.length)


def test_an_empty_file_is_one(kiosk: Kiosk) -> None:
    empty = add_file(kiosk.feed, b"", "empty.txt")
    kiosk.fetch(empty)
    assert kiosk.store.path(empty.sha256).read_bytes() == b""


def test_what_is_larger_than_the_disk_is_refused_before_the_first_byte_with_numbers(tmp_path: Path) -> None:
    with feed_server(tmp_path / "feed") as server:
        kiosk = Kiosk(tmp_path, server)
        space = kiosk.store.space()
        store = MediaStore(tmp_path / "agent", floor=space.free - 1_000_000)
        with pytest.raises(RefusalError, match=r"4 MB more needed, \d+ MB of \d+ MB free") as refused:
            fetch([kiosk.clip], kiosk.source, store)
        assert refused.value.code == "no-space"
        assert "cần thêm 4 MB" in refused.value.vi
        assert not server.requests


def test_urgent_files_go_first_and_the_rest_goes_on(kiosk: Kiosk) -> None:
    kiosk.server.pace = GENTLE // 2
    urgent = add_file(kiosk.feed, PICTURE, "urgent.png")
    gate = Gate()
    thread = threading.Thread(target=kiosk.fetch, kwargs={"gate": gate})
    thread.start()
    _await(lambda: kiosk.read > PIECE_BYTES)
    with gate.paused():
        kiosk.fetch(urgent)
        time.sleep(0.2)
        before = kiosk.read
        time.sleep(0.3)
        assert kiosk.read == before < len(CLIP)
    thread.join()
    assert kiosk.store.has(kiosk.clip.sha256, kiosk.clip.length)
    assert kiosk.read <= len(CLIP) + SLACK


def test_the_cap_holds(kiosk: Kiosk) -> None:
    began = time.monotonic()
    kiosk.fetch(gate=Gate(4_000_000))
    assert time.monotonic() - began >= (len(CLIP) - 4_000_000) / 4_000_000


def test_what_was_stopped_is_kept(kiosk: Kiosk) -> None:
    kiosk.server.pace = GENTLE // 2
    gate = Gate()
    with _soon(gate.stop, lambda: kiosk.read > 2 * PIECE_BYTES), pytest.raises(StoppedError):
        kiosk.fetch(gate=gate)
    assert kiosk.store.part(kiosk.clip.sha256).stat().st_size > PIECE_BYTES
    kiosk.fetch()
    assert kiosk.read <= len(CLIP) + SLACK


def test_an_interrupted_download_ends_at_once_and_is_kept(kiosk: Kiosk) -> None:
    kiosk.server.pace = GENTLE // 4
    others = [add_file(kiosk.feed, some_bytes(number, 900_000), f"{number}.png") for number in range(9)]
    wanted = json.dumps([asdict(one) for one in (kiosk.clip, *others)])
    agent = kiosk.store.media.parent
    command = [sys.executable, "-m", "tests.support.download_process", kiosk.server.url, str(agent), wanted]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        _await(lambda: kiosk.read > PIECE_BYTES)
        asked = len(kiosk.server.requests)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=10)
    assert told.endswith(b"KeyboardInterrupt\n")
    assert len(kiosk.server.requests) <= asked + 1
    assert kiosk.store.part(kiosk.clip.sha256).stat().st_size >= PIECE_BYTES // 2


def test_progress_counts_what_was_there_and_never_goes_back(kiosk: Kiosk) -> None:
    picture = add_file(kiosk.feed, PICTURE, "picture.png")
    leave_part(kiosk.store, kiosk.clip, CLIP[:PIECE_BYTES])
    told: list[Progress] = []
    fetch([kiosk.clip, picture], kiosk.source, kiosk.store, progress=told.append)
    assert [one.got_of_all for one in told] == sorted(one.got_of_all for one in told)
    assert min(one.got for one in told if one.wanted == kiosk.clip) >= PIECE_BYTES
    last = told[-1]
    assert (last.got_of_all, last.length_of_all) == (len(CLIP) + len(PICTURE), len(CLIP) + len(PICTURE))
    assert (last.files_done, last.files) == (2, 2)


def test_a_stick_brings_the_same_whole_or_in_parts(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    clip, picture = add_file(stick, CLIP, "clip.mp4"), add_file(stick, PICTURE, "picture.png")
    whole = stick / media_name(clip.sha256)
    for begins, name in zip(range(0, len(CLIP), 2_000_000), numbered_parts(str(whole)), strict=False):
        Path(name).write_bytes(CLIP[begins : begins + 2_000_000])
    whole.unlink()
    store = MediaStore(tmp_path / "agent", floor=0)
    leave_part(store, clip, CLIP[:2_500_000])
    fetch([clip, picture], FolderSource(stick), store)
    assert store.path(clip.sha256).read_bytes() == CLIP
    assert store.path(picture.sha256).read_bytes() == PICTURE


def _await(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


@contextmanager
def _soon(act: Callable[[], None], condition: Callable[[], bool]) -> Iterator[None]:
    def wait_and_act() -> None:
        _await(condition)
        act()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    yield
    thread.join()
