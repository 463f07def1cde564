"""Files as the commands of ``signage-playlist`` read and write them."""

import os
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

from playlists import screen_file
from playlists.errors import ContentError, SiteError
from playlists.folder_items import visible


def read(path: Path) -> bytes:
    """Read a whole file.

    :raises ContentError: it is not there, or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"không đọc được {visible(str(path))} ({error.strerror})"
        raise ContentError(message) from error


def is_screen(path: Path) -> bool:
    """Whether a file is a screen file, by its name."""
    return path.name.endswith(screen_file.SUFFIX)


def write(path: Path, content: bytes) -> None:
    """Put a whole file in place or none.

    :raises SiteError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        message = f"không ghi được {visible(str(path))} ({error.strerror})"
        raise SiteError(message) from error


def digest(path: Path) -> str:
    """The sha256 of a file's content."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
