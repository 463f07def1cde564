"""A crossfade as it is seen: one colour passes into the other, and both items are played to their ends."""

import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.bench.xscreen import Screen
from tests.support.cards import make_card_still, make_plain_clip
from tests.support.player_process import PlayerRun, Stage
from tests.support.screen import Colour, near
from tests.support.xserver import XServer

RED: Colour = (200, 30, 30)
BLUE: Colour = (30, 30, 200)
FADE_MS = 1000


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    make_plain_clip(folder / "1.mp4", RED, frames=75)
    make_plain_clip(folder / "2.mp4", BLUE, frames=75)
    return folder


def started(players: Stage, content: Path, fade_ms: int, log: Path) -> PlayerRun:
    words = [str(content), str(log), str(fade_ms), "1"]
    return players.run_program([sys.executable, "-m", "tests.support.fading_player", *words], log)


def reds_seen(run: PlayerRun, screen: XServer) -> list[int]:
    """The red of a pixel from the first red picture to the first wholly blue one, whenever it changed."""
    run.wait_until(lambda: near(screen.look().pixel(320, 300), RED, 8))
    seen: list[int] = []
    until = time.monotonic() + 30
    with Screen(screen.display) as eye:
        strip = eye.strip(320, 300, 1, 1)
        while time.monotonic() < until:
            strip.look()
            red = int(strip.pixels[2])
            if seen[-1:] != [red]:
                seen.append(red)
            if red <= BLUE[0] + 2:
                return seen
            time.sleep(0.004)
    message = "blue never came"
    raise AssertionError(message)


def test_one_item_passes_into_the_other_and_both_are_played_whole(
    players: Stage, screen: XServer, content: Path, tmp_path: Path
) -> None:
    run = started(players, content, FADE_MS, tmp_path / "log.sqlite")
    seen = reds_seen(run, screen)
    assert run.wait() == 0
    assert seen == sorted(seen, reverse=True), "it never goes back"
    assert len(seen) >= 8
    assert max(before - after for before, after in pairwise(seen)) < 100
    first, second = run.log.shown
    assert [play.outcome for play in (first, second)] == ["completed", "completed"]
    assert first.end is not None
    assert second.end is not None
    overlap = first.end["end"]["monotonic_ns"] - second.end["start"]["monotonic_ns"]
    assert overlap / 1e6 == pytest.approx(FADE_MS, abs=150)


def test_the_exact_cut_shows_nothing_between(players: Stage, screen: XServer, content: Path, tmp_path: Path) -> None:
    run = started(players, content, 0, tmp_path / "log.sqlite")
    seen = reds_seen(run, screen)
    assert run.wait() == 0
    assert len(seen) <= 2


def test_a_still_fades_too(players: Stage, screen: XServer, content: Path, tmp_path: Path) -> None:
    (content / "2.mp4").unlink()
    make_card_still(content / "2.png", (640, 360))
    run = started(players, content, FADE_MS, tmp_path / "log.sqlite")
    run.wait_until(lambda: near(screen.look().pixel(320, 180), RED, 8))
    greys: set[Colour] = set()

    def at_the_end() -> bool:
        greys.add(screen.look().pixel(320, 180))
        return near(screen.look().pixel(320, 180), (128, 128, 128), 3)

    run.wait_until(at_the_end)
    assert len(greys) > 5
    assert run.wait() == 0
    assert [play.outcome for play in run.log.shown] == ["completed", "completed"]
