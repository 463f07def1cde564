"""The banner on a real X screen, judged by its pixels: nothing is seen through it, and it goes when it has to."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from player.fitting import Size
from player.zoning import Box, turned
from playlists.agent_report import AgentReport, Banner, write_agent_report
from playlists.papers import Papers
from playlists.playlist import Item, ItemKind, Playlist, Slot
from tests.end2end.test_zones_on_screen import BLUE, RED, colours_in, pixel_seen
from tests.support.acting import Acting, acting
from tests.support.agent import Agent, place
from tests.support.cards import make_card_still, make_plain_clip
from tests.support.player_process import Stage
from tests.support.screen import Colour, Screenshot, near
from tests.support.xserver import XServer

GROUND: Colour = (0x1D, 0x4F, 0x91)
SENTENCE = "Đang nhập dữ liệu từ USB"
CANVAS = Size(640, 360)
CORNER = (2, 352)
"""A pixel of the banner on an upright canvas, beside its letters."""
ALONE = {"zones": [["main", 0, 0, 100, 100]]}
DRESSED = {"zones": [["main", 0, 0, 100, 100], ["ticker", 0, 90, 100, 10], ["clock", 75, 5, 20, 12]]}


def ground_in(shot: Screenshot, rotate: int = 0) -> Box | None:
    """The smallest box around the banner's ground on the canvas as the viewer sees it."""
    canvas = CANVAS.turned(rotate)
    found = [
        turned(Box(x, y, 1, 1), CANVAS, -rotate)
        for y in range(0, 360, 2)
        for x in range(0, 640, 2)
        if shot.pixel(x, y) == GROUND
    ]
    if not found:
        return None
    left, top = min(box.x for box in found), min(box.y for box in found)
    box = Box(left, top, max(box.x for box in found) - left + 1, max(box.y for box in found) - top + 1)
    assert box.right <= canvas.width
    assert box.bottom <= canvas.height
    return box


def stands(shot: Screenshot) -> bool:
    return shot.pixel(*CORNER) == GROUND


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_it_stands_at_the_lower_edge_however_the_screen_is_turned_and_leaves_no_trace(
    screen: XServer, tmp_path: Path, rotate: int
) -> None:
    with acting(screen, tmp_path, ALONE | {"rotate": rotate}) as stage:
        stage.tell(picture="#ff0000")
        whole = Box(0, 0, 640, 360)
        stage.settled(lambda shot: colours_in(shot, whole) == {RED})
        stage.tell(banner=SENTENCE)
        shot = stage.settled(lambda shot: (255, 255, 255) in colours_in(shot, whole))
        box = ground_in(shot, rotate)
        canvas = CANVAS.turned(rotate)
        assert box is not None
        assert box.x <= 1
        assert box.right >= canvas.width - 2
        assert box.bottom >= canvas.height - 2
        assert 0.05 * canvas.height < box.height < 0.25 * canvas.height
        stage.tell(picture="#0000ff")
        stage.settled(lambda shot: BLUE in colours_in(shot, whole) and RED not in colours_in(shot, whole))
        assert ground_in(stage.screen.look(), rotate) == box
        stage.tell(banner=None)
        stage.settled(lambda shot: colours_in(shot, whole) == {BLUE})


def test_no_frame_is_ever_seen_where_it_stands_nor_is_it_seen_where_it_stood(screen: XServer, tmp_path: Path) -> None:
    with acting(screen, tmp_path, ALONE) as stage:
        stage.tell(film=["#ff0000", "#0000ff"])
        stage.tell(banner=SENTENCE)
        stage.settled(stands)
        assert set(pixel_seen(stage.screen, *CORNER, 1.5)) == {GROUND}
        stage.tell(banner=f"{SENTENCE}: 50 %")
        assert set(pixel_seen(stage.screen, *CORNER, 0.7)) == {GROUND}
        stage.tell(banner=None)
        stage.settled(lambda shot: not stands(shot))
        assert set(pixel_seen(stage.screen, *CORNER, 0.7)) == {RED, BLUE}


def test_the_slate_and_an_item_of_another_shape_are_shown_around_it(screen: XServer, tmp_path: Path) -> None:
    with acting(screen, tmp_path, ALONE | {"local": "2026-11-24T13:59:50"}) as stage:
        stage.tell(banner=SENTENCE)
        stage.say("slate")
        stage.settled(stands)
        stage.tell(size=[360, 360])
        stage.tell(picture="#ff0000")
        shot = stage.settled(lambda shot: shot.pixel(320, 100) == RED)
        assert stands(shot)
        stage.tell(banner=None)
        bar = (0, 0, 0)  # beside a narrow picture
        stage.settled(lambda shot: (shot.pixel(*CORNER), shot.pixel(320, 352)) == (bar, RED))


