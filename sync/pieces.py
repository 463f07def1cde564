"""Piece lists: the digests of a file's pieces one after the other, so that a bad piece costs one piece.

A list is the raw SHA-256 of each piece of ``PIECE_BYTES`` (the last may be shorter), 32 bytes a piece; 64 KiB for a
file of 2 GiB. The list itself is named by its own digest and length in the signed release.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

PIECE_BYTES: Final = 1 << 20
_DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Pieces:
    """The digests of a file's pieces, in order, and the file's length in bytes."""

    digests: tuple[bytes, ...]
    length: int

    def bounds(self, number: int) -> tuple[int, int]:
        """Where piece ``number`` (from 0) begins and ends, as offsets."""
        begins = number * PIECE_BYTES
        return begins, min(begins + PIECE_BYTES, self.length)

    def fits(self, number: int, content: bytes) -> bool:
        """Whether these bytes are piece ``number``."""
        return sha256(content).digest() == self.digests[number]


def piece_count(length: int) -> int:
    """How many pieces a file of ``length`` bytes has."""
    return -(-length // PIECE_BYTES)


def list_length(length: int) -> int:
    """The length in bytes of the piece list of a file of ``length`` bytes."""
    return piece_count(length) * _DIGEST_BYTES


def write_pieces(content: Iterable[bytes]) -> bytes:
    """The piece list of a file given in chunks of any size."""
    return b"".join(sha256(piece).digest() for piece in _cut(content))


def read_pieces(content: bytes, length: int) -> Pieces:
    """Read the piece list of a file of ``length`` bytes. Raises ``ValueError`` where it is of another length."""
    if len(content) != list_length(length):
        message = f"a piece list of {len(content)} bytes is not one of a file of {length} bytes"
        raise ValueError(message)
    cuts = range(0, len(content), _DIGEST_BYTES)
    return Pieces(tuple(content[cut : cut + _DIGEST_BYTES] for cut in cuts), length)


def _cut(content: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for chunk in content:
        held += chunk
        while len(held) >= PIECE_BYTES:
            yield bytes(held[:PIECE_BYTES])
            del held[:PIECE_BYTES]
    if held:
        yield bytes(held)
