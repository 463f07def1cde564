"""What the media files of a playlist are like, told from the files themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from playlists.bulletin import Bulletin
from playlists.cli_files import digest
from playlists.fields import UNKNOWN_LANGUAGE
from playlists.findings import Finding, finding
from playlists.media import Flaw, MediaError, MediaFacts, VideoFacts
from playlists.picture_turn import lies_on_its_side
from playlists.playlist import Item, ItemKind, PictureSize
from playlists.probe import probe, probe_picture
from playlists.timing import DurationMs

LENGTH_TOLERANCE_MS: Final = 100
"""By how much a length on record may differ: those who wrote it may have rounded otherwise."""
_NS_PER_MS: Final = 1_000_000
_UPRIGHT: Final = (0, 180)

Place = tuple[str | int, ...]
Look = Callable[[Path, "Medium"], "FileFacts"]
"""Looks into a file; raises ``MediaError`` where it cannot be played as such."""


class Medium(StrEnum):
    """What a file is to be played as."""

    CLIP = "clip"
    STILL = "still"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is like: its length, its picture as it is shown, the languages of its sound tracks."""

    length: DurationMs | None
    picture: PictureSize | None
    sound: tuple[str, ...] = ()


def look_into(path: Path, medium: Medium) -> FileFacts:
    """Look into a file.

    :raises MediaError: it cannot be played as such.
    """
    try:
        with path.open("rb") as file:
            return file_facts(file, medium)
    except OSError as error:
        raise MediaError(Flaw.UNREADABLE) from error


def file_facts(file: BinaryIO, medium: Medium) -> FileFacts:
    """Look into an open file, which is left at an arbitrary place.

    :raises MediaError: it cannot be played as such.
    """
    if medium is Medium.STILL:
        still = probe_picture(file)
        sides = (still.height, still.width) if lies_on_its_side(file) else (still.width, still.height)
        return FileFacts(None, PictureSize(*sides))
    facts = probe(file)
    tracks = tuple(track.language or UNKNOWN_LANGUAGE for track in facts.audio)
    if medium is Medium.SOUND:
        if not facts.audio:
            raise MediaError(Flaw.NO_SOUND)
        return FileFacts(_milliseconds(_end_of_all(facts)), None, tracks)
    if facts.video is None:
        raise MediaError(Flaw.NO_PICTURE)
    return FileFacts(_milliseconds(facts.video.end_ns), _shown_size(facts.video), tracks)


def medium_of(item: Item) -> Medium:
    """Tell what the file of an item that is no bulletin is to be played as."""
    return Medium.CLIP if item.kind is ItemKind.CLIP else Medium.STILL


def wrong_with_files(item: Item, folder: Path, place: Place, look: Look = look_into) -> Iterator[Finding]:
    """Find what is wrong with the files an item names, and what the item says of them.

    :param look: looks into one file, here or in a process of its own.
    """
    if item.bulletin is not None:
        yield from _wrong_with_bulletin(item, item.bulletin, (*place, "bulletin"), folder, look)
    else:
        own = _File(item.source, medium_of(item), (*place, "source"), item.sha256, (*place, "sha256"))
        yield from _wrong_with_file(own, item, place, folder, look)
    for number, caption in enumerate(item.captions):
        if not (folder / caption.source).is_file():
            yield finding((*place, "captions", number, "source"), "no-file", source=caption.source)


@dataclass(frozen=True, slots=True)
class _File:
    source: str
    medium: Medium
    place: Place
    sha256: str | None
    digest_place: Place


def _wrong_with_bulletin(item: Item, bulletin: Bulletin, at: Place, folder: Path, look: Look) -> Iterator[Finding]:
    for source, sha256, name, medium in (
        (bulletin.picture, bulletin.picture_sha256, "picture", Medium.STILL),
        (bulletin.sound, bulletin.sound_sha256, "sound", Medium.SOUND),
    ):
        if source is not None:
            file = _File(source, medium, (*at, name), sha256, (*at, f"{name}_sha256"))
            yield from _wrong_with_file(file, item, at[:-1], folder, look)


def _wrong_with_file(file: _File, item: Item, place: Place, folder: Path, look: Look) -> Iterator[Finding]:
    path = folder / file.source
    if not path.is_file():
        yield finding(file.place, "no-file", source=file.source)
        return
    try:
        facts = look(path, file.medium)
    except MediaError as error:
        yield finding(file.place, "media", vi=error.vi, en=error.en)
        return
    if file.sha256 is not None and digest(path) != file.sha256:
        yield finding(file.digest_place, "wrong-digest")
    if file.source == item.source:
        yield from _wrong_on_record(facts, item, place)


def _wrong_on_record(facts: FileFacts, item: Item, place: Place) -> Iterator[Finding]:
    recorded, found = item.length, facts.length
    if recorded is not None and found is not None and abs(recorded - found) > LENGTH_TOLERANCE_MS:
        yield finding((*place, "length_ms"), "wrong-length", found=found)
    picture = facts.picture
    if item.picture is not None and picture is not None and _pixels(item.picture) != _pixels(picture):
        yield finding((*place, "picture"), "wrong-size", found="{} x {}".format(*_pixels(picture)))
    if item.length is not None and item.sound and len(item.sound) != len(facts.sound):
        yield finding((*place, "sound"), "wrong-tracks", found=len(facts.sound))


def _pixels(size: PictureSize) -> tuple[int, int]:
    return size.width, size.height


def _end_of_all(facts: MediaFacts) -> int:
    ends = [track.end_ns for track in facts.audio]
    return max([*ends, facts.video.end_ns] if facts.video is not None else ends)


def _milliseconds(nanoseconds: int) -> DurationMs:
    """Round up: a length says where to cut at the earliest, and that must not be before the end."""
    return DurationMs(-(-nanoseconds // _NS_PER_MS))


def _shown_size(video: VideoFacts) -> PictureSize:
    width = max(1, round(video.width * video.sar_num / video.sar_den))
    return PictureSize(width, video.height) if video.rotation in _UPRIGHT else PictureSize(video.height, width)
