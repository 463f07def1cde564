"""A screen that changes while it is looked at: another resolution, on its side, unplugged and back."""

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from player.fitting import Fit, Size, fitted
from player.zoning import Floorplan, floorplan
from playlists.screen import ZoneKind
from tests.support.acting import Acting, acting
from tests.support.cards import make_plain_clip
from tests.support.dressed_player import layout_of
from tests.support.dummy_screen import DummyScreen, dummy_screen, installed
from tests.support.player_process import stage
from tests.support.screen import Colour, Screenshot, near
from tests.support.xserver import x_server

RED: Colour = (255, 0, 0)
GROUND: Colour = (0x10, 0x2A, 0x4E)
DRESS: dict[str, Any] = {
    "zones": [["main", 0, 0, 75, 90], ["ticker", 0, 90, 100, 10], ["clock", 75, 0, 25, 30]],
    "ticker": [["vi", "Cửa khẩu quốc tế Bờ Y mở cửa từ 7 giờ đến 19 giờ hằng ngày"]],
    "local": "2026-11-24T13:59:57",
}

needs_dummy = pytest.mark.skipif(not installed(), reason="needs Xorg's dummy driver, xrandr, a console and root")


def plan_of(width: int, height: int) -> Floorplan:
    return floorplan(layout_of(DRESS), Size(width, height))


def laid_out(shot: Screenshot, width: int, height: int, colour: Colour = RED) -> bool:
    """Whether the main zone, and nothing but it, shows a colour on a screen of that size."""
    if (shot.width, shot.height) != (width, height):
        return False
    main = plan_of(width, height).main.box
    corners = [(x, y) for x in (main.x, main.right - 1) for y in (main.y, main.bottom - 1)]
    beside = [(main.right, main.bottom - 1), (main.x, main.bottom), (width - 1, height - 1)]
    return all(near(shot.pixel(*at), colour) for at in corners) and all(shot.pixel(*at) == GROUND for at in beside)


def clock_of(shot: Screenshot) -> set[Colour]:
    box = next(zone.box for zone in plan_of(shot.width, shot.height).zones if zone.kind is ZoneKind.CLOCK)
    return {shot.pixel(x, y) for x in range(box.x, box.right) for y in range(box.y, box.bottom, 3)}


@pytest.fixture
def dummy(tmp_path: Path) -> Iterator[DummyScreen]:
    with dummy_screen(tmp_path) as screen:
        yield screen


def standing(actor: Acting) -> None:
    actor.tell(picture="#ff0000")
    actor.settled(lambda shot: laid_out(shot, 640, 360))


@needs_dummy
@pytest.mark.parametrize(("mode", "size"), [("800x600", (800, 600)), ("360x640", (360, 640))])
def test_another_resolution_lays_everything_out_anew_and_scales_what_stands(
    dummy: DummyScreen, tmp_path: Path, mode: str, size: tuple[int, int]
) -> None:
    with acting(dummy, tmp_path, DRESS) as actor:
        standing(actor)
        dummy.randr("--mode", mode)
        main = plan_of(*size).main.box
        # A picture made for the old zone is contained in the new one, in its own shape.
        scaled = fitted(plan_of(640, 360).main.box.size, main.size, Fit.CONTAIN)
        left, top = (main.width - scaled.width) // 2, (main.height - scaled.height) // 2
        corners = [(x, y) for x in (left + 1, left + scaled.width - 2) for y in (top + 1, top + scaled.height - 2)]
        bars = [(main.width // 2, top - 3), (main.width // 2, top + scaled.height + 2)]
        actor.settled(
            lambda shot: (
                (shot.width, shot.height) == size
                and all(shot.pixel(*at) == RED for at in corners)
                and all(shot.pixel(*at) == (0, 0, 0) for at in bars)
                and (255, 255, 255) in clock_of(shot)
                and shot.pixel(0, main.bottom) == GROUND
            )
        )
        assert actor.canvas_told() == (main.width, main.height)
        actor.tell(picture="#ff0000")
        actor.settled(lambda shot: laid_out(shot, *size))


@needs_dummy
def test_the_slate_is_made_anew_for_a_screen_on_its_side(dummy: DummyScreen, tmp_path: Path) -> None:
    with acting(dummy, tmp_path, DRESS) as actor:
        actor.say("slate")
        actor.settled(lambda shot: shot.pixel(10, 300)[2] > 40)
        dummy.randr("--mode", "360x640")
        main = plan_of(360, 640).main.box
        actor.settled(
            lambda shot: (
                (shot.width, shot.height) == (360, 640)
                and all(shot.pixel(5, y)[2] > 40 for y in range(5, main.bottom, 20))
            )
        )


@needs_dummy
def test_an_unplugged_screen_that_comes_back_shows_everything_again(dummy: DummyScreen, tmp_path: Path) -> None:
    with acting(dummy, tmp_path, DRESS) as actor:
        standing(actor)
        actor.tell(film=["#ff0000"])
        for mode, size in (("640x360", (640, 360)), ("800x600", (800, 600))):
            dummy.randr("--off")
            actor.tell(captions=[["vi", "Chào mừng"]])
            actor.tell(captions=[])
            dummy.randr("--mode", mode)
            shot = actor.settled(partial(laid_out, width=size[0], height=size[1]))
            assert (255, 255, 255) in clock_of(shot)


@needs_dummy
def test_the_player_carries_on_and_prepares_the_next_item_for_the_new_size(dummy: DummyScreen, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    make_plain_clip(content / "1.mp4", (200, 30, 30), size=(160, 108), frames=125)
    make_plain_clip(content / "2.mp4", (30, 30, 200), size=(160, 144), frames=125)
    with stage(dummy.display, tmp_path / "home") as players:
        run = players.start(content)
        run.wait_until(lambda: near(dummy.look().pixel(320, 180), (200, 30, 30)))
        dummy.randr("--mode", "800x600")
        # The running clip is scaled at once, the next one fills what there is.
        run.wait_until(lambda: dummy.look().width == 800 and near(dummy.look().pixel(790, 300), (200, 30, 30)))
        run.wait_until(lambda: run.playing("2.mp4") and near(dummy.look().pixel(400, 10), (30, 30, 200)))
        assert run.stop() == 0
        assert [play.outcome for play in run.log.shown][:1] == ["completed"]


def test_a_virtual_screen_that_is_resized_is_followed_too(tmp_path: Path) -> None:
    with x_server(tmp_path / "x", 800, 600) as screen, acting(screen, tmp_path, DRESS) as actor:
        actor.tell(picture="#ff0000")
        actor.settled(lambda shot: laid_out(shot, 800, 600))
        _resize(screen.display, 640, 360)
        main = plan_of(640, 360).main.box
        actor.settled(lambda shot: near(shot.pixel(main.right, main.bottom - 1), GROUND))
        assert actor.canvas_told() == (main.width, main.height)


def _resize(display: str, width: int, height: int) -> None:
    environment = {"DISPLAY": display, "PATH": os.environ["PATH"]}
    mode = ["smaller", "25", str(width), str(width + 8), str(width + 16), str(width + 24)]
    mode += [str(height), str(height + 2), str(height + 4), str(height + 6)]
    for words in (
        ["--newmode", *mode],
        ["--addmode", "screen", "smaller"],
        ["--output", "screen", "--mode", "smaller"],
    ):
        subprocess.run(["xrandr", *words], env=environment, check=True, capture_output=True)
