"""A play log whose rows somebody listens to on their way."""

from collections.abc import Callable
from dataclasses import dataclass

from player.proof_log.port import ProofLog, Receipt
from playlists.proof import Record


@dataclass(slots=True)
class OverheardLog:
    """Passes every row on, then tells ``listener``."""

    inner: ProofLog
    listener: Callable[[Record], None] | None = None

    def submit(self, record: Record) -> Receipt:
        """Take a record; see the port."""
        receipt = self.inner.submit(record)
        if self.listener is not None:
            self.listener(record)
        return receipt

    @property
    def trouble(self) -> str | None:
        """Why rows cannot be written at the moment."""
        return self.inner.trouble

    def close(self, timeout_s: float) -> bool:
        """Close the inner log; see the port."""
        return self.inner.close(timeout_s)
