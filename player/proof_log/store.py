"""The SQLite file of a play log, as its one writer sees it.

Rollback journal (DELETE) and ``synchronous=EXTRA``: what a commit acknowledged survives a power cut. Three tables:

- ``rows``: sequence and canonical bytes; append-only, held so by triggers, but for a prefix that a checkpoint covers;
- ``marks``: ``head``, the last row and its hash, so that a lost or changed end is noticed, and ``checkpoint``, the
  last pruned row and its hash (sequence 0 and the genesis hash before any pruning);
- ``open_plays``: STARTs without an END, so that a start after a crash need not read a year of rows to find them.

All of a transaction's rows, the head and the open plays commit together. The tables are made in plain SQL because
sqlite-utils, which the reading commands use, takes 90 ms to import; it reads this file like any other.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from playlists.errors import DamageError
from playlists.proof import Heartbeat, PlayEnd, PlayStart, Record
from playlists.proof_chain import ChainCheck
from playlists.proof_rows import FORMAT, Mark, Row, genesis, mark_of, next_row, read_record, read_row

APPLICATION_ID: Final = 0x50724F50  # "PrOP"
_BUSY_S: Final = 10.0
_PRUNED_AT_ONCE: Final = 1000
_TABLES: Final = (
    "CREATE TABLE rows (sequence INTEGER PRIMARY KEY, row TEXT NOT NULL) STRICT",
    """CREATE TABLE marks (place TEXT PRIMARY KEY, epoch TEXT NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL)
    STRICT, WITHOUT ROWID""",
    "CREATE TABLE open_plays (play TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TRIGGER rows_are_never_changed BEFORE UPDATE ON rows
    BEGIN SELECT RAISE(ABORT, 'a play log is never changed'); END""",
    """CREATE TRIGGER rows_have_no_gap BEFORE INSERT ON rows WHEN NEW.sequence <> 1 + coalesce(
        (SELECT max(sequence) FROM rows), (SELECT sequence FROM marks WHERE place = 'checkpoint'))
    BEGIN SELECT RAISE(ABORT, 'a play log has no gap'); END""",
    """CREATE TRIGGER rows_are_pruned_only BEFORE DELETE ON rows
    WHEN OLD.sequence > (SELECT sequence FROM marks WHERE place = 'checkpoint')
    BEGIN SELECT RAISE(ABORT, 'a play log is pruned through its checkpoint only'); END""",
)
_SET_MARK: Final = "INSERT OR REPLACE INTO marks (place, epoch, sequence, digest) VALUES (?, ?, ?, ?)"
_APPEND: Final = "INSERT INTO rows (sequence, row) VALUES (?, ?)"
_SETTINGS: Final = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA cell_size_check=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-512",
)


