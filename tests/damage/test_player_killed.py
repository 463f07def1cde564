"""``kill -9`` of the player at random moments: what was on the screen is on record, and the picture comes back."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from player.proof_log import cli as log_cli
from playlists.errors import ExitCode
from playlists.proof import Interruption, Outcome
from tests.bench.costs import tree_of
from tests.support.damage_run import Watch, check_plays, gone, make_coloured_clips, watching
from tests.support.player_process import Payload, PlayLog, Stage
from tests.support.xserver import XServer

BACK_S = 1.5
"""From the start of a new player to a clip on the screen."""
CLIP_FRAMES = 30
LEAD_S = 3.0
"""The longest life of a player here, in seconds: some end before their first picture, some in or near a cut."""


@dataclass(frozen=True)
class Life:
    """One player from its start to its violent end, in monotonic seconds."""

    born: float
    died: float
    first_clip: float | None
    """Seconds from its start to a clip on the screen."""
    seen: Sequence[str]
    """The clips it showed, in order, by what was on the screen."""


def _lives(times: int, folder: Path, log: Path, screen: XServer, players: Stage) -> list[Life]:
    """Start a player, kill it at some moment, see that nothing of it is left; again and again, like a supervisor."""
    chance, lives = random.Random(2026), []  # noqa: S311 - a fixed seed
    for _ in range(times):
        born = time.monotonic()
        run = players.start(folder, log=log)
        with watching(screen) as watch:
            time.sleep(chance.uniform(0.05, LEAD_S))
            family = tree_of(run.process.pid)
            assert run.process.poll() is None, run.stderr
            run.process.kill()
            died = time.monotonic()
            assert run.wait() == -9
        assert gone(family), "a process outlived its player"
        lives.append(_life(watch, born, died))
    return lives


def _life(watch: Watch, born: float, died: float) -> Life:
    return Life(born, died, watch.first_clip_after(born), watch.colours(born, died))


def _starts_of(log: PlayLog, life: Life) -> list[Payload]:
    """The STARTs a player wrote."""
    return [start for start in log.of("play_start") if life.born < start["at"]["monotonic_ns"] / 1e9 < life.died + 0.5]


def _kill_again_and_again(times: int, folder: Path, screen: XServer, players: Stage) -> None:
    make_coloured_clips(folder, CLIP_FRAMES)
    log = players.home / "killed.sqlite"
    lives = _lives(times, folder, log, screen, players)
    assert players.play(folder, "--loops", "1", log=log).wait() == 0  # the last start closes what the last kill left
    found = PlayLog(log)
    check_plays(found)
    for life in lives:
        written = [str(start["item"]) for start in _starts_of(found, life)]
        assert written[: len(life.seen)] == life.seen, "what was on the screen is not what is on record"
        assert len(written) <= len(life.seen) + 2, "more STARTs than the play that ran and the one prepared"
    faults = [end for end in found.of("play_end") if end["outcome"] == Outcome.INTERRUPTED]
    assert {end["reason"] for end in faults} <= {Interruption.PLAYER_FAULT}
    assert len(faults) <= 2 * times
    assert [row for row in found.of("fault") if row["code"] != "log-unwritable"] == []
    assert log_cli.main(["verify", str(log)]) == ExitCode.OK
    assert list(log.parent.glob("*.damaged-*")) == []
    _judge_the_picture(lives)


def _judge_the_picture(lives: Sequence[Life]) -> None:
    back = [life.first_clip for life in lives if life.first_clip is not None]
    none = [life.died - life.born for life in lives if life.first_clip is None]
    word = f"median {median(back):.3f} s, worst {max(back):.3f} s of {len(back)} starts"
    print(f"{len(lives)} kills; picture back after {word}; {len(none)} died before their first picture")  # noqa: T201
    assert sum(len(life.seen) for life in lives) > len(lives), "hardly anything was seen"
    assert median(back) <= BACK_S
    assert max([*back, *none]) <= 2 * BACK_S, "even a busy machine does not take so long"


def test_twenty_kills_lose_nothing_that_was_shown(tmp_path: Path, screen: XServer, players: Stage) -> None:
    _kill_again_and_again(20, tmp_path / "content", screen, players)


@pytest.mark.long
def test_two_hundred_kills_lose_nothing_that_was_shown(tmp_path: Path, screen: XServer, players: Stage) -> None:
    _kill_again_and_again(200, tmp_path / "content", screen, players)
