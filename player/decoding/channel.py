"""Small messages and file descriptors between the player and its prisoners, over AF_UNIX SEQPACKET pairs."""

import json
import os
import socket
from array import array
from collections.abc import Sequence
from typing import Final

MAX_MESSAGE: Final = 65536
_MAX_FDS: Final = 4

Message = dict[str, object]
"""One message: a flat JSON object whose ``is`` or ``do`` names it."""


class ChannelClosedError(Exception):
    """The other side is gone."""


class Channel:
    """One end of a message pair; sending is safe from several threads, for a packet is sent whole or not at all."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    @classmethod
    def pair(cls) -> tuple["Channel", "Channel"]:
        """Two connected ends."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        return cls(ours), cls(theirs)

    @classmethod
    def from_fd(cls, fd: int) -> "Channel":
        """Take over an inherited descriptor."""
        return cls(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fd))

    def fileno(self) -> int:
        """The descriptor to poll."""
        return self._sock.fileno()

    def set_blocking(self, *, blocking: bool) -> None:
        """Whether :meth:`send` may wait for room and :meth:`receive` for a message."""
        self._sock.setblocking(blocking)

    def send(self, message: Message, fds: Sequence[int] = ()) -> None:
        """Send one message, with copies of ``fds``.

        Raises:
            ChannelClosedError: the other side is gone, or does not read although its queue is full.

        """
        data = json.dumps(message, separators=(",", ":")).encode()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", fds))] if fds else []
        try:
            self._sock.sendmsg([data], rights)
        except OSError as error:
            raise ChannelClosedError(str(error)) from error

    def receive(self) -> tuple[Message, list[int]] | None:
        """The next message and its descriptors; None when nothing waits on a non-blocking channel.

        Raises:
            ChannelClosedError: the other side is gone or sent what is not a message.

        """
        room = socket.CMSG_SPACE(_MAX_FDS * array("i").itemsize)
        try:
            data, rights = self._next_packet(room)
        except BlockingIOError:
            return None
        except OSError as error:
            raise ChannelClosedError(str(error)) from error
        if not data:
            msg = "end of stream"
            raise ChannelClosedError(msg)
        fds = array("i")
        for level, kind, payload in rights:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
        message = _parsed(data)
        if message is None:
            for fd in fds:
                os.close(fd)
            msg = "not a message"
            raise ChannelClosedError(msg)
        return message, list(fds)

    def _next_packet(self, room: int) -> tuple[bytes, list[tuple[int, int, bytes]]]:
        """One packet; where the other side died without reading ours, the kernel says so before its last words."""
        try:
            data, rights, _flags, _address = self._sock.recvmsg(MAX_MESSAGE, room, socket.MSG_CMSG_CLOEXEC)
        except ConnectionResetError:
            data, rights, _flags, _address = self._sock.recvmsg(MAX_MESSAGE, room, socket.MSG_CMSG_CLOEXEC)
        return data, rights

    def close(self) -> None:
        """Close this end."""
        self._sock.close()


def _parsed(data: bytes) -> Message | None:
    """The message in ``data``; a prisoner is not trusted to send one."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def integer(message: Message, key: str) -> int:
    """A whole number out of a prisoner's message.

    Raises:
        ChannelClosedError: it is none, so the prisoner is not to be believed any further.

    """
    value = message.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        msg = f"no number for {key}"
        raise ChannelClosedError(msg)
    return value


def text(message: Message, key: str) -> str:
    """A text out of a prisoner's message, cut to 300 characters; empty when it is none."""
    value = message.get(key)
    return value[:300] if isinstance(value, str) else ""
