"""Tripwires: who touches a file, or knocks at a port of the loopback, is noticed."""

import ctypes
import os
import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_IN_ACCESS, _IN_OPEN = 0x1, 0x20
_IN_NONBLOCK = os.O_NONBLOCK
_IN_ISDIR = 0x40000000
_EVENT = struct.Struct("iIII")


class FileTripwire:
    """Notices every opening and reading of the files in some folders (not of the folders themselves), by inotify."""

    def __init__(self, *folders: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(_IN_NONBLOCK | os.O_CLOEXEC)
        assert self._fd >= 0, os.strerror(ctypes.get_errno())
        self._folders: dict[int, Path] = {}
        for folder in folders:
            watch = self._libc.inotify_add_watch(self._fd, os.fsencode(folder), _IN_ACCESS | _IN_OPEN)
            assert watch >= 0, os.strerror(ctypes.get_errno())
            self._folders[watch] = folder

    def touched(self) -> set[str]:
        """The files touched since the last time somebody asked, as ``folder/name``."""
        found: set[str] = set()
        while select.select([self._fd], [], [], 0)[0]:
            data = os.read(self._fd, 65536)
            at = 0
            while at < len(data):
                watch, mask, _cookie, length = _EVENT.unpack_from(data, at)
                name = data[at + _EVENT.size : at + _EVENT.size + length].rstrip(b"\0")
                at += _EVENT.size + length
                if name and not mask & _IN_ISDIR:
                    found.add(f"{self._folders[watch].name}/{os.fsdecode(name)}")
        return found

    def close(self) -> None:
        """Stop watching."""
        os.close(self._fd)


@dataclass
class Porter:
    """Listens on one port of the loopback, TCP and UDP, answers nobody, and remembers who knocked."""

    port: int
    knocks: list[str] = field(default_factory=list)


@contextmanager
def porter() -> Iterator[Porter]:
    """Listen as long as the block runs."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        tcp.bind(("127.0.0.1", 0))
        port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))
        tcp.listen()
        found = Porter(port)
        stop_read, stop_write = os.pipe()

        def listen() -> None:
            while True:
                readable, _, _ = select.select([tcp.fileno(), udp.fileno(), stop_read], [], [])
                if stop_read in readable:
                    return
                if tcp.fileno() in readable:
                    link, _peer = tcp.accept()
                    with link:
                        link.settimeout(0.5)
                        try:
                            found.knocks.append(f"tcp {link.recv(200)!r}")
                        except OSError:
                            found.knocks.append("tcp")
                if udp.fileno() in readable:
                    found.knocks.append(f"udp {udp.recv(200)!r}")

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield found
        finally:
            os.write(stop_write, b".")
            thread.join()
            os.close(stop_read)
            os.close(stop_write)
