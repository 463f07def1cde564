"""A source in front of another that counts what was read of each name: what came, not what was sent."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sync.agent.ports import Source


class CountingSource:
    """``body_bytes`` by name, of streams."""

    def __init__(self, behind: Source) -> None:
        self._behind = behind
        self.body_bytes: Counter[str] = Counter()

    @property
    def online(self) -> bool:
        """As the one behind."""
        return self._behind.online

    def read(self, name: str, limit: int) -> bytes:
        """As the one behind."""
        return self._behind.read(name, limit)

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        """As the one behind, counted."""
        with self._behind.stream(name, begins, length) as chunks:
            yield self._counted(name, chunks)

    def _counted(self, name: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.body_bytes[name] += len(chunk)
            yield chunk
