"""A file on its way: what of it is proven, what is still to come, and nothing proven that a power cut could take back.

It grows from its start. Each piece is checked as it is filled and fsynced before the next begins. What a restart finds
is checked anew: whole pieces that are bad are gaps, and a piece begun is filled up and checked then. A file without a
piece list is one piece.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from playlists.errors import SiteError
from sync.durable import sync_folder
from sync.pieces import PIECE_BYTES, Pieces

_READ: Final = 256 * 1024
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class BadPieceError(SiteError):
    """A piece is not what was signed; the file stands again where it begins."""

    def __init__(self, number: int) -> None:
        super().__init__(f"piece {number} is not what was signed")
        self.number = number


class UnwrittenError(SiteError):
    """The disk did not keep what it was given: nothing in the file can be relied upon."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a file is cut into pieces, with the digest of each."""

    length: int
    piece_bytes: int
    digests: tuple[bytes, ...]

    @classmethod
    def of(cls, digest: str, length: int, pieces: Pieces | None) -> Self:
        """That of a file; one piece where it has no list."""
        if pieces is not None:
            return cls(length, PIECE_BYTES, pieces.digests)
        return cls(length, max(1, length), (bytes.fromhex(digest),) if length else ())

    def number(self, offset: int) -> int:
        """The piece in which an offset lies."""
        return offset // self.piece_bytes

    def bounds(self, number: int) -> tuple[int, int]:
        """Where a piece begins and ends."""
        begins = number * self.piece_bytes
        return begins, min(begins + self.piece_bytes, self.length)


class PartFile:
    """The file at ``path``, open for as long as it is entered. Every method raises ``OSError`` where the disk fails."""

    def __init__(self, path: Path, cut: Cut) -> None:
        self._cut = cut
        self._file = os.open(path, _FLAGS, 0o644)
        self._proven = sha256()
        """Of all that is proven from the start on, without a gap; nothing any more once there was a gap."""
        self._bad: list[int] = []
        """Pieces to be fetched anew, before the end to which the file has grown."""
        self._had_gaps = False
        try:
            sync_folder(path.parent)
            self._size = self._survey()
            self._begin_next_gap()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    @property
    def got(self) -> int:
        """Bytes that are there; those of the piece at which it stands are not yet proven."""
        if not self._bad:
            return self._at
        gaps = sum(ends - begins for begins, ends in map(self._cut.bounds, self._bad))
        return self._size - gaps + self._at - self._cut.bounds(self._bad[0])[0]

    @property
    def gap(self) -> tuple[int, int] | None:
        """Where the next bytes belong and where that gap ends; None where nothing is missing."""
        return (self._at, self._ends) if self._at < self._ends else None

    def write(self, chunk: bytes) -> None:
        """Put bytes where the gap begins, and no more than fill it.

        Raises ``BadPieceError`` where a piece they fill is not what was signed, ``UnwrittenError``.
        """
        view = memoryview(chunk)[: self._ends - self._at]
        while view:
            number = self._cut.number(self._at)
            written = os.pwrite(self._file, view[: self._cut.bounds(number)[1] - self._at], self._at)
            self._take(view[:written])
            view = view[written:]
            if self._at == self._cut.bounds(number)[1]:
                self._seal(number)

    def digest(self) -> str:
        """The SHA-256 of the whole file, when nothing is missing."""
        if self._had_gaps:
            self._proven = sha256()
            for chunk in self._read(0, self._cut.length):
                self._proven.update(chunk)
        return self._proven.hexdigest()

    def sync(self) -> None:
        """Make what was written last. Raises ``UnwrittenError``."""
        try:
            os.fsync(self._file)
        except OSError as error:
            raise UnwrittenError(error.strerror) from error

    def _survey(self) -> int:
        """See what an earlier run left; how long that is."""
        size = os.fstat(self._file).st_size
        if size > self._cut.length:
            size = self._cut.length
            os.ftruncate(self._file, size)
        if size:
            self.sync()
        whole_pieces = len(self._cut.digests) if size == self._cut.length else self._cut.number(size)
        for number in range(whole_pieces):
            self._begin_piece()
            for chunk in self._read(*self._cut.bounds(number)):
                self._digest(chunk)
            if self._piece.digest() == self._cut.digests[number]:
                self._proven = self._running
            else:
                self._had_gaps = True
                self._bad.append(number)
        return size

    def _begin_next_gap(self) -> None:
        self._begin_piece()
        if self._bad:
            self._at, self._ends = self._cut.bounds(self._bad[0])
            return
        self._at, self._ends = self._size, self._cut.length
        if self._at < self._ends:
            for chunk in self._read(self._cut.bounds(self._cut.number(self._at))[0], self._at):
                self._digest(chunk)

    def _begin_piece(self) -> None:
        self._piece, self._running = sha256(), self._proven.copy()

    def _digest(self, chunk: bytes | memoryview) -> None:
        self._piece.update(chunk)
        self._running.update(chunk)

    def _take(self, chunk: memoryview) -> None:
        self._digest(chunk)
        self._at += len(chunk)
        if not self._bad:
            self._size = self._at

    def _seal(self, number: int) -> None:
        """At the end of a piece: prove it and make it last, or go back to where it begins."""
        if self._piece.digest() != self._cut.digests[number]:
            self._at = self._cut.bounds(number)[0]
            if not self._bad:
                os.ftruncate(self._file, self._at)
                self._size = self._at
            self._begin_piece()
            raise BadPieceError(number)
        self.sync()
        self._proven = self._running
        if self._bad:
            self._bad.pop(0)
            self._begin_next_gap()
        else:
            self._begin_piece()

    def _read(self, begins: int, ends: int) -> Iterator[bytes]:
        at = begins
        while at < ends:
            chunk = os.pread(self._file, min(_READ, ends - at), at)
            if not chunk:
                message = "the file became shorter while it was read"
                raise UnwrittenError(message)
            at += len(chunk)
            yield chunk
