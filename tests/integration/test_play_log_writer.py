"""The writer on a real disk, on a slow one and on one that refuses."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from player.clock import ManualClock
from player.proof_log.backlog import Backlog
from player.proof_log.doubles import MemoryLedger, MemoryLog, RefusingDisk, SlowDisk
from player.proof_log.ledger import SqliteLedger
from player.proof_log.port import Ledger, ProofLog
from player.proof_log.writer import LogWriter
from playlists.errors import SiteError
from playlists.proof import Fault
from playlists.proof_rows import read_record, read_row
from tests.support.log_records import end, heartbeat, plays, read_bytes, start, write_log

WAIT_S = 20.0


def _writer(ledger: Ledger, backlog: Backlog | None = None) -> LogWriter:
    return LogWriter(ledger, ManualClock(), retry_s=0.01, backlog=backlog)


def test_what_is_submitted_is_on_the_disk_when_the_receipt_says_so(tmp_path: Path) -> None:
    path = tmp_path / "state" / "deep" / "play.log"
    log: ProofLog = _writer(SqliteLedger(path, ManualClock()))
    receipts = [log.submit(record) for record in plays(3)]
    assert receipts[-1].wait(WAIT_S)
    assert all(receipt.durable for receipt in receipts)
    assert [read_record(read_row(data)) for data in read_bytes(path)] == plays(3)
    assert log.close(WAIT_S)
    assert log.trouble is None
    assert not path.with_name("play.log-journal").exists()


def test_closing_writes_what_is_waiting(tmp_path: Path) -> None:
    log = _writer(SqliteLedger(tmp_path / "play.log", ManualClock()))
    for record in plays(1000):
        log.submit(record)
    assert log.close(WAIT_S)
    assert len(read_bytes(tmp_path / "play.log")) == 2000


def test_a_second_player_on_the_same_log_is_refused(tmp_path: Path) -> None:
    path, other_name = tmp_path / "play.log", tmp_path / "link.log"
    log = _writer(SqliteLedger(path, ManualClock()))
    assert log.submit(start(1)).wait(WAIT_S)
    other_name.symlink_to(path)
    for name in (path, other_name):
        with pytest.raises(SiteError, match=r"another player is writing the play log .*play\.log"):
            _writer(SqliteLedger(name, ManualClock()))
    log.close(WAIT_S)
    again = _writer(SqliteLedger(path, ManualClock()))
    assert again.close(WAIT_S)


def test_a_slow_disk_is_invisible_to_the_caller() -> None:
    ledger = MemoryLedger()
    log = _writer(SlowDisk(ledger, 0.3))
    slowest = 0.0
    for record in plays(20):
        before = time.perf_counter()
        receipt = log.submit(record)
        slowest = max(slowest, time.perf_counter() - before)
    assert not receipt.durable
    assert not receipt.wait(0.01)
    assert slowest < 0.1
    assert receipt.wait(WAIT_S)
    assert len(ledger.batches) < 5, "what waited went in together"
    assert log.close(WAIT_S)
    assert ledger.records == plays(20)


def test_a_disk_that_refuses_is_tried_again_and_spoken_of_once() -> None:
    ledger = MemoryLedger()
    disk = RefusingDisk(ledger)
    log = _writer(disk)
    receipts = [log.submit(record) for record in plays(2)]
    while disk.refusals < 3:
        time.sleep(0.01)
    assert log.trouble == "database or disk is full"
    assert not any(receipt.durable for receipt in receipts)
    disk.why = None
    assert all(receipt.wait(WAIT_S) for receipt in receipts)
    assert log.submit(start(9)).wait(WAIT_S)
    assert log.trouble is None
    assert log.close(WAIT_S)
    (fault,) = [record for record in ledger.records if isinstance(record, Fault)]
    assert [record for record in ledger.records if record != fault] == [*plays(2), start(9)]
    assert fault.code == "log-unwritable"
    assert "database or disk is full; dropped: none" in fault.detail


def test_what_had_to_be_dropped_is_counted_in_the_fault() -> None:
    ledger = MemoryLedger()
    disk = RefusingDisk(ledger)
    log = _writer(disk, Backlog(4, 6))
    dropped = log.submit(heartbeat())
    for record in plays(4):
        log.submit(record)
    disk.why = None
    assert log.submit(end(99)).wait(WAIT_S)
    assert log.close(WAIT_S)
    assert not dropped.durable
    (fault,) = [record for record in ledger.records if isinstance(record, Fault)]
    assert "dropped: 1 heartbeat, 1 play_end, 1 play_start" in fault.detail
    assert [record for record in ledger.records if record != fault] == [*plays(3), end(99)]


def test_closing_on_a_disk_that_refuses_gives_up_and_says_so() -> None:
    disk = RefusingDisk(MemoryLedger())
    log = LogWriter(disk, ManualClock(), retry_s=3600)
    log.submit(start(1))
    assert not log.close(WAIT_S)
    assert log.trouble == "database or disk is full"


def test_closing_does_not_wait_for_a_disk_that_hangs() -> None:
    log = _writer(SlowDisk(MemoryLedger(), 1.0))
    log.submit(start(1))
    before = time.perf_counter()
    assert not log.close(0.05)
    assert time.perf_counter() - before < 0.9
    assert log.close(WAIT_S)


def test_idle_moments_are_for_pruning(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    write_log(path, plays(700))
    log = _writer(SqliteLedger(path, ManualClock()))
    log.prune(1398)
    assert log.submit(start(701)).wait(WAIT_S)
    assert log.close(WAIT_S)
    assert [read_row(data).sequence for data in read_bytes(path)] == [1399, 1400, 1401]


def test_the_double_in_memory_keeps_and_promises() -> None:
    log: ProofLog = MemoryLog()
    assert log.submit(start(1)).wait(0)
    assert log.close(0)
    double = MemoryLog(durable=False)
    assert not double.submit(start(1)).durable
    assert double.records == [start(1)]
    assert double.trouble is None


def test_writing_needs_none_of_what_reading_imports() -> None:
    program = (
        "import sys, player.proof_log.ledger, player.proof_log.writer\n"
        "sys.exit(any(name in sys.modules for name in ('sqlite_utils', 'click', 'csv', 'argparse', 'zoneinfo')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
