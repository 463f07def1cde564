"""Takes media in: digest, length and piece list of each file, read once."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playlists.errors import ContentError
from playlists.folder_items import visible
from playlists.release import MediaFile
from sync.pieces import PIECE_BYTES, write_pieces
from sync.publication import PieceList, with_pieces

_CHUNK: Final = 1 << 20

Progress = Callable[[int], None]
"""Told the bytes done since the last call."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file on disk under the name a release gives it; ``pieces`` is the piece list of one longer than a piece."""

    path: Path
    file: MediaFile
    pieces: bytes | None = field(default=None, repr=False)


def take(path: Path, source: str, progress: Progress | None = None) -> Taken:
    """Read a file whole. Raises ``ContentError`` where it cannot be read."""
    digest = hashlib.sha256()
    length = 0

    def chunks() -> Iterator[bytes]:
        nonlocal length
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                length += len(chunk)
                if progress is not None:
                    progress(len(chunk))
                yield chunk

    try:
        pieces = write_pieces(chunks())
    except OSError as error:
        message = f"không đọc được {visible(str(path))} ({error.strerror})"
        raise ContentError(message) from error
    file = MediaFile(source, digest.hexdigest(), length)
    if length <= PIECE_BYTES:
        return Taken(path, file)
    return Taken(path, with_pieces(file, PieceList(hashlib.sha256(pieces).hexdigest(), len(pieces))), pieces)


def put(folder: Path, source: str, content: bytes) -> Taken:
    """Write bytes into a folder, under their digest, and take them in."""
    path = folder / hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    return take(path, source)


def pieces_by_digest(files: list[Taken]) -> dict[str, bytes]:
    """The piece lists of files, by the digests of the lists."""
    return {hashlib.sha256(one.pieces).hexdigest(): one.pieces for one in files if one.pieces is not None}
