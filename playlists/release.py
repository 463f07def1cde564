"""The agent's half of a kiosk's state folder as values: a release, what is active, urgent, withdrawn, acknowledged.

Bytes in, a value or everything that is wrong out. Signatures are the agent's business and end there: what lies in the
folder was trusted before it came. Media are named by the digest of their content, so a file is never another one.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, TypeVar

from pydantic import BaseModel

from playlists.bulletin import Bulletin
from playlists.findings import Finding, ReleaseFileError, finding
from playlists.json_document import read_fields, read_object, read_version, told, unknown, written
from playlists.playlist import Item, Playlist, Slot
from playlists.playlist_file import read_playlist, write_playlist
from playlists.release_model import (
    FORMAT_VERSION,
    AcknowledgedFields,
    ActiveFields,
    DocumentFields,
    MediaFields,
    ReleaseFields,
    UrgentFields,
    WithdrawnFields,
)
from playlists.schedule import Precedence

_VERSIONS: Final = (FORMAT_VERSION,)
_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of a release: what the playlist calls it, the digest of its content, its length in bytes."""

    source: str
    sha256: str
    length: int
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Release:
    """One publication for one screen. ``slate`` is the source of the gate's own slate."""

    sequence: int
    playlist: MediaFile
    media: tuple[MediaFile, ...] = ()
    screen: MediaFile | None = None
    slate: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Active:
    """Which release is to be shown; ``sha256`` is that of its ``release.json``."""

    sequence: int
    sha256: str
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class UrgentBulletin:
    """One urgent bulletin: its only slot, its items' digests filled in, and its media."""

    id: str
    slot: Slot
    media: tuple[MediaFile, ...] = ()
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What must not be on the screen: items by id, and items by the digest of their content."""

    items: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()

    def covers(self, item: Item) -> bool:
        """Whether an item is withdrawn, by its own name or by any file it shows."""
        return item.id in self.items or not self.digests.isdisjoint(digests_of(item))


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Up to which row, of which epoch, the centre has the play log."""

    epoch: str
    sequence: int


def digests_of(item: Item) -> tuple[str, ...]:
    """The digests of the files an item shows, as far as they are known."""
    bulletin = item.bulletin
    found = [item.sha256] if bulletin is None else [item.sha256, bulletin.picture_sha256, bulletin.sound_sha256]
    return tuple(dict.fromkeys(digest for digest in found if digest is not None))


def sources_of(item: Item) -> tuple[str, ...]:
    """The files an item names: its own, its bulletin's, its captions."""
    bulletin = item.bulletin
    found = [item.source] if bulletin is None else [item.source, bulletin.picture, bulletin.sound]
    return tuple(dict.fromkeys(source for source in (*found, *(file.source for file in item.captions)) if source))


def read_release(content: bytes) -> Release:
    """Read ``release.json``. Raises ``ReleaseFileError`` with all that is wrong."""
    fields = _read(content, ReleaseFields)
    media = tuple(_media(entry) for entry in fields.media)
    findings = list(_repeated(media))
    if fields.slate is not None and fields.slate not in {file.source for file in media}:
        findings.append(finding(("slate",), "unlisted-media", source=fields.slate))
    if findings:
        raise ReleaseFileError(findings)
    screen = None if fields.screen is None else _document(fields.screen)
    return Release(fields.sequence, _document(fields.playlist), media, screen, fields.slate, unknown(fields))


def write_release(release: Release) -> bytes:
    """Write ``release.json``; always the same bytes for the same value."""
    known = {
        "format_version": FORMAT_VERSION,
        "sequence": release.sequence,
        "playlist": _written_document(release.playlist),
        "screen": None if release.screen is None else _written_document(release.screen),
        "slate": release.slate,
        "media": [_written_media(file) for file in release.media],
    }
    return written(told(known, release.extra))


def read_released_playlist(content: bytes, release: Release) -> Playlist:
    """Read the playlist of a release; every item gets the digests of its files.

    Raises ``PlaylistFileError`` for the file itself, ``ReleaseFileError`` where a file is not among the media.
    """
    playlist = read_playlist(content)
    return _filled_in(playlist, release.media)


def read_active(content: bytes) -> Active:
    """Read ``active``. Raises ``ReleaseFileError``."""
    fields = _read(content, ActiveFields)
    return Active(fields.sequence, fields.sha256, unknown(fields))


def write_active(active: Active) -> bytes:
    """Write ``active``."""
    known = {"format_version": FORMAT_VERSION, "sequence": active.sequence, "sha256": active.sha256}
    return written(told(known, active.extra))


def read_urgent(content: bytes) -> UrgentBulletin:
    """Read ``urgent/<id>.json``. Raises ``ReleaseFileError`` or, for the playlist in it, ``PlaylistFileError``."""
    fields = _read(content, UrgentFields)
    media = tuple(_media(entry) for entry in fields.media)
    playlist = _filled_in(read_playlist(json.dumps(fields.playlist, ensure_ascii=False).encode()), media)
    if len(playlist.slots) != 1 or playlist.slots[0].precedence is not Precedence.URGENT:
        raise ReleaseFileError([finding(("playlist", "slots"), "not-one-urgent")])
    bulletin = playlist.slots[0].item.bulletin
    if bulletin is None or bulletin.urgency is None:
        raise ReleaseFileError([finding(("playlist", "items", 0), "no-urgency")])
    return UrgentBulletin(fields.id, playlist.slots[0], media, unknown(fields))


