"""Reading a play log while its player is at work.

Read-only, and in short steps: a reader of a rollback-journal database keeps the writer from committing, so each step
takes a few milliseconds, lets go and pauses (without the pause a reader at work tripled the time of a commit, with it
nothing can be measured). Rows are never changed, so steps add up to one truth; pruning in between is seen
by the checkpoint. The writer meanwhile waits on its own thread, the picture never does.

A log left behind by a crash, with its journal still hot, cannot be opened read-only. It is copied, journal and all, and
the copy is read: the log itself stays as the crash left it, for its player to mend.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

from sqlite_utils import Database

from player.proof_log.store import APPLICATION_ID, lenient_text
from playlists.errors import ContentError, DamageError, SiteError
from playlists.proof_chain import ChainCheck, ChainReport
from playlists.proof_rows import FORMAT, Mark

_STEP: Final = 500
_PAUSE_S: Final = 0.005
_BUSY_S: Final = 10.0


class LogReader:
    """A play log open for reading; made by :func:`open_log`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self) -> tuple[Mark, Mark]:
        """Read checkpoint and head. Raises ``DamageError``."""
        with _damage_named():
            found = {
                cast("str", mark["place"]): Mark(mark["epoch"], mark["sequence"], mark["digest"])
                for mark in self._database["marks"].rows
            }
        if not found.keys() >= {"checkpoint", "head"}:
            message = "the play log has lost its head or its checkpoint"
            raise DamageError(message)
        return found["checkpoint"], found["head"]

    def rows(self, upto: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Read rows as (sequence, canonical bytes), in order, up to the row ``upto``; in steps of a few milliseconds.

        Raises ``DamageError`` where the file cannot be read.
        """
        last = 0
        while step := self._step(last, upto):
            time.sleep(_PAUSE_S)
            yield from step
            last = step[-1][0]

    def _step(self, last: int, upto: int | None) -> list[tuple[int, bytes]]:
        with _damage_named():
            found = self._database["rows"].rows_where(
                "sequence > :last and (:upto is null or sequence <= :upto)",
                {"last": last, "upto": upto},
                select="sequence, coalesce(cast(row as blob), x'') as row",
                order_by="sequence",
                limit=_STEP,
            )
            return [(row["sequence"], row["row"]) for row in found]


@contextmanager
def open_log(path: Path) -> Iterator[LogReader]:
    """Open a play log read-only.

    Raises ``ContentError`` when there is no such file or it is no play log, ``SiteError`` when it may not be read,
    ``DamageError`` when it is one, but broken.
    """
    if not path.is_file():
        message = f"there is no play log {path}"
        raise ContentError(message)
    with ExitStack() as stack:
        database = _connected(path, stack)
        stack.callback(database.conn.close)
        yield LogReader(database)


def verify_log(log: LogReader) -> ChainReport:
    """Recompute the chain from the checkpoint to the head the log has now; rows added meanwhile are left out."""
    checkpoint, head = log.marks()
    check = ChainCheck(checkpoint)
    for sequence, data in log.rows(head.sequence):
        if sequence > check.mark.sequence + 1:  # a gap, or pruned since
            check.skip_to(log.marks()[0])
        if sequence > check.mark.sequence and not check.feed(sequence, data):
            break
    return check.finish(max(head, log.marks()[0], key=lambda mark: mark.sequence))


def _connected(path: Path, stack: ExitStack) -> Database:
    try:
        return _connect(path)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_READONLY_ROLLBACK:
            return _connect(stack.enter_context(_copy(path)), mode="rw")
        message = f"the play log {path} cannot be read: {error}"
        raise SiteError(message) from error


def _connect(path: Path, mode: str = "ro") -> Database:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_S)
    try:
        connection.text_factory = lenient_text
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError as error:
        connection.close()
        message = f"{path} is no play log, or its beginning is destroyed: {error}"
        raise DamageError(message) from error
    if application != APPLICATION_ID or version != FORMAT:
        connection.close()
        message = f"{path} is no play log" if application != APPLICATION_ID else f"{path} is a log of format {version}"
        raise ContentError(message)
    return Database(connection, execute_plugins=False)


@contextmanager
def _copy(path: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="play-log-") as folder:
        copy = Path(folder, "copy")
        shutil.copyfile(path, copy)
        shutil.copyfile(f"{path.resolve()}-journal", f"{copy}-journal")
        yield copy


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        message = f"the play log cannot be read on: {error}"
        raise DamageError(message) from error
