"""Bulletins on their way to the screen: the prisoner that sets them, and what it has sent of each so far."""

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from player.bulletins.dress import Dress
from player.bulletins.wanted import Wanted
from player.bulletins.wire import told
from player.decoding.channel import ChannelClosedError, Message, integer, text
from player.decoding.examination import contents_of, memory_file
from player.decoding.media_file import MediaFile, Openings
from player.decoding.prisoners import Prison, Prisoner
from player.fitting import Size
from player.performance import Picture
from player.reactor import Cancellable, Reactor
from player.ring import Ring
from playlists.timing import DurationMs, MonotonicNs

_PATIENCE_NS: Final = 5_000_000_000
_MAX_SLOTS: Final = 8
_MAX_PAGES: Final = 10_000
_PLACE_NUMBERS: Final = 4


@dataclass(frozen=True, slots=True)
class LevelPlace:
    """Where on a page the level moves (x, y, width, height in pixels), and its bar at silence and at its fullest."""

    x: int
    y: int
    size: Size
    empty: bytes
    full: bytes


@dataclass(slots=True)
class Typesetting:
    """One bulletin being set; ``on_change`` is called whenever more has come."""

    wanted: Wanted
    picture_path: str | None
    logo_path: str | None
    on_change: Callable[[], None]
    times: tuple[DurationMs, ...] | None = None
    """How long each page stands; None until it is set."""
    level: LevelPlace | None = None
    flaw: str | None = None
    pages: deque[tuple[int, Picture]] = field(default_factory=deque)
    """Painted pages that were not taken yet, by number."""
    ticket: int = 0
    ring: Ring | None = None
    called_off: bool = False
    watchman: Cancellable | None = None


