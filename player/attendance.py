"""The attendance: all that a kiosk does besides playing: it tells how it is, opens for a technician, keeps the volume.

Put together by the composition root from ports; nothing here knows Qt, libVLC or the X server.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from player import VERSION
from player.agent_watch import AgentWatch
from player.clock import Clock
from player.display_power import DisplayPower
from player.errands import Errands
from player.journal import Journal
from player.kiosk_file import Maintenance
from player.loudness import Loud, VolumeKeeper
from player.maintenance.lock import Lock
from player.maintenance.page import Site
from player.maintenance.visit import Surface, Visit
from player.reactor import Cancellable, Reactor
from player.telling.faults_file import merged, read_faults
from player.telling.files import read_file
from player.telling.journald import Logbook
from player.telling.messages import Level
from player.telling.news import Circumstances
from player.telling.notify import watchdog_ns
from player.telling.notify_socket import NotifySocket
from player.telling.screenshots import Camera, Photographer
from player.telling.state_places import StatePlaces
from player.telling.teller import Teller
from playlists.proof import Display, Record
from playlists.screen import Screen
from playlists.status import FaultNote
from playlists.thresholds import in_force
from playlists.timing import Moment, MonotonicNs
from playlists.volume import volume_at

_HOLD_NS: Final = 250_000_000
"""How often the window is seen to be in front."""
_SURVEY_EVERY: Final = 20
"""So many of these between two looks at the cables and the disk: 5 s."""
_AGENT_EVERY: Final = 4
"""So many between two looks at what the agent says: 1 s."""
_LAST_WORDS_S: Final = 0.3
LEVELS: Final = {"debug": Level.DEBUG, "info": Level.INFO, "warning": Level.WARNING, "error": Level.ERROR}


@dataclass(frozen=True, slots=True)
class Care:
    """How a player is looked after; without a state folder and a kiosk file it is a plain player."""

    state: Path | None = None
    maintenance: Maintenance | None = None
    """None where there is no kiosk file: no page, no lines in the journal."""
    log_level: str = "info"
    watchdog_seconds: float = 10.0
    screen: Screen | None = None
    alone: bool = True
    """Whether the X server shows this screen only, and may be switched off with it."""

    @property
    def places(self) -> StatePlaces | None:
        """Where things lie in the state folder."""
        return None if self.state is None else StatePlaces(self.state)


class Playing(Protocol):
    """What plays, and can stop for a while."""

    def give_way(self) -> None:
        """End what plays as interrupted by an operator, and keep it for later; nothing plays from here on."""

    def come_back(self) -> None:
        """Go on with what was interrupted."""


class LitDisplay(DisplayPower, Protocol):
    """A display that can be lit for a technician, whatever the hour."""

    def lend(self) -> None:
        """Light it, for now."""

    def take_back(self) -> None:
        """Let it be as it was to be."""


class Instruments(Protocol):
    """What only adapters can do."""

    def plugged(self) -> bool | None:
        """Whether a screen is plugged in, None where nobody can tell; may wait."""

    def camera(self) -> bytes | None:
        """A picture of the screen as PNG; may wait."""

    def sound(self) -> bool:
        """Play the test tone; False where nobody could hear it."""

    def hold_front(self) -> None:
        """Keep the window above others and the keyboard's focus."""

    def canvas(self) -> tuple[int, int]:
        """Width and height of the window in pixels."""

    def restart(self) -> None:
        """Leave, to be started again."""


@dataclass(frozen=True, slots=True)
class _Survey:
    """What was found by those who may wait."""

    plugged: bool | None = None
    disk: tuple[int, int] | None = None
    """Free and whole, in bytes."""
    faults: tuple[FaultNote, ...] = ()


