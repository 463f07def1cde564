"""The maintenance page, with a keyboard and a mouse on a real X server: who gets in, and what the log says of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from player.maintenance.layout import Box
from player.maintenance.session import Button, View
from tests.support.cards import GREEN, RED, make_plain_clip
from tests.support.damage_run import playing_decoder
from tests.support.kiosk import (
    CHORD,
    GROUND,
    HOLD_S,
    KEY_ESCAPE,
    KEY_RETURN,
    KEY_SPACE,
    KEY_TAB,
    PIN,
    digits,
    eventually,
    kiosk_file,
    places,
    stands,
    status_of,
)
from tests.support.player_process import PlayerRun, Stage
from tests.support.screen import near
from tests.support.xserver import Hands, XServer

INTRUDER = """
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QGuiApplication, QRasterWindow, QPainter
class Window(QRasterWindow):
    def paintEvent(self, event):
        QPainter(self).fillRect(0, 0, 200, 200, QColor(255, 0, 255))
application = QGuiApplication(["intruder", "-platform", "xcb"])
window = Window()
window.setGeometry(50, 50, 200, 200)
window.show()
window.requestActivate()
QTimer.singleShot(300, lambda: print("there", flush=True))
application.exec()
"""
"""Somebody else's window, which comes to the front and takes the keyboard."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    make_plain_clip(made / "1.mp4", RED, frames=100)
    make_plain_clip(made / "2.mp4", GREEN, frames=100)
    return made


