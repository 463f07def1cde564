"""Prisoners that are killed or hang: what it costs the picture, by what was seen on the screen."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest

from playlists.proof import Outcome
from tests.support.damage_run import (
    DECODER,
    EXAMINER,
    WARDEN,
    Watch,
    check_plays,
    idle_decoder,
    kill,
    make_coloured_clips,
    name_of,
    playing_decoder,
    prisoners,
    watching,
)
from tests.support.player_process import PlayerRun, Stage
from tests.support.xserver import XServer

FRAME_S = 0.04
DEATH_S = 0.5
"""What the death of a decoder may cost, from the kill to a moving picture."""
HANG_S = 2.0
"""What a hang may cost, from when the next frame was due."""
BUSY_S = 0.5
"""What a machine busy with other things may add to one measurement; the median of several has no such excuse."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four clips of six seconds: time to be hurt in the middle, and the next not yet opened."""
    return make_coloured_clips(tmp_path / "content", 150)


@contextmanager
def playing(players: Stage, screen: XServer, folder: Path) -> Iterator[tuple[PlayerRun, Watch]]:
    """A player in the middle of its first clip; its log must be in order in the end, and the screen never black."""
    run = players.start(folder)
    with watching(screen, run.process.pid) as watch:
        run.wait_until(lambda: run.log.plays)
        seen = time.monotonic()
        time.sleep(0.8)
        yield run, watch
    assert run.stop() == 0, run.stderr
    check_plays(run.log)
    assert watch.black_s(seen + 0.5) == 0
    assert watch.slate_at(seen + 0.5) is None


def _early_in_a_clip(run: PlayerRun) -> None:
    """Wait until a clip has just begun, so that the next one is not being prepared."""

    def begun() -> bool:
        play = run.log.plays[-1]
        age = time.monotonic() - play.start["planned_start"]["monotonic_ns"] / 1e9
        return play.end is None and 0.3 < age < 1.5

    run.wait_until(begun)


def _holds(run: PlayerRun, watch: Watch, harm: Callable[[], float], times: int, over_s: float) -> list[float]:
    """Do harm again and again; the longest time a picture stood after each."""
    holds = []
    for _ in range(times):
        _early_in_a_clip(run)
        at = harm()
        time.sleep(over_s)
        holds.append(watch.longest_hold(at, at + over_s))
    return holds


def _stop(process: int) -> float:
    os.kill(process, signal.SIGSTOP)
    return time.monotonic()


def test_a_killed_decoder_costs_half_a_second_of_movement(folder: Path, screen: XServer, players: Stage) -> None:
    with playing(players, screen, folder) as (run, watch):
        holds = _holds(run, watch, lambda: kill(playing_decoder(run)), 3, 2.0)
    print("kill -9 of the playing decoder:", [f"{hold * 1000:.0f} ms" for hold in holds])  # noqa: T201 - for the record
    assert median(holds) <= DEATH_S
    assert max(holds) <= DEATH_S + BUSY_S
    failed = [play for play in run.log.plays if play.outcome == Outcome.FAILED]
    assert len(failed) == 3
    assert all(play.end is not None and play.end["reason"].startswith("decoder-died") for play in failed)


def test_a_hanging_decoder_costs_two_seconds(folder: Path, screen: XServer, players: Stage) -> None:
    with playing(players, screen, folder) as (run, watch):
        holds = _holds(run, watch, lambda: _stop(playing_decoder(run)), 2, 4.0)
    print("SIGSTOP of the playing decoder:", [f"{hold * 1000:.0f} ms" for hold in holds])  # noqa: T201 - for the record
    assert min(holds) <= HANG_S + FRAME_S
    assert max(holds) <= HANG_S + BUSY_S
    reasons = [str(play.end["reason"]) for play in run.log.plays if play.end and play.outcome == Outcome.FAILED]
    assert len(reasons) == 2
    assert all(reason.startswith("hang: frame ") for reason in reasons)


