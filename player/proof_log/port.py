"""The ports of the play log: ``ProofLog`` towards the player, ``Ledger`` towards the disk."""

from collections.abc import Sequence
from threading import Condition
from typing import Protocol

from playlists.proof import Record


class Receipt:
    """The promise that a record becomes durable: true once the row would survive a power cut, and never before."""

    __slots__ = ("_changed", "_durable")

    def __init__(self, changed: Condition) -> None:
        """Share ``changed`` with whoever redeems the receipt."""
        self._changed = changed
        self._durable = False

    @property
    def durable(self) -> bool:
        """Whether the row is on the disk."""
        return self._durable

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the row is on the disk, at most ``timeout_s`` seconds; say whether it is.

        Never for the thread that paints. A row dropped from a full backlog never becomes durable.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._durable, timeout_s)

    def redeem(self) -> None:
        """Keep the promise: for the log alone, with ``changed`` held; it notifies."""
        self._durable = True


class ProofLog(Protocol):
    """Where the player says what it shows."""

    def submit(self, record: Record) -> Receipt:
        """Take a record, in order, without ever waiting for a disk. Raises nothing."""

    @property
    def trouble(self) -> str | None:
        """Why rows cannot be written at the moment, in one line; None when all is well."""

    def close(self, timeout_s: float) -> bool:
        """Write what is waiting and close the file; False when rows were left after ``timeout_s`` seconds."""


class Ledger(Protocol):
    """Where rows become durable. All but ``claim`` run on one thread, the log's own, and may take their time."""

    def claim(self) -> None:
        """Make this process the only writer. Raises ``SiteError`` when another is."""

    def open(self) -> None:
        """Open or create the file, put a damaged one aside, close what a crash left open. Raises ``Unwritable``."""

    def append(self, records: Sequence[Record]) -> None:
        """Write all records durably, or none: then raises ``Unwritable``, and the same records may be given again."""

    def prune(self, sequence: int) -> None:
        """Forget rows up to ``sequence``, which somebody else has acknowledged. Raises ``Unwritable``."""

    def close(self) -> None:
        """Give the file and the claim back. Raises nothing."""


class Unwritable(Exception):  # noqa: N818 - a state of the disk that passes, not an error of anybody
    """Nothing can be written for now: a full disk, one that went away, a file held by somebody else."""
