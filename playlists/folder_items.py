"""Which files of a plain folder are items, told from their names alone, and in which order they are shown.

A file is an item when its suffix says so: a clip that turns out broken stays an item, so that the player records it as
failed instead of passing it over in silence.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from playlists.captions_beside import caption_files_beside
from playlists.languages import normal_tag
from playlists.natural_order import natural_key
from playlists.playlist import Item, ItemKind, Playlist, Slot

CLIP_SUFFIXES: Final = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".3gp"),
        *(".mkv", ".webm"),
        *(".ts", ".m2ts", ".mts"),
        *(".mpg", ".mpeg", ".vob"),
        *(".avi", ".divx"),
        *(".ogv", ".ogg"),
    }
)
IMAGE_SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif"})
CAPTION_SUFFIXES: Final = frozenset({".srt", ".vtt", ".ass"})
SOUND_SUFFIXES: Final = CLIP_SUFFIXES | {".m4a", ".mka", ".oga", ".opus"}
"""Files a sound bulletin may play; in a folder the sound files among them are no items."""

_NUMBER_PREFIX: Final = re.compile(r"\d+(?:\s*[-_.)]\s*|\s+)(?=\S)")


def kind_of(name: str) -> ItemKind | None:
    """Tell what kind of item a file is by its suffix, in any case; None for hidden files and all others."""
    if name.startswith("."):
        return None
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in CLIP_SUFFIXES:
        return ItemKind.CLIP
    return ItemKind.IMAGE if suffix in IMAGE_SUFFIXES else None


def title_of(name: str) -> str:
    """Make a title of a file name: ``03 - Chào_mừng.mp4`` gives ``Chào mừng``; a name of digits alone stays."""
    stem = unicodedata.normalize("NFC", visible(PurePosixPath(name).stem))
    words = stem.replace("_", " ").strip() or stem
    match = _NUMBER_PREFIX.match(words)
    return words[match.end() :] if match else words


def visible(name: str) -> str:
    r"""Write a name that is no UTF-8 so that it can be kept and shown: the odd bytes as ``\xff``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def folder_items(names: Iterable[str]) -> tuple[Item, ...]:
    """Make items of the file names of a folder, in natural order; what is no item is left out.

    Caption files beside a clip (``NAME.vi.srt``) come with it, all languages there are.
    """
    ordered = sorted(set(names), key=natural_key)
    captions = [name for name in ordered if not name.startswith(".") and _suffix(name) in CAPTION_SUFFIXES]
    tags = sorted({tag for name in captions if (tag := _caption_tag(name))})
    return tuple(
        Item(
            id=visible(name),
            source=name,
            kind=kind,
            title=title_of(name),
            captions=caption_files_beside(name, captions, tags) if kind is ItemKind.CLIP else (),
        )
        for name in ordered
        if (kind := kind_of(name)) is not None
    )


def folder_playlist(title: str, names: Iterable[str]) -> Playlist:
    """Make a playlist of a plain folder: each item in a slot of its own, under the item's id."""
    return Playlist(id="", title=title, slots=tuple(Slot(item.id, item) for item in folder_items(names)))


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _caption_tag(name: str) -> str | None:
    return normal_tag(PurePosixPath(name).stem.rpartition(".")[2])
