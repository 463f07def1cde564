"""The scrub: every file of the store is read and hashed again, with what processor and disk have left over.

A disk forgets without saying so. What is no longer what its name says is removed, for it must not be shown; whoever
asked for the scrub fetches it anew.
"""

import ctypes
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from sync.agent.media_store import MediaStore

EVERY: Final = timedelta(days=7)
_READ: Final = 256 * 1024
_IOPRIO_SET: Final = {"x86_64": 251, "aarch64": 30}
_IOPRIO_OF_A_THREAD, _IOPRIO_IDLE = 1, 3 << 13


class _Ended(Exception):  # noqa: N818 - no error: whoever asked for the scrub ends it
    """The scrub is no longer wanted."""


def is_due(last: datetime | None, now: datetime) -> bool:
    """Whether it is time again; also where the clock says that the last one lies ahead."""
    return last is None or not timedelta(0) <= now - last < EVERY


def scrub(store: MediaStore, ended: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
    """Hash every file of the store, remove what rotted or cannot be read; the digests of what was removed.

    ``ended`` is asked between two reads and ends it early. Raises ``OSError`` where a file cannot be removed.
    """
    # Its priority is that of a thread of its own, not of whoever waits for it.
    with ThreadPoolExecutor(1, "scrub", initializer=_step_back) as thread:
        return thread.submit(_remove_rotten, store, store.digests(), ended).result()


def _remove_rotten(store: MediaStore, digests: Iterable[str], ended: Callable[[], bool]) -> tuple[str, ...]:
    rotten = []
    for digest in digests:
        try:
            if _is_sound(store.path(digest), digest, ended):
                continue
        except _Ended:
            break
        store.remove(digest)
        rotten.append(digest)
    return tuple(rotten)


def _is_sound(path: Path, digest: str, ended: Callable[[], bool]) -> bool:
    found = sha256()
    try:
        with path.open("rb", buffering=0) as file:
            # What lies in memory was right when it came: the disk is asked.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while chunk := file.read(_READ):
                if ended():
                    raise _Ended
                found.update(chunk)
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    except FileNotFoundError:
        # Collected meanwhile.
        return True
    except OSError:
        return False
    return found.hexdigest() == digest


def _step_back() -> None:
    """Take processor and disk only when nobody else wants them."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    number = _IOPRIO_SET.get(os.uname().machine)
    if number is not None:
        ctypes.CDLL(None).syscall(number, _IOPRIO_OF_A_THREAD, threading.get_native_id(), _IOPRIO_IDLE)
