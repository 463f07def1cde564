"""Decoded sound in memory that a decoder writes and the speaker reads: 16-bit stereo at 48 kHz, whatever the file."""

import ctypes
import errno
import fcntl
import mmap
import os
import weakref
from typing import Final

RATE: Final = 48_000
FRAME_BYTES: Final = 4
"""Two channels of two bytes."""
_FRAMES: Final = 4 * RATE
"""libVLC decodes up to two seconds ahead."""
_HEADER_BYTES: Final = mmap.PAGESIZE
_SIZE: Final = _HEADER_BYTES + _FRAMES * FRAME_BYTES


class PcmRing:
    """The sound of one clip, from its first sample on; the last four seconds of it are kept."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._map = mmap.mmap(fd, _SIZE)
        self._written = ctypes.c_uint64.from_buffer(self._map)
        self._data = memoryview(self._map)[_HEADER_BYTES:]
        weakref.finalize(self, os.close, fd)

    @classmethod
    def create(cls) -> "PcmRing":
        """A new ring in anonymous memory."""
        fd = os.memfd_create("signage-pcm", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, _SIZE)
        return cls(fd)

    @classmethod
    def attach(cls, fd: int) -> "PcmRing":
        """The ring behind a copy of a descriptor a prisoner sent, sealed so that it can never shrink under its reader.

        Raises:
            OSError: it cannot be sealed, or is smaller than a ring.

        """
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
        if os.fstat(fd).st_size < _SIZE:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return cls(os.dup(fd))

    @property
    def written(self) -> int:
        """How many frames have been written so far."""
        return self._written.value

    def write(self, data: bytes) -> None:
        """Append frames; they are there before the count says so."""
        frames = len(data) // FRAME_BYTES
        begin = self._written.value
        while data:
            at = begin % _FRAMES
            part = data[: (_FRAMES - at) * FRAME_BYTES]
            self._data[at * FRAME_BYTES : at * FRAME_BYTES + len(part)] = part
            data, begin = data[len(part) :], begin + len(part) // FRAME_BYTES
        self._written.value += frames

    def read(self, first: int, count: int) -> bytes:
        """Frames ``first`` to ``first + count``; silence where there is nothing (any more, or yet)."""
        written = self._written.value
        begin, end = max(first, 0, written - _FRAMES), min(first + count, written)
        if begin >= end:
            return bytes(count * FRAME_BYTES)
        place = begin % _FRAMES
        if begin == first and end == first + count and place + count <= _FRAMES:
            return bytes(self._data[place * FRAME_BYTES : (place + count) * FRAME_BYTES])
        parts = [bytes((begin - first) * FRAME_BYTES)]
        at = begin
        while at < end:
            place = at % _FRAMES
            run = min(end - at, _FRAMES - place)
            parts.append(bytes(self._data[place * FRAME_BYTES : (place + run) * FRAME_BYTES]))
            at += run
        parts.append(bytes((first + count - end) * FRAME_BYTES))
        return b"".join(parts)
