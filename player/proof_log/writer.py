"""The play log's own thread: takes records from the player without a pause, writes them at the disk's pace."""

from collections.abc import Callable
from functools import partial
from threading import Condition, Thread
from typing import Final

from player.clock import Clock
from player.proof_log.backlog import Backlog, Waiting
from player.proof_log.port import Ledger, Receipt, Unwritable
from playlists.proof import Fault, Record

_BATCH: Final = 500
_RETRY_S: Final = 5.0


class LogWriter:
    """The ``ProofLog`` of a kiosk.

    Rows submitted while a transaction is under way go into the next one together. While the disk refuses, rows wait
    in a :class:`Backlog` and the same batch is tried again every ``retry_s`` seconds; once it is written, a FAULT
    ``log-unwritable`` says since when, why, and what was dropped. Raises ``SiteError`` when another player has the log.
    """

    def __init__(
        self, ledger: Ledger, clock: Clock, *, retry_s: float = _RETRY_S, backlog: Backlog | None = None
    ) -> None:
        ledger.claim()
        self._ledger = ledger
        self._clock = clock
        self._retry_s = retry_s
        self._changed = Condition()
        self._backlog = backlog if backlog is not None else Backlog()
        self._trouble: str | None = None
        self._since: str | None = None
        self._cause = "the disk is slow"
        self._prune_to = 0
        self._closing = False
        self._left: list[Waiting] = []
        self._thread = Thread(target=self._run, name="proof-log", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str | None:
        """Why rows cannot be written at the moment, in one line; None when all is well."""
        return self._trouble

    def submit(self, record: Record) -> Receipt:
        """Take a record; the lock is only ever held for moments, never across the disk."""
        receipt = Receipt(self._changed)
        with self._changed:
            self._backlog.put(record, receipt)
            self._changed.notify_all()
        return receipt

    def prune(self, sequence: int) -> None:
        """Have rows up to ``sequence`` forgotten, when the log has nothing better to do."""
        with self._changed:
            self._prune_to = max(self._prune_to, sequence)
            self._changed.notify_all()

    def close(self, timeout_s: float) -> bool:
        """Write what is waiting and close the file; False when rows were left after ``timeout_s`` seconds."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        return not (self._thread.is_alive() or self._left or self._backlog)

    def _run(self) -> None:
        try:
            self._try(self._ledger.open)
            while (batch := self._next()) is not None:
                self._left = batch
                if not self._try(partial(self._ledger.append, [record for record, _ in batch])):
                    break
                self._redeem(batch)
        except BaseException as error:
            self._trouble = f"the log's thread died: {error!r}"
            raise
        finally:
            self._ledger.close()

    def _next(self) -> list[Waiting] | None:
        """Wait for rows; None when the log closes. Pruning is what idle moments are for."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due() or self._closing or self._prune_to)
                if self._due():
                    return [*self._account(), *self._backlog.take(_BATCH)]
                if self._closing:
                    return None
                prune_to, self._prune_to = self._prune_to, 0
            self._try(partial(self._ledger.prune, prune_to))

    def _try(self, act: Callable[[], None]) -> bool:
        """Do it, again and again while the disk refuses; False when the log closes and the last try failed too."""
        while True:
            last = self._closing
            try:
                act()
            except Unwritable as error:
                self._trouble = self._cause = str(error)
                self._since = self._since or self._clock.moment().wall
            else:
                self._trouble = None
                return True
            with self._changed:
                if last:
                    return False
                self._changed.wait_for(lambda: self._closing, self._retry_s)

    def _redeem(self, batch: list[Waiting]) -> None:
        with self._changed:
            self._left = []
            for _, receipt in batch:
                receipt.redeem()
            self._changed.notify_all()

    def _due(self) -> bool:
        return bool(self._backlog or self._backlog.dropped or self._since)

    def _account(self) -> list[Waiting]:
        """Say what happened to the rows, once they can be written again; called with ``_changed`` held."""
        if not (self._since or self._backlog.dropped):
            return []
        dropped = ", ".join(f"{count} {kind}" for kind, count in sorted(self._backlog.dropped.items()))
        detail = f"rows waited since {self._since or 'a moment ago'}: {self._cause}; dropped: {dropped or 'none'}"
        self._since = None
        self._backlog.dropped.clear()
        return [(Fault(self._clock.moment(), "log-unwritable", detail), Receipt(self._changed))]
