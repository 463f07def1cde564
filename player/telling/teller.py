"""The teller: once a second it looks at what is going on and tells systemd, the journal and the status file.

It runs on the painting thread, so that no sign of life goes out when that stands; files are written by a thread of its
own, and a disk that hangs only delays them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from player.clock import Clock
from player.errands import Errands
from player.reactor import Cancellable, Reactor
from player.telling import news, notify
from player.telling.faults_file import FaultsFile
from player.telling.files import replace_file
from player.telling.journald import Logbook
from player.telling.messages import Level
from player.telling.news import Circumstances, News
from player.telling.notify_socket import NotifySocket
from player.telling.screenshots import Photographer
from player.telling.state_places import StatePlaces
from playlists.proof import Record
from playlists.status import Showing, Status, write_status
from playlists.timing import MonotonicNs

TICK_NS: Final = 1_000_000_000
REFRESH_NS: Final = 10_000_000_000
"""How old a status file may get when nothing changes."""


@dataclass(slots=True)
class Teller:
    """See the module. ``circumstances`` is asked once a second and may not wait for anything."""

    clock: Clock
    reactor: Reactor
    errands: Errands
    circumstances: Callable[[], Circumstances]
    offset: Callable[[], timedelta]
    """The local time's offset from UTC, now."""
    systemd: NotifySocket
    logbook: Logbook | None = None
    places: StatePlaces | None = None
    photographer: Photographer | None = None
    patience_ns: int = 10_000_000_000
    _news: News = field(init=False)
    _written: Status | None = None
    _written_at: MonotonicNs | None = None
    _busy: bool = False
    _ready: bool = False
    _line: str = ""
    _faults: FaultsFile | None = None
    _trouble: str | None = None
    _timer: Cancellable | None = None

    def __post_init__(self) -> None:
        """Nothing has happened yet."""
        self._news = News(self.clock.moment())
        if self.places is not None:
            self._faults = FaultsFile(self.places.faults)

    def start(self) -> None:
        """Begin to tell."""
        if self.logbook is not None:
            self.logbook.say(Level.INFO, "started", "The player has started")
        self._tick()

    def hear(self, record: Record) -> None:
        """A row of the play log is on its way."""
        before, self._news = self._news, news.heard(self._news, record)
        said = news.message(record, before)
        if said is not None and self.logbook is not None:
            self.logbook.say(said.level, said.kind, said.text, **said.fields)

    @property
    def status(self) -> Status:
        """What is going on now."""
        return news.status(self._news, self.circumstances())

    def close(self) -> None:
        """Tell for the last time; whoever reads the file later learns that the player has left."""
        if self._timer is not None:
            self._timer.cancel()
        self.systemd.tell(notify.stopping(), notify.status("Đã dừng"))
        if self.places is not None:
            status, path = self.status, self.places.status
            self.errands.run(lambda: replace_file(path, write_status(status)), self._nothing)
        self.systemd.close()
        if self.logbook is not None:
            self.logbook.say(Level.INFO, "left", "The player leaves")
            self.logbook.close()

    def _tick(self) -> None:
        now = self.clock.monotonic()
        self._timer = self.reactor.call_at(MonotonicNs(now + TICK_NS), self._tick)
        status = self.status
        self._notify(status, now)
        if self.places is not None and not self._busy:
            self._tell_files(status, now)

    def _notify(self, status: Status, now: MonotonicNs) -> None:
        words = []
        if not self._ready and status.showing is not Showing.STARTING:
            self._ready = True
            words.append(notify.ready())
        line = news.spoken(status, self.offset())
        if line != self._line:
            self._line = line
            words.append(notify.status(line))
        if news.gives_way(self._news, now, self.patience_ns):
            words.append(notify.alive())
        elif self.logbook is not None:
            self.logbook.say(Level.ERROR, "standstill", "What is on the screen does not give way any more")
        if words:
            self.systemd.tell(*words)

    def _tell_files(self, status: Status, now: MonotonicNs) -> None:
        """One errand at a time: a slow disk must not have them pile up."""
        jobs: list[Callable[[], str | None]] = []
        old = self._written_at is None or now - self._written_at >= REFRESH_NS
        if (old or self._changed(status)) and self.places is not None:
            self._written, self._written_at = status, now
            path, content = self.places.status, write_status(status)
            jobs.append(lambda: replace_file(path, content))
        if self._faults is not None:
            faults, notes = self._faults, status.faults
            jobs.append(lambda: faults.keep(notes))
        if self.photographer is not None:
            jobs.append(self.photographer.answer_one)
        self._busy = True
        self.errands.run(lambda: [trouble for job in jobs if (trouble := job()) is not None], self._done)

    def _changed(self, status: Status) -> bool:
        return self._written is None or replace(status, at=self._written.at) != self._written

    def _done(self, troubles: list[str]) -> None:
        self._busy = False
        trouble = "; ".join(troubles) or None
        if trouble is not None and trouble != self._trouble and self.logbook is not None:
            self.logbook.say(Level.WARNING, "not-told", trouble)
        self._trouble = trouble

    def _nothing(self, _trouble: str | None) -> None:
        """Nobody is left to hear of it."""
