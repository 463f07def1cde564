"""As much of an X server as it takes to ask after DPMS: no X server without hardware has that extension."""

import socket
import struct
import threading
from dataclasses import dataclass, field

_QUERY_EXTENSION, _SET_SCREEN_SAVER, _FORCE_SCREEN_SAVER = 98, 107, 115
_DPMS = 150
_DISPLAYS = range(500, 600)

_VENDOR = b"test"
_SCREEN = struct.pack("<5I6HI4B", 1, 2, 0xFFFFFF, 0, 0, 640, 480, 160, 120, 1, 1, 3, 0, 0, 24, 0)


def bound(listener: socket.socket) -> str:
    """Bind ``listener`` as an X server's, in the abstract namespace, where nothing is left behind; its display."""
    for number in _DISPLAYS:
        try:
            listener.bind(f"\0/tmp/.X11-unix/X{number}")
        except OSError:
            continue
        return f":{number}"
    msg = "no free display"
    raise AssertionError(msg)


@dataclass
class DpmsServer:
    """Listens on a free display; ``level`` is the power level it tells, 0 for a display that is lit."""

    capable: bool = True
    level: int = 0
    silent: bool = False
    """Whether it keeps its answers to itself."""
    heard: list[str] = field(default_factory=list)
    name: str = field(init=False)
    """The display's name."""

    def __post_init__(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.name = bound(self._listener)
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Wait until the client has hung up, or see that there was none."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        with client, client.makefile("rb") as requests:
            name_length, data_length = struct.unpack("<6x2H2x", requests.read(12))
            requests.read(-(-name_length // 4) * 4 + -(-data_length // 4) * 4)
            client.sendall(_setup())
            number = 0
            while len(head := requests.read(4)) == 4:
                number += 1
                major, minor, length = struct.unpack("<BBH", head)
                answer = self._answer(major, minor, requests.read(4 * length - 4))
                if answer is not None and not self.silent:
                    client.sendall(struct.pack("<BBHI24s", 1, 0, number, 0, answer))

    def _answer(self, major: int, minor: int, body: bytes) -> bytes | None:
        if major == _QUERY_EXTENSION:
            is_dpms = body[4:8] == b"DPMS"
            return struct.pack("<4B", is_dpms, _DPMS, 0, 0)
        if major == _SET_SCREEN_SAVER:
            self.heard.append(f"screen saver {struct.unpack('<2h2B', body[:6])}")
        if major == _FORCE_SCREEN_SAVER:
            self.heard.append(f"force {minor}")
        return self._dpms(minor, body) if major == _DPMS else None

    def _dpms(self, minor: int, body: bytes) -> bytes | None:
        match minor:
            case 1:
                return bytes([self.capable])
            case 7:
                return struct.pack("<HB", self.level, 1)
            case 3:
                self.heard.append(f"timeouts {struct.unpack('<3H', body[:6])}")
            case 6:
                (self.level,) = struct.unpack("<H", body[:2])
                self.heard.append(f"level {self.level}")
            case _:
                self.heard.append({4: "enable", 5: "disable"}[minor])
        return None


def _setup() -> bytes:
    vendor = _VENDOR
    formats = struct.pack("<3B5x", 24, 32, 32)
    body = struct.pack("<4I2H8B4x", 1, 0x200000, 0x1FFFFF, 0, len(vendor), 0xFFFF, 1, 1, 0, 0, 32, 32, 8, 255)
    body += vendor + formats + _SCREEN
    return struct.pack("<BxHHH", 1, 11, 0, len(body) // 4) + body
