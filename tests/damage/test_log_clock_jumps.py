"""Ten years forward and back: rows stay in order, durations stay true, and the log says what happened."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from player.clock import ManualClock, clock_step
from player.proof_log.cli import main
from player.proof_log.export import plays
from player.proof_log.reading import open_log, verify_log
from playlists.errors import ExitCode
from playlists.proof import ClockStep, Outcome
from playlists.proof_rows import read_record, read_row
from playlists.tally import tally
from playlists.timing import DurationMs
from tests.support.log_records import end, start, write_log

TEN_YEARS_MS = timedelta(days=3653) // timedelta(milliseconds=1)


@pytest.mark.parametrize("jump_ms", [TEN_YEARS_MS, -TEN_YEARS_MS])
def test_a_jump_in_mid_play_changes_no_count(tmp_path: Path, jump_ms: int, capfd: pytest.CaptureFixture[str]) -> None:
    path, clock = tmp_path / "play.log", ManualClock()
    begun = start(1, clock.moment())
    clock.advance(5_000)
    before = clock.moment()
    clock.step(jump_ms)
    step = clock_step(before, clock.moment(), 500)
    assert step is not None
    clock.advance(10_000)
    ended = end(1, clock.moment())
    write_log(path, [begun, step, ended], clock)
    write_log(path, [start(2, clock.moment())], clock)
    clock.step(-jump_ms)
    write_log(path, [], clock)
    with open_log(path) as log:
        assert verify_log(log).finding is None
        records = [record for _, data in log.rows() if (record := read_record(read_row(data))) is not None]
        first, second = plays(log.rows())
    counted = tally(records)
    assert records[1] == ClockStep(at=step.at, before=before, step_ms=jump_ms)
    assert (counted.total(Outcome.COMPLETED), counted.airtime_ms, counted.clock_steps) == (1, 15_000, 1)
    assert first.end is not None
    assert first.end.actual == DurationMs(15_000)
    assert second.end is not None
    assert second.end.reason == "player_fault", "the boot id tells, not the clock"
    assert main(["summary", str(path)]) == main(["export", "--format", "csv", str(path)]) == ExitCode.OK
    assert str(2026 + jump_ms // TEN_YEARS_MS * 10) in capfd.readouterr().out


@pytest.mark.parametrize("wall", ["0001-01-01T00:00:00.000+00:00", "9999-12-31T23:59:59.999+00:00"])
def test_the_ends_of_the_calendar_can_be_read(tmp_path: Path, wall: str, capfd: pytest.CaptureFixture[str]) -> None:
    moment = replace(ManualClock().moment(), wall=wall)
    write_log(tmp_path / "play.log", [start(1, moment), end(1, moment)])
    assert main(["summary", str(tmp_path / "play.log"), "--time-zone", "America/New_York"]) == ExitCode.OK
    assert main(["export", "--format", "csv", str(tmp_path / "play.log")]) == ExitCode.OK
    assert wall in capfd.readouterr().out
