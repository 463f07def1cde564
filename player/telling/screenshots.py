"""Pictures of the screen on request: ``agent/requests/ID.json`` asks, ``player/screenshots/ID.png`` answers.

A request is ``{"format": 1, "want": "screenshot"}``; the agent deletes it when it has the picture. At
most one picture a second, the newest twenty are kept.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from player.telling.files import keep_newest, read_file, replace_file

FORMAT_VERSION: Final = 1
MOST_PICTURES: Final = 20
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MOST_REQUESTS: Final = 200
_LONGEST_REQUEST: Final = 4096
_REMEMBERED: Final = 1000

Camera = Callable[[], bytes | None]
"""A picture of what is on the screen now, as PNG; None where none can be taken. May take its time."""


def wants_screenshot(content: bytes | None) -> bool:
    """Whether a request file asks for a picture."""
    try:
        found = json.loads(content or b"")
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and (found.get("format"), found.get("want")) == (FORMAT_VERSION, "screenshot")


def first_open(requests: Iterable[str], answered: Iterable[str]) -> str | None:
    """The first request in order of its name that has no answer; names without suffix, those we do not like ignored."""
    done = set(answered)
    return next((name for name in sorted(requests) if _ID.fullmatch(name) and name not in done), None)


@dataclass(slots=True)
class Photographer:
    """Answers requests; everything here reads and writes files, for a thread that may wait for a disk."""

    requests: Path
    pictures: Path
    camera: Camera
    _refused: dict[str, None] = field(default_factory=dict)
    """Files that ask for nothing we know, and those whose picture was deleted again: not looked at twice."""

    def answer_one(self) -> str | None:
        """Answer the first open request, if there is one; what went wrong, in one line."""
        try:
            names = [path.stem for _, path in zip(range(_MOST_REQUESTS), self.requests.glob("*.json"), strict=False)]
        except OSError:
            return None
        if not names:
            return None
        answered = {path.stem for path in self.pictures.glob("*.png")} | self._refused.keys()
        name = first_open(names, answered)
        if name is None:
            return None
        self._refused[name] = None
        while len(self._refused) > _REMEMBERED:
            del self._refused[next(iter(self._refused))]
        if not wants_screenshot(read_file(self.requests / f"{name}.json", _LONGEST_REQUEST)):
            return None
        picture = self.camera()
        if picture is None:
            return "no picture of the screen can be taken"
        trouble = replace_file(self.pictures / f"{name}.png", picture)
        keep_newest(self.pictures, ".png", MOST_PICTURES)
        return trouble
