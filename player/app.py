"""The player's composition root: the only place that knows every adapter."""

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from player.attendance import Attendance, Care
from player.captioning import Captioning
from player.clock import Clock, SystemClock
from player.conductor import Conductor
from player.decoding.prisoners import Prison, opened_prison
from player.errands import Errands
from player.fitting import Fit
from player.furnishing import Furnishing
from player.journal import Journal
from player.loudness import RuledSound
from player.planning import Planning
from player.ports import AlwaysOpen, NoBookmark, Programme, Wishes
from player.programme import DiskProgramme
from player.proof_log.port import ProofLog
from player.reactor import Reactor
from player.telling.overheard import OverheardLog
from player.telling.state_places import StatePlaces
from player.ticker_feed import TickerFeed
from player.trust import ClockTrust
from playlists.errors import ExitCode, SiteError
from playlists.playlist import TickerText
from playlists.screen import Layout, Screen
from playlists.timing import MonotonicNs

if TYPE_CHECKING:
    from player.decoding.examination import FileIdentity
    from player.live.live import Live
    from player.stage.theatre import Theatre

_SWITCH_S = 0.0005
"""How long another thread of ours, which reads a release or makes a plan, keeps the painting one waiting at most."""
_CLOSE_LOG_S = 1.2
"""A disk that is slower costs the last rows; the player is out within 2 s of being told to leave."""
_LOG_CHECK_NS = 2_000_000_000
_WARM_NS = 1_500_000_000
"""After the start, which this may not delay."""
_LOGO_NS = 1_000_000_000
"""A logo waits until the first item is on the screen: both are read by the same prisoner."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the command line decides. ``state`` is the state folder that is played instead of ``path``."""

    path: Path
    log: Path
    wishes: Wishes
    captions: tuple[str, ...]
    screen: str | None
    geometry: tuple[int, int, int, int] | None
    rotate: int
    fit: Fit
    hardware: bool
    kiosk: bool
    screen_id: str
    state: Path | None = None
    trust_clock: bool = False
    care: Care = field(default_factory=Care)
    described: Screen | None = None
    """The screen's own file, where one was named."""
    layout: Layout = field(default_factory=Layout)
    """The zones of the screen; the logo it names is a path from where the player runs, or an absolute one."""
    ticker: tuple[TickerText, ...] = ()
    """What the ticker says where the playlist has no words for it."""


def open_log(settings: Settings, clock: Clock) -> ProofLog:
    """The play log of a kiosk."""
    from player.proof_log.ledger import SqliteLedger
    from player.proof_log.writer import LogWriter

    return LogWriter(SqliteLedger(settings.log, clock), clock)


def run(
    settings: Settings,
    make_log: Callable[[Settings, Clock], ProofLog] = open_log,
    prison: Prison | None = None,
    clock: Clock | None = None,
) -> ExitCode:
    """Play until told to leave; a ``prison`` that was opened ahead is closed in the end.

    Raises:
        SiteError: no X server, no libVLC, no such screen, a log in use.

    """
    prison = prison or opened_prison(hardware=settings.hardware)
    sys.setswitchinterval(_SWITCH_S)
    try:
        check_display()
        clock = clock or SystemClock()
        log = make_log(settings, clock)
        try:
            return _Player(settings, prison, clock, log).run()
        finally:
            log.close(_CLOSE_LOG_S)
    finally:
        prison.close()


def check_display() -> None:
    """See that an X server answers, for Qt would abort the process if none did.

    The connection stays open for as long as the process lives: an X server whose only client leaves starts anew, and
    who connects in that moment may wait for ever.

    Raises:
        SiteError: none does.

    """
    if not os.environ.get("DISPLAY"):
        hint = " (a Wayland desktop needs XWayland)" if os.environ.get("WAYLAND_DISPLAY") else ""
        msg = f"No X server: DISPLAY is not set{hint}."
        raise SiteError(msg)
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        msg = "libxcb is not installed; run `make demo` once, or install libxcb1."
        raise SiteError(msg) from error
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    if xcb.xcb_connection_has_error(xcb.xcb_connect(None, None)):
        msg = f"No X server answers on DISPLAY={os.environ['DISPLAY']}."
        raise SiteError(msg)


