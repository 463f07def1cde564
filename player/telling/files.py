"""Small files that others read: replaced whole, never half; a folder of pictures that does not grow."""

import contextlib
import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> str | None:
    """Put ``content`` in the place of ``path``, durably and at once; why not, in one line, None when it was.

    The folder is made where it is missing.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        return f"{path}: {error.strerror}"
    return None


def read_file(path: Path, most: int = 1 << 20) -> bytes | None:
    """The first ``most`` bytes of a file; None where it is missing or cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return None


def keep_newest(folder: Path, suffix: str, most: int) -> None:
    """Delete the oldest files of this suffix beyond ``most``."""
    with contextlib.suppress(OSError):
        found = sorted(folder.glob(f"*{suffix}"), key=lambda path: path.stat().st_mtime_ns)
        for path in found[: max(0, len(found) - most)]:
            path.unlink()
