"""``signage-player kiosk``: a player a screen, kept running, heard by whoever started it, gone in two seconds."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest

from tests.support.cards import BLUE, GREEN, RED, make_plain_clip
from tests.support.kiosk import eventually, kiosk_file, status_of
from tests.support.player_process import PROGRAM, PlayLog, Stage
from tests.support.screen import near
from tests.support.xserver import XServer


class Systemd:
    """As much of systemd as hears what a service notifies."""

    def __init__(self, name: str) -> None:
        self.ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ears.bind(f"\0{name}")
        self.ears.settimeout(0.05)
        self.name = f"@{name}"
        self.heard: list[str] = []

    def has(self, line: str) -> bool:
        """Whether it has heard a line that begins so."""
        try:
            while True:
                self.heard += self.ears.recv(4096).decode().splitlines()
        except TimeoutError:
            return any(heard.startswith(line) for heard in self.heard)


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    listener = Systemd(f"signage-test-{os.getpid()}-{tmp_path.name}")
    yield listener
    listener.ears.close()


@pytest.fixture
def two_screens(tmp_path: Path) -> Path:
    """A kiosk of two screens side by side, each with a clip of its own."""
    screens = []
    for number, (colour, x) in enumerate(((RED, 0), (GREEN, 320)), 1):
        content, state = tmp_path / f"content-{number}", tmp_path / f"state-{number}"
        content.mkdir()
        state.mkdir()
        make_plain_clip(content / "1.mp4", colour, frames=100)
        screens.append({"state": str(state), "content": str(content), "geometry": f"320x180+{x}+0"})
    return kiosk_file(tmp_path, *screens)


@contextmanager
def kiosk(players: Stage, file: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A kiosk that is told to leave in the end, and does in two seconds."""
    command = [str(PROGRAM), "kiosk", str(file)]
    with (file.parent / "kiosk.err").open("wb") as errors:
        process = subprocess.Popen(command, env=players.environment(**environment), stderr=errors)
    try:
        yield process
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - begin < 2
    finally:
        process.kill()
        process.wait()


