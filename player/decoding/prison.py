"""What every prisoner gives up before it touches a file somebody else made."""

import ctypes
import os
import resource
import signal
from pathlib import Path
from typing import Final

from player.decoding import walls

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15
_PR_SET_NO_NEW_PRIVS: Final = 38
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_M_TRIM_THRESHOLD: Final = -1

ADDRESS_SPACE_BYTES: Final = 3 << 30
"""Bound of a prisoner's address space; 4K HEVC with its threads' stacks needs about 1.5 GiB of it."""

_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(name: str) -> None:
    """Die when the parent dies and by nothing gentler, under a ``name`` (15 bytes at most) that ``ps`` shows."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)  # the player decides when a prisoner ends, not a terminal's Ctrl-C


def lock_up(name: str, *, hardware: bool = False, sound: bool = False) -> None:
    """Bind this process to its parent's life, to a bounded address space, to silence and to what its work needs.

    ``hardware`` leaves it the graphics devices, ``sound`` the way to the sound server. To be called before there are
    other threads.
    """
    end_with_parent(name)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Codec libraries write floods about broken files to stderr past every log level.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    walls.put_up(hardware=hardware, sound=sound)


def keep_heap_lean() -> None:
    """Make freed pictures leave the process at once instead of staying in allocator arenas."""
    _libc.mallopt(_M_ARENA_MAX, 2)
    _libc.mallopt(_M_MMAP_THRESHOLD, 128 << 10)  # setting it also stops glibc from raising it by itself
    _libc.mallopt(_M_TRIM_THRESHOLD, 256 << 10)


def trim_heap() -> None:
    """Give free heap pages back to the system."""
    _libc.malloc_trim(0)


def anonymous_bytes() -> int:
    """Anonymous memory of this process, from /proc/self/status."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        for line in status:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) << 10
    return 0
