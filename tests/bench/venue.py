"""Where the players perform: a virtual X screen, a sound server with a sink nobody hears, an ordinary user."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from tests.bench.costs import ControlGroup

SINK: Final = "bench"
_PATIENCE: Final = 15.0


class VenueError(Exception):
    """Something the benchmark stands on is missing; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Venue:
    """A place to perform: the user to run players as (None: whoever runs the benchmark), folders, sound server."""

    user: str | None
    workspace: Path
    first_display: int
    sound: bool

    @property
    def socket(self) -> Path:
        """Where the sound server listens."""
        return self.home() / "pulse.socket"

    def home(self, *, ordinary: bool = True) -> Path:
        """The folder of the ordinary user, or of whoever runs the benchmark."""
        return self.workspace / ("home" if ordinary or self.user is None else "home-of-caller")

    def environment(self, *, ordinary: bool = True) -> dict[str, str]:
        """What players see; nothing of the caller's session."""
        home = self.home(ordinary=ordinary)
        names = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "PULSE_SERVER": f"unix:{self.socket}" if self.sound else "unix:/nonexistent",
        }
        return names | ({"PULSE_SINK": SINK} if self.sound else {})

    def as_user(self, command: Sequence[str]) -> list[str]:
        """The command, run as the ordinary user."""
        if self.user is None:
            return list(command)
        entry = pwd.getpwnam(self.user)
        ids = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
        return [_tool("setpriv", "util-linux"), *ids, *command]

    def can_read(self, path: Path) -> bool:
        """Whether the ordinary user can read a file."""
        command = self.as_user(["/bin/sh", "-c", 'exec /usr/bin/test -r "$0"', str(path)])
        return subprocess.run(command, env=self.environment(), capture_output=True, check=False).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Whether the ordinary user can run a program: an interpreter below /root is out of its reach."""
        # Through a shell: what setpriv itself starts still has its caller's rights on the way there.
        command = self.as_user(["/bin/sh", "-c", 'exec "$0" --version', str(program)])
        return subprocess.run(command, env=self.environment(), capture_output=True, check=False).returncode == 0


@dataclass(slots=True)
class Performance:
    """A running player: its process, when it was started, and the group that counts its cost."""

    process: subprocess.Popen[bytes]
    started: float
    group: ControlGroup | None
    errors: IO[bytes] = field(repr=False)

    def running(self) -> bool:
        """Whether it has not left yet."""
        return self.process.poll() is None

    def complaint(self) -> str:
        """The end of what it wrote to stderr."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-2000:].strip()


@contextmanager
def open_venue(user: str | None, first_display: int, *, sound: bool) -> Iterator[Venue]:
    """Prepare folders for the user, and the sound server when wanted. Raises VenueError."""
    with tempfile.TemporaryDirectory(prefix="signage-bench-", ignore_cleanup_errors=True) as folder:
        venue = Venue(user if os.geteuid() == 0 else None, Path(folder), first_display, sound)
        for ordinary in (True, False):
            venue.home(ordinary=ordinary).mkdir(mode=0o700, exist_ok=True)
        if venue.user:
            entry = pwd.getpwnam(venue.user)
            venue.workspace.chmod(0o755)
            os.chown(venue.home(), entry.pw_uid, entry.pw_gid)
        with _sound_server(venue) if sound else contextlib.nullcontext():
            yield venue


@contextmanager
def _sound_server(venue: Venue) -> Iterator[None]:
    """A PulseAudio of our own with one null sink, the same for every player."""
    command = [
        _tool("pulseaudio", "pulseaudio"), "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
        "--disallow-exit", "--log-level=error", "-L",
        f"module-null-sink sink_name={SINK} rate=48000 channels=2 format=s16le",
        "-L", f"module-native-protocol-unix auth-anonymous=1 socket={venue.socket}",
    ]  # fmt: skip
    environment = {key: value for key, value in venue.environment().items() if not key.startswith("PULSE")}
    server = subprocess.Popen(venue.as_user(command), env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(venue.socket.exists, "the sound server did not start")
        yield
    finally:
        server.terminate()
        server.wait()


@contextmanager
def screen(venue: Venue, size: tuple[int, int]) -> Iterator[str]:
    """A virtual X screen of that size in pixels; yields its display name."""
    number = next(each for each in range(venue.first_display, 1000) if not Path(f"/tmp/.X{each}-lock").exists())  # noqa: S108  # where X servers lock
    display = f":{number}"
    command = [
        _tool("Xvfb", "xvfb"), display, "-screen", "0", f"{size[0]}x{size[1]}x24",
        "-nolisten", "tcp", "-noreset", "-ac", "-s", "0",
    ]  # fmt: skip
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_for(Path(f"/tmp/.X11-unix/X{number}").exists, "Xvfb did not start")  # noqa: S108  # where X servers listen
        yield display
    finally:
        server.terminate()
        server.wait()


@contextmanager
def perform(venue: Venue, display: str, command: Sequence[str], *, ordinary: bool = True) -> Iterator[Performance]:
    """Start a player on a display; at the end ask it to leave and, if it does not, kill what is left of it."""
    group = None
    with contextlib.suppress(OSError):
        group = ControlGroup(f"signage-bench-{os.getpid()}-{time.monotonic_ns()}")
    door = str(group.door) if group else "/dev/null"
    enter = ["/bin/sh", "-c", 'echo $$ > "$0"; exec "$@"', door, *(venue.as_user(command) if ordinary else command)]
    with tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(
            enter,
            env=venue.environment(ordinary=ordinary) | {"DISPLAY": display},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            cwd=venue.home(ordinary=ordinary),
        )
        performance = Performance(process, started, group, errors)
        try:
            yield performance
        finally:
            _end(performance)


@contextmanager
def camera(display: str, film: Path, picture: tuple[int, int] | None = None) -> Iterator[None]:
    """A camera on a display, already looking when this yields; `picture` are the pixels clips fill, if not all."""
    size = [] if picture is None else [str(pixels) for pixels in picture]
    with _watcher([sys.executable, "-m", "tests.bench.camera", display, str(film), *size], dict(os.environ), film):
        yield


@contextmanager
def microphone(venue: Venue, track: Path) -> Iterator[None]:
    """A microphone at the sink, or nothing where the venue has no sound server."""
    if not venue.sound:
        yield
        return
    environment = dict(os.environ) | {"PULSE_SERVER": venue.environment()["PULSE_SERVER"]}
    _tool("parec", "pulseaudio-utils")
    with _watcher([sys.executable, "-m", "tests.bench.microphone", f"{SINK}.monitor", str(track)], environment, track):
        yield


@contextmanager
def _watcher(command: list[str], environment: dict[str, str], output: Path) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(lambda: output.exists() and output.stat().st_size > 0, f"{command[2]} saw nothing")
        yield
    finally:
        process.terminate()
        process.wait()


def _end(performance: Performance) -> None:
    process = performance.process
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # the session this performance was given
    process.wait()
    if performance.group:
        for member in performance.group.members():
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        time.sleep(0.1)
        performance.group.close()


def _wait_for(condition: Callable[[], bool], failure: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise VenueError(failure)
        time.sleep(0.02)


def _tool(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        msg = f"{name} is not installed (Debian: apt install {package})"
        raise VenueError(msg)
    return path
