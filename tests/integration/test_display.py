"""Whether the display is lit: on an X server without DPMS, on one that has it, and on none."""

import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from player.polling_reactor import PollingReactor
from player.stage.display import DisplayWatch
from playlists.proof import Display
from tests.support.dpms_server import DpmsServer, bound
from tests.support.sound_server import wait_until
from tests.support.xserver import XServer, x_server

Serve = Callable[..., tuple[DpmsServer, DisplayWatch]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts an X server with DPMS and a watch on it."""
    running: list[tuple[DpmsServer, DisplayWatch]] = []

    def start(*, capable: bool = True, level: int = 0) -> tuple[DpmsServer, DisplayWatch]:
        server = DpmsServer(capable=capable, level=level)
        running.append((server, DisplayWatch(server.name)))
        return running[-1]

    yield start
    for server, watch in running:
        watch.close()
        server.close()


@pytest.mark.parametrize(
    ("level", "told"), [(0, Display.ON), (1, Display.OFF), (2, Display.OFF), (3, Display.OFF)], ids=str
)
def test_the_power_level_tells(serve: Serve, level: int, told: Display) -> None:
    _, watch = serve(level=level)
    assert [watch.lit(), watch.lit()] == [told, told]


def test_a_display_that_cannot_be_switched_is_unknown(serve: Serve) -> None:
    _, watch = serve(capable=False)
    assert watch.lit() is Display.UNKNOWN


def test_a_server_that_hangs_holds_nobody_up(serve: Serve) -> None:
    server, watch = serve()
    server.silent = True
    begin = time.monotonic()
    assert watch.lit() is Display.UNKNOWN
    assert time.monotonic() - begin < 0.5


def test_a_display_is_kept_awake(serve: Serve) -> None:
    server, watch = serve()
    watch.keep_awake()
    assert watch.lit() is Display.ON  # its answer comes after the requests before it
    assert server.heard == ["screen saver (0, 0, 0, 0)", "force 0", "disable"]


def test_a_display_is_switched_off_and_on_again(serve: Serve) -> None:
    server, watch = serve()
    watch.off()
    assert watch.lit() is Display.OFF
    assert server.heard == ["timeouts (0, 0, 0)", "enable", "level 3"]
    server.heard.clear()
    server.level = 0  # what a real server does when DPMS is disabled
    watch.on()
    assert watch.lit() is Display.ON
    assert server.heard == ["screen saver (0, 0, 0, 0)", "force 0", "disable"]


def test_a_display_that_a_key_woke_goes_off_again(serve: Serve) -> None:
    server, watch = serve()
    watch.off()
    assert watch.lit() is Display.OFF
    server.level = 0
    told: list[Display] = []
    watch.watch(PollingReactor(), told.append)
    assert (told, watch.lit()) == ([Display.ON], Display.OFF)


def test_a_display_that_is_off_is_lent_to_a_technician_and_goes_off_again(serve: Serve) -> None:
    server, watch = serve()
    watch.off()
    assert watch.lit() is Display.OFF
    server.heard.clear()
    watch.lend()
    watch.off()  # the hours do not take it away from whoever stands before it
    server.level = 0
    told: list[Display] = []
    watch.watch(PollingReactor(), told.append)
    assert told == [Display.ON]
    assert server.heard == ["screen saver (0, 0, 0, 0)", "force 0", "disable"]
    watch.take_back()
    assert watch.lit() is Display.OFF
    watch.lend()
    watch.on()
    server.level = 0
    watch.take_back()
    assert watch.lit() is Display.ON


def test_one_without_dpms_is_blanked_by_the_screen_saver(serve: Serve) -> None:
    server, watch = serve(capable=False)
    watch.off()
    watch.close()
    wait_until(lambda: server.heard == ["screen saver (0, 0, 1, 1)", "force 1"])


def test_a_watch_tells_at_once(serve: Serve) -> None:
    _, watch = serve(level=3)
    told: list[Display] = []
    watch.watch(PollingReactor(), told.append)
    assert told == [Display.OFF]


def saver_timeout(display: str) -> int:
    """The screen saver's timeout, asked as any client would."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(f"/tmp/.X11-unix/X{display.removeprefix(':')}")  # noqa: S108 - where X servers listen
        client.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        file = client.makefile("rb")
        (length,) = struct.unpack("<6xH", file.read(8))
        file.read(4 * length)
        client.sendall(struct.pack("<BxH", 108, 1))
        (timeout,) = struct.unpack("<8xH22x", file.read(32))
        return int(timeout)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[XServer]:
    """A server of its own: on the shared one other tests' players have switched the saver off already."""
    with x_server(tmp_path / "x") as server:
        yield server


def test_a_server_without_dpms_is_unknown_and_its_saver_goes_all_the_same(screen: XServer) -> None:
    assert saver_timeout(screen.display) > 0
    watch = DisplayWatch(screen.display)
    assert watch.lit() is Display.UNKNOWN
    watch.keep_awake()
    wait_until(lambda: saver_timeout(screen.display) == 0)
    watch.close()  # only now: Xvfb forgets everything with its last client
    assert watch.lit() is Display.UNKNOWN


def test_without_a_server_nothing_is_known() -> None:
    watch = DisplayWatch(":59999")
    watch.keep_awake()
    assert watch.lit() is Display.UNKNOWN
    watch.close()


def test_a_server_that_goes_away_does_not_take_us_along() -> None:
    program = (
        "import sys\n"
        "from player.stage.display import DisplayWatch\n"
        "watch = DisplayWatch(sys.argv[1])\n"
        "print(watch.lit(), flush=True)\n"
        "sys.stdin.readline()\n"
        "watch.keep_awake()\n"
        "print(watch.lit())\n"
    )
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with listener:
        arguments = [sys.executable, "-c", program, bound(listener)]
        listener.listen()
        process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"DISPLAY": ""}
        )
        client, _ = listener.accept()
        client.close()
    out, _ = process.communicate("\n", timeout=30)
    assert (process.returncode, out.split()) == (0, ["unknown", "unknown"])