class _Player:
    """All adapters of one run, wired together."""

    def __init__(self, settings: Settings, prison: Prison, clock: Clock, log: ProofLog) -> None:
        from player.decoding.vlc_renderer import VlcRenderer
        from player.stage.display import DisplayWatch
        from player.stage.playhouse import Playhouse
        from player.stage.qt_application import make_application, placed_on
        from player.stage.qt_reactor import QtReactor
        from player.stage.window import Placement

        self._settings = settings
        self._application = make_application()
        screen = placed_on(self._application, settings.screen)
        self._exit = ExitCode.OK
        self._trouble: str | None = None
        reactor = self._reactor = QtReactor(clock)
        self._clock = clock
        prison.attend(reactor, self._on_trouble)
        self._prison, self._care = prison, settings.care
        self._live: Live | None = None
        self._plain_trust = ClockTrust(settings.trust_clock)
        self._errands = Errands(reactor)
        self._renderer = VlcRenderer(prison, reactor, settings.fit, settings.hardware, proven=self._proven)
        placement = Placement(screen, settings.geometry, settings.rotate, settings.kiosk)
        self._playhouse = Playhouse(
            *(self._application, placement, settings.layout, settings.captions, reactor, clock, self._local_time),
            trusted=lambda: self._trust.trusts(clock.moment()),
            on_leave=self.leave,
            on_canvas_changed=self._hang_logo,
            announces=_agent_file(settings) is not None,
        )
        theatre = self._playhouse.theatre
        logo = None if settings.layout.logo is None else str(Path(settings.layout.logo).absolute())
        dress, trouble = self._renderer.set_dress, self._logo_trouble
        self._furnishing = Furnishing(self._playhouse, self._renderer, dress, trouble, logo)
        sound = settings.wishes.sound
        overheard = OverheardLog(log)
        self._journal = Journal(overheard, clock, settings.screen_id, 0 if sound.muted else sound.volume)
        self._display = DisplayWatch()
        if settings.geometry is None:
            self._display.keep_awake()
        self._attendance = self._attended(settings, clock, reactor)
        overheard.listener = self._attendance.hear
        self._display.watch(reactor, self._attendance.lit)
        folder = settings.path if settings.path.is_dir() else settings.path.parent
        self._live = self._made_live(settings, clock, reactor)
        self._conductor = self._conducting(settings, clock, reactor, theatre, folder)
        self._attendance.playing = self._conductor
        self._signals = _SignalRelay(reactor, self.leave)
        self._log = log
        reactor.call_at(MonotonicNs(clock.monotonic() + _LOG_CHECK_NS), self._tell_log_trouble)
        reactor.call_at(MonotonicNs(clock.monotonic() + _LOGO_NS), self._hang_logo)

    def _conducting(
        self, settings: Settings, clock: Clock, reactor: Reactor, theatre: "Theatre", folder: Path
    ) -> Conductor:
        """The conductor of a folder, a playlist file or a state folder."""
        captioning = Captioning(theatre, self._errands, folder, settings.captions, self._caption_trouble)
        planning = None  # rounds are counted of slots as they are written
        if settings.wishes.rounds is None:
            planning = Planning(self._errands, self._plain_trust, self._journal.fault)
        here = settings.described or Screen(settings.screen_id, "", "")
        programme: Programme = DiskProgramme(settings.path, self._errands, planning, here)
        if self._live is not None:
            live = programme = self._live.programme
            captioning.locate = live.path_to
            self._live.on_screen = self._furnishing.furnish
        return Conductor(
            clock=clock,
            reactor=reactor,
            renderer=RuledSound(self._renderer, self._described),
            stage=theatre if self._live is None else self._live.in_front_of(theatre),
            programme=TickerFeed(programme, theatre.set_ticker, settings.ticker),
            journal=self._journal,
            captioning=captioning,
            wishes=settings.wishes,
            on_leave=self.leave,
            opening=AlwaysOpen() if self._live is None else self._live.hours,
            bookmark=NoBookmark() if self._live is None else self._live.bookmark,
            remembered=None if self._live is None else self._live.remembered,
        )

    def run(self) -> ExitCode:
        """Play; the exit code when it is over."""
        sys.excepthook = self._on_bug
        self._playhouse.open(self._settings.screen)
        if self._live is not None:
            self._live.start(self._conductor.news)
            self._reactor.call_at(MonotonicNs(self._clock.monotonic() + _WARM_NS), self._renderer.keep_warm)
        self._conductor.start()
        self._attendance.start()
        self._application.exec()
        self._trouble = self._trouble or self._prison.hear_out()
        self._conductor.stop()
        self._attendance.close()
        self._signals.close()
        if self._live is not None:
            self._live.close()
        self._errands.close()
        self._renderer.close()
        self._display.close()
        self._front.close()
        self._playhouse.close()
        if self._trouble is not None:
            raise SiteError(self._trouble)
        return self._exit

    def leave(self) -> None:
        """Somebody asked for the end; Qt's ``quit`` would ask the windows first, and a kiosk's refuses."""
        self._application.exit(0)

    def _proven(self, path: str, identity: "FileIdentity") -> str | None:
        """The digest of a file of the state folder, where it was taken of this very file."""
        digest = path.rpartition("/")[2]
        stamp = (identity.size, identity.modified_ns, identity.inode)
        return digest if self._live is not None and self._live.verified.knows(digest, stamp) else None

    def _made_live(self, settings: Settings, clock: Clock, reactor: Reactor) -> "Live | None":
        """What plays a state folder; None where a folder or a playlist file is played."""
        if settings.state is None:
            return None
        from player.live.hours import Unswitched
        from player.live.live import Live

        return Live(
            settings.state,
            settings.described or Screen(settings.screen_id, "", ""),
            clock,
            reactor,
            self._renderer,
            self._journal.fault,
            self._display if settings.geometry is None and settings.care.alone else Unswitched(),
            trust_clock=settings.trust_clock,
        )

    def _tell_log_trouble(self) -> None:
        """A log that cannot be written stops nothing, but whoever typed a wrong path should hear of it."""
        if self._log.trouble is not None:
            sys.stderr.write(f"signage-player: the play log cannot be written: {self._log.trouble}\n")

    def _attended(self, settings: Settings, clock: Clock, reactor: Reactor) -> Attendance:
        from player.stage.instruments import StageInstruments

        sound = settings.wishes.sound
        self._front = StageInstruments(self._playhouse.window, settings.screen, self._test_tone, self.leave)
        attendance = Attendance(
            care=settings.care,
            clock=clock,
            reactor=reactor,
            journal=self._journal,
            display=self._display,
            speaker=self._renderer,
            instruments=self._front,
            surface=self._front,
            ordered_volume=0 if sound.muted else sound.volume,
            local=self._local_time,
            screen=self._described,
            agent_file=_agent_file(settings),
            on_banner=self._playhouse.theatre.set_banner,
        )
        if settings.kiosk:
            self._front.guard(settings.rotate, attendance.key, attendance.touch)
        return attendance

    @property
    def _trust(self) -> ClockTrust:
        """Whether the wall clock can be relied on."""
        return self._plain_trust if self._live is None else self._live.trust

    def _local_time(self) -> datetime:
        """The time at the screen, which may stand in another zone than its machine believes."""
        screen = self._described()
        return datetime.now().astimezone() if screen is None else datetime.now(ZoneInfo(screen.time_zone))

    def _described(self) -> Screen | None:
        """The screen as the running release has it, or as the kiosk's own file does."""
        described = None if self._live is None else self._live.programme.screen
        return described or self._settings.described

    def _test_tone(self) -> bool:
        from player.tone import tone

        return self._renderer.sound(tone(100))

    def _hang_logo(self) -> None:
        self._furnishing.hang_logo()

    def _logo_trouble(self, finding: str) -> None:
        self._journal.fault("logo", finding)

    def _caption_trouble(self, item: str, finding: str) -> None:
        self._journal.fault("captions", finding, item)

    def _on_trouble(self) -> None:
        self._trouble = self._renderer.trouble() if hasattr(self, "_renderer") else self._prison.missing
        self._application.exit(0)

    def _on_bug(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        """An error nobody foresaw: on record, on stderr, and the end; a supervisor starts a fresh player at once."""
        sys.__excepthook__(kind, error, traceback)
        self._journal.fault("bug", repr(error))
        self._exit = ExitCode.BUG
        self._application.exit(0)


def _agent_file(settings: Settings) -> Path | None:
    """Where an agent says how it is; there is none without a state folder."""
    state = settings.state or settings.care.state
    return None if state is None else StatePlaces(state).agent


class _SignalRelay:
    """Hands signals to the reactor: Python runs a handler only between its own instructions, and Qt's loop has none."""

    def __init__(self, reactor: Reactor, on_signal: Callable[[], None]) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._write.setblocking(False)  # noqa: FBT003
        self._on_signal = on_signal
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self._ignore)
        self._watch = reactor.watch(self._read, self._relay)

    def close(self) -> None:
        """Stop listening."""
        self._watch.cancel()
        signal.set_wakeup_fd(-1)

    @staticmethod
    def _ignore(_sign: int, _frame: FrameType | None) -> None:
        """The wake-up descriptor does the work."""

    def _relay(self) -> None:
        self._read.recv(64)
        self._on_signal()