@dataclass(slots=True)
class Typesettings:
    """Asks the typesetter; a dead one is replaced with the next bulletin."""

    prison: Prison
    reactor: Reactor
    dress: Dress = field(default_factory=Dress)
    _typesetter: Prisoner | None = None
    _current: dict[int, Typesetting] = field(default_factory=dict)
    _tickets: int = 0
    _openings: Openings = field(init=False)

    def __post_init__(self) -> None:
        """Start what waits for disks."""
        self._openings = Openings(self.reactor)

    def warm_up(self) -> None:
        """Have the prisoner ready, its fonts loaded, before an urgent bulletin needs it."""
        self._hired()

    def ask(self, setting: Typesetting) -> None:
        """Open the files a bulletin names, then have it set and its first page painted."""
        self._tickets += 1
        setting.ticket = self._tickets
        self._current[setting.ticket] = setting
        wait = MonotonicNs(time.monotonic_ns() + _PATIENCE_NS)
        setting.watchman = self.reactor.call_at(wait, lambda: self._overdue(setting))
        self._gather(setting, [setting.picture_path, setting.logo_path], [])

    def page(self, setting: Typesetting, number: int) -> None:
        """Have a page painted; it comes into ``pages``."""
        self._hired().tell({"do": "page", "ticket": setting.ticket, "page": number})

    def forget(self, setting: Typesetting) -> None:
        """Nobody wants a bulletin any more."""
        setting.called_off = True
        self._dismiss_watchman(setting)
        if self._current.pop(setting.ticket, None) is not None and self._typesetter is not None:
            self._typesetter.tell({"do": "forget", "ticket": setting.ticket})
        setting.pages.clear()

    def close(self) -> None:
        """Set nothing any more."""
        self._openings.close()
        for setting in self._current.values():
            self._dismiss_watchman(setting)
        if self._typesetter is not None:
            self._typesetter.kill()

    def _gather(self, setting: Typesetting, paths: list[str | None], files: list[MediaFile | None]) -> None:
        """Open one file after another, off this thread, and order when all are open."""
        if not paths:
            self._order(setting, files)
            return
        path, rest = paths[0], paths[1:]
        if path is None:
            self._gather(setting, rest, [*files, None])
            return

        def opened(result: MediaFile | str) -> None:
            if isinstance(result, str) and not rest:
                self._gather(setting, rest, [*files, None])  # a gate without its logo still says what it has to say
            elif isinstance(result, str) or setting.called_off:
                for file in (*files, result):
                    if isinstance(file, MediaFile):
                        file.close()
                if isinstance(result, str):
                    self._fail(setting, result)
            else:
                self._gather(setting, rest, [*files, result])

        self._openings.ask(path, 1, opened)

    def _order(self, setting: Typesetting, files: list[MediaFile | None]) -> None:
        if setting.called_off:
            for file in filter(None, files):
                file.close()
            return
        picture, logo = files
        fds = [
            memory_file(told(setting.wanted), "signage-bulletin"),
            *(file.lend() for file in files if file is not None),
        ]
        order: Message = {"do": "set", "ticket": setting.ticket}
        self._hired().tell(order | {"picture": picture is not None, "logo": logo is not None}, fds)
        for fd in fds:
            os.close(fd)

    def _hired(self) -> Prisoner:
        if self._typesetter is None:
            self._typesetter = self.prison.fork("typesetter")
            self._typesetter.listen(self.reactor, self._hear, self._died)
        return self._typesetter

    def _hear(self, message: Message, fds: list[int]) -> None:
        setting = self._current.get(_ticket(message))
        try:
            if setting is not None:
                self._learn(setting, message, fds)
        except (ChannelClosedError, ValueError, TypeError, OSError, IndexError) as error:
            if setting is not None:
                self._fail(setting, f"typesetter-lied: {error}")
            return
        finally:
            for fd in fds:
                os.close(fd)
        if setting is not None and not setting.called_off:
            setting.on_change()

    def _learn(self, setting: Typesetting, message: Message, fds: list[int]) -> None:
        match message.get("is"):
            case "set":
                canvas = setting.wanted.canvas
                slots = integer(message, "slots")
                if not 0 < slots <= _MAX_SLOTS:
                    msg = "a ring of no sense"
                    raise ChannelClosedError(msg)
                setting.times = _times(message)
                setting.ring = Ring.attach(fds[0], canvas.width, canvas.height, slots)
                if message.get("level") is not None:
                    setting.level = _level(message, fds[1], canvas)
            case "page":
                self._dismiss_watchman(setting)
                number, slot = integer(message, "page"), integer(message, "slot")
                ring, times = setting.ring, setting.times
                if ring is None or times is None or not (0 <= slot < ring.slots and 0 <= number < len(times)):
                    msg = "a page of no bulletin"
                    raise ChannelClosedError(msg)
                size = Size(ring.width, ring.height)
                setting.pages.append((number, Picture(ring.pixels(slot), size, ring.stride, ring, slot)))
            case "flawed":
                setting.flaw = f"{text(message, 'why')}: {text(message, 'sentence')}"
                self._dismiss_watchman(setting)

    def _died(self) -> None:
        self._typesetter = None
        for setting in list(self._current.values()):
            self._fail(setting, "typesetter-died: the bulletin broke the program that sets it, or something killed it")

    def _overdue(self, setting: Typesetting) -> None:
        """Whoever hangs hangs for all: the others' pages are lost with it, and their bulletins are set again later."""
        if self._typesetter is not None:
            self._typesetter.kill()
            self._typesetter = None
        self._fail(setting, "typesetter-hung: setting the bulletin took too long")
        self._died()

    def _fail(self, setting: Typesetting, flaw: str) -> None:
        self._dismiss_watchman(setting)
        self._current.pop(setting.ticket, None)
        setting.flaw = flaw
        if not setting.called_off:
            setting.on_change()

    @staticmethod
    def _dismiss_watchman(setting: Typesetting) -> None:
        if setting.watchman is not None:
            setting.watchman.cancel()
            setting.watchman = None


def _ticket(message: Message) -> int:
    ticket = message.get("ticket")
    return ticket if isinstance(ticket, int) else 0


def _times(message: Message) -> tuple[DurationMs, ...]:
    told_times = message.get("times")
    if not isinstance(told_times, list) or not 0 < len(told_times) <= _MAX_PAGES:
        msg = "a bulletin without pages"
        raise ChannelClosedError(msg)
    if not all(isinstance(one, int) and one >= 0 for one in told_times):
        msg = "pages without times"
        raise ChannelClosedError(msg)
    return tuple(DurationMs(one) for one in told_times)


def _level(message: Message, fd: int, canvas: Size) -> LevelPlace:
    place = message.get("level")
    if not isinstance(place, list) or len(place) != _PLACE_NUMBERS or not all(isinstance(one, int) for one in place):
        msg = "a level without a place"
        raise ChannelClosedError(msg)
    x, y, width, height = place
    bars = contents_of(fd)
    within = x >= 0 and y >= 0 and 0 < width <= canvas.width - x and 0 < height <= canvas.height - y
    length = width * height * 4
    if not within or len(bars) != 2 * length:
        msg = "a level off the page"
        raise ChannelClosedError(msg)
    return LevelPlace(x, y, Size(width, height), bars[:length], bars[length:])
