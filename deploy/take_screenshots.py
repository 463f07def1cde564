"""Takes pictures of the X screen named by DISPLAY that show something: ``take_screenshots.py FOLDER LOG``.

It follows the play log and takes one picture of each sight it knows (a bulletin in Lao, a clip, the urgent bulletin and
so on), some seconds after that came to the screen, until told to stop (SIGTERM). Says "ready" when it is. The files are
``FOLDER/screenshot-1-NAME.png`` and so on, in the order they were taken, each whole from the moment it has its name. A
picture of one single colour is not kept.
"""

import contextlib
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtGui import QGuiApplication, QImage

from playlists.errors import DamageError, ExitCode
from playlists.proof import PlayStart, Rendition
from playlists.proof_rows import read_record, read_row

SAMPLES_PER_AXIS = 32
_LOOK_S: Final = 0.2
_NANO: Final = 1_000_000_000


def _in(language: str, rendition: Rendition) -> Callable[[PlayStart], bool]:
    return lambda start: start.rendition is rendition and language in start.picture_languages


@dataclass(frozen=True, slots=True)
class Sight:
    """Something to be seen: the name of its picture, which plays show it, and how long after their start."""

    name: str
    shows: Callable[[PlayStart], bool]
    after_s: float = 3.5


URGENT: Final = "khan-cap-dien-tap"
SIGHTS: Final = (
    Sight("khan-cap", lambda start: start.item == URGENT),
    Sight("phat-tiep-sau-tin-khan", lambda start: start.continues is not None, 0.7),
    Sight("ban-tin-viet-lao", _in("lo", Rendition.TEXT)),
    Sight("ban-tin-viet-khmer", _in("km", Rendition.TEXT)),
    Sight("video-song-ngu", lambda start: start.rendition is Rendition.VIDEO and len(start.picture_languages) > 1, 2.6),
    Sight("ban-tin-am-thanh", lambda start: start.rendition is Rendition.SOUND),
    Sight("to-gap", lambda start: start.rendition is Rendition.PAGE),
    Sight("ap-phich", lambda start: start.rendition is Rendition.IMAGE),
)
"""The first that a play shows and that has no picture yet is taken."""


@dataclass(slots=True)
class Log:
    """The STARTs of a play log that is being written."""

    path: Path
    _read: int = 0

    def news(self) -> Iterator[PlayStart]:
        """What has been written since the last look; nothing while there is no log."""
        if not self.path.exists():
            return
        with (
            contextlib.suppress(sqlite3.Error, DamageError),
            contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=1)) as database,
        ):
            found = database.execute(
                "SELECT sequence, row FROM rows WHERE sequence > ? ORDER BY sequence", (self._read,)
            )
            for sequence, text in found.fetchall():
                self._read = sequence
                record = read_record(read_row(text.encode()))
                if isinstance(record, PlayStart):
                    yield record


@dataclass(slots=True)
class Diary:
    """Which picture is due when: a sight waits for its moment, and is given up when another play comes before it."""

    _seen: set[str] = field(default_factory=set)
    _due: list[tuple[int, Sight]] = field(default_factory=list)

    def note(self, start: PlayStart, now_ns: int) -> None:
        """A play begins, perhaps in a moment only."""
        begins = start.planned_start.monotonic
        # A camera that has slept takes no picture of what is over by now.
        self._due = [(due, sight) for due, sight in self._due if due < begins and now_ns < begins]
        sight = next((one for one in SIGHTS if one.name not in self._seen and one.shows(start)), None)
        if sight is not None:
            self._due.append((begins + round(sight.after_s * _NANO), sight))

    def due(self, now_ns: int) -> Iterator[Sight]:
        """Whose moment has come."""
        for due, sight in self._due:
            if due <= now_ns:
                yield sight
        self._due = [(due, sight) for due, sight in self._due if due > now_ns]

    def keep(self, sight: Sight) -> int:
        """Its picture was taken: its number."""
        self._seen.add(sight.name)
        return len(self._seen)


def is_blank(picture: QImage) -> bool:
    """Whether a grid of samples over the picture shows one colour only."""
    small = picture.scaled(SAMPLES_PER_AXIS, SAMPLES_PER_AXIS)
    colours = {small.pixel(x, y) for x in range(SAMPLES_PER_AXIS) for y in range(SAMPLES_PER_AXIS)}
    return len(colours) == 1


def main() -> int:
    """Return 0 once stopped, 2 for a wrong argument."""
    if len(sys.argv) != 3:  # noqa: PLR2004  a folder and a log
        sys.stderr.write(f"usage: {sys.argv[0]} FOLDER LOG\n")
        return ExitCode.USAGE
    folder, log, diary = Path(sys.argv[1]), Log(Path(sys.argv[2])), Diary()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    application = QGuiApplication(["take_screenshots", "-platform", "xcb"])
    print("ready", flush=True)
    while not stop.wait(_LOOK_S):
        application.processEvents()
        for start in log.news():
            diary.note(start, time.monotonic_ns())
        for sight in diary.due(time.monotonic_ns()):
            picture = application.primaryScreen().grabWindow(0).toImage()
            if not is_blank(picture):
                part = folder / f"screenshot-{diary.keep(sight)}-{sight.name}.png.part"
                picture.save(os.fspath(part), "PNG")  # type: ignore[call-overload]  # the stubs want bytes, the library a str
                part.rename(part.with_suffix(""))
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