@pytest.fixture
def state(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir()
    return made


def begun(players: Stage, folder: Path, state: Path, maintenance: str = "", *, pin: bool = True) -> PlayerRun:
    """A kiosk's player that has begun to play."""
    file = kiosk_file(state.parent, {"state": str(state)}, maintenance=maintenance, pin=pin)
    log = state / "player" / "play.log.sqlite"
    run = players.start(folder, "--kiosk-file", file, log=log)
    run.expected = True  # its lines to the journal end on stderr where there is no journal
    run.wait_until(lambda: status_of(state).get("showing") == "item")
    return run


def chord(hands: Hands, seconds: float = HOLD_S + 0.4) -> None:
    """Hold the chord for so long."""
    hands.down(*CHORD)
    time.sleep(seconds)
    hands.up(*reversed(CHORD))


def touch(hands: Hands, box: Box) -> None:
    """Touch the middle of a button."""
    hands.click(box.x + box.width // 2, box.y + box.height // 2)
    time.sleep(0.05)


def showing(state: Path, wanted: str) -> None:
    """Wait until the status file says so."""
    eventually(lambda: status_of(state)["showing"] == wanted)


def page_stands(screen: XServer) -> bool:
    """Whether the page's ground is what the screen shows in a corner."""
    return near(screen.look().pixel(3, 3), GROUND, 4)


def test_a_technician_with_chord_and_pin_sees_how_things_are_and_the_log_says_so(
    players: Stage, screen: XServer, folder: Path, state: Path
) -> None:
    run = begun(players, folder, state)
    with screen.hands() as hands:
        chord(hands)
        showing(state, "maintenance")
        eventually(lambda: stands(screen, View.LOCKED))
        hands.type(*digits(PIN), KEY_RETURN)
        eventually(lambda: stands(screen, View.OVERVIEW))
        hands.type(KEY_TAB, KEY_RETURN)
        eventually(lambda: near(screen.look().pixel(5, 5), (255, 255, 255), 4))  # the test picture's first bar
        hands.type(KEY_SPACE)
        eventually(lambda: stands(screen, View.OVERVIEW))
        hands.type(KEY_ESCAPE)
    showing(state, "item")
    run.wait_until(lambda: any(play.start["continues"] for play in run.log.plays))
    assert run.stop() == 0
    first = run.log.shown[0]
    assert first.end is not None
    assert (first.end["outcome"], first.end["reason"]) == ("interrupted", "operator")
    resumed = next(play for play in run.log.plays if play.start["continues"])
    assert (resumed.start["continues"], resumed.item) == (first.start["play"], first.item)
    # Nothing counts as shown while the page stood.
    between = resumed.start["planned_start"]["monotonic_ns"] - first.end["end"]["monotonic_ns"]
    assert between > 1e9
    assert (state / "player" / "maintenance.json").exists()


def test_a_chord_let_go_too_soon_and_any_other_key_or_click_does_nothing(
    players: Stage, screen: XServer, folder: Path, state: Path
) -> None:
    run = begun(players, folder, state)
    with screen.hands() as hands:
        chord(hands, HOLD_S / 3)
        hands.type(KEY_ESCAPE, KEY_SPACE, *digits(PIN), KEY_RETURN)
        hands.click(100, 100)
        hands.click(3, 3, HOLD_S * 2)  # no corner without a word in the kiosk file
        time.sleep(HOLD_S + 0.6)
    assert status_of(state)["showing"] == "item"
    assert run.stop() == 0
    assert {play.end["reason"] for play in run.log.shown if play.end is not None} <= {None, "stop"}


def test_without_a_pin_nobody_gets_in(players: Stage, screen: XServer, folder: Path, state: Path) -> None:
    run = begun(players, folder, state, pin=False)
    with screen.hands() as hands:
        chord(hands, HOLD_S + 1)
    assert status_of(state)["showing"] == "item"
    assert run.stop() == 0


def test_a_finger_in_the_corner_and_the_keypad_do_as_well(
    players: Stage, screen: XServer, folder: Path, state: Path
) -> None:
    run = begun(players, folder, state, "corner_seconds = 0.5")
    keypad, overview = places(View.LOCKED), places(View.OVERVIEW)
    with screen.hands() as hands:
        hands.click(8, 8, 1.0)
        eventually(lambda: stands(screen, View.LOCKED))
        for button in (*PIN, Button.OPEN):
            touch(hands, keypad[button])
        eventually(lambda: stands(screen, View.OVERVIEW))
        touch(hands, overview[Button.LEAVE])
    showing(state, "item")
    assert run.stop() == 0


def test_wrong_pins_have_to_wait_and_a_restart_buys_none(
    players: Stage, screen: XServer, folder: Path, state: Path
) -> None:
    run = begun(players, folder, state)
    with screen.hands() as hands:
        chord(hands)
        for wrong in range(1, 6):
            eventually(lambda: stands(screen, View.LOCKED))
            hands.type(*digits("111111"), KEY_RETURN)
            run.wait_until(lambda wrong=wrong: len(run.log.of("fault")) == wrong)  # type: ignore[misc]
        assert run.stop() == 0
        again = begun(players, folder, state)
        chord(hands)
        eventually(lambda: stands(screen, View.LOCKED))
        time.sleep(0.5)
        hands.type(*digits(PIN), KEY_RETURN)
        time.sleep(0.7)
        assert stands(screen, View.LOCKED)
    assert again.stop() == 0
    assert again.log.of("fault")[-1]["code"] == "wrong-pin"


def test_the_page_leaves_by_itself(players: Stage, screen: XServer, folder: Path, state: Path) -> None:
    run = begun(players, folder, state, "leave_after_seconds = 5")
    with screen.hands() as hands:
        chord(hands)
    showing(state, "maintenance")
    begin = time.monotonic()
    showing(state, "item")
    assert time.monotonic() - begin > 3
    assert run.stop() == 0


def test_a_window_that_comes_on_top_is_covered_again(
    players: Stage, screen: XServer, folder: Path, state: Path
) -> None:
    run = begun(players, folder, state)
    intruder = subprocess.Popen([sys.executable, "-c", INTRUDER], env=players.environment(), stdout=subprocess.PIPE)
    try:
        assert intruder.stdout is not None
        assert intruder.stdout.readline() == b"there\n"
        eventually(lambda: not near(screen.look().pixel(100, 100), (255, 0, 255), 4), 5)
        with screen.hands() as hands:
            chord(hands)
            showing(state, "maintenance")
        eventually(lambda: stands(screen, View.LOCKED))
    finally:
        intruder.kill()
        intruder.communicate()
    assert run.stop() == 0


def test_it_is_out_in_two_seconds_even_when_a_decoder_hangs(players: Stage, folder: Path, state: Path) -> None:
    run = begun(players, folder, state)
    os.kill(playing_decoder(run), signal.SIGSTOP)
    begin = time.monotonic()
    assert run.stop() == 0
    assert time.monotonic() - begin < 2
    assert run.log.of("closed")[-1]["reason"] == "stop"
    assert status_of(state)["showing"] == "left"
