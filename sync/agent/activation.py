"""Releases on the kiosk: written whole beside the one that plays, then named by ``active`` in one atomic swap.

Whatever moment the machine dies at, ``active`` names the old release or the new one, and what it names is whole: the
folder of a release and every file of it are on the disk before ``active`` is replaced.
"""

import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from playlists.errors import ContentError
from playlists.release import (
    Active,
    MediaFile,
    Release,
    digest_of,
    read_active,
    read_release,
    read_released_playlist,
    write_active,
)
from playlists.screen_file import read_screen
from sync.agent.agent_folder import AgentFolder
from sync.agent.download import Wanted
from sync.agent.media_store import MediaStore
from sync.durable import PART, make_folder, sync_folder, write_durably
from sync.publication import pieces_of
from sync.refusals import RefusalError

RELEASE_FILE: Final = "release.json"
MOST_BYTES: Final = 64 << 20
"""Of a release file or a document: the player reads no longer ones."""


def documents_of(release: Release) -> tuple[MediaFile, ...]:
    """The files that lie beside ``release.json``: playlist and screen."""
    return (release.playlist,) if release.screen is None else (release.playlist, release.screen)


def files_of(release: Release) -> tuple[Wanted, ...]:
    """Everything a release needs, each file once, documents first. Raises ``ContentError``."""
    named = (*documents_of(release), *release.media)
    files = {file.sha256: file for file in named}
    if any(file.length != files[file.sha256].length for file in named):
        message = "one file of the release has two lengths"
        raise ContentError(message)
    return tuple(Wanted(file.sha256, file.length, pieces_of(file), file.source) for file in files.values())


def unusable(release: Release, documents: Sequence[bytes]) -> str | None:
    """Why the player could not read a release, None where it can. ``documents`` as ``documents_of`` orders them."""
    named = documents_of(release)
    names = {RELEASE_FILE, *(file.source for file in named)}
    if len(names) != len(named) + 1:
        return "two files of the release have one name"
    if any(name.endswith(PART) for name in names):
        return f"a file of the release is named like one half written ({PART})"
    try:
        read_released_playlist(documents[0], release)
        if release.screen is not None:
            read_screen(documents[1])
    except ContentError as error:
        return str(error)
    return None


class Releases:
    """The releases in the agent's folder and the name of the active one. Every method raises ``OSError``."""

    def __init__(self, folder: AgentFolder, store: MediaStore) -> None:
        self._folder = folder
        self._store = store

    @property
    def active(self) -> Active | None:
        """Which release is to be shown; None where none is, or where the name cannot be read."""
        try:
            return read_active(self._folder.active.read_bytes())
        except (FileNotFoundError, ContentError):
            return None

    def read(self, active: Active) -> Release | None:
        """A release that lies here; None where its ``release.json`` is missing or not the one that is meant."""
        path = self._folder.release(active.sequence) / RELEASE_FILE
        try:
            content = path.read_bytes()
            return read_release(content) if digest_of(content) == active.sha256 else None
        except (FileNotFoundError, NotADirectoryError, ContentError):
            return None

    def place(self, content: bytes) -> Active:
        """Write a release beside the others, from its ``release.json``; every file of it must be in the store.

        Raises ``RefusalError``: ``missing`` where a file is not there, ``unusable`` where the player could not read it.
        """
        release = _read(content)
        for wanted in files_of(release):
            if not self._store.has(wanted.sha256, wanted.length):
                raise RefusalError("missing", name=wanted.source_name)
        documents = [self._document(file) for file in documents_of(release)]
        reason = unusable(release, documents)
        if reason is not None:
            raise RefusalError("unusable", sequence=release.sequence, why=reason)
        home = self._folder.release(release.sequence)
        make_folder(home)
        for file, document in zip(documents_of(release), documents, strict=True):
            _write_once(home / file.source, document)
        _write_once(home / RELEASE_FILE, content)
        # What a killed agent left is seen, and yet a power cut may take it: every name is made to last once more.
        for folder in (home, home.parent, self._store.media):
            sync_folder(folder)
        return Active(release.sequence, digest_of(content))

    def activate(self, active: Active) -> None:
        """The swap: from here on the player shows this release."""
        write_durably(self._folder.active, write_active(active))

    def is_whole(self, active: Active) -> bool:
        """Whether everything a release names is there; documents are read, media are looked at."""
        release = self.read(active)
        if release is None:
            return False
        home = self._folder.release(active.sequence)
        return all(_is_content_of(home / file.source, file) for file in documents_of(release)) and all(
            self._store.has(file.sha256, file.length) for file in release.media
        )

    def mend(self, active: Active) -> bool:
        """Write the documents of a release anew where one is spoiled and the store has it; whether it is whole then."""
        release = self.read(active)
        if release is None:
            return False
        home = self._folder.release(active.sequence)
        for file in documents_of(release):
            if not _is_content_of(home / file.source, file) and self._store.has(file.sha256, file.length):
                write_durably(home / file.source, self._document(file))
        return self.is_whole(active)

    def keep_only(self, kept: Collection[Active]) -> None:
        """Remove the folders of all other releases."""
        names = {str(active.sequence) for active in kept}
        others = [path for path in _children(self._folder.releases) if path.name not in names]
        for path in others:
            # The name goes first: a folder that is half removed is nobody's release.
            (path / RELEASE_FILE).unlink(missing_ok=True)
            shutil.rmtree(path)
        if others:
            sync_folder(self._folder.releases)

    def digests(self, kept: Collection[Active]) -> set[str]:
        """The digests of all files that these releases name."""
        found = [release for active in kept if (release := self.read(active)) is not None]
        return {file.sha256 for release in found for file in (*documents_of(release), *release.media)}

    def _document(self, file: MediaFile) -> bytes:
        """A document out of the store, by its digest. Raises ``RefusalError``; a spoiled one is fetched anew."""
        content = self._store.path(file.sha256).read_bytes()
        if digest_of(content) != file.sha256:
            self._store.remove(file.sha256)
            raise RefusalError("wrong-digest", name=file.source)
        return content


def _read(content: bytes) -> Release:
    try:
        release = read_release(content)
        files_of(release)
    except ContentError as error:
        raise RefusalError("malformed", name=RELEASE_FILE) from error
    return release


def _write_once(path: Path, content: bytes) -> None:
    """Write a file where it is not there already: what an active release names is not touched."""
    try:
        if path.read_bytes() == content:
            return
    except FileNotFoundError:
        pass
    write_durably(path, content)


def _is_content_of(path: Path, file: MediaFile) -> bool:
    try:
        return digest_of(path.read_bytes()) == file.sha256
    except OSError:
        return False


def _children(folder: Path) -> Iterator[Path]:
    try:
        return iter(sorted(folder.iterdir()))
    except FileNotFoundError:
        return iter(())
