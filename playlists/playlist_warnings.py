"""What a playlist can be shown with, and an operator has perhaps not meant."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from playlists.findings import Finding, finding
from playlists.languages import name_vi, serves
from playlists.playlist import Item, ItemKind, Playlist
from playlists.proof import Rendition
from playlists.screen import Screen

_WHOLE: Final = 100 + 1e-6


def playlist_warnings(playlist: Playlist, screen: Screen | None) -> Iterator[Finding]:
    """Find what deserves a second look; nothing of it keeps the playlist from being shown.

    Items have their places in the order of their first slots, which is that of a file that was written by us.
    """
    items = list({slot.item.id: slot.item for slot in playlist.slots}.values())
    if playlist.planned:
        yield from _within_playlist(playlist, items)
    if screen is not None:
        yield from screen_warnings(screen)
        for tag, share in screen.shares.items():
            if not any(serves(tag, language) for item in items for language in (*item.languages, *item.sound)):
                told = f"{share:g}".replace(".", ",")
                yield finding((), "share-without-item", percent=told, tag=tag, language=name_vi(tag))


def screen_warnings(screen: Screen) -> Iterator[Finding]:
    """Find what deserves a second look about a screen."""
    if sum(screen.shares.values()) > _WHOLE:
        yield finding(("shares",), "shares-over-100")


def _within_playlist(playlist: Playlist, items: Sequence[Item]) -> Iterator[Finding]:
    for place, item in enumerate(items):
        if item.length is None and item.duration is None and _is_recorded(item):
            yield finding(("items", place), "unknown-length")
    versions = Counter(item.message for item in items)
    for place, item in enumerate(items):
        if item.message is not None and versions[item.message] == 1:
            yield finding(("items", place, "message"), "lonely-version", message=item.message)
    used = {name for slot in playlist.slots for name in slot.timetable.dayparts}
    for place, part in enumerate(playlist.dayparts):
        if part.id not in used:
            yield finding(("dayparts", place), "unused-daypart")


def _is_recorded(item: Item) -> bool:
    """Whether an item runs by itself, as a clip does."""
    if item.bulletin is not None:
        return item.bulletin.rendition is Rendition.SOUND
    return item.kind is ItemKind.CLIP
