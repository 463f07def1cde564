"""What a player says of itself: the status file, ``player/status.json`` in a kiosk's state folder, format version 1.

The player writes it, the agent carries it to the centre, the maintenance page reads it out. It tells what is on the
screen and whether somebody has to come; what was shown is the play log's affair.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final, cast

from playlists.errors import DamageError
from playlists.proof import Display

FORMAT_VERSION: Final = 1
FILE_NAME: Final = "status.json"
MOST_FAULTS: Final = 20


class Showing(StrEnum):
    """What is on the screen."""

    STARTING = "starting"
    ITEM = "item"
    SLATE = "slate"
    """Nothing can be played: the slate stands."""
    CLOSED = "closed"
    """Outside opening hours, the display is off on purpose."""
    MAINTENANCE = "maintenance"
    """A technician looks at the maintenance page."""
    LEFT = "left"
    """The player has ended in good order."""


@dataclass(frozen=True, slots=True)
class Playing:
    """The play on the screen; ``since`` is UTC with an explicit offset."""

    play: str
    item: str
    title: str
    since: str
    slot: str | None = None
    playlist: str | None = None


@dataclass(frozen=True, slots=True)
class FaultNote:
    """Something that went wrong: when (UTC with offset), a stable word, what is known, and the item if it was one."""

    at: str
    code: str
    detail: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The whole file; counts are since ``started``, the faults the last ones, the newest first.

    ``plugged`` is False where no screen is connected, None where the machine cannot tell. ``clock_trusted`` likewise.
    ``volume`` is in force now, 0 to 100. ``release`` is the release that plays, None where a plain folder does.
    """

    at: str
    screen: str
    software: str
    started: str
    showing: Showing
    since: str
    playing: Playing | None = None
    plays: int = 0
    frames_shown: int = 0
    frames_lost: int = 0
    release: str | None = None
    display: Display = Display.UNKNOWN
    plugged: bool | None = None
    clock_trusted: bool | None = None
    volume: int = 100
    log_trouble: str | None = None
    faults: tuple[FaultNote, ...] = ()
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    """Fields this version does not know, kept as they were."""


def write_status(status: Status) -> bytes:
    """Write a status as a file: UTF-8, one field a line, always the same bytes for the same value."""
    written: dict[str, object] = {"format": FORMAT_VERSION}
    for name in _names(Status):
        value = getattr(status, name)
        match value:
            case Playing():
                written[name] = _plain(value)
            case tuple():
                written[name] = [_plain(note) for note in value]
            case _:
                written[name] = value
    return f"{json.dumps(written | status.extra, ensure_ascii=False, indent=2)}\n".encode()


def read_status(content: bytes) -> Status:
    """Read a status file.

    Raises:
        DamageError: it is none, or one of another version; the text names the first field that is wrong.

    """
    found = _object(_json(content), "the file")
    if found.get("format") != FORMAT_VERSION:
        msg = f"status: format is {found.get('format')!r}, and only {FORMAT_VERSION} is known"
        raise DamageError(msg)
    known = {**found, "extra": {key: found[key] for key in found if key not in {*_names(Status), "format"}}}
    known["faults"] = tuple(_read(FaultNote, note) for note in _list(found.get("faults", [])))
    if found.get("playing") is not None:
        known["playing"] = _read(Playing, found["playing"])
    return cast("Status", _read(Status, known))


def status_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of the file; ``playlists/status-file.schema.json`` is its published copy."""
    whole = _schema_of(Status)
    properties = cast("dict[str, object]", whole["properties"])
    properties["playing"] = {"anyOf": [{"$ref": "#/$defs/playing"}, {"type": "null"}]}
    properties["faults"] = {"type": "array", "items": {"$ref": "#/$defs/fault"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Status of a signage player, format version 1",
        "type": "object",
        "required": ["format", *cast("list[str]", whole["required"])],
        "properties": {"format": {"const": FORMAT_VERSION}, **properties},
        "$defs": {"playing": _schema_of(Playing), "fault": _schema_of(FaultNote)},
    }


def _schema_of(kind: type[Any]) -> dict[str, object]:
    return {
        "type": "object",
        "required": [part.name for part in fields(kind) if part.name in _REQUIRED[kind]],
        "properties": {name: dict(_SHAPES[_TYPES[kind][name]]) for name in _names(kind)},
    }


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        msg = "status: the file is not JSON"
        raise DamageError(msg) from error


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        msg = f"status: {where} is no object"
        raise DamageError(msg)
    return cast("Mapping[str, object]", value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        msg = "status: faults is no list"
        raise DamageError(msg)
    return cast("list[object]", value)


def _read(kind: type[Any], value: object) -> object:
    """A value of ``kind`` out of a JSON object; what is not there takes its default."""
    given = _object(value, kind.__name__.lower())
    values: dict[str, object] = {}
    for part in fields(kind):
        if part.name not in given:
            if part.name in _REQUIRED[kind]:
                msg = f"status: {part.name} is missing"
                raise DamageError(msg)
            continue
        values[part.name] = _checked(part.name, _TYPES[kind].get(part.name), given[part.name])
    return kind(**values)


def _checked(name: str, wanted: object, value: object) -> object:
    try:
        match wanted:
            case type() if issubclass(wanted, StrEnum):
                return wanted(cast("str", value))
            case _:
                allowed = _ALLOWED.get(wanted)
    except ValueError as error:
        msg = f"status: {name} is {value!r}"
        raise DamageError(msg) from error
    if allowed is not None and type(value) not in allowed:
        msg = f"status: {name} is {value!r}"
        raise DamageError(msg)
    return value


def _names(kind: type[Any]) -> list[str]:
    return [part.name for part in fields(kind) if part.name != "extra"]


def _plain(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in _names(type(value))}


_NONE: Final = type(None)
_ALLOWED: Final[Mapping[object, tuple[type, ...]]] = {
    str: (str,),
    int: (int,),
    str | None: (str, _NONE),
    bool | None: (bool, _NONE),
}
_SHAPES: Final[Mapping[object, Mapping[str, object]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    str | None: {"anyOf": [{"type": "string"}, {"type": "null"}]},
    bool | None: {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
    Display: {"enum": [member.value for member in Display]},
    Showing: {"enum": [member.value for member in Showing]},
    Playing | None: {},
    tuple[FaultNote, ...]: {},
}
_TYPES: Final = {kind: {part.name: part.type for part in fields(kind)} for kind in (Status, Playing, FaultNote)}
_REQUIRED: Final = {
    Status: {"at", "screen", "software", "started", "showing", "since"},
    Playing: {"play", "item", "title", "since"},
    FaultNote: {"at", "code", "detail"},
}
