"""Structured lines for systemd's journal, by its native protocol; lines on stderr where there is no journal."""

import contextlib
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TextIO

from player.telling.messages import Level, Message, Quota, admitted, datagram, line
from playlists.timing import MonotonicNs

JOURNAL_SOCKET: Final = "/run/systemd/journal/socket"


@dataclass(slots=True)
class Logbook:
    """Says messages of at least ``level``; never waits, and never fails."""

    screen: str
    level: Level
    monotonic: Callable[[], MonotonicNs]
    path: str = JOURNAL_SOCKET
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    _quota: Quota = field(default_factory=Quota)
    _socket: socket.socket | None = None

    def say(self, level: Level, kind: str, text: str, **fields: str) -> None:
        """Say one thing."""
        if level > self.level:
            return
        self._quota, words = admitted(self._quota, Message(level, kind, text, fields), self.monotonic())
        for word in words:
            if not self._sent(datagram(word, self.screen)):
                with contextlib.suppress(OSError, ValueError):
                    self.stderr.write(line(word))
                    self.stderr.flush()

    def close(self) -> None:
        """Say no more."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _sent(self, data: bytes) -> bool:
        try:
            if self._socket is None:
                kind = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
                self._socket = socket.socket(socket.AF_UNIX, kind)
            self._socket.sendto(data, self.path)
        except BlockingIOError:
            return True  # the journal is there and busy: what it cannot take is lost, as journald's own clients do
        except OSError:
            return False
        return True
