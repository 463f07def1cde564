"""``kill -9`` at random moments: what was called durable is there, once, and the chain is whole."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from player.clock import SystemClock
from player.proof_log.ledger import SqliteLedger
from player.proof_log.reading import open_log, verify_log
from playlists.proof import PlayEnd, PlayStart
from playlists.proof_rows import read_record, read_row

PROGRAM = Path(__file__).parents[1] / "support" / "log_player.py"


def _killed_after(path: Path, seed: int, seconds: float) -> list[str]:
    """Let the program log for some seconds after its first durable row, kill it, and hand out what it promised."""
    program = subprocess.Popen([sys.executable, PROGRAM, path, str(seed)], stdout=subprocess.PIPE)
    assert program.stdout is not None
    first = program.stdout.readline()
    time.sleep(seconds)
    program.send_signal(signal.SIGKILL)
    said = first + program.stdout.read()
    program.stdout.close()
    assert program.wait(30) == -signal.SIGKILL
    return said.decode().splitlines()[: said.count(b"\n")]


def _rows_of(path: Path) -> tuple[Counter[str], int]:
    with open_log(path) as log:
        report = verify_log(log)
        assert report.finding is None
        assert report.doubled == ()
        rows: Counter[str] = Counter()
        for _, data in log.rows():
            record = read_record(read_row(data))
            assert isinstance(record, PlayStart | PlayEnd)
            rows[f"{'START' if isinstance(record, PlayStart) else 'END'} {record.play}"] += 1
        return rows, len(report.open_plays)


def _kill_again_and_again(path: Path, seeds: range) -> None:
    chance, promised = random.Random(seeds.start), set[str]()  # noqa: S311 - a fixed seed
    for seed in seeds:
        promised.update(_killed_after(path, seed, chance.uniform(0, 0.15)))
        rows, _ = _rows_of(path)
        assert promised <= rows.keys(), "a row reported durable is missing"
        assert set(rows.values()) == {1}
    ledger = SqliteLedger(path, SystemClock())
    ledger.open()
    ledger.close()
    rows, still_open = _rows_of(path)
    assert still_open == 0
    assert len(rows) % 2 == 0
    assert len(promised) > len(seeds) * 3
    assert list(path.parent.glob("*.damaged-*")) == []


def test_twenty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    _kill_again_and_again(tmp_path / "play.log", range(20))


@pytest.mark.long
@pytest.mark.parametrize("log", range(20))
def test_two_hundred_kills_lose_and_double_nothing(tmp_path: Path, log: int) -> None:
    """Ten a log, for every kill is followed by a verification of all of it."""
    _kill_again_and_again(tmp_path / "play.log", range(100 + log * 10, 110 + log * 10))
