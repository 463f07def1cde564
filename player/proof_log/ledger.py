"""The play log on the disk: who may write it, what a crash left in it, and what to do when it is damaged.

At opening only the last ``_TAIL`` rows are checked. ``PRAGMA quick_check`` is not asked, not even after a crash: it
reads the whole file, and what it would find more does no harm here. Damage among older rows is found by ``verify``, and
a page that cannot be written to any more puts the file aside the moment it matters.
"""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from player.clock import Clock
from player.proof_log.port import Unwritable
from player.proof_log.recovery import recovered_ends
from player.proof_log.store import Store
from playlists.errors import DamageError, SiteError
from playlists.proof import Fault, Record

_TAIL: Final = 256
_ASIDE_PAUSE_NS: Final = 600 * 1_000_000_000
_DAMAGE: Final = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_ERROR,  # our statements are fixed and right: the file is not what they were made for
    }
)
_READ_ERRORS: Final = frozenset(
    {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS}
)


class SqliteLedger:
    """The ``Ledger`` over one SQLite file; ``NAME.lock`` beside it says that it is being written.

    The lock is the kernel's, on an open file: it goes with the process, however that ends.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = Path(os.path.realpath(path))
        self._clock = clock
        self._lock: int | None = None
        self._store: Store | None = None
        self._recovered = False
        self._in_doubt: tuple[list[Record], int] | None = None
        self._first_row: Fault | None = None
        self._aside_at: int | None = None

    def claim(self) -> None:
        """Take the lock. A disk on which there can be none now refuses nothing: the log tries again when it writes."""
        try:
            self._take_lock()
        except BlockingIOError:
            message = f"another player is writing the play log {self._path}"
            raise SiteError(message) from None
        except OSError:
            return

    def open(self) -> None:
        """Open or make the file. Raises ``Unwritable``."""
        self._guarded(lambda _: None)

    def append(self, records: Sequence[Record]) -> None:
        """Write records in one transaction. Raises ``Unwritable``; then the same records may be given again.

        A commit that reports an error may have happened all the same: then these records are found in the file, and
        are not written twice.
        """
        rows = list(records)
        self._guarded(lambda store: self._append(store, rows))

    def prune(self, sequence: int) -> None:
        """Forget rows up to ``sequence`` in short transactions. Raises ``Unwritable``."""
        self._guarded(lambda store: _prune(store, sequence))

    def close(self) -> None:
        """Close the file and give up the lock."""
        self._drop()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _guarded(self, act: Callable[[Store], None]) -> None:
        """Act on the open file; on one that proves damaged, put it aside and act on a new one."""
        try:
            try:
                act(self._opened())
            except (DamageError, sqlite3.DatabaseError) as error:
                self._drop()
                if not _is_damage(error, self._path):
                    raise
                self._put_aside(str(error))
                act(self._opened())
        except (OSError, sqlite3.Error, DamageError) as error:
            self._drop()
            message = f"the play log {self._path} cannot be written: {error}"
            raise Unwritable(message) from error

    def _opened(self) -> Store:
        if self._store is None:
            self._take_lock()
            self._store = Store.open(self._path)
            heartbeats = self._store.check_tail(_TAIL)
            if self._first_row is not None and self._store.head.sequence == 0:
                self._store.append([self._first_row])
            self._first_row = None
            if not self._recovered:
                self._store.append(recovered_ends(self._store.open_starts(), heartbeats, self._clock.moment()))
                self._recovered = True
        return self._store

    def _append(self, store: Store, records: list[Record]) -> None:
        head = store.head.sequence
        if self._in_doubt is not None and self._in_doubt == (records, head - len(records)):
            self._in_doubt = None
            return
        self._in_doubt = (records, head)
        store.append(records)
        self._in_doubt = None

    def _put_aside(self, why: str) -> None:
        """Rename the damaged file; the first row of the next epoch will say so.

        Not twice within minutes: what damages files that fast is no damage to a file, and must not fill the disk.
        """
        now = self._clock.moment()
        if self._aside_at is not None and now.monotonic - self._aside_at < _ASIDE_PAUSE_NS:
            message = f"damaged again: {why}"
            raise Unwritable(message)
        aside = _free_name(self._path, now.wall)
        self._path.rename(aside)
        with contextlib.suppress(FileNotFoundError):
            _journal(self._path).rename(_journal(aside))
        self._aside_at = now.monotonic
        self._in_doubt = None
        self._first_row = Fault(now, "log-set-aside", f"the log was damaged ({why}) and is kept as {aside.name}")

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        _make_folder(self._path.parent)
        lock = os.open(f"{self._path}.lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise
        self._lock = lock

    def _drop(self) -> None:
        if self._store is not None:
            with contextlib.suppress(sqlite3.Error):
                self._store.close()
            self._store = None


def _prune(store: Store, sequence: int) -> None:
    while store.prune(sequence):
        pass


def _is_damage(error: Exception, path: Path) -> bool:
    """Tell a file that is broken from a disk that refuses."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, DamageError)
    if code == sqlite3.SQLITE_READONLY:  # a flipped byte in the header says so on a disk that can be written
        return os.access(path, os.W_OK)
    return code & 0xFF in _DAMAGE or code in _READ_ERRORS


def _free_name(path: Path, wall: str) -> Path:
    """Find ``NAME.damaged-20261123T034458Z``, or the same with a number, that nobody has."""
    stamp = datetime.fromisoformat(wall).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (path.with_name(f"{path.name}.damaged-{stamp}{suffix}") for suffix in _suffixes())
    return next(name for name in names if not os.path.lexists(name))


def _suffixes() -> Iterator[str]:
    yield ""
    yield from (f"-{number}" for number in count(2))


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each durable in its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    parent = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