def test_decoders_that_hang_in_letting_go_of_a_clip_are_replaced(
    tmp_path: Path, screen: XServer, players: Stage
) -> None:
    folder = make_coloured_clips(tmp_path / "short", 75)
    stopped: list[int] = []
    with playing(players, screen, folder) as (run, watch):
        begun = time.monotonic()
        for _ in range(4):
            run.wait_until(lambda: run.log.plays[-1].end is None and _until_start(run) > 1.0)
            time.sleep(_until_start(run) - 0.6)
            stopped.append(playing_decoder(run))
            time.sleep(max(0.0, _until_start(run) - 0.03))  # its last pictures are here, the cut is not
            _stop(stopped[-1])
        time.sleep(4)
        assert watch.longest_hold(begun) <= HANG_S
        assert [name_of(process) for process in stopped[:3]] == ["", "", ""]
        assert len(prisoners(run, DECODER)) >= 2


def _until_start(run: PlayerRun) -> float:
    """Seconds until the latest play is planned to start."""
    return float(run.log.plays[-1].start["planned_start"]["monotonic_ns"] / 1e9 - time.monotonic())


def test_a_decoder_that_hangs_in_opening_costs_two_seconds(folder: Path, screen: XServer, players: Stage) -> None:
    with playing(players, screen, folder) as (run, watch):
        _early_in_a_clip(run)
        busy = playing_decoder(run)
        at = time.monotonic()
        for process in prisoners(run, DECODER):
            if process != busy:
                _stop(process)
        time.sleep(11)
        assert watch.longest_hold(at) <= HANG_S + BUSY_S


@pytest.mark.parametrize("who", [EXAMINER, DECODER])
def test_an_idle_prisoner_that_dies_costs_no_picture(who: str, folder: Path, screen: XServer, players: Stage) -> None:
    with playing(players, screen, folder) as (run, watch):
        at = kill(idle_decoder(run) if who == DECODER else prisoners(run, EXAMINER)[0])
        time.sleep(8)
        assert watch.longest_hold(at) <= 0.3
    assert {play.outcome for play in run.log.plays} <= {Outcome.COMPLETED, Outcome.INTERRUPTED, Outcome.NOT_SHOWN}


def test_the_wardens_death_takes_all_prisoners_along_and_costs_a_second(
    folder: Path, screen: XServer, players: Stage
) -> None:
    with playing(players, screen, folder) as (run, watch):
        holds = _holds(run, watch, lambda: kill(prisoners(run, WARDEN)[0]), 2, 3.0)
        assert len(prisoners(run, WARDEN)) == 1
        assert len(prisoners(run, DECODER)) >= 2
    print("kill -9 of the warden:", [f"{hold * 1000:.0f} ms" for hold in holds])  # noqa: T201 - for the record
    assert max(holds) <= 1.0 + BUSY_S


def test_a_warden_that_hangs_costs_no_picture_while_prisoners_last(
    folder: Path, screen: XServer, players: Stage
) -> None:
    with playing(players, screen, folder) as (run, watch):
        at = _stop(prisoners(run, WARDEN)[0])
        time.sleep(8)
        assert watch.longest_hold(at) <= 0.3


def test_an_examiner_that_hangs_costs_two_seconds(folder: Path, screen: XServer, players: Stage) -> None:
    with playing(players, screen, folder) as (run, watch):
        at = _stop(prisoners(run, EXAMINER)[0])
        time.sleep(13)
        assert watch.longest_hold(at) <= HANG_S + BUSY_S


def test_prisoners_are_silent_and_bounded(folder: Path, screen: XServer, players: Stage) -> None:
    with playing(players, screen, folder) as (run, watch):
        for process in [*prisoners(run, DECODER), *prisoners(run, EXAMINER)]:
            limits = Path(f"/proc/{process}/limits").read_text(encoding="ascii")
            (space,) = [line for line in limits.splitlines() if line.startswith("Max address space")]
            assert int(space.split()[3]) <= 4 << 30
            assert [Path(f"/proc/{process}/fd/{stream}").readlink().name for stream in (0, 1, 2)] == ["null"] * 3
        assert watch.peak_pss < 500 << 20
