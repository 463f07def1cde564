"""Playlist files, format version 1: JSON bytes in and a value out, or everything that is wrong with them; and back.

``playlists/playlist-file.schema.json`` is the published schema; a test keeps it equal to :func:`file_schema`. Fields
that are not known are kept in ``extra`` at every level and written again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from playlists.findings import Finding, PlaylistFileError, finding
from playlists.folder_items import kind_of
from playlists.playlist import CaptionFile, Item, ItemKind, Playlist, Slot
from playlists.playlist_model import FORMAT_VERSION, CaptionFields, ItemFields, PlaylistFields, SlotFields
from playlists.timing import DurationMs

SUFFIX: Final = ".playlist.json"

# pydantic's words for what we say in both languages.
_CODES: Final = {
    "missing": "missing",
    "string_type": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "list_type": "list",
    "model_type": "not-object",
    "literal_error": "kind",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-great",
    "string_pattern_mismatch": "digest",
    "too_short": "too-short",
    "string_too_short": "too-short",
    "too_long": "too-long",
    "string_too_long": "too-long",
    **{code: code for code in ("text", "language", "repeated-language", "path", "caption-kind")},
}
_LIMITS: Final = ("ge", "le", "max_length")


class _DuplicateKeyError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_playlist(content: bytes) -> Playlist:
    """Read a playlist file.

    :param content: the whole file; a byte order mark before it is tolerated.
    :raises PlaylistFileError: with all that is wrong, not only the first thing.
    """
    fields = _parsed(content)
    findings = list(_contradictions(fields))
    if findings:
        raise PlaylistFileError(findings)
    return _value(fields, sha256(content).hexdigest())


def write_playlist(playlist: Playlist) -> bytes:
    """Write a playlist as a file: UTF-8, one field a line, always the same bytes for the same value.

    ``slots`` is left out where every item has one slot of its own name.
    """
    items = list({slot.item.id: slot.item for slot in playlist.slots}.values())
    fields: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "id": playlist.id,
        "title": playlist.title,
        "items": [_item_fields(item) for item in items],
    }
    plain = len(items) == len(playlist.slots) and all(s.id == s.item.id and not s.extra for s in playlist.slots)
    if not plain:
        fields["slots"] = [{"id": slot.id, "item": slot.item.id, **slot.extra} for slot in playlist.slots]
    text = json.dumps(fields | playlist.extra, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def file_schema() -> dict[str, object]:
    """Describe a playlist file as JSON Schema (2020-12)."""
    schema = PlaylistFields.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Playlist file, version 1"}


def _parsed(content: bytes) -> PlaylistFields:
    document = _json(content)
    if not isinstance(document, dict):
        raise PlaylistFileError([finding((), "not-object")])
    version = document.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool | float):
        # Nothing else can be said of a format that is not known.
        raise PlaylistFileError([finding(("format_version",), "format-version")])
    try:
        return PlaylistFields.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise PlaylistFileError([_translated(detail) for detail in details]) from error


def _json(content: bytes) -> object:
    try:
        text = content.decode("utf-8-sig")
        parsed: object = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
        # What could not be written again is refused at once: 1e999, half a surrogate pair.
        json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeDecodeError:
        raise PlaylistFileError([finding((), "not-utf-8")]) from None
    except json.JSONDecodeError as error:
        raise PlaylistFileError([finding((), "not-json", line=error.lineno, column=error.colno)]) from None
    except RecursionError:
        raise PlaylistFileError([finding((), "too-deep")]) from None
    except _DuplicateKeyError as error:
        raise PlaylistFileError([finding((), "duplicate-key", key=error.key)]) from None
    except ValueError:
        # NaN, Infinity, or a number of thousands of digits.
        raise PlaylistFileError([finding((), "not-json-value")]) from None
    return parsed


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    unique: dict[str, object] = {}
    for key, value in pairs:
        if key in unique:
            raise _DuplicateKeyError(key)
        unique[key] = value
    return unique


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _translated(detail: ErrorDetails) -> Finding:
    values: Mapping[str, object] = detail.get("ctx", {})
    limit = next((values[name] for name in _LIMITS if name in values), "")
    return finding(detail["loc"], _CODES.get(detail["type"], "other"), limit=limit, tag=values.get("tag", ""))


def _contradictions(fields: PlaylistFields) -> Iterator[Finding]:
    """Find what each field on its own cannot show."""
    items = [item.id for item in fields.items]
    yield from _repeated(items, "items")
    for place, item in enumerate(fields.items):
        yield from _contradictions_within(item, place)
    slots, known = fields.slots or [], set(items)
    yield from _repeated([slot.id for slot in slots], "slots")
    for place, slot in enumerate(slots):
        if slot.item not in known:
            yield finding(("slots", place, "item"), "unknown-item", id=slot.item)


def _contradictions_within(item: ItemFields, place: int) -> Iterator[Finding]:
    by_suffix = kind_of(item.source.rpartition("/")[2])
    if by_suffix is not None and (by_suffix is ItemKind.CLIP) != (ItemKind(item.kind) is ItemKind.CLIP):
        yield finding(("items", place, "source"), "kind-mismatch", kind=item.kind)
    tags = [caption.language for caption in item.captions]
    for number, tag in enumerate(tags):
        if tag in tags[:number]:
            yield finding(("items", place, "captions", number, "language"), "repeated-language", tag=tag)


def _repeated(ids: Sequence[str], table: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, name in enumerate(ids):
        if name in seen:
            yield finding((table, place, "id"), "repeated-id", id=name)
        seen.add(name)


def _value(fields: PlaylistFields, digest: str) -> Playlist:
    items = {item.id: _item(item) for item in fields.items}
    slots = fields.slots
    if slots is None:
        slots = [SlotFields(id=name, item=name) for name in items]
    return Playlist(
        id=fields.id,
        title=fields.title,
        slots=tuple(Slot(slot.id, items[slot.item], _extra(slot)) for slot in slots),
        digest=digest,
        extra=_extra(fields),
    )


def _item(fields: ItemFields) -> Item:
    return Item(
        id=fields.id,
        source=fields.source,
        kind=ItemKind(fields.kind),
        title=fields.title,
        languages=tuple(fields.languages),
        sound=tuple(fields.sound),
        captions=tuple(_caption(caption) for caption in fields.captions),
        duration=None if fields.duration_ms is None else DurationMs(fields.duration_ms),
        sha256=fields.sha256,
        extra=_extra(fields),
    )


def _caption(fields: CaptionFields) -> CaptionFile:
    return CaptionFile(fields.language, fields.source, _extra(fields))


def _extra(fields: BaseModel) -> dict[str, object]:
    return dict(fields.model_extra or {})


def _item_fields(item: Item) -> dict[str, object]:
    """What is empty or unknown is not written."""
    captions = [{"language": file.language, "source": file.source, **file.extra} for file in item.captions]
    fields = {
        "id": item.id,
        "kind": item.kind.value,
        "source": item.source,
        "title": item.title,
        "languages": list(item.languages),
        "sound": list(item.sound),
        "captions": captions,
        "duration_ms": item.duration,
        "sha256": item.sha256,
    }
    return {name: value for name, value in fields.items() if value not in ([], None)} | item.extra
