"""Verification of a play log: the chain recomputed, row by row, from a checkpoint to the head."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from playlists.errors import DamageError
from playlists.proof import PlayEnd, PlayStart, Record
from playlists.proof_rows import Mark, Row, digest, read_record, read_row


@dataclass(frozen=True, slots=True)
class Finding:
    """The first bad row: its sequence, and what is wrong with it."""

    sequence: int
    problem: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found."""

    rows: int
    """Rows found good."""
    reached: Mark
    """The last good row."""
    finding: Finding | None
    """None when the chain is whole."""
    doubled: tuple[tuple[int, str], ...]
    """Rows, with their plays, that start or end a play a second time: no damage to the chain, but to the count."""
    open_plays: tuple[tuple[int, PlayStart], ...]
    """STARTs without an END, with their sequences; a player at work always has one or two."""


@dataclass(slots=True)
class ChainCheck:
    """A verification under way, so that a reader can feed it in short chunks.

    ``mark`` is where the chain stands: the checkpoint first, then the last good row.
    """

    mark: Mark
    rows: int = 0
    finding: Finding | None = None
    record: Record | None = None
    """What the row fed last records."""
    _doubled: list[tuple[int, str]] = field(default_factory=list)
    _open: dict[str, tuple[int, PlayStart]] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)

    def feed(self, sequence: int, data: bytes) -> bool:
        """Check the next row, stored under ``sequence``; False when it is bad, and nothing more need be fed."""
        expected = self.mark.sequence + 1
        if sequence > expected:
            self.finding = Finding(expected, "it is missing")
            return False
        try:
            row = read_row(data)
            self._link(sequence, row)
            self.record = read_record(row)
        except DamageError as error:
            self.finding = Finding(sequence, str(error))
            return False
        self.mark = Mark(row.epoch, row.sequence, digest(data))
        self.rows += 1
        self._count(sequence, self.record)
        return True

    def skip_to(self, checkpoint: Mark) -> None:
        """Go on from a checkpoint that pruning put ahead of the rows read so far; one behind them changes nothing."""
        if checkpoint.sequence > self.mark.sequence:
            self.mark = checkpoint

    def finish(self, head: Mark) -> ChainReport:
        """Compare with the head the file claims."""
        if self.finding is None and self.mark != head:
            self.finding = Finding(*self._short_of(head))
        return ChainReport(self.rows, self.mark, self.finding, tuple(self._doubled), tuple(self._open.values()))

    def _short_of(self, head: Mark) -> tuple[int, str]:
        if self.mark.sequence < head.sequence:
            return self.mark.sequence + 1, f"rows are missing at the end, the log went up to {head.sequence}"
        if self.mark.sequence > head.sequence:
            return head.sequence + 1, f"rows were added after the head of the log, which is {head.sequence}"
        return head.sequence, "the last row is not the one that was written"

    def _link(self, sequence: int, row: Row) -> None:
        expected = self.mark.sequence + 1
        if sequence != expected:
            message = f"it is out of order, row {expected} should follow"
            raise DamageError(message)
        if row.sequence != sequence:
            message = f"it says it is row {row.sequence}"
            raise DamageError(message)
        if row.epoch != self.mark.epoch:
            message = f"it belongs to the epoch {row.epoch}, the log to {self.mark.epoch}"
            raise DamageError(message)
        if row.previous != self.mark.digest:
            message = "its hash of the row before does not fit: this row or the one before was changed"
            raise DamageError(message)

    def _count(self, sequence: int, record: Record | None) -> None:
        if isinstance(record, PlayStart):
            self._note(sequence, record.play, self._started)
            self._open[record.play] = (sequence, record)
        elif isinstance(record, PlayEnd):
            self._note(sequence, record.play, self._ended)
            self._open.pop(record.play, None)

    def _note(self, sequence: int, play: str, seen: set[str]) -> None:
        if play in seen:
            self._doubled.append((sequence, play))
        seen.add(play)


def verify(checkpoint: Mark, rows: Iterable[tuple[int, bytes]], head: Mark) -> ChainReport:
    """Check rows given as (sequence, canonical bytes) in order, from the one after ``checkpoint`` up to ``head``."""
    check = ChainCheck(checkpoint)
    for sequence, data in rows:
        if not check.feed(sequence, data):
            break
    return check.finish(head)
