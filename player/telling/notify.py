"""sd_notify: what a service tells systemd, as text. Pure; :mod:`player.telling.notify_socket` sends it."""

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
