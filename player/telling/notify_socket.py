"""Whoever started us, systemd or our own supervisor, and listens on ``NOTIFY_SOCKET``."""

import contextlib
import socket
from collections.abc import Mapping

from player.telling.notify import address


class NotifySocket:
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