class Store:
    """An open log. Methods raise ``sqlite3.Error``, and ``DamageError`` where the file contradicts itself."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.head = self._mark("head")

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the log at ``path``, or make one, with an epoch of its own, where there is nothing or an empty file."""
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
        try:
            connection.text_factory = lenient_text
            for setting in _SETTINGS:
                connection.execute(setting)
            _make_or_know(connection)
            return cls(connection)
        except BaseException:
            connection.close()
            raise

    def append(self, records: Sequence[Record]) -> None:
        """Write records as the next rows, in one transaction; none at all cost nothing."""
        if not records:
            return
        head = self.head
        with _Transaction(self._connection):
            for record in records:
                row = next_row(head, record)
                data = row.to_bytes()
                self._connection.execute(_APPEND, (row.sequence, data.decode()))
                self._follow(record, row.sequence)
                head = mark_of(row, data)
            self._connection.execute(_SET_MARK, ("head", head.epoch, head.sequence, head.digest))
        self.head = head

    def prune(self, sequence: int) -> bool:
        """Forget some of the rows up to ``sequence``, but none from the first open play on; True when more are left."""
        (first_open,) = self._connection.execute("SELECT min(sequence) FROM open_plays").fetchone()
        checkpoint = self._mark("checkpoint")
        last = min(sequence, self.head.sequence, (first_open or sequence + 1) - 1)
        upto = min(last, checkpoint.sequence + _PRUNED_AT_ONCE)
        if upto <= checkpoint.sequence:
            return False
        mark = mark_of(self._row(upto), self._data(upto))
        with _Transaction(self._connection):
            self._connection.execute(_SET_MARK, ("checkpoint", mark.epoch, mark.sequence, mark.digest))
            self._connection.execute("DELETE FROM rows WHERE sequence <= ?", (upto,))
        return upto < last

    def check_tail(self, rows: int) -> list[Heartbeat]:
        """Check the chain over the last ``rows`` rows up to the head; hand out the heartbeats among them."""
        checkpoint = self._mark("checkpoint")
        first = max(checkpoint.sequence, self.head.sequence - rows) + 1
        found = self._connection.execute(
            "SELECT sequence, coalesce(CAST(row AS BLOB), x'') FROM rows WHERE sequence >= ? ORDER BY sequence",
            (first,),
        ).fetchall()
        check, heartbeats = ChainCheck(checkpoint), list[Heartbeat]()
        if first > checkpoint.sequence + 1:
            before = self._row(first).previous
            check = ChainCheck(Mark(self.head.epoch, first - 1, before))
        for sequence, data in found:
            if not check.feed(sequence, data):
                break
            if isinstance(check.record, Heartbeat):
                heartbeats.append(check.record)
        finding = check.finish(self.head).finding
        if finding is not None:
            message = f"row {finding.sequence}: {finding.problem}"
            raise DamageError(message)
        return heartbeats

    def open_starts(self) -> list[PlayStart]:
        """Read the STARTs that have no END, in order."""
        found = self._connection.execute("SELECT play, sequence FROM open_plays ORDER BY sequence").fetchall()
        starts = [(play, read_record(self._row(sequence))) for play, sequence in found]
        if any(not isinstance(start, PlayStart) or start.play != play for play, start in starts):
            message = "the list of open plays does not fit the rows"
            raise DamageError(message)
        return [start for _, start in starts if isinstance(start, PlayStart)]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _follow(self, record: Record, sequence: int) -> None:
        if isinstance(record, PlayStart):
            self._connection.execute("INSERT OR IGNORE INTO open_plays VALUES (?, ?)", (record.play, sequence))
        elif isinstance(record, PlayEnd):
            self._connection.execute("DELETE FROM open_plays WHERE play = ?", (record.play,))

    def _mark(self, place: str) -> Mark:
        found = self._connection.execute(
            "SELECT epoch, sequence, digest FROM marks WHERE place = ?", (place,)
        ).fetchone()
        if found is None:
            message = f"it has no {place}"
            raise DamageError(message)
        return Mark(*found)

    def _data(self, sequence: int) -> bytes:
        found = self._connection.execute(
            "SELECT coalesce(CAST(row AS BLOB), x'') FROM rows WHERE sequence = ?", (sequence,)
        ).fetchone()
        if found is None:
            message = f"row {sequence} is missing"
            raise DamageError(message)
        data: bytes = found[0]
        return data

    def _row(self, sequence: int) -> Row:
        return read_row(self._data(sequence))


class _Transaction:
    """BEGIN IMMEDIATE to COMMIT; a transaction that fails is rolled back with the connection's closing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:  # on a full disk SQLite has rolled back by itself
            self._connection.execute("ROLLBACK")


def lenient_text(data: bytes) -> str:
    """Read damaged text as different text rather than fail: comparing it with what should be there finds it."""
    return data.decode(errors="replace")


def _make_or_know(connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (application, version, objects) == (0, 0, 0):
        _make(connection)
    elif application != APPLICATION_ID:
        message = "it is a database, but not a play log"
        raise DamageError(message)
    elif version != FORMAT:
        message = f"it is a play log of format {version}, this program writes {FORMAT}"
        raise DamageError(message)
    else:
        _know(connection)


def _know(connection: sqlite3.Connection) -> None:
    found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
    if found != set(_TABLES):
        message = "its tables are not those of a play log"
        raise DamageError(message)


def _make(connection: sqlite3.Connection) -> None:
    start = genesis(os.urandom(16).hex())
    with _Transaction(connection):
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={FORMAT}")
        for table in _TABLES:
            connection.execute(table)
        for place in ("checkpoint", "head"):
            connection.execute(_SET_MARK, (place, start.epoch, start.sequence, start.digest))
