"""The conductor: brings decisions, performances, the stage and the log together on one thread.

While one item runs the next is prepared; its START is written, its first picture waits; at the cut, the moment the
running item's own frames end, the stage takes the other's pictures. Nothing here waits for a disk or a decoder.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from player import playout
from player.captioning import Captioning
from player.clock import Clock
from player.crossfade import Crossfade
from player.fitting import Size
from player.journal import Entry, Journal
from player.performance import Order, Performance, Phase, Picture, Renderer, Sound
from player.playout import Leave, Play, PlayoutState, Wait
from player.reactor import Cancellable, Reactor
from playlists.playlist import Playlist, Slot
from playlists.proof import Interruption, Outcome
from playlists.timing import DurationMs, MonotonicNs

PREPARE_NS: Final = 3_000_000_000
"""How long before the end of an item the next is opened: time for a second and a third try."""
_BEGIN_NS: Final = 60_000_000
"""How much before its latest moment a performance is told to begin."""
_SLACK_NS: Final = 700_000
_WATCH_NS: Final = 250_000_000
_BEAT_NS: Final = 60_000_000_000
_CLOCK_NS: Final = 1_000_000_000
_DURABLE_NS: Final = 300_000_000
"""How long the very first picture waits for its START row; a disk slower than that must not keep the screen empty."""
_DIGEST_NS: Final = 500_000_000
"""How long before the cut a START is written, digest or none: END can still say it."""
_LATE_NS: Final = PREPARE_NS + 1_000_000_000
"""How long an item may be on its way when the one before is over."""
_SLATE_NS: Final = 1_200_000_000
"""How long after its start a player without a first picture shows the slate."""


class Stage(Protocol):
    """Where pictures go."""

    @property
    def canvas(self) -> Size:
        """The size to compose for."""

    def show_picture(self, picture: Picture) -> None:
        """Put a picture on the screen now."""

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        """Show two pictures as one; see :mod:`player.crossfade`."""

    def show_slate(self) -> None:
        """Say, in the place of content, that there is none."""


class Programme(Protocol):
    """What there is to play; reading it must not cost the stage a frame, so the answer comes by callback."""

    def read(self, then: Callable[[Playlist, str], None]) -> None:
        """Hand over the playlist as it is now, with a signature that changes when any of its files does."""

    def path_of(self, slot: Slot) -> str:
        """Where the slot's file lies."""


