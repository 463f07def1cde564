"""Errands: small jobs that may wait for a disk, run off the thread that paints; their results come back on it."""

import contextlib
import os
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from player.reactor import Reactor

T = TypeVar("T")


class Errands:
    """One thread that runs jobs in order and hands each result to its callback through the reactor."""

    def __init__(self, reactor: Reactor) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], Callable[[], None]] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._watch = reactor.watch(self, self._deliver)
        self._thread = threading.Thread(target=self._run, name="errands", daemon=True)
        self._thread.start()

    def fileno(self) -> int:
        """What the reactor watches."""
        return self._read

    def run(self, job: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run ``job`` later on the thread, then ``then`` with its result on the reactor.

        ``job`` raises nothing: what can go wrong is part of its result.
        """

        def carry_out() -> Callable[[], None]:
            result = job()
            return lambda: then(result)

        self._jobs.put(carry_out)

    def close(self) -> None:
        """Take no more; a job that hangs on a dead disk is left behind."""
        self._watch.cancel()
        self._jobs.put(None)

    def finish(self, patience_s: float) -> None:
        """Take no more, and wait so long for what was asked for; its results are nobody's any more."""
        self.close()
        self._thread.join(patience_s)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._done.put(job())
            with contextlib.suppress(BlockingIOError):
                os.write(self._write, b"x")

    def _deliver(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._read, 4096)
        while True:
            try:
                callback = self._done.get_nowait()
            except queue.Empty:
                return
            callback()
