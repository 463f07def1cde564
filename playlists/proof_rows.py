r"""The rows of a play log as bytes.

A row *is* its canonical bytes: they are what the file stores, what is hashed and what is exported. They are one JSON
object (RFC 8259) in UTF-8 without a byte order mark, written in the only way allowed:

- keys sorted by code point, no space anywhere, no key twice;
- only objects, lists, strings, integers between -2**63 and 2**63 - 1, ``true``, ``false`` and ``null``; no floats.
  Readers must take integers as 64 bits: a clock reading in nanoseconds passes 2**53 after 104 days;
- strings and keys in Unicode NFC, unescaped, but for ``\"``, ``\\``, ``\b``, ``\f``, ``\n``, ``\r``, ``\t`` and
  ``\u00xx`` (lower case) for the other characters below U+0020. Half of a surrogate pair, as in a file name that is no
  UTF-8, is written out as the six characters ``\udcff``.

Its fields, version 1 of the format:

========== =====================================================================================================
epoch      32 hexadecimal digits drawn at random when the file was made
format     1
kind       what happened, see :class:`playlists.proof.RowKind`
payload    the record, one key per field; lengths in ``_ms``, monotonic clock readings in ``_ns``
previous   SHA-256 of the canonical bytes of the row before, 64 hexadecimal digits; 64 zeros for the first
sequence   1, 2, 3 ... without a gap
========== =====================================================================================================

A reader keeps fields and kinds it does not know, in the row as in the payload. The chain finds damage and careless
editing. It cannot find a forger who computes every later row anew: whoever was sent a head before can.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Never, cast

from playlists.errors import DamageError
from playlists.proof import Record, RowKind
from playlists.proof_fields import Json, decode_record, encode_record, kind_of

FORMAT: Final = 1
GENESIS: Final = "0" * 64
"""``previous`` of the first row of an epoch."""
_LIMIT: Final = 2**63
_OWN_KEYS: Final = frozenset({"epoch", "format", "kind", "payload", "previous", "sequence"})
_encode: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a chain: the row ``sequence`` of ``epoch`` has the hash ``digest``. Sequence 0 is before the first."""

    epoch: str
    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row, whatever its kind; ``payload`` and ``extra`` keep what this version does not know."""

    epoch: str
    sequence: int
    kind: str
    previous: str
    payload: Mapping[str, Json]
    format: int = FORMAT
    extra: Mapping[str, Json] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write the canonical bytes."""
        return canonical(
            {
                **self.extra,
                "epoch": self.epoch,
                "format": self.format,
                "kind": self.kind,
                "payload": self.payload,
                "previous": self.previous,
                "sequence": self.sequence,
            }
        )


def canonical(value: Json) -> bytes:
    """Write a value in its one canonical form.

    Raises ``TypeError`` for anything but the allowed types and ``ValueError`` for an integer beyond 64 bits or keys
    that become equal in NFC.
    """
    return _encode(_normal(value)).encode()


def digest(data: bytes) -> str:
    """Hash a row's canonical bytes: what the next row carries as ``previous``."""
    return sha256(data).hexdigest()


def genesis(epoch: str) -> Mark:
    """Mark the place before the first row of an epoch."""
    return Mark(epoch, 0, GENESIS)


def next_row(head: Mark, record: Record) -> Row:
    """Make the row that follows ``head``."""
    return Row(head.epoch, head.sequence + 1, kind_of(record).value, head.digest, encode_record(record))


def mark_of(row: Row, data: bytes) -> Mark:
    """Mark a row, given its canonical bytes."""
    return Mark(row.epoch, row.sequence, digest(data))


def read_row(data: bytes) -> Row:
    """Read canonical bytes.

    Raises ``DamageError`` when they are not JSON, not in canonical form, not of a known format, or lack a field.
    """
    try:
        value = cast("Json", json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse))
        plain = canonical(value)
    except (ValueError, TypeError, RecursionError) as error:
        message = "the row is not JSON"
        raise DamageError(message) from error
    if plain != data:
        message = "the row is not in canonical form"
        raise DamageError(message)
    return _row_of(value)


def read_record(row: Row) -> Record | None:
    """Read what a row records; None for a kind this version does not know. Raises ``DamageError``."""
    if row.kind not in RowKind.__members__.values():
        return None
    return decode_record(RowKind(row.kind), row.payload)


def _row_of(value: Json) -> Row:
    if not isinstance(value, dict) or not value.keys() >= _OWN_KEYS:
        message = "the row lacks a field"
        raise DamageError(message)
    if value["format"] != FORMAT:
        message = f"the row is of format {value['format']}, this program knows {FORMAT}"
        raise DamageError(message)
    texts = (value["epoch"], value["kind"], value["previous"])
    payload, sequence = value["payload"], value["sequence"]
    right = all(isinstance(text, str) for text in texts) and type(sequence) is int and isinstance(payload, dict)
    if not right:
        message = "a field of the row is not of its type"
        raise DamageError(message)
    extra = {key: kept for key, kept in value.items() if key not in _OWN_KEYS}
    epoch, kind, previous = cast("tuple[str, str, str]", texts)
    return Row(epoch, cast("int", sequence), kind, previous, cast("dict[str, Json]", payload), FORMAT, extra)


def _normal(value: Json) -> Json:
    if isinstance(value, str):
        return _normal_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -_LIMIT <= value < _LIMIT:
            message = f"{value} does not fit into 64 bits"
            raise ValueError(message)
        return value
    if isinstance(value, Mapping):
        normal = {_normal_text(key): _normal(kept) for key, kept in value.items()}
        if len(normal) != len(value):
            message = "two keys are the same in NFC"
            raise ValueError(message)
        return normal
    if isinstance(value, list | tuple):
        return [_normal(kept) for kept in value]
    message = f"{type(value).__name__} has no canonical form"
    raise TypeError(message)


def _normal_text(text: str) -> str:
    if text.isascii():
        return str(text)
    return unicodedata.normalize("NFC", text.encode("utf-8", "backslashreplace").decode())


def _refuse(token: str) -> Never:
    message = f"{token} has no canonical form"
    raise ValueError(message)
