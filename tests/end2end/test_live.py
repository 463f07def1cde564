"""The real player on a state folder: what is urgent comes and gives back, what is withdrawn goes; seen on a screen."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from playlists.release import MediaFile
from tests.support.agent import Agent, clips_of
from tests.support.cards import BLUE, RED, UPRIGHT, corners_in, make_card_still, make_plain_clip
from tests.support.media import Clip, make_clip
from tests.support.player_process import PlayerRun, Stage
from tests.support.screen import Colour, near
from tests.support.xserver import XServer

PROMISED_S = 0.3
SLACK_S = 0.7
"""What a machine that is busy with other tests may take on top; the promise itself is measured on a quiet one."""


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path / "state")


def start(players: Stage, agent: Agent, *words: str) -> PlayerRun:
    return players.start("--state", agent.path, "--trust-clock", *words, log=agent.folder.log)


def published(agent: Agent, folder: Path, *colours: tuple[str, Colour], frames: int = 750) -> list[MediaFile]:
    media = [agent.bring(make_plain_clip(folder / f"{name}.mp4", colour, frames=frames)) for name, colour in colours]
    agent.publish(clips_of(media), media)
    return media


def seconds_until(condition: Callable[[], bool], patience_s: float = 20.0) -> float:
    """How long it takes until something is seen, looked at every few milliseconds."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < patience_s, "it was never seen"
        time.sleep(0.004)
    return time.monotonic() - begun


def middle(screen: XServer) -> Colour:
    return screen.look().pixel(screen.width // 2, screen.height // 2 + 20)


def test_what_is_urgent_is_seen_at_once_and_gives_back_and_what_is_withdrawn_is_gone(
    players: Stage, screen: XServer, agent: Agent, tmp_path: Path
) -> None:
    media = published(agent, tmp_path, ("red", RED))
    card = agent.bring(make_card_still(tmp_path / "card.png", (screen.width, screen.height)))
    run = start(players, agent)
    run.wait_until(lambda: near(middle(screen), RED))
    time.sleep(3.0)  # past the start, when everything is warm
    agent.urge("lu", card, seconds=2.0)
    came = seconds_until(lambda: near(screen.look().pixel(8, 8), RED) and not near(middle(screen), RED))
    seconds_until(lambda: near(middle(screen), RED))
    agent.withdraw(media[0].source)
    gone = seconds_until(lambda: not near(middle(screen), RED))
    assert came < PROMISED_S + SLACK_S
    assert gone < PROMISED_S + SLACK_S
    run.wait_until(lambda: any(play.outcome == "interrupted" and play.end for play in run.log.plays[2:]))
    run.stop()
    first, urgent, rest = run.log.shown
    assert (first.item, urgent.item, rest.item) == ("red.mp4", "lu", "red.mp4")
    assert first.end is not None
    assert rest.end is not None
    assert (first.end["outcome"], first.end["reason"]) == ("interrupted", "urgent")
    assert rest.start["continues"] == first.start["play"]
    assert rest.start["planned_ms"] == pytest.approx(30_000 - first.end["position_ms"], abs=80)
    assert (urgent.end or {})["outcome"] == "completed"
    assert (rest.end["outcome"], rest.end["reason"]) == ("interrupted", "withdrawn")
    assert first.frames[0] + rest.frames[0] == pytest.approx(rest.end["position_ms"] / 40, abs=4)


def test_a_release_that_cannot_be_played_is_refused_and_a_good_one_takes_over(
    players: Stage, screen: XServer, agent: Agent, tmp_path: Path
) -> None:
    published(agent, tmp_path, ("red", RED), frames=50)
    run = start(players, agent)
    run.wait_until(lambda: near(middle(screen), RED))
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(b"no film at all")
    broken = [agent.bring(torn)]
    agent.publish(clips_of(broken), broken)
    run.wait_until(lambda: run.log.of("fault"))
    (fault,) = run.log.of("fault")
    assert fault["code"] == "release-refused"
    assert "torn.mp4" in fault["detail"]
    assert near(middle(screen), RED)
    published(agent, tmp_path, ("blue", BLUE), frames=50)
    run.wait_until(lambda: near(middle(screen), BLUE))
    run.stop()
    assert {play.start["release"] for play in run.log.shown} == {"1", "3"}
    assert {play.outcome for play in run.log.shown[:-1]} == {"completed"}


def test_a_player_that_was_killed_resumes_its_item_and_asks_no_digest_again(
    players: Stage, screen: XServer, agent: Agent, tmp_path: Path
) -> None:
    published(agent, tmp_path, ("red", RED), ("blue", BLUE), frames=100)
    run = start(players, agent)
    run.wait_until(lambda: near(middle(screen), BLUE))
    run.wait_until(lambda: agent.folder.verified.exists() and '"sequence":1' in agent.folder.verified.read_text())
    run.wait_until(lambda: agent.folder.bookmark.exists() and "blue" in agent.folder.bookmark.read_text("utf-8"))
    run.process.kill()
    run.process.wait()
    again = start(players, agent)
    again.wait_until(lambda: near(middle(screen), BLUE))
    again.wait_until(lambda: near(middle(screen), RED))
    again.stop()
    plays = again.log.shown
    resumed = next(play for play in again.log.plays if play.start["continues"] is not None)
    assert resumed.item == "blue.mp4"
    died = next(play for play in again.log.plays if play.start["play"] == resumed.start["continues"])
    assert died.end is not None
    assert (died.end["outcome"], died.end["reason"]) == ("interrupted", "player_fault")
    assert plays[-1].item == "red.mp4"


def test_an_empty_state_folder_shows_the_gates_slate_and_waits(
    players: Stage, screen: XServer, agent: Agent, tmp_path: Path
) -> None:
    make_card_still(agent.folder.slate, (screen.width, screen.height))
    run = start(players, agent)
    whole = (0, 0, screen.width, screen.height)
    run.wait_until(lambda: corners_in(screen.look(), whole) == UPRIGHT)
    media = [agent.bring(make_clip(tmp_path / "a.mp4", Clip(size=(160, 90), frames=50)))]
    agent.publish(clips_of(media), media)
    run.wait_until(lambda: run.log.shown)
    run.stop()
    assert run.log.items[0] == "a.mp4"
