"""Stand-ins behind the player's ports, moved by a clock that stands still until it is told: for tests of what conducts.

The renderer that goes with them, and a whole player made of them, are in :mod:`player.rehearsal`.
"""

import heapq
import select
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from threading import Condition
from typing import Final, TypeVar

from player.bill import Bill
from player.captioning import Shown
from player.clock import ManualClock
from player.errands import Errands
from player.fitting import Size
from player.performance import Picture
from player.playout import NO_AGENDA, Agenda
from player.proof_log.port import Receipt
from player.reactor import Cancellable, Pollable
from playlists.playlist import Playlist, Slot
from playlists.proof import Record
from playlists.timing import Moment, MonotonicNs

T = TypeVar("T")

_NS_PER_MS: Final = 1_000_000
_BUSY: Final = 2_000
_LABEL: Final = struct.Struct("<IIQ")
_SIZE: Final = Size(_LABEL.size // 4, 1)
_CANVAS: Final = Size(64, 36)


class BusyLoopError(AssertionError):
    """The code under test called itself back again and again without letting time pass."""


@dataclass(slots=True)
class _Alarm:
    callback: Callable[[], None] | None

    def cancel(self) -> None:
        """Never call back."""
        self.callback = None


@dataclass(slots=True)
class _Watching:
    reactor: "ManualReactor"
    source: Pollable
    callback: Callable[[], None]

    def cancel(self) -> None:
        """Stop watching."""
        if self in self.reactor.watching:
            self.reactor.watching.remove(self)


class ManualReactor:
    """A ``Reactor`` that moves a :class:`ManualClock` from one alarm to the next.

    Alarms ring on whole milliseconds, as Qt's do: up to one late. ``stalls`` says by how many milliseconds each is
    late on top of that, as on a machine that is busy elsewhere. More than ``_BUSY`` calls without a millisecond
    passing raise :class:`BusyLoopError`.
    """

    def __init__(self, clock: ManualClock, stalls: Iterator[int] | None = None) -> None:
        self.clock = clock
        self.calls = 0
        """How many callbacks there have been."""
        self.watching: list[_Watching] = []
        self._stalls = stalls
        self._alarms: list[tuple[int, int, _Alarm]] = []
        self._numbers = count()

    @property
    def waiting(self) -> int:
        """How many alarms are set."""
        return sum(alarm.callback is not None for _at, _number, alarm in self._alarms)

    def watch(self, source: Pollable, callback: Callable[[], None]) -> Cancellable:
        """Call whenever ``source`` can be read, while :meth:`listen` listens."""
        watching = _Watching(self, source, callback)
        self.watching.append(watching)
        return watching

    def call_at(self, moment: MonotonicNs, callback: Callable[[], None]) -> Cancellable:
        """Call once, when :meth:`run_for` comes to ``moment``."""
        alarm = _Alarm(callback)
        heapq.heappush(self._alarms, (moment, next(self._numbers), alarm))
        return alarm

    def run_for(self, milliseconds: int, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass and call back at the moments asked for; end early once ``until`` is true."""
        end = self.clock.monotonic() + milliseconds * _NS_PER_MS
        busy = 0
        while self._alarms and self._alarms[0][0] <= end and not until():
            moment, _number, alarm = heapq.heappop(self._alarms)
            callback, alarm.callback = alarm.callback, None
            if callback is None:
                continue
            busy = 0 if self._pass_until(moment) else busy + 1
            if busy > _BUSY:
                message = f"{busy} calls at one moment, the last of {callback}"
                raise BusyLoopError(message)
            self.calls += 1
            callback()
        if not until():
            self._pass_until(end)

    def listen(self, timeout_s: float = 5.0) -> bool:
        """Wait, in real time, until something watched can be read, and call back; False when nothing could."""
        readable, _, _ = select.select([watching.source for watching in self.watching], [], [], timeout_s)
        for watching in [watching for watching in self.watching if watching.source in readable]:
            watching.callback()
        return bool(readable)

    def _pass_until(self, moment: int) -> bool:
        left = -((self.clock.monotonic() - moment) // _NS_PER_MS)
        if self._stalls is not None:
            left = max(left, 0) + next(self._stalls, 0)
        if left > 0:
            self.clock.advance(left)
        return left > 0


@dataclass(slots=True)
class Lender:
    """Knows which pictures, as (performance, frame), are out; giving one back twice is an error."""

    lent: set[tuple[int, int]] = field(default_factory=set)

    def lend(self, performance: int, frame: int, due: MonotonicNs) -> "LentPicture":
        """Make a picture that has to come back."""
        self.lent.add((performance, frame))
        return LentPicture(labelled(performance, frame, due), _SIZE, _LABEL.size, lender=self)

    def take_back(self, pixels: memoryview) -> None:
        """Take a picture back. Raises ``KeyError`` when it is not out."""
        performance, frame, _due = _LABEL.unpack(pixels)
        self.lent.remove((performance, frame))


@dataclass(slots=True)
class LentPicture(Picture):
    """A picture out of a :class:`Lender`."""

    lender: Lender | None = None

    def release(self) -> None:
        """Give it back, once."""
        if self.lender is not None:
            self.lender.take_back(self.pixels)
            self.lender = None


def labelled(performance: int, frame: int, due: MonotonicNs) -> memoryview:
    """Make pixels that say which picture they are: the performance's number, the frame, and when it is due."""
    return memoryview(_LABEL.pack(performance, frame, due))


@dataclass(frozen=True, slots=True)
class Showing:
    """Something put on the stage at ``at``: a picture, or the slate where ``performance`` is 0."""

    at: MonotonicNs
    performance: int
    frame: int
    due: MonotonicNs
    rows: int
    """How many rows of the log had been submitted before."""


@dataclass(slots=True)
class MemoryStage:
    """A ``Stage`` and ``CaptionSurface`` that remembers what it was given, and keeps a picture as the window does."""

    clock: ManualClock
    rows: Callable[[], int] = lambda: 0
    canvas: Size = _CANVAS
    shown: list[Showing] = field(default_factory=list)
    captions: list[tuple[MonotonicNs, tuple[tuple[str, tuple[str, ...]], ...]]] = field(default_factory=list)
    """When which texts were set, by language."""
    refreshed: int = 0
    prepared: int = 0
    """How many captions were drawn ahead."""
    mixed: list[tuple[MonotonicNs, int, int, float]] = field(default_factory=list)
    """When which performance was shown over which, and how much of it."""
    urgent: list[bool] = field(default_factory=list)
    """What it was told of urgency, each change once."""
    bare: list[bool] = field(default_factory=list)
    """What it was told of what nothing may lie over, each change once."""
    _picture: Picture | None = None
    _above: Picture | None = None

    def heed(self, *, urgent: bool, bare: bool = False) -> None:
        """Remember a change."""
        if bare != (self.bare[-1] if self.bare else False):
            self.bare.append(bare)
        if urgent != (self.urgent[-1] if self.urgent else False):
            self.urgent.append(urgent)

    def show_picture(self, picture: Picture) -> None:
        """Keep the picture, give the one before back."""
        performance, frame, due = _LABEL.unpack(picture.pixels)
        self._take(picture, Showing(self.clock.monotonic(), performance, frame, due, self.rows()))

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        """Remember who was shown over whom, and keep both pictures; with all of ``above``, keep that alone."""
        if below is not None:
            self.show_picture(below)
        if above is not None:
            if self._above is not None:
                self._above.release()
            self._above = above
            performance, frame, due = _LABEL.unpack(above.pixels)
            self.shown.append(Showing(self.clock.monotonic(), performance, frame, due, self.rows()))
        numbers = [_LABEL.unpack(picture.pixels)[0] if picture else 0 for picture in (self._picture, self._above)]
        self.mixed.append((self.clock.monotonic(), numbers[0], numbers[1], share))
        if share >= 1 and self._above is not None:
            if self._picture is not None:
                self._picture.release()
            self._picture, self._above = self._above, None

    def show_slate(self) -> None:
        """Remember that the slate was asked for."""
        now = self.clock.monotonic()
        self._take(None, Showing(now, 0, 0, now, self.rows()))

    def set_captions(self, shown: Shown) -> None:
        """Remember the texts."""
        texts = tuple((language, tuple(caption.text for caption in captions)) for language, captions in shown)
        self.captions.append((self.clock.monotonic(), texts))

    def prepare_captions(self, shown: Shown) -> Iterator[None]:
        """Count one step for each caption."""
        for _language, captions in shown:
            for _caption in captions:
                self.prepared += 1
                yield None

    def refresh_captions(self) -> None:
        """Count."""
        self.refreshed += 1

    def _take(self, picture: Picture | None, showing: Showing) -> None:
        self.shown.append(showing)
        before, self._picture = self._picture, picture
        if before is not None:
            before.release()


@dataclass(slots=True)
class FixedProgramme:
    """A ``Programme`` that holds one playlist until it is given another; an answer takes ``delay_ms``."""

    reactor: ManualReactor
    playlist: Playlist
    delay_ms: int = 1
    restless: bool = False
    """Whether every look finds it changed, as while a file is being copied into it."""
    reads: int = 0
    signature: int = 1

    agenda: Agenda = NO_AGENDA
    withdrawn: frozenset[str] = frozenset()
    """Ids of items."""

    def read(self, begins: Moment, then: Callable[[Bill], None]) -> None:  # noqa: ARG002 - it is the same at any time
        """Hand over the playlist as it is when it is asked for."""
        self.reads += 1
        self.signature += self.restless
        found = self.bill()
        at = MonotonicNs(self.reactor.clock.monotonic() + self.delay_ms * _NS_PER_MS)
        self.reactor.call_at(at, lambda: then(found))

    def bill(self) -> Bill:
        """What there is to show now."""
        withdrawn = self.withdrawn
        agenda = replace(self.agenda, wall=datetime.fromisoformat(self.reactor.clock.moment().wall))
        return Bill(
            self.playlist,
            str(self.signature),
            agenda,
            is_withdrawn=lambda slot: slot.item.id in withdrawn,
        )

    @property
    def locate(self) -> None:
        """Nowhere."""

    def path_of(self, slot: Slot) -> str:
        """A path that leads nowhere."""
        return f"/nowhere/{slot.item.source}"

    def change(self, playlist: Playlist) -> None:
        """Have another playlist from now on."""
        self.playlist = playlist
        self.signature += 1


class PromptErrands(Errands):
    """Errands without a thread: each job is done ``delay_ms`` of manual time after it was asked for."""

    def __init__(self, reactor: ManualReactor, delay_ms: int = 1) -> None:
        self._reactor = reactor
        self._delay_ms = delay_ms

    def run(self, job: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do the job when its time has come, and hand over the result at once."""
        at = MonotonicNs(self._reactor.clock.monotonic() + self._delay_ms * _NS_PER_MS)
        self._reactor.call_at(at, lambda: then(job()))

    def close(self) -> None:
        """Nothing to close."""


class TardyLog:
    """A ``ProofLog`` in memory whose rows become durable ``delay_ms`` after they were submitted; None: never."""

    def __init__(self, reactor: ManualReactor, delay_ms: int | None) -> None:
        self.records: list[Record] = []
        self.durable: dict[int, MonotonicNs] = {}
        """When which record, by its place, became durable."""
        self.trouble: str | None = None
        self._reactor = reactor
        self._delay_ms = delay_ms
        self._changed = Condition()

    def submit(self, record: Record) -> Receipt:
        """Keep the record."""
        receipt, place = Receipt(self._changed), len(self.records)
        self.records.append(record)
        if self._delay_ms is not None:
            at = MonotonicNs(self._reactor.clock.monotonic() + self._delay_ms * _NS_PER_MS)
            self._reactor.call_at(at, lambda: self._redeem(receipt, place))
        return receipt

    def close(self, timeout_s: float) -> bool:  # noqa: ARG002 - memory needs no time
        """Nothing is left behind, unless nothing ever becomes durable."""
        return self._delay_ms is not None

    def _redeem(self, receipt: Receipt, place: int) -> None:
        with self._changed:
            receipt.redeem()
        self.durable[place] = self._reactor.clock.monotonic()
