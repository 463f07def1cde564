"""Runs the real ``signage-player`` as a stranger would, and judges it by its exit code, its stderr and its log."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from player.proof_log.reading import open_log
from playlists.errors import SignageError

PROGRAM = Path(sys.executable).with_name("signage-player")
PATIENCE_S = 60.0
"""Longer than anything here takes on two busy cores."""

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Play:
    """A START row and the END row that belongs to it."""

    start: Payload
    end: Payload | None

    @property
    def item(self) -> str:
        return str(self.start["item"])

    @property
    def outcome(self) -> str | None:
        return None if self.end is None else str(self.end["outcome"])

    @property
    def frames(self) -> tuple[int, int]:
        """Shown and lost."""
        assert self.end is not None
        return self.end["frames_shown"], self.end["frames_lost"]


@dataclass(frozen=True)
class Row:
    """A row of the log: its kind and what it says."""

    kind: str
    payload: Payload


class PlayLog:
    """A play log as it is now; empty as long as there is none."""

    def __init__(self, path: Path) -> None:
        self.rows: list[Row] = []
        try:
            with open_log(path) as log:
                read = [json.loads(data) for _sequence, data in log.rows()]
        except SignageError:
            read = []
        self.rows = [Row(row["kind"], row["payload"]) for row in read]

    def of(self, kind: str) -> list[Payload]:
        """What the rows of one kind say."""
        return [row.payload for row in self.rows if row.kind == kind]

    @property
    def plays(self) -> list[Play]:
        """All plays, in the order of their STARTs."""
        ends = {end["play"]: end for end in self.of("play_end")}
        return [Play(start, ends.get(start["play"])) for start in self.of("play_start")]

    @property
    def shown(self) -> list[Play]:
        """The plays of which something was on the screen."""
        return [play for play in self.plays if play.end is not None and play.end["start"] is not None]

    @property
    def items(self) -> list[str]:
        """What was shown, in order."""
        return [play.item for play in self.shown]


@dataclass
class PlayerRun:
    """One run of the program."""

    process: subprocess.Popen[bytes]
    log_path: Path
    output: Path
    errors: Path
    expected: bool = False
    """Whether somebody has looked at what it wrote to stderr."""

    @property
    def log(self) -> PlayLog:
        """Its play log as it is now."""
        return PlayLog(self.log_path)

    @property
    def stdout(self) -> str:
        return self.output.read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        """What it said on stderr, which from now on counts as looked at."""
        self.expected = True
        return self.errors.read_text(encoding="utf-8", errors="replace")

    def wait(self, patience_s: float = PATIENCE_S) -> int:
        """Wait for its end; the exit code."""
        return self.process.wait(patience_s)

    def wait_until(self, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Wait for something while it plays; it must not end before."""
        until = time.monotonic() + patience_s
        while not condition():
            assert self.process.poll() is None, f"the player left: {self.errors.read_text(encoding='utf-8')}"
            assert time.monotonic() < until, f"this never came true; on stderr: {self.errors.read_text('utf-8')}"
            time.sleep(0.05)

    def playing(self, item: str) -> bool:
        """Whether an item has a START that says it is on the screen by now."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        return any(
            play.item == item and play.end is None and play.start["planned_start"]["monotonic_ns"] < now
            for play in self.log.plays
        )

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to leave, and wait; the exit code."""
        self.process.send_signal(sign)
        return self.wait()


@dataclass
class Stage:
    """Where players are run: an X display, and a home folder with nothing in it."""

    display: str
    home: Path
    runs: list[PlayerRun] = field(default_factory=list)

    def environment(self, **changes: str | None) -> dict[str, str]:
        """A stranger's environment, without a sound server; None takes a variable away."""
        found: dict[str, str | None] = {
            "DISPLAY": self.display,
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home),
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "PULSE_SERVER": "unix:/nonexistent",
            "PYTHONWARNINGS": "always",
            "PYTHONFAULTHANDLER": "1",
        }
        return {name: value for name, value in (found | changes).items() if value is not None}

    def start(self, *words: str | Path, log: Path | None = None, env: Mapping[str, str] | None = None) -> PlayerRun:
        """Start the player with these words and a log of its own (``--log`` is added)."""
        path = log or self.home / f"log-{len(self.runs)}.sqlite"
        return self.run_program([str(PROGRAM), *map(str, words), "--log", str(path)], path, env)

    def play(self, *words: str | Path, log: Path | None = None, env: Mapping[str, str] | None = None) -> PlayerRun:
        """Run the player with these words to its end, which must be a good one."""
        run = self.start(*words, log=log, env=env)
        assert run.wait() == 0, run.stderr
        return run

    def run_program(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> PlayerRun:
        """Start any program that plays; its stderr has to stay empty."""
        number = len(self.runs)
        output, errors = self.home / f"stdout-{number}", self.home / f"stderr-{number}"
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env or self.environment()
            )
        run = PlayerRun(process, log, output, errors)
        self.runs.append(run)
        return run


@contextmanager
def stage(display: str, home: Path) -> Iterator[Stage]:
    """A place for players; whatever one of them wrote to stderr that nobody looked at is a failure in the end."""
    home.mkdir(parents=True, exist_ok=True)
    place = Stage(display, home)
    try:
        yield place
    finally:
        for run in place.runs:
            if run.process.poll() is None:
                run.process.kill()
            run.process.wait()
    said = [run.errors.read_text(encoding="utf-8", errors="replace") for run in place.runs if not run.expected]
    assert [text for text in said if text] == []
