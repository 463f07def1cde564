"""The JSON Schema (2020-12) of a row, made from the same table that writes and reads rows.

``playlists/proof-row.schema.json`` is its published copy; a test keeps the two equal.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from playlists.proof import RowKind
from playlists.proof_fields import RECORDS, FieldShape, Json, field_shapes
from playlists.proof_rows import FORMAT
from playlists.timing import Moment

_HEX: Final = "^[0-9a-f]{%d}$"
_SENTENCES: Final = {
    RowKind.PLAY_START: "Durable before the first picture: what is about to be shown.",
    RowKind.PLAY_END: "After the last picture: what was really shown.",
    RowKind.CLOCK_STEP: "The wall clock moved against the monotonic clock.",
    RowKind.FAULT: "Something went wrong that is not the outcome of one play.",
    RowKind.HEARTBEAT: "The player was alive.",
    RowKind.CLOSED: "Nothing is shown on purpose from here on.",
}


def row_schema() -> dict[str, Json]:
    """Describe a row; unknown fields are allowed everywhere, unknown kinds pass with any payload."""
    own: dict[str, Json] = {
        "epoch": {"type": "string", "pattern": _HEX % 32},
        "format": {"const": FORMAT},
        "kind": {"type": "string"},
        "payload": {"type": "object"},
        "previous": {"type": "string", "pattern": _HEX % 64},
        "sequence": {"type": "integer", "minimum": 1},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A row of a proof-of-play log",
        "description": "Canonical JSON; `previous` is the SHA-256 of the bytes of the row before. "
        "Lengths end in _ms, readings of the monotonic clock in _ns; integers are 64 bits wide.",
        **_object(own, list(own)),
        "allOf": [_when(kind) for kind in RowKind],
        "$defs": {
            "moment": _fields(field_shapes(Moment), "One reading of all clocks; wall is UTC with an explicit offset."),
            **{kind.value: _fields(field_shapes(RECORDS[kind]), _SENTENCES[kind]) for kind in RowKind},
        },
    }


def _when(kind: RowKind) -> dict[str, Json]:
    return {
        "if": {"properties": {"kind": {"const": kind.value}}},
        "then": {"properties": {"payload": {"$ref": f"#/$defs/{kind.value}"}}},
    }


def _fields(shapes: Sequence[FieldShape], sentence: str) -> dict[str, Json]:
    properties = {field.key: field.shape.schema for field in shapes}
    return {"description": sentence, **_object(properties, [field.key for field in shapes if not field.optional])}


def _object(properties: Mapping[str, Json], required: Sequence[str]) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": required}
