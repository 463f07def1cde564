"""A cell: a process of its own in which a stranger's file is read, and which may break there without harm.

The parent opens the file and hands it over as standard input; the answer comes over standard output, bounded in time
and size. Before it looks at the file the inmate gives up what its work does not need: memory and processor time beyond
a bound, writing files, starting processes, and, where the kernel lets it, the network.
"""

import ctypes
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from playlists.errors import SiteError

ADDRESS_SPACE_BYTES: Final = 3 << 30
"""As a kiosk's prisoners have it: what cannot be read within it cannot be played either."""
_OPEN_FILES: Final = 64
_READ_BYTES: Final = 1 << 16
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_NOBODY: Final = 65534


class CellError(Exception):
    """There is no answer: the inmate died, took too long or said too much."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__("late" if late else "dead")
        self.late = late


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an inmate gets: seconds by the clock (and of the processor), and bytes of answer."""

    seconds: float
    answer_bytes: int


def ask(module: str, path: Path, bounds: Bounds, *arguments: str) -> bytes:
    """Have ``module`` read a file in a cell; its answer.

    Raises ``OSError`` where the file cannot be opened, ``CellError`` where there is no answer, ``SiteError`` where no
    process can be started.
    """
    # Not blocking: a pipe under a clip's name must not hold anybody up.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        try:
            inmate = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-m", module, str(int(bounds.seconds) + 1), *arguments],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        except OSError as error:
            message = f"không chạy được tiến trình đọc tệp ({error.strerror})"
            raise SiteError(message) from error
    with inmate:
        try:
            if inmate.stdout is None:
                raise CellError
            answer = _heard(inmate.stdout, bounds)
            if inmate.wait(timeout=5):
                raise CellError
        except subprocess.TimeoutExpired:
            raise CellError(late=True) from None
        finally:
            inmate.kill()
    return answer


def _heard(answers: IO[bytes], bounds: Bounds) -> bytes:
    """Everything that is said, until the end."""
    deadline = time.monotonic() + bounds.seconds
    heard = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise CellError(late=True)
            chunk = os.read(answers.fileno(), _READ_BYTES)
            if not chunk:
                return bytes(heard)
            heard += chunk
            if len(heard) > bounds.answer_bytes:
                raise CellError


def lock_up() -> None:
    """Inside the cell, after all imports and before the file is looked at. The first argument is the seconds."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A name space of its own has no network but a loopback that is down; where it is refused, limits remain.
    if os.geteuid() == 0:
        libc.unshare(_CLONE_NEWNET)
        _become_nobody()
    else:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    seconds = int(sys.argv[1])
    for limit, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _become_nobody() -> None:
    """Root's files are out of reach then, and the bound on processes holds, which root is exempt from."""
    with suppress(PermissionError):
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def answer(content: bytes) -> None:
    """Inside the cell: say something."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def the_file() -> BinaryIO:
    """Inside the cell: the file, seekable."""
    return sys.stdin.buffer
