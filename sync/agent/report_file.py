"""``agent/status.json``: written where there is something new in it, and again and again where there is not.

The player believes it only as long as it changes: what stands still is of an agent that is gone, or hangs. So it is
written anew from a thread of its own while the agent waits for a slow server or reads a stick, as long as the agent
itself said something not too long ago.
"""

import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playlists.agent_report import AgentReport, write_agent_report
from sync.agent.ports import Clock
from sync.durable import PART, write_durably

PROGRESS_NS: Final = 2 * 10**9
"""Between two writings while only progress is news."""
REPEAT_SECONDS: Final = 8.0
"""After which it is written again without news; the player expects it every ten seconds."""
LONGEST_STEP_NS: Final = 900 * 10**9
"""Longer than any step of an agent that does not hang; after that nobody stands by what it said."""


class ReportFile:
    """The file at ``path``; ``tell`` may be called from any thread."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._lock = threading.Lock()
        self._said: AgentReport | None = None
        self._written_ns = self._told_ns = 0
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def tell(self, report: AgentReport) -> None:
        """Write what is new; mere progress now and then. Raises ``OSError``."""
        with self._lock:
            self._told_ns = self._now_ns()
            said, before = replace(report, at=None), self._said
            passed = self._told_ns - self._written_ns
            if said == before:
                return
            moved = before is not None and replace(before, progress=None) == replace(said, progress=None)
            if moved and said.progress is not None and passed < PROGRESS_NS:
                return
            write_durably(self._path, write_agent_report(report))
            self._said, self._written_ns = said, self._told_ns

    def start(self) -> None:
        """Write it again and again, until ``close``."""
        self._thread = threading.Thread(target=self._repeat_on, name="report", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Write no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def repeat(self, at: datetime) -> None:
        """Write what was said last once more, as of ``at``; not fsynced, for nothing is new. Raises ``OSError``."""
        with self._lock:
            now = self._now_ns()
            if self._said is None or now - self._told_ns > LONGEST_STEP_NS:
                return
            told = replace(self._said, at=at.astimezone(UTC).isoformat(timespec="seconds"))
            part = self._path.with_name(self._path.name + PART)
            part.write_bytes(write_agent_report(told))
            part.replace(self._path)
            self._written_ns = now

    def _repeat_on(self) -> None:
        while not self._over.wait(REPEAT_SECONDS):
            with contextlib.suppress(OSError):  # the disk's trouble is told by who has something to say
                self.repeat(self._clock.now().wall)

    def _now_ns(self) -> int:
        return self._clock.now().boot_ns