def write_urgent(urgent: UrgentBulletin, title: str) -> bytes:
    """Write ``urgent/<id>.json``, its playlist under the bulletin's own id."""
    playlist = Playlist(urgent.id, title, (urgent.slot,), planned=True)
    known = {
        "format_version": FORMAT_VERSION,
        "id": urgent.id,
        "playlist": json.loads(write_playlist(playlist)),
        "media": [_written_media(file) for file in urgent.media],
    }
    return written(told(known, urgent.extra))


def read_withdrawn(content: bytes) -> Withdrawn:
    """Read ``withdrawn``. Raises ``ReleaseFileError``."""
    fields = _read(content, WithdrawnFields)
    empty = [place for place, entry in enumerate(fields.items) if entry.item is None and entry.sha256 is None]
    if empty:
        raise ReleaseFileError([finding(("items", place), "nothing-withdrawn") for place in empty])
    return Withdrawn(
        frozenset(entry.item for entry in fields.items if entry.item is not None),
        frozenset(entry.sha256 for entry in fields.items if entry.sha256 is not None),
    )


def write_withdrawn(withdrawn: Withdrawn) -> bytes:
    """Write ``withdrawn``."""
    items = [{"item": item} for item in sorted(withdrawn.items)]
    digests = [{"sha256": digest} for digest in sorted(withdrawn.digests)]
    return written({"format_version": FORMAT_VERSION, "items": [*items, *digests]})


def read_acknowledged(content: bytes) -> Acknowledged:
    """Read ``acknowledged``. Raises ``ReleaseFileError``."""
    fields = _read(content, AcknowledgedFields)
    return Acknowledged(fields.epoch, fields.sequence)


def digest_of(content: bytes) -> str:
    """SHA-256 of a file's content."""
    return sha256(content).hexdigest()


def file_schema() -> dict[str, object]:
    """Describe ``release.json`` as JSON Schema (2020-12)."""
    schema = ReleaseFields.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Release file, version 1"}


def _read(content: bytes, model: type[_M]) -> _M:
    document = read_object(content, ReleaseFileError)
    read_version(document, _VERSIONS, ReleaseFileError)
    return read_fields(model, document, ReleaseFileError)


def _media(fields: MediaFields) -> MediaFile:
    return MediaFile(fields.source, fields.sha256, fields.length, unknown(fields))


def _document(fields: DocumentFields) -> MediaFile:
    return MediaFile(fields.file, fields.sha256, fields.length, unknown(fields))


def _written_media(file: MediaFile) -> dict[str, object]:
    return told({"source": file.source, "sha256": file.sha256, "length": file.length}, file.extra)


def _written_document(file: MediaFile) -> dict[str, object]:
    return told({"file": file.source, "sha256": file.sha256, "length": file.length}, file.extra)


def _repeated(media: Sequence[MediaFile]) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, file in enumerate(media):
        if file.source in seen:
            yield finding(("media", place, "source"), "repeated-entry", entry=file.source)
        seen.add(file.source)


def _filled_in(playlist: Playlist, media: Sequence[MediaFile]) -> Playlist:
    """The playlist with every digest known; a file that is not listed, or listed under another digest, is wrong."""
    known = {file.source: file.sha256 for file in media}
    items = {slot.item.id: slot.item for slot in playlist.slots}
    findings = [found for item in items.values() for found in _contradictions(item, known)]
    if findings:
        raise ReleaseFileError(findings)
    filled = {name: _item_filled_in(item, known) for name, item in items.items()}
    return replace(playlist, slots=tuple(replace(slot, item=filled[slot.item.id]) for slot in playlist.slots))


def _contradictions(item: Item, known: Mapping[str, str]) -> Iterator[Finding]:
    for source in sources_of(item):
        if source not in known:
            yield finding(("items", item.id), "unlisted-media", source=source)
    for named, digest in _named_digests(item):
        if digest is not None and known.get(named or "", digest) != digest:
            yield finding(("items", item.id), "wrong-digest")


def _named_digests(item: Item) -> Iterator[tuple[str | None, str | None]]:
    yield item.source, item.sha256
    if item.bulletin is not None:
        yield item.bulletin.picture, item.bulletin.picture_sha256
        yield item.bulletin.sound, item.bulletin.sound_sha256


def _item_filled_in(item: Item, known: Mapping[str, str]) -> Item:
    bulletin = item.bulletin
    return replace(
        item,
        sha256=known.get(item.source),
        bulletin=None if bulletin is None else _bulletin_filled_in(bulletin, known),
    )


def _bulletin_filled_in(bulletin: Bulletin, known: Mapping[str, str]) -> Bulletin:
    return replace(
        bulletin,
        picture_sha256=None if bulletin.picture is None else known[bulletin.picture],
        sound_sha256=None if bulletin.sound is None else known[bulletin.sound],
    )
