"""What a process that reads a stranger's file can do, and what not."""

import os
import socket
import time
from pathlib import Path

import pytest

from sync.hub.cell import Bounds, CellError, ask

INMATE = "tests.support.cell_inmate"
BOUNDS = Bounds(seconds=20, answer_bytes=1 << 20)


def open_descriptors() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Tệp lạ.bin"
    path.write_text("nội dung", encoding="utf-8")
    return path


def test_it_reads_the_file_it_is_given_and_nothing_of_our_environment(file: Path) -> None:
    assert ask(INMATE, file, BOUNDS, "read").decode() == "nội dung"


def test_it_has_no_network(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = ask(INMATE, file, BOUNDS, "network", str(server.getsockname()[1]))
    assert told.endswith(b"Error")


def test_it_writes_nothing(file: Path, tmp_path: Path) -> None:
    escaped = tmp_path / "escaped"
    tmp_path.chmod(0o777)
    try:
        told = ask(INMATE, file, BOUNDS, "write", str(escaped))
    except CellError:
        told = b"dead"
    assert told != b"done"
    assert not escaped.exists() or escaped.stat().st_size == 0


def test_it_starts_no_program(file: Path) -> None:
    assert ask(INMATE, file, BOUNDS, "program") != b"done"


def test_it_has_bounded_memory(file: Path) -> None:
    assert ask(INMATE, file, BOUNDS, "memory") == b"MemoryError"


@pytest.mark.parametrize("attempt", ["sleep", "spin"])
def test_it_has_bounded_time(file: Path, attempt: str) -> None:
    began = time.monotonic()
    with pytest.raises(CellError) as ended:
        ask(INMATE, file, Bounds(seconds=1.5, answer_bytes=100), attempt)
    assert ended.value.late
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("attempt", ["flood", "crash"])
def test_it_says_only_so_much_and_may_die(file: Path, attempt: str) -> None:
    with pytest.raises(CellError) as ended:
        ask(INMATE, file, BOUNDS, attempt)
    assert not ended.value.late


def test_nothing_is_left_of_it(file: Path) -> None:
    before = open_descriptors()
    for attempt in ("read", "crash", "flood"):
        try:
            ask(INMATE, file, BOUNDS, attempt)
        except CellError:
            continue
    assert open_descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
