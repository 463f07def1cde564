"""A stage that does what it is told, a line of JSON at a time on stdin: ``python -m tests.support.stage_actor DRESS``.

DRESS is JSON as in :mod:`tests.support.dressed_player`, with ``local`` (the local time at the start, ISO; absent: a
clock nobody trusts) and ``geometry`` beside. It shows flat colours through a ring, as a decoder's pictures come. What
it says on stdout: ``ready``, and ``canvas WIDTH HEIGHT`` whenever that changes.

Orders: ``{"picture": colour}`` at once, ``{"film": [colours]}`` 25 a second, ``{"size": [w, h]}`` of further pictures
(null: the canvas's), ``{"captions": [[language, text]]}``, ``{"ticker": [[language, text]]}``, ``"pause"``,
``"resume"``, ``"slate"``, ``"quit"``, ``{"banner": text}`` (null: none), ``{"heed": [urgent, bare]}``.
"""

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from PySide6.QtGui import QColor

from player.clock import SystemClock
from player.fitting import Size
from player.performance import Picture
from player.ring import Ring
from player.stage.playhouse import Playhouse
from player.stage.qt_application import make_application
from player.stage.qt_reactor import QtReactor
from player.stage.window import Placement
from playlists.captions import Caption, Position
from playlists.playlist import TickerText
from playlists.timing import DurationMs, MonotonicNs
from tests.support.dressed_player import layout_of

_FRAME_NS = 40_000_000


class Actor:
    """The stage and what is shown on it."""

    def __init__(self, dress: dict[str, Any]) -> None:
        self.application = make_application()
        self.clock = SystemClock()
        self.reactor = QtReactor(self.clock)
        self._begun = self.clock.monotonic()
        self._local = datetime.fromisoformat(dress.get("local", "2026-01-01T00:00"))
        place = Placement(self.application.primaryScreen(), dress.get("geometry"), dress.get("rotate", 0), kiosk=False)
        self.house = Playhouse(
            *(self.application, place, layout_of(dress), ("vi", "lo", "km"), self.reactor, self.clock),
            *(self._now, lambda: "local" in dress, self.leave, self._changed),
            announces=True,
        )
        self._ring: Ring | None = None
        self._size: Size | None = None
        self._film: cycle[str] | None = None
        self._due = self._begun
        self.house.theatre.set_ticker([TickerText(*text) for text in dress.get("ticker", ())])
        self.reactor.watch(sys.stdin, self._hear)
        self.house.open(None)

    def leave(self) -> None:
        """The end."""
        self.application.exit(0)

    def _now(self) -> datetime:
        return self._local + timedelta(microseconds=(self.clock.monotonic() - self._begun) // 1000)

    def _changed(self) -> None:
        canvas = self.house.theatre.canvas
        print(f"canvas {canvas.width} {canvas.height}", flush=True)  # noqa: T201 - what it says

    def _hear(self) -> None:
        line = sys.stdin.readline()
        order = json.loads(line) if line.strip() else "quit"
        theatre = self.house.theatre
        match order:
            case "pause":
                theatre.heed(urgent=True)
            case "resume":
                theatre.heed(urgent=False)
            case "slate":
                self._film = None
                theatre.show_slate()
            case "quit":
                self.leave()
            case {"picture": colour}:
                self._film = None
                self._show(colour)
            case {"film": colours}:
                self._film, self._due = cycle(colours), self.clock.monotonic()
                self._next()
            case {"size": size}:
                self._size = None if size is None else Size(*size)
            case dict():
                self._letter(order)
        print("done", flush=True)  # noqa: T201

    def _letter(self, order: dict[str, Any]) -> None:
        theatre = self.house.theatre
        match order:
            case {"ticker": texts}:
                theatre.set_ticker([TickerText(*text) for text in texts])
            case {"captions": captions}:
                self._caption(captions)
            case {"banner": text}:
                theatre.set_banner(text)
            case {"heed": [urgent, bare]}:
                theatre.heed(urgent=urgent, bare=bare)

    def _caption(self, captions: Sequence[Sequence[str]]) -> None:
        shown = [
            (language, (Caption(DurationMs(0), DurationMs(1000), text, Position.BOTTOM),))
            for language, text in captions
        ]
        self.house.theatre.set_captions(shown)
        self.house.theatre.refresh_captions()

    def _next(self) -> None:
        if self._film is not None:
            self._show(next(self._film))
            self._due = MonotonicNs(self._due + _FRAME_NS)
            self.reactor.call_at(self._due, self._next)

    def _show(self, colour: str) -> None:
        size = self._size or self.house.theatre.canvas
        if self._ring is None or (self._ring.width, self._ring.height) != (size.width, size.height):
            self._ring = Ring.create(size.width, size.height, 4)
        slot = self._ring.take()
        if slot is not None:
            shade = QColor(colour)
            pixels = self._ring.pixels(slot)
            pixels[:] = bytes((shade.blue(), shade.green(), shade.red(), 255)) * (len(pixels) // 4)
            self.house.theatre.show_picture(Picture(pixels, size, self._ring.stride, self._ring, slot))


def main() -> int:
    """Act until told to leave."""
    actor = Actor(json.loads(sys.argv[1]))
    print("ready", flush=True)  # noqa: T201
    code: int = actor.application.exec()
    actor.house.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
