"""Runs a :mod:`tests.support.stage_actor` on an X server and tells it what to do."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests.support.screen import Screenshot

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0


class Looked(Protocol):
    """An X server whose screen can be looked at."""

    @property
    def display(self) -> str:
        """Its name."""

    def look(self) -> Screenshot:
        """What it shows now."""


class Acting:
    """A running stage."""

    def __init__(self, process: subprocess.Popen[str], screen: Looked) -> None:
        self.process, self.screen = process, screen
        self.canvas: tuple[int, int] | None = None
        """The last size to compose for that it told of."""
        self._hear("ready")

    def tell(self, **order: object) -> None:
        """Give an order of one word and a value, and wait until it is carried out."""
        self._say(order)

    def say(self, word: str) -> None:
        """Give an order of one word."""
        self._say(word)

    def _say(self, order: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self._hear("done")

    def settled(self, wanted: Callable[[Screenshot], bool]) -> Screenshot:
        """The screen as soon as it shows what is wanted."""
        until = time.monotonic() + PATIENCE_S
        shot = self.screen.look()
        while not wanted(shot):
            assert time.monotonic() < until, "this never came to the screen"
            time.sleep(0.05)
            shot = self.screen.look()
        return shot

    def canvas_told(self) -> tuple[int, int] | None:
        """The size it told of last; an order is needed to hear of it."""
        self.tell(size=None)
        return self.canvas

    def _hear(self, word: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("canvas"):
                _, width, height = line.split()
                self.canvas = int(width), int(height)
            elif line.strip() == word:
                return
        message = f"the stage left before it said {word}"
        raise AssertionError(message)


@contextmanager
def acting(screen: Looked, home: Path, dress: dict[str, Any]) -> Iterator[Acting]:
    """A stage in this dress, which must leave well and without a word on stderr."""
    errors = home / "actor-stderr"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.stage_actor", json.dumps(dress)],
            cwd=ROOT,
            env={"DISPLAY": screen.display, "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        actor = Acting(process, screen)
        yield actor
        actor.say("quit")
        assert process.wait(PATIENCE_S) == 0
        assert errors.read_text(encoding="utf-8") == ""
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
