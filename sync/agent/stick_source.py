"""A stick as a source: the feed's names spelled for FAT, long files put together from parts, patience bounded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sync.agent.ports import Source, SourceError
from sync.bundle import FEED, parts, stick_name

PATIENCE_S: Final = 120.0
"""How long a stick may take for ``FLOOR_BYTES``, in seconds; a dying stick is given up then."""
FLOOR_BYTES: Final = 1 << 20


class StickSource:
    """Reads a bundle through a source that reads the stick's own names.

    The reader below sees to it that nothing but regular files within the stick is opened. ``seconds`` is any steady
    clock. Every request draws on one account: what was read in good time is credited, waiting is not.
    """

    def __init__(self, stick: Source, seconds: Callable[[], float], patience: float = PATIENCE_S) -> None:
        self.fetched = 0
        self._stick = stick
        self._seconds = seconds
        self._patience = patience
        self._spent = 0.0
        self._credited = 0

    @property
    def online(self) -> bool:
        """A stick is never the live feed."""
        return False

    def read(self, name: str, limit: int) -> bytes:
        """A small file whole. Raises ``SourceError``."""
        begun = self._seconds()
        try:
            content = self._stick.read(_on_stick(name), limit)
        finally:
            self._spend(self._seconds() - begun)
        self._count(len(content))
        return content

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        """A file of ``length`` bytes from offset ``begins`` on. Raises ``SourceError``."""
        yield self._chunks(name, begins, length)

    def _chunks(self, name: str, begins: int, length: int) -> Iterator[bytes]:
        for part in parts(name, length):
            ends = part.begins + part.length
            if begins >= ends:
                continue
            offset = begins - part.begins
            yield from self._part(f"{FEED}/{part.name}", offset, part.length)
            begins = ends

    def _part(self, name: str, offset: int, length: int) -> Iterator[bytes]:
        begun = self._seconds()
        left = length - offset
        with self._stick.stream(name, offset, length) as chunks:
            for chunk in chunks:
                self._spend(self._seconds() - begun)
                left -= len(chunk)
                self._count(len(chunk))
                yield chunk
                begun = self._seconds()
        if left > 0:
            message = f"{name} on the stick ends {left} bytes early"
            raise SourceError(message)

    def _count(self, size: int) -> None:
        self.fetched += size
        if self.fetched - self._credited >= FLOOR_BYTES:
            self._credited, self._spent = self.fetched, 0.0

    def _spend(self, seconds: float) -> None:
        self._spent += seconds
        if self._spent > self._patience:
            message = f"the stick gave less than {FLOOR_BYTES} bytes in {self._patience:.0f} s"
            raise SourceError(message)


def _on_stick(name: str) -> str:
    return f"{FEED}/{stick_name(name)}"
