"""A disk with a cache that a power cut empties: an NBD server for one virtual machine, in memory.

What was written is kept for sure only from the next flush on, or if the write itself asked for that (FUA). At a cut
each sector written since then lasts or is lost by chance, as drives reorder writes. Protocol: NBD, fixed newstyle.
"""

import contextlib
import random
import socket
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_READ, _WRITE, _DISCONNECT, _FLUSH = range(4)
_EXPORT_NAME, _GO = 1, 7
_HAS_FLAGS, _SENDS_FLUSH, _SENDS_FUA = 1, 4, 8
_FLAGS = _HAS_FLAGS | _SENDS_FLUSH | _SENDS_FUA
_FORCE = 1
_OPTION = struct.Struct(">QII")
_REPLY_MAGIC, _OPTION_REPLY = 0x67446698, 0x3E889045565A9
_REQUEST = struct.Struct(">IHHQQI")
_SECTOR = 512


class VolatileDisk:
    """``content`` is the disk's image; a machine connects to ``socket_path``."""

    def __init__(self, content: bytes, socket_path: Path, chance: random.Random) -> None:
        self._durable = bytearray(content)
        self._seen = bytearray(content)
        self._unsure: list[tuple[int, bytes]] = []
        self._chance = chance
        self.flushes = 0
        self.lost_sectors = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(socket_path))
        self._listener.listen()
        self.address = f"nbd:unix:{socket_path}"
        self._served: list[threading.Thread] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        """Serve until the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the socket."""
        self._listener.close()

    def cut(self) -> None:
        """Lose power, after the machine died: of what was not flushed each write lasts or is lost."""
        for thread in self._served:
            thread.join()
        self._served.clear()
        for offset, data in self._unsure:
            for start in range(0, len(data), _SECTOR):
                if self._chance.random() < 0.5:
                    sector = data[start : start + _SECTOR]
                    self._durable[offset + start : offset + start + len(sector)] = sector
                else:
                    self.lost_sectors += 1
        self._unsure.clear()
        self._seen = bytearray(self._durable)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._served.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(EOFError, ConnectionError):
            if _negotiate(connection, len(self._seen)):
                while self._answer(connection):
                    pass

    def _answer(self, connection: socket.socket) -> bool:
        _, flags, command, handle, offset, length = _REQUEST.unpack(_exactly(connection, _REQUEST.size))
        reply = struct.pack(">IIQ", _REPLY_MAGIC, 0, handle)
        if command == _DISCONNECT:
            return False
        if command == _WRITE:
            data = _exactly(connection, length)
            self._seen[offset : offset + length] = data
            if flags & _FORCE:
                self._durable[offset : offset + length] = data
            self._unsure.append((offset, data))
        elif command == _FLUSH:
            for start, data in self._unsure:
                self._durable[start : start + len(data)] = data
            self._unsure.clear()
            self.flushes += 1
        connection.sendall(reply + (bytes(self._seen[offset : offset + length]) if command == _READ else b""))
        return True


def _negotiate(connection: socket.socket, size: int) -> bool:
    connection.sendall(b"NBDMAGICIHAVEOPT" + struct.pack(">H", 3))
    _exactly(connection, 4)
    while True:
        _, option, length = _OPTION.unpack(_exactly(connection, _OPTION.size))
        _exactly(connection, length)
        if option == _EXPORT_NAME:
            connection.sendall(struct.pack(">QH", size, _FLAGS))
            return True
        if option == _GO:
            told = struct.pack(">HQH", 0, size, _FLAGS)
            connection.sendall(struct.pack(">QIII", _OPTION_REPLY, option, 3, len(told)) + told)
            connection.sendall(struct.pack(">QIII", _OPTION_REPLY, option, 1, 0))
            return True
        connection.sendall(struct.pack(">QIII", _OPTION_REPLY, option, 0x80000001, 0))


def _exactly(connection: socket.socket, count: int) -> bytes:
    held = bytearray()
    while len(held) < count:
        part = connection.recv(count - len(held))
        if not part:
            raise EOFError
        held += part
    return bytes(held)
