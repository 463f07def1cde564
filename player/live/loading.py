"""Loading a release from the disk: everything it names is there, whole and readable, or the reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from player.live.state_folder import StateFolder, read_whole
from playlists import loop
from playlists.errors import ContentError
from playlists.playlist import Playlist
from playlists.release import Active, MediaFile, Release, digest_of, read_release, read_released_playlist
from playlists.screen import Screen
from playlists.screen_file import read_screen

_MOST_BYTES: Final = 64 << 20
_ANY_DAY: Final = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A release in memory. ``digests`` are those of its media by source; ``screen`` is None where it names none."""

    active: Active
    release: Release
    playlist: Playlist
    screen: Screen | None
    digests: Mapping[str, str]


def load_release(folder: StateFolder, active: Active, default: Screen) -> Loaded | str:
    """Read a release; a sentence why it cannot be used. ``default`` is the screen where it names none. For errands."""
    try:
        place = folder.release(active.sequence)
        content = read_whole(place / "release.json", _MOST_BYTES)
        if content is None or digest_of(content) != active.sha256:
            return "release.json is missing or not the one that is active"
        release = read_release(content)
        if release.sequence != active.sequence:
            return "release.json is of another release"
        playlist = read_released_playlist(_document(folder, active, release.playlist), release)
        screen = None if release.screen is None else read_screen(_document(folder, active, release.screen))
        if playlist.planned:
            loop.plan_day(playlist, screen or default, _ANY_DAY)
        missing = _missing(folder, release)
        if missing is not None:
            return missing
    except ContentError as error:
        return str(error)
    return Loaded(active, release, playlist, screen, {file.source: file.sha256 for file in release.media})


def _document(folder: StateFolder, active: Active, file: MediaFile) -> bytes:
    content = read_whole(folder.release(active.sequence) / file.source, _MOST_BYTES)
    if content is None or digest_of(content) != file.sha256:
        message = f"{file.source} is missing or not the one of the release"
        raise ContentError(message)
    return content


def _missing(folder: StateFolder, release: Release) -> str | None:
    for file in release.media:
        try:
            length = folder.media(file.sha256).stat().st_size
        except OSError:
            return f"{file.source} is missing: there is no media/{file.sha256}"
        if length != file.length:
            return f"{file.source} is {length} bytes long, {file.length} were released"
    return None
