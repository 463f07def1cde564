"""A ring of pictures in memory that a decoder paints and the stage shows, without a copy between them.

One flag byte a slot says who may touch it. Exactly one side changes it at a time: the decoder from free to taken,
the stage from taken to free; and the message that names the slot travels in between.
"""

import ctypes
import errno
import fcntl
import mmap
import os
import weakref
from typing import Final

HEADER_BYTES: Final = 4096
_FREE: Final = 0
_TAKEN: Final = 1
_ROW_ALIGN: Final = 64


def stride_of(width: int) -> int:
    """Bytes of one row of ``width`` 32-bit pixels, aligned for SIMD."""
    return -(-width * 4 // _ROW_ALIGN) * _ROW_ALIGN


class Ring:
    """``slots`` pictures of ``width`` x ``height`` 32-bit pixels in one memfd, whose descriptor it owns."""

    def __init__(self, fd: int, width: int, height: int, slots: int) -> None:
        self.fd = fd
        self.width, self.height, self.slots = width, height, slots
        self.stride = stride_of(width)
        self._picture_bytes = -(-self.stride * height // mmap.PAGESIZE) * mmap.PAGESIZE
        self._map = mmap.mmap(fd, self.size_of(width, height, slots))
        self._address: int | None = None
        self._lent: set[int] = set()
        weakref.finalize(self, os.close, fd)

    @staticmethod
    def size_of(width: int, height: int, slots: int) -> int:
        """Bytes of the whole ring."""
        picture = -(-stride_of(width) * height // mmap.PAGESIZE) * mmap.PAGESIZE
        return HEADER_BYTES + slots * picture

    @classmethod
    def create(cls, width: int, height: int, slots: int) -> "Ring":
        """A new ring in anonymous memory; pages cost nothing until they are painted."""
        fd = os.memfd_create("signage-ring", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, cls.size_of(width, height, slots))
        return cls(fd, width, height, slots)

    @classmethod
    def attach(cls, fd: int, width: int, height: int, slots: int) -> "Ring":
        """The ring behind a copy of a descriptor a prisoner sent, sealed so that it can never shrink under its reader.

        Raises:
            OSError: it cannot be sealed, or is smaller than it is said to be.

        """
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
        if os.fstat(fd).st_size < cls.size_of(width, height, slots):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return cls(os.dup(fd), width, height, slots)

    def same_memory(self, fd: int) -> bool:
        """Whether a descriptor is of this ring's memory."""
        ours, theirs = os.fstat(self.fd), os.fstat(fd)
        return (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino)

    def take(self) -> int | None:
        """The lowest free slot, now taken; None when the stage still holds them all."""
        for slot in range(self.slots):
            if self._map[slot] == _FREE:
                self._map[slot] = _TAKEN
                return slot
        return None

    def lend(self, slot: int) -> None:
        """The stage holds a slot from here on, whatever becomes of the clip it belongs to."""
        self._lent.add(slot)

    def free(self, slot: int) -> None:
        """Give a slot back."""
        self._lent.discard(slot)
        self._map[slot] = _FREE

    def reclaim(self) -> None:
        """Free every slot that was taken for a clip that is over, but for those the stage still holds."""
        for slot in range(self.slots):
            if slot not in self._lent:
                self._map[slot] = _FREE

    def offset(self, slot: int) -> int:
        """Where the slot's first pixel lies in the memory file."""
        return HEADER_BYTES + slot * self._picture_bytes

    def address(self, slot: int) -> int:
        """Where the slot's first pixel lies in this process."""
        if self._address is None:
            self._address = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        return self._address + self.offset(slot)

    def pixels(self, slot: int) -> memoryview:
        """The slot's bytes."""
        start = self.offset(slot)
        return memoryview(self._map)[start : start + self.stride * self.height]
