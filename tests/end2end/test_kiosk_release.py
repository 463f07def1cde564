"""A kiosk that follows releases: what it tells of them; its volume, its hours and its page with an agent's files."""

import json
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path

import pytest

from playlists.papers import Papers
from playlists.screen import OpeningHours, Screen, VolumeStep
from tests.support.agent import Agent, clips_of
from tests.support.cards import GREEN, RED, make_plain_clip
from tests.support.kiosk import CHORD, HOLD_S, KEY_ESCAPE, eventually, kiosk_file, status_of
from tests.support.player_process import PlayerRun, Stage
from tests.support.xserver import XServer

HOURS_AHEAD = 12 - datetime.now(UTC).hour
NOON = f"Etc/GMT{-HOURS_AHEAD:+d}"
"""A zone in which it is about noon now, whenever the tests run: there are quiet hours at night."""
SCREEN = Screen("bo-y-1", "bo-y", "cum-1", outdoor=True, volume=(VolumeStep(clock_time(0), 30),), time_zone=NOON)


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    (tmp_path / "state").mkdir()
    return Agent(tmp_path / "state")


def published(agent: Agent, screen: Screen, frames: int = 50) -> None:
    """A release of two clips, the second a commercial."""
    media = []
    for name, colour in (("1.mp4", RED), ("2.mp4", GREEN)):
        media.append(agent.bring(make_plain_clip(agent.path.parent / name, colour, frames=frames)))
    playlist = clips_of(media)
    first, second = playlist.slots
    commercial = replace(second, item=replace(second.item, papers=Papers(commercial=True)))
    agent.publish(replace(playlist, slots=(first, commercial)), media, screen)


def begun(players: Stage, agent: Agent) -> PlayerRun:
    file = kiosk_file(agent.path.parent, {"state": str(agent.path)})
    log = agent.folder.log
    run = players.start("--state", agent.path, "--trust-clock", "--kiosk-file", file, log=log)
    run.expected = True
    return run


def test_the_release_and_the_volume_in_force_are_told(players: Stage, agent: Agent) -> None:
    published(agent, SCREEN)
    run = begun(players, agent)
    eventually(lambda: status_of(agent.path).get("release") == "1" and status_of(agent.path)["volume"] == 30)
    eventually(lambda: {"1.mp4", "2.mp4"} <= {play.item for play in run.log.shown[1:]})
    assert run.stop() == 0
    told = {(play.item, play.start["volume"], play.end["volume"]) for play in run.log.shown[1:] if play.end is not None}
    assert told == {("1.mp4", 30, 30), ("2.mp4", 0, 0)}  # a commercial is silent outdoors


def test_what_the_page_interrupted_goes_on_where_it_stood(players: Stage, screen: XServer, agent: Agent) -> None:
    published(agent, SCREEN, frames=100)
    run = begun(players, agent)
    eventually(lambda: status_of(agent.path).get("showing") == "item")
    time.sleep(1)
    with screen.hands() as hands:
        hands.down(*CHORD)
        time.sleep(HOLD_S + 0.4)
        hands.up(*reversed(CHORD))
        eventually(lambda: status_of(agent.path)["showing"] == "maintenance")
        hands.type(KEY_ESCAPE)
    eventually(lambda: any(play.start["continues"] and play.end for play in run.log.plays))
    assert run.stop() == 0
    held = next(play for play in run.log.shown if play.end is not None and play.end["reason"] == "operator")
    resumed = next(play for play in run.log.plays if play.start["continues"] == held.start["play"])
    assert held.end is not None
    assert resumed.end is not None
    assert held.end["position_ms"] + resumed.start["planned_ms"] == pytest.approx(4000, abs=700)


def test_outside_its_hours_it_says_so_and_opens_again(players: Stage, agent: Agent) -> None:
    published(agent, replace(SCREEN, hours=(OpeningHours(clock_time(7), clock_time(9)),)))
    run = begun(players, agent)
    eventually(lambda: status_of(agent.path).get("showing") == "closed")
    published(agent, SCREEN)
    eventually(lambda: status_of(agent.path)["showing"] == "item")
    assert status_of(agent.path)["release"] == "2"
    assert run.stop() == 0


def test_after_a_sudden_death_the_status_is_of_the_new_player(players: Stage, agent: Agent) -> None:
    published(agent, SCREEN)
    run = begun(players, agent)
    eventually(lambda: status_of(agent.path).get("showing") == "item")
    started = status_of(agent.path)["started"]
    run.process.send_signal(signal.SIGKILL)
    run.wait()
    assert json.loads((agent.path / "player" / "status.json").read_text(encoding="utf-8"))["showing"] == "item"
    again = begun(players, agent)
    eventually(lambda: status_of(agent.path)["started"] != started and status_of(agent.path)["showing"] == "item")
    assert again.stop() == 0
