"""The weekly scrub of the store, beside everything else; what rotted is removed, and fetched anew at the next poll."""

import contextlib
import threading
from datetime import datetime
from pathlib import Path

from sync.agent.media_store import MediaStore
from sync.agent.scrub import is_due, scrub
from sync.durable import write_durably


class Upkeep:
    """``scrubbed`` is the file that says when the last scrub ended."""

    def __init__(self, store: MediaStore, scrubbed: Path) -> None:
        self._store, self._scrubbed = store, scrubbed
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._rotten: tuple[str, ...] | None = None

    def see_to(self, at: datetime) -> tuple[str, ...]:
        """Begin a scrub where one is due, by an attested time; the digests that one which ended has removed.

        Raises ``OSError``.
        """
        if self._thread is not None:
            if self._thread.is_alive():
                return ()
            self._thread, rotten, self._rotten = None, self._rotten, None
            if rotten is None:
                return ()  # the disk failed; it is tried again
            self._note(at)
            return rotten
        last = self._last()
        if last is None:
            self._note(at)
        elif is_due(last, at):
            self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
            self._thread.start()
        return ()

    def close(self) -> None:
        """End a scrub early; the next start begins it anew."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            self._rotten = scrub(self._store, self._over.is_set)

    def _last(self) -> datetime | None:
        try:
            last = datetime.fromisoformat(self._scrubbed.read_text(encoding="ascii").strip())
        except (FileNotFoundError, ValueError):
            return None
        return last if last.tzinfo is not None else None

    def _note(self, at: datetime) -> None:
        write_durably(self._scrubbed, f"{at.isoformat()}\n".encode())
