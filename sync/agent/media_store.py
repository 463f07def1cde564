"""The media on the kiosk, each under the digest of its content, and what of them is half there.

``media/<sha256>`` is whole and was verified. ``downloads/<sha256>.part`` is on its way, ``downloads/<sha256>.pieces``
the piece list it is checked by after a restart. Both folders are on one file system.
"""

import os
import stat
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.durable import PART, remove_durably, sync_folder
from sync.refusals import RefusalError

DEFAULT_FLOOR: Final = 512 << 20
"""Bytes of disk that downloads leave free, for the play log and whatever else must be written."""
PIECES: Final = ".pieces"
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Space:
    """What a disk has left, in bytes: ``free`` of ``total``, ``floor`` of which stays free."""

    free: int
    total: int
    floor: int

    def has_room(self, needed: int) -> bool:
        """Whether ``needed`` further bytes fit beside the floor."""
        return needed <= self.free - self.floor

    def refusal(self, needed: int) -> RefusalError:
        """That ``needed`` further bytes do not fit, with numbers."""
        sizes = {"needed": needed, "free": self.free, "floor": self.floor, "total": self.total}
        return RefusalError("no-space", **{name: f"{size / _MEGABYTE:.0f}" for name, size in sizes.items()})


class MediaStore:
    """The store in the agent's folder; may be used by several threads.

    Every method raises ``OSError`` where the disk fails.
    """

    def __init__(self, agent_folder: Path, floor: int = DEFAULT_FLOOR) -> None:
        self.media = agent_folder / "media"
        self.downloads = agent_folder / "downloads"
        self._floor = floor
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        for folder in (self.media, self.downloads):
            folder.mkdir(parents=True, exist_ok=True)
        sync_folder(agent_folder)

    def path(self, sha256: str) -> Path:
        """Where a file lies or would lie."""
        return self.media / sha256

    def has(self, sha256: str, length: int) -> bool:
        """Whether a file is there whole. Its content was verified when it came; the scrub looks after it since."""
        try:
            found = self.path(sha256).lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size == length

    def part(self, sha256: str) -> Path:
        """Where a file lies while it comes."""
        return self.downloads / f"{sha256}{PART}"

    def pieces(self, sha256: str) -> Path:
        """Where the piece list of a file on its way lies; by the digest of the file."""
        return self.downloads / f"{sha256}{PIECES}"

    def adopt(self, part: Path, sha256: str) -> None:
        """Take in a file whose digest was verified and whose bytes were fsynced, by one rename."""
        part.rename(self.path(sha256))
        sync_folder(self.media)
        sync_folder(part.parent)
        self.pieces(sha256).unlink(missing_ok=True)

    @contextmanager
    def holding(self, digests: Iterable[str]) -> Iterator[None]:
        """Keep files from being collected while something is made of them: a release, an urgent bulletin."""
        held = Counter(set(digests))
        with self._lock:
            self._held.update(held)
        try:
            yield
        finally:
            with self._lock:
                self._held.subtract(held)
                self._held += Counter()

    def space(self) -> Space:
        """What the disk has left."""
        found = os.statvfs(self.media)
        return Space(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, self._floor)

    def reserve(self, wanted: Iterable[tuple[str, int]]) -> None:
        """Make sure that files, by digest and length, fit beside the floor, less what of them is there.

        Raises ``RefusalError`` (``no-space``), with numbers, before anything is fetched.
        """
        missing = {digest: length for digest, length in wanted if not self.has(digest, length)}
        needed = sum(max(0, length - self._taken(digest)) for digest, length in missing.items())
        space = self.space()
        if needed and not space.has_room(needed):
            raise space.refusal(needed)

    def collect(self, keep: Iterable[str]) -> tuple[str, ...]:
        """Remove every file whose digest is neither in ``keep`` nor held, also half ones; the digests removed.

        ``keep`` is what the active, the previous and the next release, urgent bulletins and whatever is wanted name.
        """
        with self._lock:
            kept = {*keep, *self._held}
            removed = [*self._remove_others(self.media, kept), *self._remove_others(self.downloads, kept)]
        return tuple(dict.fromkeys(removed))

    def remove(self, sha256: str) -> None:
        """Remove a file, be it there or not: it rotted."""
        remove_durably(self.path(sha256))

    def discard(self, sha256: str) -> None:
        """Remove what came of a file so far: it is not what was signed."""
        self.pieces(sha256).unlink(missing_ok=True)
        remove_durably(self.part(sha256))

    def digests(self) -> tuple[str, ...]:
        """The files that are there."""
        return tuple(sorted(found.name for found in self.media.iterdir()))

    def _taken(self, sha256: str) -> int:
        try:
            return self.part(sha256).lstat().st_blocks * 512
        except FileNotFoundError:
            return 0

    @staticmethod
    def _remove_others(folder: Path, kept: set[str]) -> Iterator[str]:
        found = [path for path in folder.iterdir() if path.name.partition(".")[0] not in kept]
        for path in found:
            path.unlink(missing_ok=True)
            yield path.name.partition(".")[0]
        if found:
            sync_folder(folder)
