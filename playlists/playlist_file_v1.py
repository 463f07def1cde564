"""Playlist files, format version 1: a list of clips, pictures and pages, to be played as written."""

from collections.abc import Iterator, Mapping

from playlists.findings import Finding, PlaylistFileError, finding
from playlists.folder_items import kind_of
from playlists.json_document import read_fields, repeated, told, unknown
from playlists.playlist import CaptionFile, Item, ItemKind, Playlist, Slot
from playlists.playlist_model import FORMAT_VERSION, CaptionFields, ItemFields, PlaylistFields, SlotFields
from playlists.timing import DurationMs


def read_listed(document: Mapping[str, object], digest: str) -> Playlist:
    """Make a playlist of a document of version 1.

    :raises PlaylistFileError: with all that is wrong.
    """
    fields = read_fields(PlaylistFields, document, PlaylistFileError)
    findings = list(_contradictions(fields))
    if findings:
        raise PlaylistFileError(findings)
    return _value(fields, digest)


def listed_document(playlist: Playlist) -> dict[str, object]:
    """Make a document of version 1.

    :raises ValueError: the playlist holds what version 1 has no place for.
    """
    if playlist != _as_version_1(playlist):
        message = "only a planned playlist has timetables, papers, bulletins, a ticker and the like"
        raise ValueError(message)
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
    return fields | playlist.extra


def _contradictions(fields: PlaylistFields) -> Iterator[Finding]:
    """Find what each field on its own cannot show."""
    items = [item.id for item in fields.items]
    yield from repeated(items, "items")
    for place, item in enumerate(fields.items):
        yield from suffix_mismatch(item.source, item.kind, place)
        yield from repeated_captions(item, place)
    slots, known = fields.slots or [], set(items)
    yield from repeated([slot.id for slot in slots], "slots")
    for place, slot in enumerate(slots):
        if slot.item not in known:
            yield finding(("slots", place, "item"), "unknown-item", id=slot.item)


def suffix_mismatch(source: str, kind: str, place: int) -> Iterator[Finding]:
    """Find a clip under a picture's name and a picture under a clip's."""
    by_suffix = kind_of(source.rpartition("/")[2])
    if by_suffix is not None and (by_suffix is ItemKind.CLIP) != (ItemKind(kind) is ItemKind.CLIP):
        yield finding(("items", place, "source"), "kind-mismatch", kind=kind)


def repeated_captions(item: ItemFields, place: int) -> Iterator[Finding]:
    """Find two caption files of one language."""
    tags = [caption.language for caption in item.captions]
    for number, tag in enumerate(tags):
        if tag in tags[:number]:
            yield finding(("items", place, "captions", number, "language"), "repeated-language", tag=tag)


def _value(fields: PlaylistFields, digest: str) -> Playlist:
    items = {item.id: item_value(item) for item in fields.items}
    slots = fields.slots
    if slots is None:
        slots = [SlotFields(id=name, item=name) for name in items]
    return Playlist(
        id=fields.id,
        title=fields.title,
        slots=tuple(Slot(slot.id, items[slot.item], unknown(slot)) for slot in slots),
        digest=digest,
        extra=unknown(fields),
    )


def item_value(fields: ItemFields) -> Item:
    """Make a value of an item; a source it may be without is empty."""
    return Item(
        id=fields.id,
        source=fields.source or "",
        kind=ItemKind(fields.kind),
        title=fields.title,
        languages=tuple(fields.languages),
        sound=tuple(fields.sound),
        captions=caption_files(fields.captions),
        duration=duration(fields.duration_ms),
        sha256=fields.sha256,
        extra=unknown(fields),
    )


def caption_files(fields: list[CaptionFields]) -> tuple[CaptionFile, ...]:
    """Make values of caption files."""
    return tuple(CaptionFile(one.language, one.source, unknown(one)) for one in fields)


def duration(milliseconds: int | None) -> DurationMs | None:
    """Make a value of a length that may be left open."""
    return None if milliseconds is None else DurationMs(milliseconds)


def _as_version_1(playlist: Playlist) -> Playlist:
    """Keep what version 1 has a place for."""
    slots = tuple(Slot(slot.id, _item_of_version_1(slot.item), slot.extra) for slot in playlist.slots)
    return Playlist(playlist.id, playlist.title, slots, playlist.digest, playlist.extra)


def _item_of_version_1(item: Item) -> Item:
    return Item(
        id=item.id,
        source=item.source,
        kind=item.kind if item.kind is not ItemKind.BULLETIN else ItemKind.PAGE,
        title=item.title,
        languages=item.languages,
        sound=item.sound,
        captions=item.captions,
        duration=item.duration,
        sha256=item.sha256,
        extra=item.extra,
    )


def _item_fields(item: Item) -> dict[str, object]:
    return told(described(item), {}) | item.extra


def described(item: Item) -> dict[str, object]:
    """Name the fields of an item that both versions have, in their order."""
    return {
        "id": item.id,
        "kind": item.kind.value,
        "source": item.source,
        "title": item.title,
        "languages": list(item.languages),
        "sound": list(item.sound),
        "captions": [{"language": file.language, "source": file.source, **file.extra} for file in item.captions],
        "duration_ms": item.duration,
        "sha256": item.sha256,
    }
