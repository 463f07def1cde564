"""The playlist as a value: what is shown, in which order, in which languages."""

from dataclasses import dataclass, field
from enum import StrEnum

from playlists.timing import DurationMs


class ItemKind(StrEnum):
    """What an item is made of."""

    CLIP = "clip"
    IMAGE = "image"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """A caption file of one language; ``source`` is relative to the playlist's folder."""

    language: str
    source: str
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    """Fields this version does not know, kept as they were; likewise below."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a slot shows.

    ``source`` is a path relative to the playlist's folder and, in a plain folder, also the item's id. ``languages`` are
    those of the picture in reading order, ``sound`` those of the audio tracks in track order (BCP 47). ``duration`` is
    how long an image or page stands, or where a clip is cut short; None takes the clip's own length or the player's
    default for stills. ``sha256`` is the digest the file must have, None where nobody said.
    """

    id: str
    source: str
    kind: ItemKind
    title: str
    languages: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()
    captions: tuple[CaptionFile, ...] = ()
    duration: DurationMs | None = None
    sha256: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the loop and the item it shows."""

    id: str
    item: Item
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Playlist:
    """An ordered loop of slots. ``id`` is empty and ``digest`` None for a plain folder.

    ``digest`` is the sha256 of the playlist file's bytes as they were read.
    """

    id: str
    title: str
    slots: tuple[Slot, ...]
    digest: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)
