"""A feed in a folder: a stick's. Whoever made it may mean harm, so only regular files below it are read, link by none.

FAT holds no file of 4 GiB or more: a name that is not there may lie in parts, as ``part_names`` tells.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from sync.agent.ports import NotThereError, SourceError

_CHUNK: Final = 256 * 1024
_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A FIFO would otherwise hold up whoever opens it.
_FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_ABSENT: Final = {errno.ENOENT, errno.ENOTDIR}


def numbered_parts(name: str) -> Iterator[str]:
    """The names under which the parts of a large file lie, in order: ``NAME.000``, ``NAME.001``, ..."""
    return (f"{name}.{number:03}" for number in count())


class FolderSource:
    """The feed in ``folder``; a ``Source``. ``part_names`` gives the names of a file's parts, in order."""

    online = False

    def __init__(self, folder: Path, part_names: Callable[[str], Iterator[str]] = numbered_parts) -> None:
        self._folder = folder
        self._part_names = part_names

    def read(self, name: str, limit: int) -> bytes:
        """A small file whole. Raises ``SourceError``, also where it is longer than ``limit`` bytes."""
        with self._speaking_of(name), ExitStack() as opened:
            descriptor = self._open(name, opened)
            length = os.fstat(descriptor).st_size
            if length > limit:
                message = f"{name}: {length} bytes on the stick, more than the {limit} it may have"
                raise SourceError(message)
            content = bytearray()
            while len(content) <= limit and (chunk := os.read(descriptor, limit + 1 - len(content))):
                content += chunk
            if len(content) > limit:
                message = f"{name}: more than the {limit} bytes it may have"
                raise SourceError(message)
            return bytes(content)

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        """A file of ``length`` bytes from offset ``begins`` on, in chunks. Raises ``SourceError``."""
        with ExitStack() as opened:
            with self._speaking_of(name):
                descriptors = self._open_whole_or_parts(name, length, opened)
                lengths = [os.fstat(descriptor).st_size for descriptor in descriptors]
            if sum(lengths) != length:
                message = f"{name}: {sum(lengths)} bytes on the stick, {length} expected"
                raise SourceError(message)
            yield self._chunks(name, list(zip(descriptors, lengths, strict=True)), begins)

    def _chunks(self, name: str, files: list[tuple[int, int]], begins: int) -> Iterator[bytes]:
        for descriptor, length in files:
            at, begins = begins, max(0, begins - length)
            while at < length:
                with self._speaking_of(name):
                    chunk = os.pread(descriptor, min(_CHUNK, length - at), at)
                if not chunk:
                    message = f"{name}: became shorter while it was read"
                    raise SourceError(message)
                at += len(chunk)
                yield chunk

    def _open_whole_or_parts(self, name: str, length: int, opened: ExitStack) -> list[int]:
        try:
            return [self._open(name, opened)]
        except FileNotFoundError:
            found: list[int] = []
            total = 0
            # As many as make up its length: a folder of empty parts ends nowhere.
            for part in self._part_names(name):
                found.append(self._open(part, opened))
                size = os.fstat(found[-1]).st_size
                total += size
                if not size or total >= length:
                    break
            return found

    def _open(self, name: str, opened: ExitStack) -> int:
        """Open a regular file, walking from the folder down without following a link."""
        *folders, file = _parts_of(name)
        at = self._opened(os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), opened)
        for folder in folders:
            at = self._opened(os.open(folder, _FOLDER_FLAGS, dir_fd=at), opened)
        descriptor = self._opened(os.open(file, _FILE_FLAGS, dir_fd=at), opened)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            message = f"{name}: no regular file"
            raise SourceError(message)
        return descriptor

    @staticmethod
    def _opened(descriptor: int, opened: ExitStack) -> int:
        opened.callback(os.close, descriptor)
        return descriptor

    @staticmethod
    @contextmanager
    def _speaking_of(name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _ABSENT:
                message = f"{name}: not on the stick"
                raise NotThereError(message) from error
            message = f"{name}: the stick cannot be read ({error.strerror})"
            raise SourceError(message) from error


def _parts_of(name: str) -> list[str]:
    parts = name.split("/")
    if any(part in {"", ".", ".."} or "\0" in part for part in parts):
        message = f"{name!r} is no name in a feed"
        raise SourceError(message)
    return parts
