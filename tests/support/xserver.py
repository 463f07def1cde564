"""X servers without a monitor for tests, each on a display of its own, and a keyboard for them.

Nothing but Xvfb is needed: its picture lies in a file (``-fbdir``), and keys are pressed by two requests of the X
protocol over its socket.
"""

import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.screen import Screenshot, read_screen

FIRST_DISPLAY = 90
_LAST_DISPLAY = 400
_PATIENCE_S = 20.0
_KEY_PRESS, _KEY_RELEASE, _BUTTON_PRESS, _BUTTON_RELEASE, _MOTION = 2, 3, 4, 5, 6
KEYCODE_ESCAPE = 9
"""Esc on the keyboard Xvfb has, by the evdev codes every X server of today counts with."""
KEYCODE_SPACE = 65


class NoXServerError(Exception):
    """Xvfb does not start; the text says why."""


@dataclass(frozen=True)
class XServer:
    """A running X server."""

    display: str
    width: int
    height: int
    framebuffer: Path
    process: subprocess.Popen[bytes]

    def look(self) -> Screenshot:
        """What the screen shows now."""
        return read_screen(self.framebuffer)

    @contextmanager
    def hands(self) -> Iterator["Hands"]:
        """A keyboard and a mouse for a while."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            yield Hands(link, _xtest(link, self.display))

    def press(self, keycode: int) -> None:
        """Press and release a key of its keyboard."""
        _press(self.display, keycode)


@contextmanager
def x_server(folder: Path, width: int = 640, height: int = 360) -> Iterator[XServer]:
    """Run an X server whose one screen has that many pixels; ``folder`` holds its picture.

    :raises NoXServerError: there is no Xvfb, or no free display.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in free_displays():
        process = _started(number, folder, width, height)
        if process is None:
            continue  # somebody else was quicker
        try:
            yield XServer(f":{number}", width, height, folder / "Xvfb_screen0", process)
        finally:
            process.terminate()
            process.wait()
        return
    message = "no free X display"
    raise NoXServerError(message)


def free_displays() -> Iterator[int]:
    """Numbers of displays that nobody has, as far as can be seen."""
    for number in range(FIRST_DISPLAY, _LAST_DISPLAY):
        if not _lock(number).exists() and not Path(_socket_of(f":{number}")).exists():
            yield number


def _started(number: int, folder: Path, width: int, height: int) -> subprocess.Popen[bytes] | None:
    """Start Xvfb and wait until it answers; None where the display was taken."""
    command = [
        *("Xvfb", f":{number}", "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder)),
        *("-nolisten", "tcp", "-noreset", "-nocursor"),
    ]
    try:
        with (folder / "xvfb.log").open("wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    except FileNotFoundError:
        message = "Xvfb is not installed (Debian: apt install xvfb)"
        raise NoXServerError(message) from None
    until = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        if answers(number, process.pid):
            return process
        time.sleep(0.02)
    process.kill()
    process.wait()
    return None


def _lock(number: int) -> Path:
    return Path(f"/tmp/.X{number}-lock")  # noqa: S108 - where X servers lock


def answers(number: int, pid: int) -> bool:
    """Whether the server of this display is this process, and listens."""
    try:
        if _lock(number).read_text(encoding="ascii").strip() != str(pid):
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.connect(_socket_of(f":{number}"))
    except OSError:
        return False
    return True


def _socket_of(display: str) -> str:
    return f"/tmp/.X11-unix/X{display.removeprefix(':')}"  # noqa: S108 - where X servers listen


@dataclass(frozen=True)
class Hands:
    """What a hand does to a keyboard and a mouse."""

    link: socket.socket
    opcode: int

    def down(self, *keycodes: int) -> None:
        """Press keys and keep them down."""
        for keycode in keycodes:
            self._fake(_KEY_PRESS, keycode)

    def up(self, *keycodes: int) -> None:
        """Release keys."""
        for keycode in keycodes:
            self._fake(_KEY_RELEASE, keycode)

    def type(self, *keycodes: int) -> None:
        """Press and release keys one after another."""
        for keycode in keycodes:
            self.down(keycode)
            time.sleep(0.02)
            self.up(keycode)
            time.sleep(0.02)

    def click(self, x: int, y: int, seconds: float = 0.02) -> None:
        """Press the left button somewhere for so long."""
        self._fake(_MOTION, 0, x, y)
        self._fake(_BUTTON_PRESS, 1)
        time.sleep(seconds)
        self._fake(_BUTTON_RELEASE, 1)

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        request = struct.pack("<BBHBBxxIIxxxxxxxxhhxxxxxxxB", self.opcode, 2, 9, kind, detail, 0, 0, x, y, 0)
        self.link.sendall(request)
        self.link.sendall(struct.pack("<BxH", 43, 1))  # GetInputFocus: its reply says that all before it was done
        _exactly(self.link, 32)


def _xtest(link: socket.socket, display: str) -> int:
    """Connect; the number of the extension that pretends to be a hand."""
    link.connect(_socket_of(display))
    link.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
    (more,) = struct.unpack("<H", _exactly(link, 8)[6:])
    _exactly(link, more * 4)
    name = b"XTEST"
    link.sendall(struct.pack("<BxHHxx", 98, 4, len(name)) + name.ljust(8, b"\0"))
    return _exactly(link, 32)[9]


def _press(display: str, keycode: int) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        Hands(link, _xtest(link, display)).type(keycode)


def _exactly(link: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        got = link.recv(length - len(data))
        if not got:
            message = "the X server hung up"
            raise NoXServerError(message)
        data += got
    return data
