"""``signage-player kiosk KIOSK.toml``: one player for each screen, kept running.

A player that ends is started again, one whose painting loop stands still is ended first. Each is told to notify us
instead of systemd, and what we hear from all of them together is what systemd hears.
"""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from player.attendance import Care
from player.kiosk_file import Kiosk, KioskScreen, geometry_text, read_kiosk
from player.kiosk_restarts import Life, ended, started
from player.screen_files import read_screen_file
from player.telling import notify
from player.telling.notify_socket import NotifySocket
from playlists.errors import ExitCode, SiteError
from playlists.timing import MonotonicNs

LEAVE_S: Final = 1.8
"""How long the players may take to leave before they are killed; 2 s in all."""
_START_S: Final = 30.0
"""How long a player may take to its first sign of life."""
_WAKE_S: Final = 1.0
FULL_VOLUME: Final = 100
_PR_SET_PDEATHSIG: Final = 1
_AT_ONCE: Final = MonotonicNs(0)


def read_kiosk_file(path: Path) -> Kiosk:
    """Read a kiosk file from the disk.

    Raises:
        SiteError: it is not there or cannot be used, with all that is wrong.

    """
    try:
        return read_kiosk(path.read_bytes())
    except OSError as error:
        msg = f"The kiosk file {path} cannot be read: {error.strerror}."
        raise SiteError(msg) from error


def arguments_of(screen: KioskScreen, kiosk_file: Path, number: int) -> list[str]:
    """What the player of the ``number``-th screen of a kiosk file is started with."""
    words = ["--state", screen.state] if screen.content is None else [screen.content]
    words += ["--kiosk-file", str(kiosk_file), "--kiosk-screen", str(number)]
    if screen.name is not None:
        words += ["--screen", screen.name]
    if screen.geometry is not None:
        words += ["--geometry", geometry_text(screen.geometry)]
    if screen.rotation:
        words += ["--rotate", str(screen.rotation)]
    if screen.languages is not None:
        words += ["--languages", screen.languages]
    if screen.captions is not None:
        words += ["--captions", screen.captions]
    if screen.volume < FULL_VOLUME:
        words += ["--volume", str(screen.volume)]
    return words


@dataclass(slots=True)
class _Child:
    """One screen's player, running or about to be started."""

    title: str
    command: Sequence[str]
    display: str | None
    life: Life
    ears: socket.socket
    process: subprocess.Popen[bytes] | None = None
    start_at: MonotonicNs = _AT_ONCE
    ready: bool = False
    status: str = "Đang khởi động"
    heard_at: float = 0.0

    @property
    def name(self) -> str:
        """The address it notifies."""
        return f"@{self.ears.getsockname()[1:].decode()}"


