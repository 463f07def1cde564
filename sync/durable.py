"""Files that a power cut leaves old or new, whole: ``.part``, fsync, rename, fsync of the folder."""

import os
from pathlib import Path
from typing import Final

PART: Final = ".part"


def write_durably(path: Path, content: bytes) -> None:
    """Replace a small file. Raises ``OSError``; the old file then stands."""
    make_folder(path.parent)
    part = path.with_name(path.name + PART)
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those it lies in, so that their names last. Raises ``OSError``."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make what was renamed, linked or removed in a folder last through a power cut. Raises ``OSError``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_durably(path: Path) -> None:
    """Remove a file, be it there or not. Raises ``OSError``."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
