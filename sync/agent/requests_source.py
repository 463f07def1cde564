"""The live feed, over requests. Nothing a server says of a file is believed; its bytes are, by digest alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class RequestsSource:
    """The feed under ``feed_url``; a ``Source``. ``authority_file`` is a private CA (PEM) that alone is believed."""

    online = True

    def __init__(self, feed_url: str, *, authority_file: Path | None = None) -> None:
        raise NotImplementedError

    def read(self, name: str, limit: int) -> bytes:
        """A small file whole. Raises ``SourceError``, also where it is longer than ``limit`` bytes."""
        raise NotImplementedError

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        """A file of ``length`` bytes from offset ``begins`` on, in chunks. Raises ``SourceError``."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the connections."""
        raise NotImplementedError
