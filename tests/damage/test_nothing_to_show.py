"""Content that goes, comes and changes under a running player: a slate when there is nothing, and back to normal."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playlists.proof import Outcome
from tests.bench.costs import look
from tests.support.damage_run import COLOURS, Watch, check_plays, make_coloured_clips, watching
from tests.support.mutations import MUTATIONS, write_victims
from tests.support.player_process import PlayerRun, Stage
from tests.support.screen import near
from tests.support.xserver import XServer

RED, GREEN, BLUE, YELLOW = COLOURS
SOON_S = 6.0
"""How soon content that can be played is played, where nothing else is."""
ROUND_S = 20.0
"""Longer than any round here takes on a busy machine."""


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Good clips of two seconds, to be brought into a folder."""
    return make_coloured_clips(tmp_path / "clips", 50)


@contextmanager
def playing(players: Stage, screen: XServer, path: Path) -> Iterator[tuple[PlayerRun, Watch]]:
    run = players.start(path, "--image-seconds", "0.5")
    with watching(screen, run.process.pid) as watch:
        yield run, watch
    assert run.stop() == 0, run.stderr
    check_plays(run.log)


def _shows(screen: XServer, name: str) -> bool:
    return near(screen.look().pixel(screen.width // 2, screen.height // 2), COLOURS[name], 24)


def _slate_within(watch: Watch, seconds: float) -> float:
    """Wait for a slate that is still there; the monotonic second it came."""
    until = time.monotonic() + seconds
    while not (watch.sights and watch.sights[-1].slate):
        assert time.monotonic() < until, "no slate"
        time.sleep(0.05)
    return watch.sights[-1].at


def _within(run: PlayerRun, seconds: float, condition: Callable[[], object]) -> None:
    run.wait_until(condition, seconds)


def _bring(clip: Path, folder: Path) -> None:
    """Put a clip into a folder the way everything of ours does: under another name, then renamed."""
    shutil.copy(clip, folder / f".{clip.name}.part")
    (folder / f".{clip.name}.part").rename(folder / clip.name)


def test_a_folder_of_broken_files_gives_a_slate_and_good_news_end_it(
    tmp_path: Path, clips: Path, screen: XServer, players: Stage
) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    refused = [name for name in sorted(MUTATIONS) if name in {"emptied", "random-bytes", "some-text", "without-index"}]
    numbers = [sorted(MUTATIONS).index(name) for name in refused]
    for number in numbers:
        write_victims(folder, [clips / RED], range(number, number + 1))
    with playing(players, screen, folder) as (run, watch):
        at = _slate_within(watch, 10)
        time.sleep(3)
        before, begun = look(run.process.pid, None), time.monotonic()
        time.sleep(10)
        used = look(run.process.pid, None).processor - before.processor
        assert used / (time.monotonic() - begun) < 0.1, "it spins"
        assert watch.black_s(at) == 0
        assert watch.sights[-1].slate
        assert len(run.log.rows) < 40, "it fills the log"
        assert {play.outcome for play in run.log.plays} <= {Outcome.FAILED, Outcome.SKIPPED}
        _bring(clips / GREEN, folder)
        _within(run, SOON_S, lambda: _shows(screen, GREEN))
        assert watch.black_s(at) == 0


def test_an_emptied_folder_gives_a_slate_and_brought_back_plays(clips: Path, screen: XServer, players: Stage) -> None:
    away = clips.with_name("away")
    with playing(players, screen, clips) as (run, watch):
        _within(run, ROUND_S, lambda: _shows(screen, RED))
        seen = time.monotonic()
        clips.rename(away)
        at = _slate_within(watch, ROUND_S)
        time.sleep(1)
        away.rename(clips)
        _within(run, SOON_S, lambda: any(_shows(screen, name) for name in COLOURS))
        back = time.monotonic()
        for file in clips.iterdir():
            file.unlink()
        _slate_within(watch, ROUND_S)
        assert watch.black_s(seen) == 0
    assert Outcome.COMPLETED in {play.outcome for play in run.log.plays}
    assert back - at < 1 + SOON_S + 1
    assert run.log.of("fault") == []


def test_a_file_replaced_while_it_plays_does_no_harm(clips: Path, screen: XServer, players: Stage) -> None:
    with playing(players, screen, clips) as (run, watch):
        _within(run, ROUND_S, lambda: _shows(screen, RED))
        seen = time.monotonic()
        shutil.copy(clips / YELLOW, clips / ".part")
        (clips / ".part").rename(clips / RED)
        _within(run, ROUND_S, lambda: _shows(screen, GREEN))
        (clips / GREEN).write_bytes(os.urandom(4000))  # written over in place: the worst way
        _within(run, ROUND_S, lambda: sum(play.item == BLUE for play in run.log.shown) >= 2)
        assert watch.black_s(seen) == 0
        assert watch.slate_at(seen) is None
    digests = [str(play.end["sha256"]) for play in run.log.shown if play.item == RED and play.end is not None]
    assert len(digests) >= 2
    assert digests[0] != digests[1], "the log names what was shown, not what lies there now"
    outcomes = [play.outcome for play in run.log.plays if play.item == GREEN]
    assert Outcome.FAILED in outcomes[1:]


def test_a_clip_that_is_added_plays_in_the_next_round(
    tmp_path: Path, clips: Path, screen: XServer, players: Stage
) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    _bring(clips / RED, folder)
    _bring(clips / BLUE, folder)
    with playing(players, screen, folder) as (run, watch):
        _within(run, ROUND_S, lambda: _shows(screen, BLUE))
        _bring(clips / YELLOW, folder)
        _bring(clips / GREEN, folder)
        _within(run, 2 * ROUND_S, lambda: _has_round(run.log.items))
        assert watch.slate_at(watch.sights[0].at + 2) is None
    assert run.log.items[:2] == [RED, BLUE]
    assert {play.outcome for play in run.log.shown} <= {Outcome.COMPLETED, Outcome.INTERRUPTED}


def _has_round(items: list[str]) -> bool:
    """Whether all four clips were played one after another."""
    return any(items[at : at + 4] == [RED, GREEN, BLUE, YELLOW] for at in range(len(items)))
