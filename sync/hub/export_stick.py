"""Writing a stick: everything a plan names, read back and checked, and the timestamp last.

A stick pulled while it is written carries what it carried before, less what had to make room, or the new state; what
became of half-written files nobody can tell on FAT, so readers believe digests and signatures alone. Run again, it goes
on with the first file that is not whole.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

from sync import feed
from sync.bundle import FEED, INFORMATION, Bundle, Part, parts, stick_name, write_bundle
from sync.durable import PART
from sync.hub.export_plan import ExportPlan, File
from sync.hub.folder import HubFolder
from sync.hub.stick_sentences import StickRefusalError
from sync.stick_files import StickFiles

Progress = Callable[[int], None]
"""Told the bytes done since the last call."""
CHUNK: Final = 1 << 20
MARGIN: Final = 4 << 20
"""Room left on the stick, in bytes: its own tables, and what kiosks write back."""
_MOST_LISTED: Final = 50_000
_MEGABYTE: Final = 1_000_000
_STRANGE: Final = {errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Room:
    """What a stick offers and a plan wants of it, in bytes; ``stale`` is what of older sticks can make room."""

    needed: int
    free: int
    stale: int

    @property
    def fits(self) -> bool:
        """Whether all finds room, if need be in place of what is stale."""
        return self.needed <= self.free + self.stale

    @property
    def in_the_way(self) -> bool:
        """Whether what is stale has to go first."""
        return self.needed > self.free


class StickWriter:
    """Writes a plan's files from a hub's feed onto the stick mounted at ``stick.root``.

    Every method raises ``StickRefusalError``.
    """

    def __init__(self, hub: HubFolder, plan: ExportPlan, stick: StickFiles) -> None:
        self._hub = hub
        self._stick = stick
        self._parts = [(file, part) for file in plan.files for part in parts(file.name, file.length)]
        self._kept = {part.name for _, part in self._parts} | {stick_name(feed.TIMESTAMP)}

    def room(self) -> Room:
        """What there is of room, counted in the stick's own blocks."""
        with _failing(str(self._stick.root)):
            disk = os.statvfs(self._stick.root)
            block = max(disk.f_frsize, 1)
            missing = [part for _, part in self._parts if self._stick.length(_place(part)) != part.length]
            stale = sum(_rounded(self._stick.length(name) or 0, block) for name in self._stale())
        needed = sum(_rounded(part.length, block) for part in missing) + MARGIN
        return Room(needed, disk.f_bavail * disk.f_frsize, stale)

    def check_room(self) -> Room:
        """Refuse a stick that is too small or write-protected, before the first byte."""
        room = self.room()
        if os.statvfs(self._stick.root).f_flag & os.ST_RDONLY:
            raise StickRefusalError(code="write-protected")
        if not room.fits:
            sizes = {"needed": room.needed, "room": room.free + room.stale}
            raise StickRefusalError(code="stick-too-small", **{name: _megabytes(size) for name, size in sizes.items()})
        return room

    def write(self, timestamp: bytes, bundle: Bundle, progress: Progress) -> None:
        """Write everything, each byte once and read once; the timestamp when all else was read back as it should be.

        ``progress`` hears of every byte twice in all, or once where it was there already.
        """
        room = self.check_room()
        if room.in_the_way:
            self._remove(self._stale())
        for file, part in self._parts:
            self._bring(file, part, progress)
        with _failing(feed.TIMESTAMP):
            self._stick.write(f"{FEED}/{stick_name(feed.TIMESTAMP)}", timestamp)
            self._stick.write(INFORMATION, write_bundle(bundle))
        self._remove(self._stale())
        os.sync()

    def _bring(self, file: File, part: Part, progress: Progress) -> None:
        place = _place(part)
        there = self._read_back(place, part, progress)
        if there is not None and there == self._expected(file, part):
            return
        copied = self._copy(file, part, place, progress)
        if self._read_back(place, part, progress) != copied:
            with _failing(place):
                self._stick.remove(place)
            raise StickRefusalError(code="bad-copy", name=place)

    def _copy(self, file: File, part: Part, place: str, progress: Progress) -> bytes:
        """Copy one file; the digest of what was copied."""
        digest = sha256()
        with self._source(file) as opened, _failing(place), self._stick.written(place) as written:
            for chunk in _chunks(opened, part, file.name):
                digest.update(chunk)
                written.write(chunk)
                progress(len(chunk))
            if _is_whole(file, part) and digest.hexdigest() != file.sha256:
                raise StickRefusalError(code="bad-feed", name=file.name)
        return digest.digest()

    def _read_back(self, place: str, part: Part, progress: Progress) -> bytes | None:
        """The digest of what the stick holds, not of what the machine remembers; None where the length is another."""
        with _failing(place):
            if self._stick.length(place) != part.length:
                return None
            digest = sha256()
            with self._stick.opened(place) as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    progress(len(chunk))
            return digest.digest()

    def _expected(self, file: File, part: Part) -> bytes:
        """The digest a file on the stick must have; that of a part is taken from the feed."""
        if file.sha256 is not None and _is_whole(file, part):
            return bytes.fromhex(file.sha256)
        digest = sha256()
        with self._source(file) as opened:
            for chunk in _chunks(opened, part, file.name):
                digest.update(chunk)
        return digest.digest()

    @contextmanager
    def _source(self, file: File) -> Iterator[BinaryIO]:
        try:
            opened = self._hub.published(file.name).open("rb")
        except OSError:
            raise StickRefusalError(code="bad-feed", name=file.name) from None
        with opened:
            yield opened

    def _stale(self) -> list[str]:
        """What of our kind lies on the stick and is not in the plan."""
        folders = {name.rpartition("/")[0] for name in self._kept} | {"media", "pieces", "metadata"}
        return [
            f"{FEED}/{folder}/{name}"
            for folder in sorted(folders)
            for name in self._stick.listed(f"{FEED}/{folder}", _MOST_LISTED)
            if f"{folder}/{name}" not in self._kept and self._is_ours(folder, name)
        ]

    def _is_ours(self, folder: str, name: str) -> bool:
        whole = self._stick.length(f"{FEED}/{folder}/{name}") is not None
        return whole and (name.endswith((".json", PART)) or folder in {"media", "pieces"})

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            with _failing(name):
                self._stick.remove(name)


def _is_whole(file: File, part: Part) -> bool:
    return file.sha256 is not None and part.length == file.length


def _chunks(opened: BinaryIO, part: Part, name: str) -> Iterator[bytes]:
    opened.seek(part.begins)
    left = part.length
    while left:
        chunk = opened.read(min(CHUNK, left))
        if not chunk:
            raise StickRefusalError(code="bad-feed", name=name)
        left -= len(chunk)
        yield chunk


def _place(part: Part) -> str:
    return f"{FEED}/{part.name}"


def _rounded(length: int, block: int) -> int:
    return -(-length // block) * block


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f}"


@contextmanager
def _failing(name: str) -> Iterator[None]:
    """Say in plain words what is wrong with the stick."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EROFS:
            raise StickRefusalError(code="write-protected") from error
        if error.errno in _STRANGE:
            raise StickRefusalError(code="strange-stick", name=name) from error
        raise StickRefusalError(code="stick-failed", name=name, why=error.strerror or error) from error
