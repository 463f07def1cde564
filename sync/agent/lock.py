"""One agent for one state folder: ``agent/lock``, held as long as the process lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playlists.errors import SiteError

LOCK: Final = "lock"


@contextmanager
def agent_lock(folder: Path) -> Iterator[None]:
    """Hold the agent's folder; the kernel lets go of a dead process's. Raises ``SiteError`` where another holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{folder}: another agent is at work here"
            raise SiteError(message) from error
        yield
    finally:
        os.close(descriptor)
