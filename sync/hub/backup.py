"""Backups: a hub in one tar archive with the digest of every file in it, and a hub brought back from one.

The archive ends with ``digests.json``, so that one cut short is known by its lack. A hub brought back may know less
than screens have seen; unless it is said that nothing was published since, all versions jump ahead and are signed anew
before anything else is published.
"""

import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Final

from sync.durable import PART, sync_folder
from sync.hub.drafts import Draft, Progress, find_draft
from sync.hub.feed_state import highest_version, read_feed
from sync.hub.folder import HubFolder, locked, open_hub, read_counters, write_counters
from sync.hub.founding import come_to_be, refuse_filled
from sync.hub.plan_drafts import write_again
from sync.hub.sentences import HubRefusalError
from sync.hub.witness import adopt_roots, seen_versions
from sync.trust import roles

DIGESTS: Final = "digests.json"
FORMAT_VERSION: Final = 1
AHEAD: Final = 1000
"""By how much versions and sequences jump: more than a hub publishes between two backups."""
_CHUNK: Final = 1 << 20
_SECRET: Final = ("keys/", "hub.sqlite3")


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds: when it was made, whether with media, and the files' digests and lengths by name."""

    made: datetime
    media: bool
    files: dict[str, tuple[str, int]]


def write_backup(hub: HubFolder, path: Path, now: datetime, *, media: bool, progress: Progress | None = None) -> Backup:
    """Write a hub into an archive. Takes the lock. Raises ``HubRefusalError`` where a file of that name is there.

    Without ``media`` the feed's clips and pictures are left out; they come back when their releases are made anew.
    """
    if path.exists():
        raise HubRefusalError(code="backup-exists", name=path)
    part = path.with_name(path.name + PART)
    with locked(hub), part.open("wb") as file:
        files: dict[str, tuple[str, int]] = {}
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, source in backup_files(hub, media=media):
                files[name] = _add(archive, name, source, progress)
            backup = Backup(now, media, files)
            _add_bytes(archive, DIGESTS, _write_digests(backup))
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(path)
    sync_folder(path.absolute().parent)
    return backup


def backup_files(hub: HubFolder, *, media: bool) -> Iterator[tuple[str, Path]]:
    """What goes into a backup: names, and where the files lie; nothing half-written."""
    for path in sorted(hub.root.rglob("*")):
        name = path.relative_to(hub.root)
        hidden = any(part.startswith(".") or part.endswith(PART) for part in name.parts)
        if not path.is_file() or hidden or name.as_posix() == "lock":
            continue
        if media or name.parts[:2] != ("feed", "media"):
            yield name.as_posix(), path


def check_backup(path: Path, progress: Progress | None = None) -> Backup:
    """Verify an archive whole, and write nothing. Raises ``HubRefusalError``."""
    return _read(path, lambda _: None, progress)


def restore(
    path: Path,
    folder: Path,
    progress: Progress | None = None,
    recover: Callable[[HubFolder], object] | None = None,
) -> tuple[HubFolder, Backup]:
    """Bring a hub back into a folder that holds nothing yet; it is there whole, and recovered, or not at all.

    ``recover`` is what must be done before anyone uses it: ``jump_ahead``, unless nothing was published since.
    Raises ``HubRefusalError`` where the archive is damaged or the folder filled.
    """
    refuse_filled(folder)
    building = HubFolder(folder.with_name(folder.name + PART))
    shutil.rmtree(building.root, ignore_errors=True)
    building.root.mkdir(parents=True)
    try:
        backup = _read(path, lambda name: _new_file(building.root / name, name), progress)
        hub = open_hub(building.root)
        if recover is not None:
            recover(hub)
        for one in [*building.root.rglob("*"), building.root]:
            if one.is_dir():
                sync_folder(one)
        come_to_be(building, folder)
    except BaseException:
        shutil.rmtree(building.root, ignore_errors=True)
        raise
    return open_hub(folder), backup


