"""The trial: before a release takes over, every file of it that is new is opened once, one at a time, at idle."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from player.clock import Clock
from player.errands import Errands
from player.live.loading import Loaded
from player.live.state_folder import StateFolder
from player.live.verified import Verified
from player.reactor import Cancellable, Reactor
from player.trials import Finding, Laboratory, Stamp
from playlists.playlist import ItemKind
from playlists.timing import MonotonicNs

_PAUSE_NS: Final = 200_000_000
"""Between two files, so that a large release takes its time and not the screen's."""
_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class Trial:
    """One release being tried; calls ``then`` once, with what is wrong or None."""

    loaded: Loaded
    folder: StateFolder
    verified: Verified
    laboratory: Laboratory
    clock: Clock
    reactor: Reactor
    errands: Errands
    then: Callable[[str | None], None]
    _over: bool = False
    _files: Iterator[tuple[str, str]] = field(init=False)
    _moving: frozenset[str] = field(init=False)
    _still: frozenset[str] = field(init=False)
    _timer: Cancellable | None = None

    def start(self) -> None:
        """Begin with the first file that is not known."""
        items = [slot.item for slot in self.loaded.playlist.slots]
        pictures = [item.bulletin.picture for item in items if item.bulletin is not None and item.bulletin.picture]
        self._moving = frozenset(item.source for item in items if item.kind is ItemKind.CLIP)
        stills = [item.source for item in items if item.kind in (ItemKind.IMAGE, ItemKind.PAGE)]
        slate = [self.loaded.release.slate] if self.loaded.release.slate is not None else []
        self._still = frozenset((*stills, *pictures, *slate))
        self._files = iter(self.loaded.digests.items())
        self._next()

    def call_off(self) -> None:
        """Another release has come."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()

    def _next(self) -> None:
        file = next(self._files, None)
        if file is not None:
            self._open(*file)
        elif not self._over:
            self._over = True
            self.then(None)

    def _open(self, source: str, digest: str) -> None:
        path = self.folder.media(digest)
        if source in self._moving or source in self._still:
            self.errands.run(lambda: _stamp(path), self._known_or_tried(source, digest))
        else:
            self.errands.run(lambda: _digest(path), self._judged(source, digest))

    def _known_or_tried(self, source: str, digest: str) -> Callable[[Stamp | None], None]:
        def told(stamp: Stamp | None) -> None:
            if self._over:
                return
            if stamp is not None and self.verified.knows(digest, stamp):
                self._next()
                return
            path, moving = str(self.folder.media(digest)), source in self._moving
            self.laboratory.try_out(path, moving=moving, then=self._judged(source, digest))

        return told

    def _judged(self, source: str, digest: str) -> Callable[[Finding], None]:
        def told(finding: Finding) -> None:
            if self._over:
                return
            flaw = finding.flaw
            if flaw is None and finding.digest != digest:
                flaw = "wrong-digest: the content is not what the release names"
            if flaw is not None:
                self._over = True
                self.then(f"{source}: {flaw}")
                return
            if finding.stamp is not None:
                self.verified.add(digest, finding.stamp)
            at = MonotonicNs(self.clock.monotonic() + _PAUSE_NS)
            self._timer = self.reactor.call_at(at, self._next)

        return told


def _stamp(path: Path) -> Stamp | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_size, seen.st_mtime_ns, seen.st_ino


def _digest(path: Path) -> Finding:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Finding(flaw=f"unreadable: {error.strerror}")
    return Finding(digest=digest, stamp=_stamp(path))
