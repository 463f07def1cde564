"""Stand-ins behind the log's ports, for tests and demonstrations of the real player."""

import time
from collections.abc import Sequence
from threading import Condition

from player.proof_log.port import Ledger, Receipt, Unwritable
from playlists.proof import Record


class MemoryLog:
    """A ``ProofLog`` that keeps records in memory; each is "durable" at once, or never when told so."""

    def __init__(self, *, durable: bool = True) -> None:
        self.records: list[Record] = []
        self.trouble: str | None = None
        self.closed = False
        self._durable = durable
        self._changed = Condition()

    def submit(self, record: Record) -> Receipt:
        """Keep the record."""
        receipt = Receipt(self._changed)
        self.records.append(record)
        if self._durable:
            with self._changed:
                receipt.redeem()
        return receipt

    def close(self, timeout_s: float) -> bool:  # noqa: ARG002 - memory needs no time
        """Note that the player closed the log."""
        self.closed = True
        return True


class MemoryLedger:
    """A ``Ledger`` that keeps records in memory."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.batches: list[int] = []
        """How many records came in each append."""
        self.pruned_to = 0
        self.is_open = False

    def claim(self) -> None:
        """Be the only writer, which it is."""

    def open(self) -> None:
        """Be ready."""
        self.is_open = True

    def append(self, records: Sequence[Record]) -> None:
        """Keep the records."""
        self.records.extend(records)
        self.batches.append(len(records))

    def prune(self, sequence: int) -> None:
        """Remember how far."""
        self.pruned_to = sequence

    def close(self) -> None:
        """Be closed."""
        self.is_open = False


class SlowDisk:
    """A ``Ledger`` before another one, whose every commit takes ``seconds`` longer: a tired disk's fsync."""

    def __init__(self, ledger: Ledger, seconds: float) -> None:
        self._ledger = ledger
        self._seconds = seconds

    def claim(self) -> None:
        """Claim without delay: the player waits for this one."""
        self._ledger.claim()

    def open(self) -> None:
        """Open, and take the time of a commit."""
        self._ledger.open()
        time.sleep(self._seconds)

    def append(self, records: Sequence[Record]) -> None:
        """Append, then take the time, before anything is called durable."""
        self._ledger.append(records)
        time.sleep(self._seconds)

    def prune(self, sequence: int) -> None:
        """Prune, and take the time of a commit."""
        self._ledger.prune(sequence)
        time.sleep(self._seconds)

    def close(self) -> None:
        """Close without delay."""
        self._ledger.close()


class RefusingDisk:
    """A ``Ledger`` before another one that refuses everything for as long as ``why`` says why."""

    def __init__(self, ledger: Ledger, why: str | None = "database or disk is full") -> None:
        self._ledger = ledger
        self.why = why
        self.refusals = 0

    def claim(self) -> None:
        """Claim: a full disk does not keep a player from starting."""
        self._ledger.claim()

    def open(self) -> None:
        """Open, or refuse."""
        self._refuse()
        self._ledger.open()

    def append(self, records: Sequence[Record]) -> None:
        """Append, or refuse."""
        self._refuse()
        self._ledger.append(records)

    def prune(self, sequence: int) -> None:
        """Prune, or refuse."""
        self._refuse()
        self._ledger.prune(sequence)

    def close(self) -> None:
        """Close."""
        self._ledger.close()

    def _refuse(self) -> None:
        if self.why is not None:
            self.refusals += 1
            raise Unwritable(self.why)