def jump_ahead(hub: HubFolder, seen: Sequence[Path], now: datetime) -> Draft | None:
    """Put all versions past what screens can have seen, and draft what must be signed anew; None where nothing is.

    ``seen`` are folders with metadata of later publications: a mirror of the feed, a kiosk's metadata, a stick. Roots
    are taken from there, for a root cannot be jumped over. Takes the lock. Raises ``HubRefusalError``.
    """
    with locked(hub):
        for folder in seen:
            adopt_roots(hub, folder)
        state = read_feed(hub)
        if state is None:
            return None
        known = {role: highest_version(hub, role) for role in (roles.SNAPSHOT, roles.TARGETS, *state.delegated)}
        counters = read_counters(hub)
        known[roles.TIMESTAMP] = max(counters.timestamp, state.timestamp.signed.version)
        for folder in seen:
            for role, version in seen_versions(folder, state.root.signed).items():
                known[role] = max(known.get(role, 0), version)
        floors = {role: version + AHEAD for role, version in known.items()}
        write_counters(hub, replace(counters, sequence=counters.sequence + AHEAD, floors=floors))
        draft = write_again(hub, (roles.TARGETS, *state.delegated), now)
    return find_draft(hub, draft.name)


def _add(archive: tarfile.TarFile, name: str, source: Path, progress: Progress | None) -> tuple[str, int]:
    if source.name == "hub.sqlite3":
        content = _database(source)
        _add_bytes(archive, name, content)
        return sha256(content).hexdigest(), len(content)
    with source.open("rb") as file:
        reader = _Reader(file, progress)
        info = tarfile.TarInfo(name)
        info.size = os.fstat(file.fileno()).st_size
        archive.addfile(info, reader)
        return reader.taken.hexdigest(), info.size


class _Reader:
    """A file whose digest is taken as it is read."""

    def __init__(self, file: IO[bytes], progress: Progress | None) -> None:
        self.taken = sha256()
        self._file, self._progress = file, progress

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.taken.update(content)
        if self._progress is not None:
            self._progress(len(content))
        return content


def _database(path: Path) -> bytes:
    """A database as of one moment, be the server at work or not."""
    copy = sqlite3.connect(":memory:")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as source:
        source.backup(copy)
    source.close()
    content = copy.serialize()
    copy.close()
    return content


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, BytesIO(content))


def _write_digests(backup: Backup) -> bytes:
    told = {
        "format_version": FORMAT_VERSION,
        "made": backup.made.isoformat(),
        "media": backup.media,
        "files": {name: {"sha256": digest, "length": length} for name, (digest, length) in backup.files.items()},
    }
    return json.dumps(told, indent=1).encode() + b"\n"


def _read_digests(path: Path, content: bytes) -> Backup:
    try:
        told = json.loads(content)
        if told["format_version"] != FORMAT_VERSION:
            raise HubRefusalError(code="not-a-backup", name=path)
        files = {str(name): (str(one["sha256"]), int(one["length"])) for name, one in told["files"].items()}
        return Backup(datetime.fromisoformat(told["made"]), bool(told["media"]), files)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise HubRefusalError(code="not-a-backup", name=path) from None


def _read(path: Path, place: Callable[[str], IO[bytes] | None], progress: Progress | None) -> Backup:
    """Go through an archive once; every file goes where ``place`` says and must be what the list at the end says."""
    found: dict[str, tuple[str, int]] = {}
    listed: Backup | None = None
    try:
        with tarfile.open(path, mode="r:") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.isreg() and listed is None else None
                if stream is None or not _is_inside(member.name):
                    raise HubRefusalError(code="backup-damaged", name=path, what=member.name)
                if member.name == DIGESTS:
                    listed = _read_digests(path, stream.read())
                else:
                    found[member.name] = _taken(stream, place(member.name), progress)
    except (tarfile.TarError, EOFError):
        raise HubRefusalError(code="not-a-backup", name=path) from None
    except FileNotFoundError:
        raise HubRefusalError(code="not-a-backup", name=path) from None
    if listed is None:
        raise HubRefusalError(code="backup-damaged", name=path, what=DIGESTS)
    wrong = sorted(name for name in found.keys() | listed.files.keys() if found.get(name) != listed.files.get(name))
    if wrong:
        raise HubRefusalError(code="backup-damaged", name=path, what=wrong[0])
    return listed


def _taken(stream: IO[bytes], into: IO[bytes] | None, progress: Progress | None) -> tuple[str, int]:
    taken, length = sha256(), 0
    try:
        while chunk := stream.read(_CHUNK):
            taken.update(chunk)
            length += len(chunk)
            if into is not None:
                into.write(chunk)
            if progress is not None:
                progress(len(chunk))
        if into is not None:
            into.flush()
            os.fsync(into.fileno())
    finally:
        if into is not None:
            into.close()
    return taken.hexdigest(), length


def _new_file(path: Path, name: str) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if name.startswith(_SECRET) else 0o644
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb")


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name
