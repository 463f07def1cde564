"""Files on a stick somebody may have prepared to do harm: no link is followed, nothing but regular files is opened.

Every name is walked from the mount point down, folder by folder. Files are written beside their place, fsynced and
renamed over it; FAT promises no order between two files, so whoever reads a stick believes nothing but digests.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from sync.durable import PART

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A FIFO would hold up whoever opens it, a terminal might become ours.
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_SYNC: Final = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}


class StickFiles:
    """The files below a mount point; names are relative to it, with ``/`` between their parts.

    Every method raises ``OSError``: of the stick, ``ELOOP``, ``ENOTDIR``, ``EINVAL`` for what is no plain file or
    folder, ``ENODEV`` where another file system lies at the mount point than when this was made: the stick was pulled,
    and what is there is the machine's own folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._device = root.stat().st_dev if root.exists() else None

    def length(self, name: str) -> int | None:
        """A file's length in bytes; None where there is none."""
        try:
            with self._folder_of(name) as (folder, last):
                found = os.stat(last, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """A regular file, unbuffered, for reading."""
        with self._folder_of(name) as (folder, last):
            descriptor = os.open(last, _READ, dir_fd=folder)
            with os.fdopen(descriptor, "rb", buffering=0) as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError(errno.EINVAL, "no regular file", name)
                yield file

    def read(self, name: str, limit: int) -> bytes | None:
        """A small file whole; None where there is none. What is longer than ``limit`` bytes raises ``EFBIG``."""
        try:
            with self.opened(name) as file:
                content = bytearray()
                while len(content) <= limit and (chunk := file.read(limit + 1 - len(content))):
                    content += chunk
        except FileNotFoundError:
            return None
        if len(content) > limit:
            raise OSError(errno.EFBIG, f"longer than {limit} bytes", name)
        return bytes(content)

    @contextmanager
    def written(self, name: str) -> Iterator[BinaryIO]:
        """A file to be written; it takes its name when the block ends well, and is gone when it does not."""
        with self._folder_of(name, make=True) as (folder, last):
            part = last + PART
            _remove(part, folder)
            descriptor = os.open(part, _CREATE, 0o644, dir_fd=folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    yield file
                    file.flush()
                    os.fsync(descriptor)
            except BaseException:
                _remove_quietly(part, folder)
                raise
            os.rename(part, last, src_dir_fd=folder, dst_dir_fd=folder)
            _sync(folder)

    def write(self, name: str, content: bytes) -> None:
        """Replace a small file."""
        with self.written(name) as file:
            file.write(content)

    def remove(self, name: str) -> None:
        """Remove a file or a link, be it there or not."""
        try:
            with self._folder_of(name) as (folder, last):
                _remove(last, folder)
                _sync(folder)
        except FileNotFoundError:
            return

    def listed(self, name: str, most: int) -> list[str]:
        """The names in a folder, ``most`` at most; none where there is no folder."""
        try:
            with self._folder_of(f"{name}/.") as (folder, _), os.scandir(folder) as found:
                return [entry.name for entry in islice(found, most)]
        except FileNotFoundError:
            return []

    @contextmanager
    def _folder_of(self, name: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """The folder a name lies in, open, and the name's last part."""
        *folders, last = name.split("/")
        if any(part in {"", ".", ".."} or "\0" in part for part in folders) or last in {"", ".."} or "\0" in last:
            raise OSError(errno.EINVAL, "no name on a stick", name)
        with ExitStack() as opened:
            at = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            opened.callback(os.close, at)
            if os.fstat(at).st_dev != self._device:
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), name)
            for part in folders:
                at = _entered(part, at, make=make)
                opened.callback(os.close, at)
            yield at, last


def _entered(name: str, folder: int, *, make: bool) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise
    os.mkdir(name, 0o755, dir_fd=folder)
    _sync(folder)
    return os.open(name, _FOLDER, dir_fd=folder)


def _sync(folder: int) -> None:
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _remove(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return


def _remove_quietly(name: str, folder: int) -> None:
    """Remove what a failure left; the failure is what counts."""
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:
        return
