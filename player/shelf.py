"""What is on disk: reads the folder or playlist file the player was given, again before every round."""

import os
import stat
from hashlib import sha256
from pathlib import Path

from playlists.errors import ContentError
from playlists.folder_items import CAPTION_SUFFIXES, folder_playlist, kind_of, visible
from playlists.playlist import Playlist

MAX_PLAYLIST_BYTES = 16 * 1024 * 1024


def read_path(path: Path) -> Playlist:
    """Read what PATH names: a plain folder, or a playlist file.

    :raises ContentError: nothing there, nothing to show in it, or a playlist file with errors.
    """
    if path.is_dir():
        return read_folder(path)
    return _read_file(path)


def base_folder(path: Path) -> Path:
    """Return the folder the ``source`` of every item is relative to."""
    return path if path.is_dir() else path.parent


def read_folder(path: Path) -> Playlist:
    """Read a plain folder, followed through symbolic links but not into folders within it.

    :raises ContentError: it is missing, is no folder, cannot be read, or holds nothing to show.
    """
    playlist = folder_playlist(visible(path.resolve().name), _file_names(path))
    if not playlist.slots:
        message = f"Nothing to show in {visible(str(path))}: no clip or picture there."
        raise ContentError(message)
    return playlist


def folder_signature(path: Path) -> str:
    """Digest the names, sizes, times and inodes of the files that matter; it changes whenever one of them does.

    A folder that cannot be read has a signature too, so that its coming back is a change.
    """
    digest = sha256()
    try:
        for name in sorted(filter(_matters, _file_names(path))):
            digest.update(f"{visible(name)}\0{_file_signature(path / name)}\0".encode())
    except ContentError:
        digest.update(b"gone")
    return digest.hexdigest()


def path_signature(path: Path) -> str:
    """Digest what PATH names, folder or playlist file: equal as long as nothing was changed there."""
    return folder_signature(path) if path.is_dir() else _file_signature(path)


def _matters(name: str) -> bool:
    return kind_of(name) is not None or Path(name).suffix.lower() in CAPTION_SUFFIXES


def _file_names(path: Path) -> list[str]:
    """List the regular files, symbolic links to them included; a link that leads nowhere counts, as a broken item."""
    try:
        with os.scandir(path) as entries:
            return [entry.name for entry in entries if _may_be_item(entry)]
    except FileNotFoundError:
        message = f"There is no folder {visible(str(path))}."
        raise ContentError(message) from None
    except OSError as error:
        message = f"The folder {visible(str(path))} cannot be read: {error.strerror}."
        raise ContentError(message) from error


def _may_be_item(entry: os.DirEntry[str]) -> bool:
    try:
        mode = entry.stat().st_mode
    except OSError:
        return entry.is_symlink()
    return stat.S_ISREG(mode)


def _file_signature(path: Path) -> str:
    try:
        seen = path.stat()
    except OSError as error:
        return f"missing {error.errno}"
    return f"{seen.st_dev} {seen.st_ino} {seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns}"


def _read_file(path: Path) -> Playlist:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_PLAYLIST_BYTES + 1)
    except FileNotFoundError:
        message = f"There is no folder or playlist file {visible(str(path))}."
        raise ContentError(message) from None
    except OSError as error:
        message = f"The playlist file {visible(str(path))} cannot be read: {error.strerror}."
        raise ContentError(message) from error
    if len(content) > MAX_PLAYLIST_BYTES:
        message = f"{visible(str(path))} is too large for a playlist file."
        raise ContentError(message)
    # pydantic takes a while to load, and a plain folder does without it.
    from playlists.playlist_file import read_playlist

    return read_playlist(content)
