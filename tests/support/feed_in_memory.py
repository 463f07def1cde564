"""A feed held in memory, behind the agent's port: what a test alters is what the agent gets. It notes what is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.agent.ports import NotThereError, SourceError


class FeedInMemory:
    """The files of a feed by name; a ``Source``. A file that is an exception is raised instead of given."""

    def __init__(self, folder: Path | None = None, *, online: bool = True) -> None:
        self.online = online
        self.files: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []
        self.cut_after: int | None = None
        """After so many requests nothing answers any more; None: never."""
        if folder is not None:
            self.take(folder)

    def take(self, folder: Path) -> None:
        """Hold what a folder has now, and nothing else."""
        found = (path for path in sorted(folder.rglob("*")) if path.is_file())
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

    def read(self, name: str, limit: int) -> bytes:
        if self.cut_after is not None and len(self.asked) >= self.cut_after:
            message = f"{name}: the line is cut"
            raise SourceError(message)
        self.asked.append(name)
        content = self.files.get(name)
        if content is None:
            raise NotThereError(name)
        if isinstance(content, Exception):
            raise content
        if len(content) > limit:
            message = f"{name}: longer than {limit} bytes"
            raise SourceError(message)
        return content

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        yield iter([self.read(name, length)[begins:length]])
