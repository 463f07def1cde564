"""sd_notify: what a service tells systemd, and a supervisor its own children's."""

import contextlib
import socket
from collections.abc import Mapping
from typing import Final

_LONGEST_STATUS: Final = 200


def ready() -> str:
    """The service is up."""
    return "READY=1"


def stopping() -> str:
    """The service is on its way out."""
    return "STOPPING=1"


def alive() -> str:
    """The watchdog's food."""
    return "WATCHDOG=1"


def status(text: str) -> str:
    """One line for whoever asks ``systemctl status``."""
    return f"STATUS={' '.join(text.split())[:_LONGEST_STATUS]}"


def parsed(datagram: bytes) -> dict[str, str]:
    """The assignments of a message."""
    lines = datagram.decode("utf-8", "replace").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def address(name: str) -> str | None:
    """``NOTIFY_SOCKET`` as an address of AF_UNIX; an ``@`` stands for the abstract namespace."""
    if name.startswith("@"):
        return f"\0{name[1:]}"
    return name if name.startswith("/") else None


def watchdog_ns(environment: Mapping[str, str], pid: int) -> int | None:
    """How long the service manager waits for a sign of life; None when it does not, or means another process."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    if not microseconds.isdecimal() or int(microseconds) == 0:
        return None
    if environment.get("WATCHDOG_PID", str(pid)) != str(pid):
        return None
    return int(microseconds) * 1000


class ServiceManager:
    """Whoever started us and listens on ``NOTIFY_SOCKET``; nobody, where there is none.

    Never waits: a listener that does not read misses what it is told.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = address(environment.get("NOTIFY_SOCKET", ""))
        self._socket: socket.socket | None = None
        if self._address is not None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)

    def tell(self, *assignments: str) -> None:
        """Send assignments, one message."""
        if self._socket is not None and self._address is not None:
            with contextlib.suppress(OSError):
                self._socket.sendto("\n".join(assignments).encode(), self._address)

    def close(self) -> None:
        """Say no more."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