def test_captions_step_aside_and_tickers_and_clocks_keep_their_pixels(screen: XServer, tmp_path: Path) -> None:
    with acting(screen, tmp_path, DRESSED | {"ticker": [["vi", "Chào"]], "local": "2026-11-24T13:59:00"}) as stage:
        through_red = (65, 0, 0)
        stage.tell(picture="#ff0000")
        stage.tell(captions=[["vi", "Chào mừng quý khách"]])
        before = caption_box(stage, through_red)
        clock = stage.screen.look().crop((480, 18, 608, 60))
        stage.tell(banner=SENTENCE)
        shot = stage.settled(lambda shot: shot.pixel(2, 320) == GROUND)
        banner = ground_in(shot)
        assert banner is not None
        assert banner.bottom <= 324, "the ticker's first row"
        after = caption_box(stage, through_red)
        assert (after.x, after.width, after.height) == (before.x, before.width, before.height)
        assert after.bottom <= banner.y < before.bottom
        assert stage.screen.look().crop((480, 18, 608, 60)) == clock
        stage.tell(banner=None)
        stage.settled(lambda shot: shot.pixel(2, 320) == RED)
        assert caption_box(stage, through_red) == before


def caption_box(stage: Acting, colour: Colour) -> Box:
    """Where the caption's box shows its ground."""
    shot = stage.settled(lambda shot: colour in colours_in(shot, Box(0, 150, 640, 170)))
    found = [(x, y) for y in range(150, 324) for x in range(640) if shot.pixel(x, y) == colour]
    left, top = min(x for x, _y in found), min(y for _x, y in found)
    return Box(left, top, max(x for x, _y in found) - left + 1, max(y for _x, y in found) - top + 1)


def test_it_makes_way_at_once_for_what_is_urgent_and_the_flag_and_comes_back(screen: XServer, tmp_path: Path) -> None:
    with acting(screen, tmp_path, ALONE) as stage:
        stage.tell(picture="#ff0000")
        stage.tell(banner=SENTENCE)
        stage.settled(stands)
        stage.tell(picture="#0000ff")
        stage.tell(heed=[True, False])
        begin = time.monotonic()
        stage.settled(lambda shot: colours_in(shot, Box(0, 0, 640, 360)) == {BLUE})
        assert time.monotonic() - begin < 0.3
        stage.tell(banner=f"{SENTENCE}: 90 %")
        stage.tell(heed=[False, True])
        time.sleep(0.4)
        assert colours_in(stage.screen.look(), Box(0, 0, 640, 360)) == {BLUE}
        stage.tell(heed=[False, False])
        stage.settled(stands)


# The real player, and an agent that says something.


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path / "state")


def said(agent: Agent, text: str | None) -> None:
    """The agent tells how it is."""
    now = datetime.now(UTC)
    banner = None if text is None else Banner(text, (now + timedelta(minutes=1)).isoformat())
    place(agent.folder.agent / "status.json", write_agent_report(AgentReport(now.isoformat(), banner=banner)))


def test_a_player_shows_what_its_agent_says_but_over_nothing_urgent_and_no_flag(
    players: Stage, screen: XServer, agent: Agent, tmp_path: Path
) -> None:
    clip = agent.bring(make_plain_clip(tmp_path / "red.mp4", RED, frames=75))
    flag = agent.bring(make_plain_clip(tmp_path / "blue.mp4", BLUE, frames=40))
    card = agent.bring(make_card_still(tmp_path / "card.png", (screen.width, screen.height)))
    items = (
        Item("red", clip.source, ItemKind.CLIP, "red", ("vi",)),
        Item("flag", flag.source, ItemKind.CLIP, "flag", ("vi",), papers=Papers(national_flag=True)),
    )
    agent.publish(Playlist("p", "p", tuple(Slot(item.id, item) for item in items), planned=True), [clip, flag])
    said(agent, "of last week")
    run = players.start("--state", agent.path, "--trust-clock", log=agent.folder.log)
    run.wait_until(lambda: near(screen.look().pixel(320, 100), BLUE))
    run.wait_until(lambda: near(screen.look().pixel(320, 100), RED))
    assert not stands(screen.look()), "what lay there at the start may be old"
    said(agent, SENTENCE)
    run.wait_until(lambda: stands(screen.look()))
    run.wait_until(lambda: near(screen.look().pixel(320, 100), BLUE))
    time.sleep(0.3)
    shot = screen.look()
    assert near(shot.pixel(320, 100), BLUE)
    assert near(shot.pixel(*CORNER), BLUE)
    run.wait_until(lambda: stands(screen.look()))
    assert near(screen.look().pixel(320, 100), RED)
    agent.urge("lu", card, seconds=1.5)
    run.wait_until(lambda: run.playing("lu"))
    time.sleep(0.3)
    assert not stands(screen.look())
    run.wait_until(lambda: stands(screen.look()))
    said(agent, None)
    run.wait_until(lambda: near(screen.look().pixel(*CORNER), RED))
    assert run.stop() == 0