def children(process: int) -> list[int]:
    """The processes another has started."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def test_every_screen_has_its_player_its_log_and_a_voice(
    players: Stage, screen: XServer, two_screens: Path, systemd: Systemd
) -> None:
    folder = two_screens.parent
    with kiosk(players, two_screens, NOTIFY_SOCKET=systemd.name) as process:
        eventually(lambda: near(screen.look().pixel(160, 90), RED) and near(screen.look().pixel(480, 90), GREEN))
        eventually(lambda: systemd.has("READY=1"))
        eventually(lambda: any("Đang phát" in line and " | " in line for line in systemd.heard) or systemd.has("~"))
        assert systemd.heard.count("WATCHDOG=1") >= 1
        assert len(children(process.pid)) == 2
    assert systemd.has("STOPPING=1")
    for number in (1, 2):
        log = PlayLog(folder / f"state-{number}" / "player" / "play.log.sqlite")
        assert log.items == ["1.mp4"] or set(log.items) == {"1.mp4"}
        assert log.of("closed")[-1]["reason"] == "stop"
        assert status_of(folder / f"state-{number}")["showing"] == "left"


def test_a_player_that_dies_or_stands_still_is_started_again(
    players: Stage, screen: XServer, two_screens: Path
) -> None:
    two_screens.write_text(two_screens.read_text(encoding="utf-8") + "\n[watchdog]\nseconds = 3\n", encoding="utf-8")
    with kiosk(players, two_screens) as process:
        eventually(lambda: near(screen.look().pixel(160, 90), RED) and near(screen.look().pixel(480, 90), GREEN))
        first, second = children(process.pid)
        begin = time.monotonic()
        os.kill(first, signal.SIGKILL)
        eventually(lambda: len(children(process.pid)) == 2 and first not in children(process.pid))
        assert time.monotonic() - begin < 1
        eventually(lambda: near(screen.look().pixel(160, 90), RED))
        # Before its first sign of life a player has half a minute.
        eventually(lambda: status_of(two_screens.parent / "state-2").get("showing") == "item")
        os.kill(second, signal.SIGSTOP)
        eventually(lambda: second not in children(process.pid))
        eventually(lambda: near(screen.look().pixel(480, 90), GREEN))
    log = PlayLog(two_screens.parent / "state-1" / "player" / "play.log.sqlite")
    assert next(play.end["reason"] for play in log.plays if play.end is not None) == "player_fault"


def test_players_do_not_outlive_a_supervisor_that_is_killed(players: Stage, screen: XServer, two_screens: Path) -> None:
    command = [str(PROGRAM), "kiosk", str(two_screens)]
    process = subprocess.Popen(command, env=players.environment(), stderr=subprocess.DEVNULL)
    eventually(lambda: near(screen.look().pixel(160, 90), RED))
    orphans = children(process.pid)
    process.kill()
    process.wait()
    eventually(lambda: not any(Path(f"/proc/{orphan}").exists() for orphan in orphans), 5)


def test_a_kiosk_file_tells_everything_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('format = 2\n[maintenance]\npin = "1234"\n[[screen]]\nrotation = 45\n', encoding="utf-8")
    run = subprocess.run([PROGRAM, "kiosk", file], capture_output=True, text=True, check=False)
    assert run.returncode == 4
    for place in ("format", "maintenance.pin", "screen[1]", "screen[1].rotation"):
        assert f"  {place}: " in run.stderr
    assert "Phải là một trong: 0, 90, 180, 270. / It must be one of" in run.stderr


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("246810\n246810\n", 0, 'pin = "scrypt:'),
        ("246810\n246811\n", 2, "Hai lần nhập không giống nhau"),
        ("1234\n1234\n", 2, "6 đến 12 chữ số"),
        ("", 2, "6 đến 12 chữ số"),
    ],
)
def test_the_pin_command_prints_a_line_for_the_kiosk_file(typed: str, code: int, said: str) -> None:
    run = subprocess.run([PROGRAM, "pin"], input=typed, capture_output=True, text=True, check=False)
    assert (run.returncode, said in run.stdout + run.stderr) == (code, True)


def test_one_player_notifies_systemd_itself(players: Stage, tmp_path: Path, systemd: Systemd) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    make_plain_clip(folder / "1.mp4", BLUE, frames=50)
    run = players.start(folder, env=players.environment(NOTIFY_SOCKET=systemd.name, WATCHDOG_USEC="10000000"))
    eventually(lambda: systemd.has("READY=1"))
    eventually(lambda: systemd.has("STATUS=Đang phát “1” từ "))
    beats = systemd.heard.count("WATCHDOG=1")
    os.kill(run.process.pid, signal.SIGSTOP)
    time.sleep(1.5)
    systemd.has("~")
    at_a_stand = systemd.heard.count("WATCHDOG=1")
    time.sleep(1.5)
    systemd.has("~")
    assert systemd.heard.count("WATCHDOG=1") == at_a_stand >= beats
    os.kill(run.process.pid, signal.SIGCONT)
    assert run.stop() == 0
    assert systemd.has("STATUS=Đã dừng")


def test_it_is_out_in_two_seconds_whatever_the_disk_does(players: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    make_plain_clip(folder / "1.mp4", BLUE, frames=100)
    program, log = Path(__file__).parents[1] / "support" / "slow_disk_player.py", players.home / "log.sqlite"
    run = players.run_program([sys.executable, str(program), "3.0", str(folder), str(log), "99"], log)
    time.sleep(2)
    begin = time.monotonic()
    assert run.stop() == 0
    assert time.monotonic() - begin < 2


def test_a_picture_of_the_screen_is_what_the_screen_shows(players: Stage, screen: XServer, two_screens: Path) -> None:
    state = two_screens.parent / "state-2"
    with kiosk(players, two_screens):
        eventually(lambda: near(screen.look().pixel(480, 90), GREEN))
        requests = state / "agent" / "requests"
        requests.mkdir(parents=True)
        (requests / "tu-trung-tam-1.json").write_text('{"format": 1, "want": "screenshot"}', encoding="ascii")
        answer = state / "player" / "screenshots" / "tu-trung-tam-1.png"
        eventually(answer.exists)
    with av.open(str(answer)) as picture:
        frame = next(picture.decode(video=0)).to_rgb()
    assert (frame.width, frame.height) == (320, 180)
    plane = bytes(frame.planes[0])
    middle = 90 * frame.planes[0].line_size + 160 * 3
    assert near((plane[middle], plane[middle + 1], plane[middle + 2]), GREEN)
