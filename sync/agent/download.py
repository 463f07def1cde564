"""What is missing, fetched: two files at a time, resumed where they broke off, checked by the piece."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.agent.gate import Gate
from sync.agent.media_store import MediaStore
from sync.agent.ports import Source
from sync.publication import PieceList


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a signed release names: digest and length in bytes, its piece list, and what people call it."""

    sha256: str
    length: int
    pieces: PieceList | None = None
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a ``fetch`` is, in bytes and files, of those that were missing when it began."""

    wanted: Wanted
    """The file that moved."""
    got: int
    """Of that file."""
    got_of_all: int
    length_of_all: int
    files_done: int
    files: int


def ignored(progress: Progress) -> None:
    """Tell nobody."""


def fetch(
    wanted: Sequence[Wanted],
    source: Source,
    store: MediaStore,
    gate: Gate | None = None,
    progress: Callable[[Progress], None] = ignored,
) -> None:
    """Bring every file of ``wanted`` that the store lacks, or as many as can be had.

    ``progress`` is called from the threads that fetch, one call at a time. Raises the first error in the order of
    ``wanted``: ``SourceError``, ``RefusalError`` (``no-space`` before the first byte, ``wrong-digest``, ``disk``),
    ``StoppedError``. What came is kept and is where the next ``fetch`` goes on.
    """
    raise NotImplementedError
