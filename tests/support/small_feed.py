"""A feed of media alone, unsigned, and what a download wants of it; and whether a store holds anything wrong."""

import random
from hashlib import sha256
from pathlib import Path

from sync.agent.download import Wanted
from sync.agent.media_store import MediaStore
from sync.feed import media_name, pieces_name
from sync.pieces import PIECE_BYTES, write_pieces
from sync.publication import PieceList


def add_file(folder: Path, content: bytes, name: str, *, pieces: bool | None = None) -> Wanted:
    """Put a file into a feed's folder, with a piece list where it is longer than one piece or ``pieces`` says so."""
    digest = sha256(content).hexdigest()
    _write(folder / media_name(digest), content)
    if not (len(content) > PIECE_BYTES if pieces is None else pieces):
        return Wanted(digest, len(content), None, name)
    listed = write_pieces([content])
    pieces_digest = sha256(listed).hexdigest()
    _write(folder / pieces_name(pieces_digest), listed)
    return Wanted(digest, len(content), PieceList(pieces_digest, len(listed)), name)


def some_bytes(seed: object, length: int) -> bytes:
    """The same bytes for the same seed."""
    return random.Random(str(seed)).randbytes(length)  # noqa: S311 - any bytes


def leave_part(store: MediaStore, wanted: Wanted, content: bytes) -> None:
    """What a download before this one left."""
    store.part(wanted.sha256).write_bytes(content)


def wrong_files(store: MediaStore) -> list[str]:
    """The files in a store that are not what their names say."""
    return [name for name in store.digests() if sha256(store.path(name).read_bytes()).hexdigest() != name]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
