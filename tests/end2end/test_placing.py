"""Where pictures go on the screen, by the corners of a test card."""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support.cards import (
    BLUE,
    GREEN,
    RED,
    UPRIGHT,
    YELLOW,
    corners_in,
    make_card_clip,
    make_card_still,
)
from tests.support.player_process import PlayerRun, Stage
from tests.support.screen import Box, Colour, Screenshot
from tests.support.xserver import XServer

WIDE = (320, 180)
WHOLE: Box = (0, 0, 640, 360)
PILLARS: Box = (80, 0, 560, 360)
"""4:3 on a screen of 16:9."""
POSTER: Box = (219, 0, 421, 360)
"""9:16 on the same."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for content."""
    made = tmp_path / "content"
    made.mkdir()
    return made


def turned(corners: tuple[Colour, ...], quarters: int) -> tuple[Colour, ...]:
    """The corners after so many quarter turns clockwise."""
    return corners[4 - quarters :] + corners[: 4 - quarters]


def settled(run: PlayerRun, screen: XServer, wanted: Callable[[Screenshot], bool]) -> Screenshot:
    """The screen as soon as it shows what is wanted, or as it is after some seconds without."""
    run.wait_until(lambda: screen.look().bounds() is not None)
    until = time.monotonic() + 8
    shot = screen.look()
    while not wanted(shot) and time.monotonic() < until:
        time.sleep(0.1)
        shot = screen.look()
    return shot


def close_to(found: Box | None, wanted: Box, within: int = 3) -> bool:
    """Whether two boxes are the same but for a codec's blur at their edges."""
    return found is not None and all(abs(one - other) <= within for one, other in zip(found, wanted, strict=True))


def shows(
    players: Stage, screen: XServer, path: Path, words: tuple[str, ...], box: Box, corners: tuple[Colour, ...]
) -> None:
    """Play PATH, and see the card's corners in the box and nothing outside it."""
    run = players.start(path, *words)
    shot = settled(run, screen, lambda shot: close_to(shot.bounds(), box))
    assert close_to(shot.bounds(), box), shot.bounds()
    assert corners_in(shot, box) == corners
    assert run.stop() == 0


def test_geometry_is_obeyed_to_the_pixel(players: Stage, screen: XServer, folder: Path) -> None:
    make_card_still(folder / "card.png", WIDE)
    shows(players, screen, folder, ("--geometry", "200x100+33+47"), (44, 47, 222, 147), UPRIGHT)
    run = players.start(folder, "--geometry", "320x180+100+60")
    shot = settled(run, screen, lambda shot: shot.bounds() is not None)
    assert shot.bounds() == (100, 60, 420, 240)
    assert run.stop() == 0


def test_without_a_geometry_it_fills_the_screen_it_is_told(players: Stage, screen: XServer, folder: Path) -> None:
    make_card_clip(folder / "card.mp4", WIDE)
    shows(players, screen, folder, ("--screen", "screen"), WHOLE, UPRIGHT)


@pytest.mark.parametrize("kind", ["clip", "still"])
@pytest.mark.parametrize(("degrees", "box"), [(0, WHOLE), (90, POSTER), (180, WHOLE), (270, POSTER)])
def test_a_turned_screen_shows_the_picture_upright_to_the_viewer(
    players: Stage, screen: XServer, folder: Path, degrees: int, box: Box, kind: str
) -> None:
    portrait = degrees % 180 != 0
    size = (180, 320) if portrait else WIDE
    if kind == "clip":
        make_card_clip(folder / "card.mp4", size)
    else:
        make_card_still(folder / "card.png", size)
    corners = turned(UPRIGHT, degrees // 90)
    shows(players, screen, folder, ("--rotate", str(degrees)), WHOLE, corners)
    del box


@pytest.mark.parametrize("kind", ["clip", "still"])
def test_a_picture_of_another_shape_is_contained_or_covers(
    players: Stage, screen: XServer, folder: Path, kind: str
) -> None:
    if kind == "clip":
        make_card_clip(folder / "card.mp4", (240, 180))
    else:
        make_card_still(folder / "card.png", (240, 180))
    shows(players, screen, folder, (), PILLARS, UPRIGHT)
    # Covering leaves a sixteenth of the height above and below outside, so the corners are still to be seen.
    shows(players, screen, folder, ("--fit", "cover"), WHOLE, UPRIGHT)


@pytest.mark.parametrize(
    ("size", "aspect", "rotation", "box", "corners"),
    [
        ((240, 180), Fraction(4, 3), 0, WHOLE, UPRIGHT),
        ((360, 288), Fraction(16, 15), 0, PILLARS, UPRIGHT),
        ((320, 240), Fraction(1, 2), 0, (200, 0, 440, 360), UPRIGHT),
        ((180, 320), Fraction(1), 0, POSTER, UPRIGHT),
        ((320, 180), Fraction(1), 90, POSTER, (BLUE, RED, GREEN, YELLOW)),
        ((320, 180), Fraction(1), 180, WHOLE, (YELLOW, BLUE, RED, GREEN)),
        ((320, 180), Fraction(1), 270, POSTER, (GREEN, YELLOW, BLUE, RED)),
        ((240, 180), Fraction(4, 3), 90, POSTER, (BLUE, RED, GREEN, YELLOW)),
        ((322, 182), Fraction(1), 0, (2, 0, 638, 360), UPRIGHT),
    ],
    ids=[
        "anamorphic-wide",
        "pal-4:3",
        "anamorphic-narrow",
        "portrait",
        "turned-90",
        "turned-180",
        "turned-270",
        "anamorphic-turned",
        "odd-size",
    ],
)
def test_a_clip_is_shown_in_the_shape_it_is_meant_to_have(
    players: Stage,
    screen: XServer,
    folder: Path,
    size: tuple[int, int],
    aspect: Fraction,
    rotation: int,
    box: Box,
    corners: tuple[Colour, ...],
) -> None:
    make_card_clip(folder / "card.mp4", size, aspect=aspect, rotation=rotation)
    shows(players, screen, folder, (), box, corners)