class Supervisor:
    """Runs the players until told to leave."""

    def __init__(self, kiosk: Kiosk, kiosk_file: Path, program: Sequence[str], systemd: NotifySocket) -> None:
        self._patience_s = kiosk.watchdog_seconds
        self._systemd = systemd
        self._leaving = False
        self._told_ready = False
        self._begun = time.monotonic()
        self._told = ""
        self._woken, self._wake = socket.socketpair()
        now = MonotonicNs(time.monotonic_ns())
        self._children = [
            _Child(
                screen.name or screen.state,
                [*program, *arguments_of(screen, kiosk_file, number)],
                screen.display,
                Life(now),
                _ears(),
            )
            for number, screen in enumerate(kiosk.screens, 1)
        ]

    def run(self) -> ExitCode:
        """Keep every screen's player running; returns when told to leave by a signal and all of them have left."""
        for end in (self._woken, self._wake):
            end.setblocking(False)  # noqa: FBT003 - the standard library's signature
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self._told_to_leave)
        signal.signal(signal.SIGCHLD, _heard)
        while not self._leaving:
            now = MonotonicNs(time.monotonic_ns())
            for child in self._children:
                self._look_after(child, now)
            self._tell()
            self._wait(self._next_wake())
        return self._leave()

    def _look_after(self, child: _Child, now: MonotonicNs) -> None:
        process = child.process
        if process is not None and process.poll() is not None:
            child.life, child.start_at = ended(child.life, now)
            child.process, child.status = None, "Đang khởi động lại"
            _say(f"the player of {child.title} ended with {process.returncode}")
        elif process is not None:
            patience = self._patience_s if child.ready else max(_START_S, self._patience_s)
            if now / 1e9 - child.heard_at > patience:
                _say(f"the player of {child.title} stood still for {patience:.0f} s and is ended")
                process.kill()
                process.wait()
                self._look_after(child, now)
        if child.process is None and child.start_at <= now:
            self._start(child, now)

    def _start(self, child: _Child, now: MonotonicNs) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("WATCHDOG_")}
        environment |= {"NOTIFY_SOCKET": child.name} | ({"DISPLAY": child.display} if child.display else {})
        child.life, child.heard_at, child.ready = started(child.life, now), now / 1e9, False
        try:
            # One thread and nothing in between: what preexec_fn can break is not here.
            child.process = subprocess.Popen(  # noqa: S603 - our own program
                child.command,
                stdin=subprocess.DEVNULL,
                env=environment,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - this process has no threads
            )
        except OSError as error:
            child.life, child.start_at = ended(child.life, now)
            _say(f"the player of {child.title} cannot be started: {error.strerror}")

    def _next_wake(self) -> float:
        now = time.monotonic_ns()
        waiting = [child.start_at - now for child in self._children if child.process is None]
        return max(0.0, min([_WAKE_S, *(nanoseconds / 1e9 for nanoseconds in waiting)]))

    def _wait(self, seconds: float) -> None:
        """Listen to the players, until something has to be looked at."""
        sources: list[socket.socket] = [self._woken, *(child.ears for child in self._children)]
        readable, _, _ = select.select(sources, [], [], seconds)
        if self._woken in readable:
            with contextlib.suppress(BlockingIOError):
                self._woken.recv(256)
        for child in self._children:
            if child.ears in readable:
                self._listen(child)

    def _listen(self, child: _Child) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                said = notify.parsed(child.ears.recv(4096))
                child.ready = child.ready or said.get("READY") == "1"
                child.status = said.get("STATUS", child.status)
                if said.get("WATCHDOG") == "1" or said.get("READY") == "1":
                    child.heard_at = time.monotonic()

    def _tell(self) -> None:
        """What systemd hears: ready when all are, a sign of life of ours, and every screen's status.

        A screen that is not plugged in must not keep systemd from letting the others play.
        """
        words = [notify.alive()]
        ready = [child.ready for child in self._children]
        late = time.monotonic() - self._begun > _START_S
        if not self._told_ready and (all(ready) or (late and any(ready))):
            self._told_ready = True
            words.append(notify.ready())
        many = len(self._children) > 1
        line = " | ".join(f"{child.title}: {child.status}" if many else child.status for child in self._children)
        if line != self._told:
            self._told = line
            words.append(notify.status(line))
        self._systemd.tell(*words)

    def _told_to_leave(self, _sign: int, _frame: FrameType | None) -> None:
        self._leaving = True

    def _leave(self) -> ExitCode:
        self._systemd.tell(notify.stopping(), notify.status("Đang dừng"))
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + LEAVE_S
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self._children:
            child.ears.close()
        self._systemd.close()
        return ExitCode.OK


def _ears() -> socket.socket:
    """A datagram socket of ours in the abstract namespace, where nothing is left behind."""
    ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
    ears.bind("")  # the kernel finds a name
    return ears


def _die_with(parent: int) -> Callable[[], None]:
    """For a new process before it becomes the player: have it asked to leave when we die, whatever kills us.

    Otherwise it would hold the screen and the play log against the player that our successor starts.
    """
    prctl = ctypes.CDLL(None).prctl

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(ExitCode.SITE)

    return prepare


def _heard(_sign: int, _frame: FrameType | None) -> None:
    """The wake-up descriptor does the work."""


def _say(text: str) -> None:
    sys.stderr.write(f"signage-player kiosk: {text}\n")
    sys.stderr.flush()


def care_of(kiosk: Kiosk, number: int) -> Care:
    """How the player of the ``number``-th screen of a kiosk file is looked after.

    Raises:
        SiteError: there is no such screen, or its screen file cannot be read.
        ContentError: that file is none.

    """
    if number > len(kiosk.screens):
        msg = f"The kiosk file has no screen {number}; it has {len(kiosk.screens)}."
        raise SiteError(msg)
    screen = kiosk.screens[number - 1]
    described = None if screen.file is None else read_screen_file(Path(screen.file))
    alone = [other.display for other in kiosk.screens].count(screen.display) == 1
    state = Path(screen.state)
    return Care(state, kiosk.maintenance, kiosk.log_level, kiosk.watchdog_seconds, described, alone)


def main(file: Path) -> int:
    """Run a player for every screen of the kiosk file until told to leave; the exit code.

    Raises:
        SiteError: the kiosk file cannot be used.

    """
    path = file.absolute()
    kiosk = read_kiosk_file(path)
    program = [sys.executable, "-P", "-c", "import sys; from player.cli import main; sys.exit(main())"]
    return Supervisor(kiosk, path, program, NotifySocket(os.environ)).run()
