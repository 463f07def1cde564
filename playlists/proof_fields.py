"""How each field of a record is written into a row's payload and read back.

One table, from a field's type to its :class:`Shape`, serves writing, reading and the published JSON Schema, so the
three cannot drift apart. Names in the payload are the fields' own, except that lengths and clock readings carry their
unit (``planned_ms``, ``monotonic_ns``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, Final, TypeAlias, cast

from playlists.errors import DamageError
from playlists.proof import ClockStep, Closed, Fault, Heartbeat, PlayEnd, PlayStart, Record, RowKind
from playlists.timing import DurationMs, Moment, MonotonicNs

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""What a payload is made of; floats are left out on purpose, they have no one way to be written."""

RECORDS: Final[Mapping[RowKind, type[Record]]] = {
    RowKind.PLAY_START: PlayStart,
    RowKind.PLAY_END: PlayEnd,
    RowKind.CLOCK_STEP: ClockStep,
    RowKind.FAULT: Fault,
    RowKind.HEARTBEAT: Heartbeat,
    RowKind.CLOSED: Closed,
}
_KINDS: Final = {record: kind for kind, record in RECORDS.items()}


@dataclass(frozen=True, slots=True)
class Shape:
    """How values of one type look in JSON: the schema of what ``encode`` makes and ``decode`` accepts.

    ``decode`` raises ``TypeError`` or ``ValueError`` for anything else.
    """

    schema: Mapping[str, Json]
    encode: Callable[[Any], Json]
    decode: Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field of a record: its name in Python, its key in the payload, its shape, and whether it may be missing."""

    name: str
    key: str
    shape: Shape
    optional: bool


def kind_of(record: Record) -> RowKind:
    """Say what kind of row a record makes."""
    return _KINDS[type(record)]


def encode_record(record: Record) -> dict[str, Json]:
    """Write a record as a payload, every field present."""
    return {field.key: field.shape.encode(getattr(record, field.name)) for field in field_shapes(type(record))}


def decode_record(kind: RowKind, payload: Mapping[str, Json]) -> Record:
    """Read a payload; fields this version does not know are passed over, missing ones take their defaults.

    Raises ``DamageError`` naming the field when a value is not what the kind asks for.
    """
    values: dict[str, object] = {}
    for field in field_shapes(RECORDS[kind]):
        if field.key not in payload and field.optional:
            continue
        try:
            values[field.name] = field.shape.decode(payload[field.key])
        except (KeyError, TypeError, ValueError) as error:
            message = f"{kind}: the field {field.key!r} is missing or wrong"
            raise DamageError(message) from error
    return RECORDS[kind](**cast("dict[str, Any]", values))


def field_shapes(record: type[Record | Moment]) -> tuple[FieldShape, ...]:
    """List the fields of a record type, or of ``Moment``, in their order."""
    return _FIELDS[record]


def _fields_of(record: type[object]) -> tuple[FieldShape, ...]:
    return tuple(
        FieldShape(
            field.name,
            field.name + _UNITS.get(field.name, ""),
            _shape_of(field.type),
            field.default is not MISSING,
        )
        for field in fields(cast("Any", record))
    )


def _shape_of(annotation: object) -> Shape:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Shape({"enum": [member.value for member in annotation]}, lambda member: member.value, annotation)
    return _SHAPES[annotation]


def _the(wanted: type) -> Callable[[object], object]:
    """Accept values of exactly one type: True is no whole number here."""

    def decode(value: object) -> object:
        if type(value) is not wanted:
            message = f"not {wanted.__name__}"
            raise TypeError(message)
        return value

    return decode


def _same(value: Json) -> Json:
    return value


def _or_null(shape: Shape) -> Shape:
    return Shape(
        {"anyOf": [shape.schema, {"type": "null"}]},
        lambda value: None if value is None else shape.encode(value),
        lambda value: None if value is None else shape.decode(value),
    )


def _encode_moment(moment: Moment) -> Json:
    return {field.key: field.shape.encode(getattr(moment, field.name)) for field in field_shapes(Moment)}


def _decode_moment(value: Mapping[str, Json]) -> Moment:
    read = {field.name: field.shape.decode(value[field.key]) for field in field_shapes(Moment)}
    return Moment(**cast("dict[str, Any]", read))


def _decode_texts(value: object) -> tuple[object, ...]:
    if not isinstance(value, list):
        message = "not a list"
        raise TypeError(message)
    return tuple(_TEXT.decode(text) for text in value)


_UNITS: Final = {"monotonic": "_ns", "planned": "_ms", "actual": "_ms", "position": "_ms"}
_TEXT: Final = Shape({"type": "string"}, _same, _the(str))
_WHOLE: Final = Shape({"type": "integer"}, _same, _the(int))
_TRUTH: Final = Shape({"type": "boolean"}, _same, _the(bool))
_TEXTS: Final = Shape({"type": "array", "items": {"type": "string"}}, list, _decode_texts)
_MOMENT: Final = Shape({"$ref": "#/$defs/moment"}, _encode_moment, _decode_moment)
_SHAPES: Final[Mapping[object, Shape]] = {
    str: _TEXT,
    int: _WHOLE,
    MonotonicNs: _WHOLE,
    Moment: _MOMENT,
    tuple[str, ...]: _TEXTS,
    str | None: _or_null(_TEXT),
    int | None: _or_null(_WHOLE),
    bool | None: _or_null(_TRUTH),
    DurationMs | None: _or_null(_WHOLE),
    Moment | None: _or_null(_MOMENT),
}
_FIELDS: Final[Mapping[type[object], tuple[FieldShape, ...]]] = {
    record: _fields_of(record) for record in (Moment, *RECORDS.values())
}
