"""A disk whose every fsync takes half a second is not seen on the screen."""

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from playlists.proof import Outcome
from tests.support.cards import BLUE, GREEN, RED, YELLOW, make_plain_clip
from tests.support.player_process import PlayerRun, Stage

PROGRAM = Path(__file__).parents[1] / "support" / "slow_disk_player.py"
FRAMES = 20
CLIP_MS = FRAMES * 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    for name, colour in {"1.mp4": RED, "2.mp4": GREEN, "3.mp4": BLUE, "4.mp4": YELLOW}.items():
        make_plain_clip(made / name, colour, frames=FRAMES)
    return made


def lost(run: PlayerRun) -> int:
    """Frames lost, of eight plays that must all be whole, cut where they should be."""
    assert run.wait() == 0, run.stderr
    plays = run.log.shown
    assert [(play.item, play.outcome) for play in plays] == [
        (f"{number}.mp4", Outcome.COMPLETED) for _round in range(2) for number in (1, 2, 3, 4)
    ]
    ends = [play.end["end"]["monotonic_ns"] / 1e6 for play in plays if play.end is not None]
    # Far below the half second that a cut waiting for the disk would be late; the first is prepared in haste.
    assert [gap for gap in (b - a for a, b in pairwise(ends)) if abs(gap - CLIP_MS) > 100] == []
    assert [sum(play.frames) for play in plays] == [FRAMES] * 8
    return sum(play.frames[1] for play in plays)


def test_half_a_second_of_fsync_costs_neither_frames_nor_a_cut(players: Stage, folder: Path) -> None:
    losses = {}
    for seconds in (0.0, 0.5):
        log = players.home / f"log-{seconds}.sqlite"
        words = [sys.executable, str(PROGRAM), str(seconds), str(folder), str(log), "2"]
        losses[seconds] = lost(players.run_program(words, log))
    # Waiting once for the disk would lose a dozen.
    assert losses[0.5] <= losses[0.0] + 8