@dataclass(slots=True)
class Attendance:
    """See the module."""

    care: Care
    clock: Clock
    reactor: Reactor
    journal: Journal
    display: LitDisplay
    speaker: Loud
    instruments: Instruments
    surface: Surface | None
    ordered_volume: int
    local: Callable[[], datetime]
    screen: Callable[[], Screen | None]
    """The screen as it is described now."""
    playing: Playing | None = None
    """Set before the start: the conductor needs the rest first."""
    agent_file: Path | None = None
    """Where the agent says how it is; None where there is no agent."""
    on_banner: Callable[[str | None], None] = lambda _text: None
    """Hears once a second what the agent has to say to passers-by."""
    _errands: Errands = field(init=False)
    _teller: Teller = field(init=False)
    _agent: AgentWatch | None = None
    _visit: Visit | None = None
    _volume: VolumeKeeper = field(init=False)
    _survey: _Survey = field(default_factory=_Survey)
    _surveying: bool = False
    _ticks: int = 0
    _visited: Moment | None = None
    _timer: Cancellable | None = None

    def __post_init__(self) -> None:
        """Put everything together."""
        self._errands = Errands(self.reactor)
        if self.agent_file is not None:
            self._agent = AgentWatch(self.agent_file, self.clock, self._errands, self.on_banner)
        self._volume = VolumeKeeper(
            self.reactor,
            self.clock.monotonic,
            self.local,
            lambda local: most_volume(self.screen(), local),
            self.ordered_volume,
            self.speaker,
            self._set_volume,
        )
        self._teller = self._made_teller()
        wishes = self.care.maintenance
        if wishes is not None and self.surface is not None:
            tries = self.care.places.tries if self.care.places is not None else None
            lock = Lock(wishes.pin, tries) if wishes.pin is not None else None
            self._visit = Visit(
                self.clock, self.reactor, self._errands, wishes, self.surface, self, lock, self.instruments.canvas
            )

    def _made_teller(self) -> Teller:
        places, patience = self.care.places, round(self.care.watchdog_seconds * 1e9)
        logbook = None
        if self.care.maintenance is not None:
            logbook = Logbook(self.journal.screen, LEVELS[self.care.log_level], self.clock.monotonic)
        camera: Camera = self.instruments.camera
        photographer = Photographer(places.requests, places.screenshots, camera) if places is not None else None
        return Teller(
            self.clock,
            self.reactor,
            self._errands,
            self._circumstances,
            lambda: there(self.screen(), self.local()).utcoffset() or timedelta(),
            NotifySocket(os.environ),
            logbook,
            places,
            photographer,
            min(patience, watchdog_ns(os.environ, os.getpid()) or patience),
        )

    # What the composition root calls.

    def hear(self, record: Record) -> None:
        """A row of the play log is on its way."""
        self._teller.hear(record)

    def key(self, name: str, modifiers: frozenset[str], down: bool) -> None:  # noqa: FBT001 - one of two is heard
        """A key of the kiosk's keyboard went down or up."""
        if self._visit is not None:
            self._visit.key(name, modifiers, down)

    def touch(self, x: float, y: float, down: bool) -> None:  # noqa: FBT001 - one of two is heard
        """A finger or a mouse button went down or up, in window pixels."""
        if self._visit is not None:
            self._visit.touch(x, y, down)

    def lit(self, display: Display) -> None:
        """Whether the display is lit was found out; one that is not plugged in shows nothing."""
        self.journal.display = Display.OFF if self._survey.plugged is False else display

    def start(self) -> None:
        """Begin."""
        self._volume.start()
        self._teller.start()
        self._tick()

    def close(self) -> None:
        """The player leaves, after its last row."""
        for timer in (self._timer, self._visit, self._volume):
            if isinstance(timer, Visit | VolumeKeeper):
                timer.close()
            elif timer is not None:
                timer.cancel()
        self._teller.close()
        self._errands.finish(_LAST_WORDS_S)

    # What a visitor asks for.

    def make_way(self) -> None:
        """Somebody opens the maintenance page."""
        self._visited = self.clock.moment()
        self.display.lend()
        if self.playing is not None:
            self.playing.give_way()

    def go_on(self) -> None:
        """Nobody looks at it any more."""
        self._visited = None
        self.display.take_back()
        if self.playing is not None:
            self.playing.come_back()

    def restart(self) -> None:
        """Be started again."""
        self.instruments.restart()

    def sound(self) -> bool:
        """Play the test tone."""
        return self.instruments.sound()

    def opened(self, *, right: bool) -> None:
        """A wrong PIN is written down for whoever has to know of it."""
        if not right:
            self.journal.fault("wrong-pin", "a wrong PIN was entered at the maintenance page")

    def site(self) -> Site:
        """What the page tells."""
        screen, survey = self.screen(), self._survey
        free, whole = survey.disk or (None, None)
        status = self._teller.status
        return Site(
            status,
            there(screen, self.local()),
            None if screen is None else screen.gate,
            None if screen is None else screen.cluster,
            self.instruments.canvas(),
            free,
            whole,
            None if self._agent is None else self._agent.report,
            merged(survey.faults, status.faults),
            agent_silent=self._agent is not None and self._agent.silent,
        )

    # By itself.

    def _circumstances(self) -> Circumstances:
        return Circumstances(
            now=self.clock.moment(),
            screen=self.journal.screen,
            software=VERSION,
            display=self.journal.display,
            plugged=self._survey.plugged,
            volume=self._volume.in_force,
            release=self.journal.release,
            maintenance=self._visited,
            log_trouble=self.journal.log.trouble,
        )

    def _tick(self) -> None:
        self._timer = self.reactor.call_at(MonotonicNs(self.clock.monotonic() + _HOLD_NS), self._tick)
        self.instruments.hold_front()
        if self._agent is not None and self._ticks % _AGENT_EVERY == 0:
            self._agent.look()
        if self._ticks % _SURVEY_EVERY == 0 and not self._surveying:
            self._surveying = True
            self._errands.run(self._look_around, self._surveyed)
        self._ticks += 1

    def _look_around(self) -> _Survey:
        plugged, places = self.instruments.plugged(), self.care.places
        if places is None:
            return _Survey(plugged)
        faults = read_faults(read_file(places.faults))
        return _Survey(plugged, _room(places.folder), faults)

    def _surveyed(self, survey: _Survey) -> None:
        self._survey, self._surveying = survey, False

    def _set_volume(self, volume: int) -> None:
        self.journal.volume = volume


def most_volume(screen: Screen | None, now: datetime) -> int:
    """The most volume of a screen at a moment, by its own day; a screen nobody described has no limit."""
    if screen is None:
        return 100
    local = there(screen, now)
    return volume_at(screen, local.time(), in_force(local.date()))


def there(screen: Screen | None, now: datetime) -> datetime:
    """A moment in the screen's own time zone; in the machine's, where nobody knows the screen or the zone."""
    if screen is None:
        return now
    try:
        return now.astimezone(ZoneInfo(screen.time_zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now


def _room(folder: Path) -> tuple[int, int] | None:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return usage.free, usage.total
