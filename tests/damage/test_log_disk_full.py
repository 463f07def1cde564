"""A disk that is really full, and one that went read-only: rows wait, and the caller never notices."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from player.clock import ManualClock
from player.proof_log.ledger import SqliteLedger
from player.proof_log.reading import open_log, verify_log
from player.proof_log.writer import LogWriter
from playlists.proof import Fault, Record
from playlists.proof_rows import read_record, read_row
from tests.support.log_records import plays, read_bytes

WAIT_S = 30.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB; needs root, as CI has it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk; the file-size limit below needs nobody")
    yield disk
    subprocess.run(["umount", disk], check=True)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1024))


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _records(path: Path) -> list[Record | None]:
    with open_log(path) as log:
        report = verify_log(log)
        assert (report.finding, report.doubled) == (None, ())
        return [read_record(read_row(data)) for _, data in log.rows()]


def test_rows_wait_for_a_full_disk_and_lose_nothing(small_disk: Path) -> None:
    path, filler = small_disk / "play.log", small_disk / "filler"
    log = LogWriter(SqliteLedger(path, ManualClock()), ManualClock(), retry_s=0.02)
    early = [log.submit(record) for record in plays(20)]
    assert early[-1].wait(WAIT_S)
    _fill(filler)
    late = [log.submit(record) for record in plays(40, first=20)]
    _until(lambda: log.trouble is not None)
    assert log.trouble is not None
    assert "full" in log.trouble
    assert not late[-1].durable
    assert len(read_bytes(path)) < 120, "what is there can still be read"
    filler.unlink()
    assert late[-1].wait(WAIT_S)
    assert log.close(WAIT_S)
    records = _records(path)
    (fault,) = [record for record in records if isinstance(record, Fault)]
    assert fault.code == "log-unwritable"
    assert [record for record in records if record != fault] == plays(60)


def test_a_disk_full_from_the_start_refuses_no_player(small_disk: Path) -> None:
    path, filler = small_disk / "state" / "play.log", small_disk / "filler"
    _fill(filler)
    log = LogWriter(SqliteLedger(path, ManualClock()), ManualClock(), retry_s=0.02)
    receipts = [log.submit(record) for record in plays(3)]
    _until(lambda: log.trouble is not None)
    filler.unlink()
    assert receipts[-1].wait(WAIT_S)
    assert log.close(WAIT_S)
    assert [record for record in _records(path) if not isinstance(record, Fault)] == plays(3)


def test_a_disk_gone_read_only_is_waited_for(small_disk: Path) -> None:
    path = small_disk / "play.log"
    first = LogWriter(SqliteLedger(path, ManualClock()), ManualClock(), retry_s=0.02)
    assert first.submit(plays(1)[0]).wait(WAIT_S)
    assert first.close(WAIT_S)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    log = LogWriter(SqliteLedger(path, ManualClock()), ManualClock(), retry_s=0.02)
    receipt = log.submit(plays(1)[1])
    _until(lambda: log.trouble is not None)
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert receipt.wait(WAIT_S)
    assert log.close(WAIT_S)
    assert sorted(file.name for file in small_disk.iterdir()) == ["play.log", "play.log.lock"]


LIMITED = """
import resource, signal, sys, time
from pathlib import Path
from player.clock import ManualClock
from player.proof_log.ledger import SqliteLedger
from player.proof_log.writer import LogWriter
from tests.support.log_records import plays
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = LogWriter(SqliteLedger(Path(sys.argv[1]), ManualClock()), ManualClock(), retry_s=0.02)
assert log.submit(plays(1)[0]).wait(30)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))
receipts = [log.submit(record) for record in plays(100)[1:]]
while log.trouble is None:
    time.sleep(0.01)
assert not receipts[-1].durable
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert receipts[-1].wait(30)
assert log.close(30)
"""


def test_a_file_that_may_not_grow_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", LIMITED, path], check=True, env={**os.environ, "PYTHONPATH": str(root)})
    records = _records(path)
    assert [record for record in records if not isinstance(record, Fault)] == plays(100)
    assert len(records) == 201
