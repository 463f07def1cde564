"""A stick as a source: the feed's names as a stick spells them, and a bound on how long it may keep us waiting."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from playlists.errors import ContentError
from sync.agent.ports import Source, SourceError
from sync.bundle import FEED, stick_name

PATIENCE_S: Final = 120.0
"""How long a stick may take over ``FLOOR_BYTES``, in seconds; a dying one is given up then."""
FLOOR_BYTES: Final = 1 << 20


class StickSource:
    """Reads a bundle through a source that reads the stick's own names (``FolderSource`` at the mount point).

    ``seconds`` is any steady clock. Only waiting for the stick counts, and ``FLOOR_BYTES`` of content wipe it out.
    """

    online = False

    def __init__(self, stick: Source, seconds: Callable[[], float], patience: float = PATIENCE_S) -> None:
        self.fetched = 0
        """Bytes the stick gave."""
        self._stick = stick
        self._seconds = seconds
        self._patience = patience
        self._waited = 0.0
        self._counted = 0
        self._lock = threading.Lock()

    def read(self, name: str, limit: int) -> bytes:
        """A small file whole. Raises ``SourceError``."""
        begun = self._seconds()
        try:
            content = self._stick.read(_on_stick(name), limit)
        finally:
            self._wait(self._seconds() - begun)
        self._count(len(content))
        return content

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        """A file of ``length`` bytes from offset ``begins`` on, in chunks. Raises ``SourceError``."""
        begun = self._seconds()
        with self._stick.stream(_on_stick(name), begins, length) as chunks:
            self._wait(self._seconds() - begun)
            yield self._timed(chunks)

    def _timed(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        begun = self._seconds()
        for chunk in chunks:
            self._wait(self._seconds() - begun)
            self._count(len(chunk))
            yield chunk
            begun = self._seconds()

    def _count(self, size: int) -> None:
        with self._lock:
            self.fetched += size
            if self.fetched - self._counted >= FLOOR_BYTES:
                self._counted, self._waited = self.fetched, 0.0

    def _wait(self, seconds: float) -> None:
        with self._lock:
            self._waited += seconds
            tired = self._waited > self._patience
        if tired:
            message = f"the stick gave less than {FLOOR_BYTES} bytes in {self._patience:.0f} s"
            raise SourceError(message)


def _on_stick(name: str) -> str:
    try:
        return f"{FEED}/{stick_name(name)}"
    except ContentError as error:
        raise SourceError(str(error)) from error