STILL_FOR: Final = DurationMs(10_000)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for."""

    rounds: int | None = None
    still_for: DurationMs = STILL_FOR
    sound: Sound = field(default_factory=Sound)


@dataclass(slots=True)
class _Act:
    """One slot on its way to the screen, on it, or leaving."""

    slot: Slot
    performance: Performance
    resumes: str | None
    asked: MonotonicNs
    """When its preparation began."""
    entry: Entry | None = None
    begin: MonotonicNs | None = None


@dataclass(slots=True)
class Conductor:
    """See the module."""

    clock: Clock
    reactor: Reactor
    renderer: Renderer
    stage: Stage
    programme: Programme
    journal: Journal
    captioning: Captioning
    wishes: Wishes
    on_leave: Callable[[], None]
    _state: PlayoutState = field(default_factory=PlayoutState)
    _playlist: Playlist = field(default_factory=lambda: Playlist("", "", ()))
    _signature: str = ""
    _current: _Act | None = None
    _next: _Act | None = None
    _leaving: bool = False
    _reading: bool = False
    _slate: bool = False
    _over: bool = False
    _first_by: MonotonicNs | None = None
    _tick_timer: Cancellable | None = None
    _retry_timer: Cancellable | None = None
    """Set while there is nothing to play before a moment."""
    _empty_since: MonotonicNs | None = None
    """Since when nothing has been running."""
    _crossfade: Crossfade = field(init=False)

    def __post_init__(self) -> None:
        """Nothing fades yet."""
        self._crossfade = Crossfade(self.stage)

    def start(self) -> None:
        """Begin the programme."""
        self._choose()
        self._every(_WATCH_NS, self._watch)
        self._every(_BEAT_NS, lambda: self.journal.beat(self._current.entry if self._current else None))
        self._every(_CLOCK_NS, self.journal.watch_clock)
        self._empty_since = self.clock.monotonic()

    def stop(self) -> None:
        """End what plays, as interrupted by a stop, and write that the player has left."""
        if self._over:
            return
        self._over = True
        now = self.clock.monotonic()
        self._crossfade.end(now)
        current, upcoming = self._current, self._next
        self._current = self._next = None
        if current is not None and current.entry is not None:
            self._end(current, Outcome.INTERRUPTED, Interruption.STOP, now)
        if upcoming is not None:
            self._drop(upcoming, Interruption.STOP)
        self.journal.closed("stop")

    # Choosing and preparing what comes next.

    def _choose(self) -> None:
        """Look at the playlist as it is now, then decide; never two of these at a time."""
        waiting = self._retry_timer is not None
        if not (self._reading or waiting or self._over or self._next is not None or self._leaving):
            self._reading = True
            self.programme.read(self._chosen)

    def _chosen(self, playlist: Playlist, signature: str) -> None:
        self._reading = False
        if self._over:
            return
        if signature != self._signature:
            self._state = playout.content_changed(self._state, self._playlist, playlist)
            self._playlist = self.journal.playlist = playlist
            self._signature = signature
        step = playout.decide(self._state, self.clock.monotonic(), playlist, self.wishes.rounds)
        self._state = step.state
        for skip in step.skipped:
            self.journal.skip(skip)
        match step.decision:
            case Play(slot, resumes):
                self._prepare(slot, resumes.play if resumes is not None else None)
            case Wait(until):
                # A folder may be mended before the setback is over, so look again soon.
                at = MonotonicNs(max(min(until, self._in(playout.RETRY_NS)), self._in(_WATCH_NS)))
                self._retry_timer = self.reactor.call_at(at, self._choose_again)
                self._slate_if_empty()
            case Leave():
                self._leaving = True
                if self._current is None:
                    self._leave()
        self._schedule()

    def _choose_again(self) -> None:
        self._retry_timer = None
        self._choose()

    def _prepare(self, slot: Slot, resumes: str | None) -> None:
        order = Order(
            slot.item, self.programme.path_of(slot), self.stage.canvas, self.wishes.still_for, self.wishes.sound
        )
        self.captioning.load(slot)
        self._next = _Act(slot, self.renderer.prepare(order, self), resumes, self.clock.monotonic())

    def changed(self, performance: Performance) -> None:
        """A performance has something new: pictures, an end, a failure."""
        if self._next is not None and performance is self._next.performance:
            if performance.phase is Phase.FAILED:
                self._next_failed(self._next)
            elif performance.phase is Phase.READY:
                self._next_ready(self._next)
        elif self._current is not None and performance is self._current.performance:
            if performance.phase is Phase.FAILED:
                self._current_failed(self._current)
            else:
                self._tick()
        elif self._crossfade.plays(performance):
            self._tick()

    def _next_failed(self, act: _Act) -> None:
        self._next = self._first_by = None
        self._drop(act, None)
        self._fail(act)
        self._choose()

    def _next_ready(self, act: _Act) -> None:
        if act.entry is None:
            if act.performance.digest is None and self._time_left() > _DIGEST_NS:
                return  # the digest comes in a moment and belongs into START
            at = self._cut_time() or self._in(act.performance.lead_ns)
            captions = self.captioning.languages_of(act.slot)
            act.entry = self.journal.announce(act.slot, act.performance, at, captions, act.resumes)
        if self._current is None:
            self._first(act)
        else:
            self._schedule()

    def _first(self, act: _Act) -> None:
        """Nothing is on the screen: show the first picture as soon as its START is durable, and go on from there."""
        if act.begin is not None:
            return
        now = self.clock.monotonic()
        self._first_by = self._first_by or MonotonicNs(now + _DURABLE_NS)
        durable = act.entry is not None and act.entry.receipt is not None and act.entry.receipt.durable
        if not durable and now < self._first_by:
            self.reactor.call_at(MonotonicNs(now + 2_000_000), lambda: self._still_first(act))
            return
        self._first_by = None
        act.begin = self._in(act.performance.lead_ns)
        act.performance.begin(act.begin)
        picture = act.performance.first_picture()
        if picture is not None and act.entry is not None:
            self.stage.show_picture(Picture(picture.pixels, picture.size, picture.stride))
            self._slate = False
            act.entry.start = self.clock.moment()
        self._schedule()

    def _still_first(self, act: _Act) -> None:
        if act is self._next and self._current is None and act.performance.phase is Phase.READY:
            self._first(act)

    # The running item and the cut.

    def _cut_time(self) -> MonotonicNs | None:
        """When the running item's last frame gives way."""
        current = self._current
        if current is None or current.begin is None:
            return None
        if current.performance.phase is Phase.FAILED:
            return self.clock.monotonic()
        end = self._end_of(current)
        if end is None or self._next is None:
            return end
        incoming = self._next
        overlap = self._crossfade.overlap(current.performance, incoming.performance, incoming.slot.crossfade)
        return MonotonicNs(end - overlap)

    @staticmethod
    def _end_of(act: _Act) -> MonotonicNs | None:
        length = act.performance.length
        return None if act.begin is None or length is None else MonotonicNs(act.begin + length)

    def _time_left(self) -> int:
        cut = self._cut_time()
        return 0 if cut is None else cut - self.clock.monotonic()

    def _schedule(self) -> None:
        """Set the timer to the next thing that has a time."""
        if self._over:
            return
        current = self._current
        times = self._times_of_the_next()
        if current is not None:
            moments = (current.performance.next_due(), self.captioning.next_change(), self._crossfade.next_due())
            times += [at for at in moments if at is not None]
        if self._tick_timer is not None:
            self._tick_timer.cancel()
            self._tick_timer = None
        if times:
            self._tick_timer = self.reactor.call_at(MonotonicNs(min(times)), self._tick)

    def _times_of_the_next(self) -> list[int]:
        """When the running item gives way, and when the next has to be looked after before."""
        upcoming, cut = self._next, self._cut_time()
        if upcoming is not None and upcoming.begin is not None:
            return [upcoming.begin]
        if cut is None:
            return []
        if upcoming is not None and upcoming.entry is not None:
            return [cut - upcoming.performance.lead_ns - _BEGIN_NS]
        if upcoming is not None and upcoming.performance.phase is Phase.READY:
            return [cut - _DIGEST_NS]
        over = cut if cut > self.clock.monotonic() else self._in(_WATCH_NS // 2)
        waits = self._leaving or self._reading or self._retry_timer is not None
        return [over] if waits or upcoming is not None else [over, cut - PREPARE_NS]

    def _tick(self) -> None:
        """Do whatever is due: a cut, a picture, the beginning of the next, its preparation."""
        if self._over:
            return
        now = MonotonicNs(self.clock.monotonic() + _SLACK_NS)
        upcoming = self._next
        if upcoming is not None and upcoming.begin is not None and now >= upcoming.begin:
            self._cut(upcoming, now)
        elif self._current is not None:
            self._show(self._current, now)
            self._after_the_end(now)
        if self._next is not None and self._next.entry is None and self._next.performance.phase is Phase.READY:
            self._next_ready(self._next)
        self._begin_next(now)
        cut = self._cut_time()
        if self._next is None and (cut is None or cut - now <= PREPARE_NS) and self._current is not None:
            self._choose()
        self._schedule()

    def _show(self, act: _Act, now: MonotonicNs) -> None:
        picture = act.performance.take_due(now)
        changed = self.captioning.at(now)
        if self._crossfade.show(picture, now):
            return
        if picture is not None:
            self.stage.show_picture(picture)
        elif changed:
            self.captioning.surface.refresh_captions()

    def _begin_next(self, now: MonotonicNs) -> None:
        """Have the next one run so that its first frame falls on the cut, or as soon after as it can."""
        upcoming, cut = self._next, self._cut_time()
        if upcoming is None or upcoming.entry is None or upcoming.begin is not None or cut is None:
            return
        lead = upcoming.performance.lead_ns
        if now >= cut - lead - _BEGIN_NS and upcoming.performance.phase is Phase.READY:
            upcoming.begin = MonotonicNs(max(cut, now + lead))
            upcoming.performance.begin(upcoming.begin)

    def _cut(self, upcoming: _Act, now: MonotonicNs) -> None:
        """The last frame of one gives way to the first of the other; everything else comes after."""
        before, self._current, self._next = self._current, upcoming, None
        fades = before is not None and upcoming.slot.crossfade > 0 and self._fade(before, now)
        drawn = self.captioning.languages_of(upcoming.slot)
        self.captioning.begin(upcoming.slot, upcoming.begin if upcoming.begin is not None else now)
        self._show(upcoming, now)
        self._slate, self._empty_since = False, None
        shown = self.clock.moment()
        if upcoming.entry is not None:
            upcoming.entry.start = upcoming.entry.start or shown
            upcoming.entry.captions = drawn
        if before is not None and not fades:
            self._complete(before, shown.monotonic)
        cut = self._cut_time()
        if cut is not None and cut - now <= PREPARE_NS:
            self._choose()

    def _fade(self, outgoing: _Act, now: MonotonicNs) -> bool:
        """Have an item fade out to its own end; False when there is no time left for that."""
        end = self._end_of(outgoing)
        done = outgoing.performance
        return end is not None and self._crossfade.begin(done, now, end, lambda at: self._complete(outgoing, at))

    def _after_the_end(self, now: MonotonicNs) -> None:
        """The running item is over and nothing follows at once: leave, or hold its last frame, or show the slate."""
        current, cut = self._current, self._cut_time()
        if current is None or cut is None or now < cut or self._next is not None:
            return
        if self._leaving:
            self._current = None
            self._complete(current, cut)
            self._leave()
        elif current.performance.phase is not Phase.FAILED and now - cut > PREPARE_NS:
            self._current, self._empty_since = None, now
            self._complete(current, now)
            self._show_slate()

    def _current_failed(self, act: _Act) -> None:
        """The decoder is gone: the last frame stands until the next is ready."""
        self._crossfade.end(self.clock.monotonic())
        self._current = None
        self._empty_since = ended = self.clock.monotonic()
        if act.entry is not None:
            self._end(act, Outcome.FAILED, act.performance.reason, ended)
        self._fail(act)
        upcoming = self._next
        if self._leaving:
            self._leave()
        elif upcoming is None:
            self._choose()
        elif upcoming.performance.phase is Phase.READY and upcoming.begin is None:
            self._next_ready(upcoming)
        self._schedule()

    def _complete(self, act: _Act, ended: MonotonicNs) -> None:
        shortfall = act.performance.shortfall()
        if shortfall is None:
            self._state = playout.succeeded(self._state, act.slot.item.id)
            self._end(act, Outcome.COMPLETED, None, ended)
        else:
            self._state = playout.failed(self._state, act.slot.item.id, shortfall, self.clock.monotonic())
            self._end(act, Outcome.FAILED, shortfall, ended)

    def _end(self, act: _Act, outcome: Outcome, reason: str | None, ended: MonotonicNs) -> None:
        if act.entry is not None:
            self.journal.end(act.entry, act.performance, outcome, reason, ended)
        act.performance.finish()

    def _drop(self, act: _Act, reason: str | None) -> None:
        """Give up an item that never came to the screen."""
        failed = act.performance.phase is Phase.FAILED
        if act.entry is None and failed:
            at = self._cut_time() or self.clock.monotonic()
            act.entry = self.journal.announce(act.slot, act.performance, at, (), act.resumes)
        if act.entry is not None:
            act.entry.start = None  # a first picture that stood ahead of its time was no play
            outcome = Outcome.FAILED if failed else Outcome.NOT_SHOWN
            self.journal.end(act.entry, None, outcome, act.performance.reason if failed else reason, None)
        act.performance.finish()

    def _fail(self, act: _Act) -> None:
        reason = act.performance.reason
        self._state = playout.failed(self._state, act.slot.item.id, reason, self.clock.monotonic())

    # Watchmen, the slate, leaving.

    def _watch(self) -> None:
        now = self.clock.monotonic()
        for act in (self._next, self._current):
            if act is not None and (word := act.performance.overdue(now)) is not None:
                act.performance.kill(word)
        self._pass_over_if_late(now)
        if self._empty_since is not None and now - self._empty_since > _SLATE_NS - _WATCH_NS:
            self._slate_if_empty()

    def _pass_over_if_late(self, now: MonotonicNs) -> None:
        """What is not ready well after its cut is passed over, wherever it hangs: the last frame may not stand on."""
        upcoming, cut = self._next, self._cut_time()
        if upcoming is None or upcoming.performance.phase is not Phase.PREPARING or cut is None:
            return
        if now > cut and now - upcoming.asked > _LATE_NS:
            upcoming.performance.kill("late: it was not ready when its turn came")

    def _slate_if_empty(self) -> None:
        """The last frame of something that is over may stand for a moment, not for good."""
        begun = self._next is not None and self._next.begin is not None
        if self._current is None and not (begun or self._slate or self._over):
            self._show_slate()

    def _show_slate(self) -> None:
        self._slate = True
        self.captioning.clear()
        self.stage.show_slate()

    def _leave(self) -> None:
        if not self._over:
            self._over = True
            self.journal.closed("rounds")
            self.on_leave()

    def _in(self, nanoseconds: int) -> MonotonicNs:
        return MonotonicNs(self.clock.monotonic() + nanoseconds)

    def _every(self, nanoseconds: int, job: Callable[[], None]) -> None:
        def again() -> None:
            if not self._over:
                job()
                self._every(nanoseconds, job)

        self.reactor.call_at(self._in(nanoseconds), again)
