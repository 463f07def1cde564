"""Somebody sets the wall clock by ten years while the player plays: nothing on the screen or in a duration moves."""

import sys
from pathlib import Path

from player.proof_log import cli as log_cli
from playlists.errors import ExitCode
from playlists.proof import Outcome
from tests.support.damage_run import check_plays, make_coloured_clips, watching
from tests.support.player_process import Stage
from tests.support.xserver import XServer

PROGRAM = Path(__file__).parents[1] / "support" / "jumping_clock_player.py"
CLIP_MS = 1200


def test_ten_years_on_and_twenty_back_change_no_play(tmp_path: Path, screen: XServer, players: Stage) -> None:
    folder, log = make_coloured_clips(tmp_path / "content", CLIP_MS // 40), players.home / "log"
    command = [sys.executable, str(PROGRAM), str(folder), str(log), "2", "3:10", "5.5:-20", "8:10"]
    run = players.run_program(command, log, players.environment(PYTHONPATH=str(Path(__file__).parents[2])))
    with watching(screen, run.process.pid) as watch:
        run.wait_until(lambda: run.log.plays)
        assert run.wait() == 0, run.stderr
    check_plays(run.log)
    items = [path.name for path in sorted(folder.iterdir())]
    assert [(play.item, play.outcome) for play in run.log.plays] == [(item, Outcome.COMPLETED) for item in items * 2]
    for play in run.log.plays:
        assert play.end is not None
        assert abs(play.end["actual_ms"] - CLIP_MS) < 600
        assert play.end["planned_ms"] == CLIP_MS
    steps = [round(step["step_ms"] / (365.25 * 86_400_000)) for step in run.log.of("clock_step")]
    assert steps == [10, -20, 10]
    years = {play.start["at"]["wall"][:4] for play in run.log.plays}
    assert len(years) == 3, "rows say what the clock said"
    assert len(watch.sights) > 100
    assert log_cli.main(["verify", str(log)]) == ExitCode.OK
