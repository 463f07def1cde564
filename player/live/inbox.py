"""The inbox: watches the agent's half of the state folder and hands over its letters as soon as one changes.

The kernel's word (inotify, by watchdog) brings a change within milliseconds. Behind it stands a poll, for inotify may
be lacking or overflow, and a folder may be replaced under it; once the poll has found what nobody announced it hurries.
All reading is done on a thread of the inbox's own.
"""

import contextlib
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.live.letters import Letters, read_letters, signature
from player.live.state_folder import StateFolder
from player.reactor import Reactor

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

_POLL_S: Final = 1.0
_HURRIED_POLL_S: Final = 0.1
_SETTLE_S: Final = 0.005
"""Several files of one change are read together."""


class Inbox:
    """Calls ``on_letters`` on the reactor's thread, first with what lies there at the start."""

    def __init__(
        self,
        folder: StateFolder,
        reactor: Reactor,
        on_letters: Callable[[Letters], None],
        *,
        watched: bool = True,
    ) -> None:
        self._folder, self._on_letters = folder, on_letters
        self._letters: queue.SimpleQueue[Letters] = queue.SimpleQueue()
        self._hear, self._tell = socket.socketpair()
        self._hear.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._tell.setblocking(False)  # noqa: FBT003
        self._watch = reactor.watch(self._hear, self._deliver)
        self._news = threading.Event()
        self._over = False
        self._watched = watched
        self._observer: BaseObserver | None = None
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Deliver nothing any more; a look that hangs on a dead disk is left behind."""
        self._watch.cancel()
        self._over = True
        self._news.set()
        self._hear.close()

    # On the reactor's thread.

    def _deliver(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._hear.recv(4096)
        letters = None
        with contextlib.suppress(queue.Empty):
            while True:
                letters = self._letters.get_nowait()
        if letters is not None:
            self._on_letters(letters)

    # On the inbox's own thread.

    def _run(self) -> None:
        self._listen()
        letters, seen, poll_s = Letters(), None, _POLL_S if self._observer is not None else _HURRIED_POLL_S
        while not self._over:
            announced = self._news.is_set()
            self._news.clear()
            found = signature(self._folder)
            if found != seen:
                if seen is not None and not announced:
                    poll_s = _HURRIED_POLL_S
                letters = read_letters(self._folder, letters)
                seen = found if signature(self._folder) == found else None
                self._letters.put(letters)
                with contextlib.suppress(OSError):  # full: it is heard anyway; closed: nobody hears
                    self._tell.send(b"x")
            if seen is not None and self._news.wait(poll_s):
                time.sleep(_SETTLE_S)
        if self._observer is not None:
            self._observer.stop()
        self._tell.close()

    def _listen(self) -> None:
        """Have the kernel announce changes, where it does."""
        if not self._watched:
            return
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer

        news = self._news

        class Bell(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                if event.event_type not in {"opened", "closed_no_write"}:
                    news.set()

        observer = Observer()
        try:
            for folder in (self._folder.agent, self._folder.urgent):
                Path(folder).mkdir(parents=True, exist_ok=True)
                observer.schedule(Bell(), os.fspath(folder))
            observer.start()
        except OSError:
            return  # the poll has to do
        self._observer = observer
