"""Sticks that appear: mounting is the system's, here a mount root is watched whose sub-folders are the sticks.

A mount makes no notice in its parent's folder, so the kernel's notices only make it quicker; a look every other second
is what counts. A stick is known by its place and by its timestamp's size and times: put in anew, or changed, it waits
anew.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from sync import feed
from sync.bundle import FEED

LOOK_SECONDS: Final = 2.0
MOST_STICKS: Final = 32
"""How many sub-folders of the mount root are looked at."""
FIRST_RETRY_S: Final = 30.0
LAST_RETRY_S: Final = 900.0

Mark = tuple[int, int, int]
"""Device, size and time of change (ns) of a stick's timestamp; all 0 where it has none. FAT has no lasting inodes."""
_NO_MARK: Final[Mark] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A stick that is in: since when it waits (None: it does not), and how long to wait before another try."""

    mark: Mark
    due: float | None
    retry: float = FIRST_RETRY_S


def seen(known: Mapping[Path, Visitor], marks: Mapping[Path, Mark], now: float) -> dict[Path, Visitor]:
    """The sticks that are in after a look; ``now`` in seconds of a steady clock. Pure."""
    return {
        stick: known[stick] if stick in known and known[stick].mark == mark else Visitor(mark, now)
        for stick, mark in marks.items()
    }


def tried(visitor: Visitor, now: float, *, again: bool) -> Visitor:
    """A stick after an import; one that is worth another try waits twice as long each time. Pure."""
    if not again:
        return replace(visitor, due=None)
    return replace(visitor, due=now + visitor.retry, retry=min(2 * visitor.retry, LAST_RETRY_S))


class StickWatch:
    """Looks for sticks in the sub-folders of ``root``; ``appeared`` is called, on a thread of the watch's own."""

    def __init__(self, root: Path, appeared: Callable[[], None], look_seconds: float = LOOK_SECONDS) -> None:
        self._root = root
        self._appeared = appeared
        self._look_seconds = look_seconds
        self._sticks: dict[Path, Visitor] = {}
        self._handed_out: dict[Path, Mark] = {}
        self._lock = threading.Lock()
        self._stirred = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="sticks", daemon=True)
        self._observer = Observer()

    def start(self) -> None:
        """Begin to look."""
        # Where there are no notices, or no such folder yet, looking does it alone.
        with contextlib.suppress(OSError):
            self._observer.schedule(_Stirring(self._stirred), str(self._root), recursive=False)
            self._observer.start()
        self._thread.start()

    def stop(self) -> None:
        """Look no more; returns when no call of ``appeared`` can follow, or a stick hangs."""
        self._stopped.set()
        self._stirred.set()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        if self._thread.is_alive():
            self._thread.join(self._look_seconds)

    def waiting(self) -> list[Path]:
        """The sticks that are in and want to be imported, the longest waiting first."""
        with self._lock:
            found = self._due()
            self._handed_out |= {stick: self._sticks[stick].mark for stick in found}
        return found

    def done(self, stick: Path, *, again: bool) -> None:
        """A stick of ``waiting`` was imported; it waits once more when it changed meanwhile, changes or is put in anew.

        Where it is worth doing ``again``, it waits after a while.
        """
        with self._lock:
            visitor, mark = self._sticks.get(stick), self._handed_out.pop(stick, None)
            if visitor is not None and visitor.mark == mark:
                self._sticks[stick] = tried(visitor, time.monotonic(), again=again)

    def look(self) -> bool:
        """Look once; whether a stick wants to be imported."""
        marks = {stick: mark for stick in _sub_folders(self._root) if (mark := _mark(stick)) is not None}
        with self._lock:
            self._sticks = seen(self._sticks, marks, time.monotonic())
            return bool(self._due())

    def _due(self) -> list[Path]:
        now = time.monotonic()
        due = [(visitor.due, stick) for stick, visitor in self._sticks.items() if visitor.due is not None]
        return [stick for since, stick in sorted(due) if since <= now]

    def _look_on(self) -> None:
        while not self._stopped.is_set():
            if self.look() and not self._stopped.is_set():
                self._appeared()
            self._stirred.wait(self._look_seconds)
            self._stirred.clear()


class _Stirring(FileSystemEventHandler):
    def __init__(self, stirred: threading.Event) -> None:
        self._stirred = stirred

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something changed in the mount root."""
        if event.event_type not in {"opened", "closed_no_write"}:
            self._stirred.set()


def _sub_folders(root: Path) -> list[Path]:
    try:
        with os.scandir(root) as found:
            entries = islice(found, MOST_STICKS)
            return sorted(root / entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _mark(stick: Path) -> Mark | None:
    """What tells a stick's state; None where there is nothing of ours on it."""
    try:
        found = (stick / FEED / feed.TIMESTAMP).lstat()
    except OSError:
        return _NO_MARK if _has_feed(stick) else None
    return found.st_dev, found.st_size, found.st_mtime_ns


def _has_feed(stick: Path) -> bool:
    try:
        return (stick / FEED).is_dir()
    except OSError:
        return False
