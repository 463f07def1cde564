"""A rehearsal: a renderer that follows a script, and a whole player of doubles around the real conductor."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from player.captioning import Captioning
from player.clock import ManualClock
from player.conductor import Conductor
from player.doubles import FixedProgramme, Lender, LentPicture, ManualReactor, MemoryStage, PromptErrands, TardyLog
from player.journal import Journal
from player.performance import Audience, Order, Performance, Phase, Picture, Tally
from player.ports import AlwaysOpen, Bookmark, NoBookmark, Opening, Paces, Programme, Remembered, Wishes
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.proof import PlayEnd, PlayStart
from playlists.timing import MonotonicNs

_NS_PER_MS: Final = 1_000_000
_OPEN_NS: Final = 4_000_000_000
_HANG_NS: Final = 1_300_000_000
_ARRIVES_NS: Final = 50_000_000
"""How long before it is due a picture arrives."""
_COMPLETE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Script:
    """What becomes of one performance, in milliseconds; None: that never happens.

    The first two count from its preparation, ``waits`` from its being ready, the rest from its first picture.
    """

    ready: int | None = 100
    fails: str | None = None
    """Why it fails instead of becoming ready."""
    digest: int | None = 50
    waits: int | None = None
    """It dies while its first picture waits, after this time."""
    length: int = 4000
    frame: int = 40
    dies: int | None = None
    hangs: int | None = None
    ends: int | None = None
    """Its file turns out to end here, before its length."""

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return -(-self.length // self.frame)


class ScriptedPerformance:
    """A ``Performance`` that keeps to its script."""

    languages_heard: tuple[str, ...] = ()

    def __init__(self, theatre: "ScriptedRenderer", order: Order, script: Script, audience: Audience) -> None:
        theatre.prepared += 1
        self.number = theatre.prepared
        self.order = order
        if order.item.duration is not None:
            script = replace(script, length=min(script.length, order.item.duration))
        self.script = script
        self.phase = Phase.PREPARING
        self.reason = ""
        self.tally = Tally()
        self.lead_ns = theatre.lead_ns
        self.digest: str | None = None
        self.begun: MonotonicNs | None = None
        """What :meth:`begin` was told last."""
        self.holds = 0
        self._first = 0
        """The frame it begins with: not 0 once it was held, or opened within its item."""
        self._theatre, self._reactor, self._audience = theatre, theatre.reactor, audience
        self._prepared = self._reactor.clock.monotonic()
        self._queue: deque[tuple[int, Picture]] = deque()
        self._first = self._arrived = theatre.frame_at(order.start_at, script)
        self._ended = False
        self._after(script.ready, self._become_ready)
        self._after(script.digest, self._become_known)

    @property
    def length(self) -> int | None:
        """The script's, in nanoseconds, once it is ready; shorter when it ended early."""
        if self.phase is Phase.PREPARING:
            return None
        end = self.script.length * _NS_PER_MS
        if self._ended:
            end = min(end, self._arrived * self._frame_ns)
        return max(0, end - self.position)

    @property
    def position(self) -> int:
        """Where its first frame lies."""
        return self._first * self._frame_ns

    def hold(self, now: MonotonicNs) -> bool:
        """Stand still; the next frame waits at once, or comes a little later."""
        if self.phase is not Phase.RUNNING or self.begun is None or self._theatre.never_holds:
            return False
        self._first = self._queue[0][0] if self._queue else self._arrived
        if self._first >= self.script.frames:
            return False
        self.holds += 1
        self.tally = Tally()
        self.begun = None
        if self._queue:
            self.phase = Phase.READY
        else:
            self.phase = Phase.PREPARING
            self._reactor.call_at(MonotonicNs(now + _ARRIVES_NS), self._be_held)
        return True

    def _be_held(self) -> None:
        if self.phase is Phase.PREPARING:
            self._queue.append((self._arrived, self._lend(self._arrived, MonotonicNs(0))))
            self._arrived += 1
            self.phase = Phase.READY
            self._audience.changed(self)

    def begin(self, at: MonotonicNs) -> None:
        """Let frame 0 be due at ``at``."""
        if self.phase is not Phase.READY:
            message = f"begun while {self.phase}"
            raise AssertionError(message)
        self.phase, self.begun = Phase.RUNNING, at
        script, from_now = self.script, (at - self._reactor.clock.monotonic()) // _NS_PER_MS
        frames = [frame for frame, _picture in self._queue]
        for _frame, picture in self._queue:
            picture.release()
        self._queue = deque((frame, self._lend(frame, self._due(frame))) for frame in frames)
        from_now -= self.position // _NS_PER_MS
        holds = self.holds
        for moment, what in ((script.dies, self._die), (script.ends, self._end), (script.length + 100, self._end)):
            if moment is not None and moment + from_now >= 0:
                self._after(moment + from_now, partial(self._unless_held, holds, what))
        self._expect_next()

    def take_due(self, now: MonotonicNs) -> Picture | None:
        """The latest picture due by ``now``; earlier ones are lost."""
        found: Picture | None = None
        while (due := self.next_due()) is not None and due <= now:
            if found is not None:
                found.release()
                self.tally.lost += 1
                self.tally.shown -= 1
            found = self._queue.popleft()[1]
            self.tally.shown += 1
        return found

    def next_due(self) -> MonotonicNs | None:
        """When the first picture that waits is due."""
        return None if self.begun is None or not self._queue else self._due(self._queue[0][0])

    def overdue(self, now: MonotonicNs) -> str | None:
        """The two watchmen every renderer has."""
        if self.phase is Phase.PREPARING and now - self._prepared > _OPEN_NS:
            return "start-timeout: no picture came"
        running = self.phase is Phase.RUNNING and not self._ended and self._arrived < self.script.frames
        if running and now - self._due(self._arrived) > _HANG_NS:
            return f"hang: frame {self._arrived} of {self.script.frames} never came"
        return None

    def first_picture(self) -> Picture | None:
        """The waiting first picture."""
        return self._queue[0][1] if self._queue else None

    def kill(self, reason: str) -> None:
        """Fail with this reason."""
        if self.phase not in (Phase.FAILED, Phase.FINISHED):
            self.phase, self.reason = Phase.FAILED, reason
            self._audience.changed(self)

    def finish(self) -> None:
        """Give every picture back."""
        if self.phase is not Phase.FAILED:
            self.phase = Phase.FINISHED
        while self._queue:
            self._queue.popleft()[1].release()

    def missed(self, shown_for: int) -> int:
        """Frames that were due and never shown."""
        return max(0, min(self.script.frames - self._first, -(-shown_for // self._frame_ns)) - self.tally.shown)

    def shortfall(self) -> str | None:
        """A tenth may be missing."""
        if (self.length or 0) < _COMPLETE * (self.script.length * _NS_PER_MS - self.position):
            return f"cut-short: {self.tally.shown} of {self.script.frames} frames could be shown"
        return None

    @property
    def _frame_ns(self) -> int:
        return self.script.frame * _NS_PER_MS

    def _due(self, frame: int) -> MonotonicNs:
        return MonotonicNs((self.begun or 0) + (frame - self._first) * self._frame_ns)

    def _lend(self, frame: int, due: MonotonicNs) -> LentPicture:
        return self._theatre.lender.lend(self.number, frame, due)

    def _after(self, milliseconds: int | None, what: Callable[[], None]) -> None:
        if milliseconds is not None:
            now = self._reactor.clock.monotonic()
            self._reactor.call_at(MonotonicNs(now + max(0, milliseconds) * _NS_PER_MS), what)

    def _become_ready(self) -> None:
        if self.phase is not Phase.PREPARING:
            return
        if self.script.fails is not None:
            self.kill(self.script.fails)
            return
        self._queue.append((self._first, self._lend(self._first, MonotonicNs(0))))
        self._arrived = self._first + 1
        self.phase = Phase.READY
        self._after(self.script.waits, self._die_waiting)
        self._audience.changed(self)

    def _become_known(self) -> None:
        if self.phase not in (Phase.FAILED, Phase.FINISHED):
            self.digest = f"{self.number:064x}"
            self._audience.changed(self)

    def _die_waiting(self) -> None:
        if self.phase is Phase.READY:
            self._die()

    def _die(self) -> None:
        self.kill("decoder-died: the script says so")

    def _end(self) -> None:
        if self.phase is Phase.RUNNING and not self._ended:
            self._ended = True
            self._audience.changed(self)

    def _expect_next(self) -> None:
        script, frame = self.script, self._arrived
        hangs = script.hangs is not None and frame * script.frame >= script.hangs
        if frame < script.frames and not hangs:
            holds = self.holds
            at = MonotonicNs(self._due(frame) - _ARRIVES_NS)
            self._reactor.call_at(at, lambda: self._arrive() if self._awaits(holds) else None)

    def _unless_held(self, holds: int, what: Callable[[], None]) -> None:
        if self.holds == holds:
            what()

    def _awaits(self, holds: int) -> bool:
        return self.phase is Phase.RUNNING and not self._ended and self.holds == holds

    def _arrive(self) -> None:
        frame = self._arrived
        self._queue.append((frame, self._lend(frame, self._due(frame))))
        self._arrived += 1
        self._expect_next()
        if len(self._queue) == 1:
            self._audience.changed(self)


@dataclass(slots=True)
class ScriptedRenderer:
    """A ``Renderer`` whose performances follow scripts: an item's first preparation its first, and so on.

    The last script of an item is followed ever after; an item without scripts follows a plain one.
    """

    reactor: ManualReactor
    scripts: Mapping[str, Sequence[Script]]
    lead_ns: int = 80 * _NS_PER_MS
    performances: list[ScriptedPerformance] = field(default_factory=list)
    lender: Lender = field(default_factory=Lender)
    closed: bool = False
    never_holds: bool = False
    key_ms: int = 1000
    """A performance opened within its item begins at a multiple of this: there are its key frames."""
    prepared: int = 0
    _prepared: dict[str, int] = field(default_factory=dict)

    def prepare(self, order: Order, audience: Audience) -> Performance:
        """Begin the item's next script."""
        scripts = self.scripts.get(order.item.id) or (Script(),)
        before = self._prepared.get(order.item.id, 0)
        self._prepared[order.item.id] = before + 1
        script = scripts[min(before, len(scripts) - 1)]
        performance = ScriptedPerformance(self, order, script, audience)
        self.performances.append(performance)
        return performance

    def performance(self, number: int) -> ScriptedPerformance:
        """The performance of this number."""
        return next(performance for performance in self.performances if performance.number == number)

    def frame_at(self, start_at: int, script: Script) -> int:
        """The key frame at or before a position in milliseconds."""
        return min(start_at // self.key_ms * self.key_ms // script.frame, script.frames - 1)

    def trouble(self) -> str | None:
        """Nothing is ever missing."""
        return None

    def close(self) -> None:
        """Note it."""
        self.closed = True


@dataclass(slots=True)
class Rehearsal:
    """The real conductor, journal and captioning on doubles; time passes in :meth:`play` only."""

    playlist: Playlist
    scripts: Mapping[str, Sequence[Script]] = field(default_factory=dict)
    wishes: Wishes = field(default_factory=Wishes)
    log_delay_ms: int | None = 2
    read_delay_ms: int = 1
    stalls: Iterator[int] | None = None
    clock: ManualClock = field(default_factory=ManualClock)
    left: MonotonicNs | None = None
    """When the player asked to leave."""
    opening: Opening = field(default_factory=AlwaysOpen)
    bookmark: Bookmark = field(default_factory=NoBookmark)
    remembered: Remembered | None = None
    paces: Paces = field(default_factory=Paces)
    make_programme: Callable[["Rehearsal"], Programme] | None = None
    """Makes another programme than the fixed one, of the reactor and the journal."""
    reactor: ManualReactor = field(init=False)
    renderer: ScriptedRenderer = field(init=False)
    stage: MemoryStage = field(init=False)
    programme: FixedProgramme = field(init=False)
    log: TardyLog = field(init=False)
    journal: Journal = field(init=False)
    errands: PromptErrands = field(init=False)
    conductor: Conductor = field(init=False)

    def __post_init__(self) -> None:
        """Wire everything together and raise the curtain."""
        self.reactor = ManualReactor(self.clock, self.stalls)
        self.renderer = ScriptedRenderer(self.reactor, self.scripts)
        self.log = TardyLog(self.reactor, self.log_delay_ms)
        self.stage = MemoryStage(self.clock, lambda: len(self.log.records))
        self.programme = FixedProgramme(self.reactor, self.playlist, self.read_delay_ms)
        self.errands = PromptErrands(self.reactor)
        self.journal = Journal(self.log, self.clock, "rehearsal", 100)
        programme = self.programme if self.make_programme is None else self.make_programme(self)
        self.conductor = Conductor(
            clock=self.clock,
            reactor=self.reactor,
            renderer=self.renderer,
            stage=self.stage,
            programme=programme,
            journal=self.journal,
            captioning=Captioning(self.stage, self.errands, Path("/nowhere"), (), lambda _item, _finding: None),
            wishes=self.wishes,
            on_leave=self._leave,
            opening=self.opening,
            bookmark=self.bookmark,
            remembered=self.remembered,
            paces=self.paces,
        )
        self.conductor.start()

    def play(self, milliseconds: int) -> None:
        """Let time pass, up to the moment the player leaves."""
        self.reactor.run_for(milliseconds, lambda: self.left is not None)

    def withdraw(self, *items: str) -> None:
        """These items must leave the screen."""
        self.programme.withdrawn |= frozenset(items)
        self.conductor.news(self.programme.bill())

    def urge(self, *slots: Slot) -> None:
        """These urgent slots arrive."""
        urgents = (*self.programme.agenda.urgents, *slots)
        self.programme.agenda = replace(self.programme.agenda, urgents=urgents)
        self.conductor.news(self.programme.bill())

    def stop(self) -> None:
        """Somebody asks for the end."""
        self.conductor.stop()

    def starts(self) -> list[PlayStart]:
        """The START rows so far."""
        return [record for record in self.log.records if isinstance(record, PlayStart)]

    def ends(self) -> list[PlayEnd]:
        """The END rows so far."""
        return [record for record in self.log.records if isinstance(record, PlayEnd)]

    def _leave(self) -> None:
        self.left = self.clock.monotonic()


def playlist_of(*names: str) -> Playlist:
    """A plain folder's playlist of clips with these names."""
    return Playlist("", "", tuple(Slot(name, Item(name, name, ItemKind.CLIP, name)) for name in names))
