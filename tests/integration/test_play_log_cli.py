"""``signage-player log``, read by people and by spreadsheets."""

import csv
import io
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from player.clock import ManualClock
from player.proof_log.cli import main, schema_text
from player.proof_log.ledger import SqliteLedger
from player.proof_log.reading import open_log
from playlists.errors import ExitCode
from playlists.proof import Outcome
from playlists.proof_rows import read_row
from tests.support.log_records import end, one_of_each, plays, read_bytes, start, write_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "play.log"
    evil = replace(start(3), item="=cmd|' /C calc'!A0", title="+1\x1b[2J", slot="12345678901234567890")
    cut = replace(end(3, outcome=Outcome.INTERRUPTED, reason="stop"), start=None, end=None, actual=None)
    write_log(path, [*one_of_each(), evil, cut, *plays(1), end(55), start(66)])
    return path


def _said(capfd: pytest.CaptureFixture[str], *argv: str) -> str:
    assert main(argv) == ExitCode.OK
    out, errors = capfd.readouterr()
    assert errors == ""
    return out


def _refused(capfd: pytest.CaptureFixture[str], code: ExitCode, *argv: str) -> str:
    assert main(argv) == code
    errors = capfd.readouterr().err
    assert errors.count("\n") == 1
    return errors


def test_summary_counts_item_by_item(log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = _said(capfd, "summary", str(log))
    lines = out.splitlines()
    assert lines[0].split()[:4] == ["item", "completed", "interrupted", "failed"]
    (gate,) = [line for line in lines if "Thủ tục" in line]
    assert gate.removeprefix(start(1).title).split()[:9] == ["2", "0", "0", "0", "0", "0:00:30", "750", "0", "vi"]
    assert "2026-11-23 10:44:58" in gate
    (total,) = [line for line in lines if line.startswith("total of 2")]
    assert total.split()[3:] == ["2", "1", "0", "0", "0", "0:00:30", "1125", "0"]
    assert "faults: decoder-died 1" in out
    assert "clock steps: 1; on the screen or next, not ended yet: 1" in out
    assert "plays shown for a time nobody knows, and not in the airtime: 1" in out
    assert "ends of plays that began in an earlier log: 1" in out
    assert "\x1b" not in out
    assert "2026-11-23 03:44:58" in _said(capfd, "summary", str(log), "--time-zone", "UTC")


def test_jsonl_is_the_rows_themselves(log: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = _said(capfd, "export", str(log))
    assert out.encode().splitlines() == read_bytes(log)
    target = tmp_path / "rows.jsonl"
    _said(capfd, "export", "--output", str(target), str(log))
    assert target.read_text() == out
    assert not target.with_name("rows.jsonl.part").exists()


def test_csv_opens_in_a_spreadsheet(log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = _said(capfd, "export", "--format", "csv", str(log))
    assert out.startswith("\ufeffitem,title,")
    first, evil, plain, lone, running = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"), newline="")))
    assert first["title"] == one_of_each()[0].title  # type: ignore[union-attr]
    assert (evil["item"], evil["slot"]) == ("'=cmd|' /C calc'!A0", "'12345678901234567890")
    assert (evil["outcome"], evil["actual_ms"], evil["end_utc"]) == ("interrupted", "", "")
    assert (plain["start_local"], plain["start_utc"]) == ("2026-11-23 10:44:58.123", "2026-11-23T03:44:58.123+00:00")
    assert (plain["sound_languages"], plain["clock_synchronised"], plain["counts_as"]) == ("lo", "yes", "completed")
    assert (lone["play"][-2:], lone["item"], lone["start_row"]) == ("37", "", "")
    assert (running["start_row"], running["end_row"], running["outcome"]) == ("12", "", "")
    semicolons = _said(capfd, "export", "--format", "csv", "--separator", "semicolon", str(log))
    assert semicolons.startswith("\ufeffitem;title;")


def test_verify_says_what_it_found(log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = _said(capfd, "verify", str(log))
    assert "row 12: the play 00000000000000000000000000000042 of '01-bo-y.mp4' has no end yet" in out
    assert "whole: 12 rows up to 12" in out
    assert read_row(read_bytes(log)[0]).epoch in out


def test_verify_names_the_first_bad_row(log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = log.read_bytes()
    assert data.count(b"decoder-died") == 1
    log.write_bytes(data.replace(b"decoder-died", b"decoder-fine"))
    said = _refused(capfd, ExitCode.DAMAGE, "verify", str(log))
    assert said == (
        "signage-player log: row 5 is bad: its hash of the row before does not fit: "
        "this row or the one before was changed\n"
    )
    log.write_bytes(data.replace(b'"reason":"stop"},"prev', b'"reason": stop"},"prev'))
    assert "row 6: the row is not JSON" in _refused(capfd, ExitCode.DAMAGE, "summary", str(log))


def test_verify_finds_plays_that_end_twice(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_log(tmp_path / "play.log", [start(1), end(1), end(1)])
    said = _refused(capfd, ExitCode.DAMAGE, "verify", str(tmp_path / "play.log"))
    assert "row 3 starts or ends the play" in said


def test_verify_goes_on_from_a_checkpoint(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "play.log"
    ledger = SqliteLedger(path, ManualClock())
    ledger.append(plays(5))
    ledger.prune(6)
    ledger.close()
    assert "whole: 4 rows up to 10, rows up to 6 pruned" in _said(capfd, "verify", str(path))


def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path, log: Path, capfd: pytest.CaptureFixture[str]) -> None:
    missing, other = str(tmp_path / "none.log"), tmp_path / "other"
    for command in ("summary", "export", "verify"):
        assert "there is no play log" in _refused(capfd, ExitCode.CONTENT, command, missing)
    other.write_text("not a database, and long enough to be taken for one if nobody looked at it " * 20)
    assert "is no play log, or its beginning is destroyed" in _refused(capfd, ExitCode.DAMAGE, "verify", str(other))
    other.write_bytes(b"")
    assert "is no play log" in _refused(capfd, ExitCode.CONTENT, "summary", str(other))
    assert "no time zone 'Mars'" in _refused(capfd, ExitCode.USAGE, "summary", str(log), "--time-zone", "Mars")
    assert "is the play log itself" in _refused(capfd, ExitCode.USAGE, "export", str(log), "--output", str(log))
    assert "cannot write" in _refused(capfd, ExitCode.SITE, "export", str(log), "--output", f"{missing}/x")


@pytest.mark.parametrize("argv", [[], ["weigh"], ["summary"], ["export", "x", "--format", "xls"], ["--verify"]])
def test_a_wrong_command_is_usage(argv: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(argv)
    assert left.value.code == ExitCode.USAGE
    assert "usage: signage-player log" in capfd.readouterr().err


def test_the_schema_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    out = _said(capfd, "schema")
    assert out == schema_text()
    assert json.loads(out)["title"] == "A row of a proof-of-play log"


def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    write_log(tmp_path / "play.log", plays(500))
    program = "import sys; from player.proof_log.cli import main; sys.exit(main(sys.argv[1:]))"
    export = subprocess.Popen(
        [sys.executable, "-c", program, "export", str(tmp_path / "play.log")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert export.stdout is not None
    assert export.stderr is not None
    export.stdout.readline()
    export.stdout.close()
    assert export.stderr.read() == b""
    assert export.wait(60) == ExitCode.OK
    export.stderr.close()


READER = """
import sys
from pathlib import Path
from player.proof_log.reading import open_log
while True:
    with open_log(Path(sys.argv[1])) as log:
        print(sum(1 for _ in log.rows()), flush=True)
"""


def test_readers_do_not_hold_up_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    ledger = SqliteLedger(path, ManualClock())
    ledger.append(plays(2000))
    reader = subprocess.Popen([sys.executable, "-c", READER, path], stdout=subprocess.PIPE)
    assert reader.stdout is not None
    assert int(reader.stdout.readline()) == 4000
    waits = []
    for number in range(5000, 5020):
        before = time.perf_counter()
        ledger.append([start(number), end(number)])
        waits.append(time.perf_counter() - before)
    reader.kill()
    read = reader.stdout.read().split()
    reader.stdout.close()
    reader.wait(30)
    ledger.close()
    assert sorted(waits)[10] < 0.25
    assert read == sorted(read), "a reader sees the log grow, never shrink"


def test_a_log_left_with_a_hot_journal_is_read_from_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    write_log(path, plays(100))
    program = (
        "import os, sqlite3, sys\n"
        "log = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "log.execute('pragma cache_size=2')\n"
        "log.execute('begin')\n"
        "log.executemany('insert into rows values (?, ?)', [(n, 'x' * 900) for n in range(201, 400)])\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    journal = path.with_name("play.log-journal")
    before = path.read_bytes(), journal.read_bytes()
    with open_log(path) as log:
        assert log.marks()[1].sequence == 200
        assert len(list(log.rows())) == 200
    assert (path.read_bytes(), journal.read_bytes()) == before
    write_log(path, [start(999)])
    assert (len(read_bytes(path)), journal.exists()) == (201, False)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["play.log", "play.log.lock"]
