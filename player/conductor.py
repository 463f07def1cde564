"""The conductor: brings decisions, performances, the stage and the log together on one thread.

While one item runs the next is prepared; its START is written, its first picture waits; at the cut, the moment the
running item's own frames end, the stage takes the other's pictures. What is urgent is cut to as soon as it is ready.
Nothing here waits for a disk or a decoder.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from player import playout
from player.act import Act
from player.bill import Bill
from player.captioning import Captioning
from player.choice import Choice
from player.clock import Clock
from player.floor import Floor
from player.journal import Journal, later
from player.performance import Order, Performance, Phase, Picture, Renderer
from player.playout import Decision, Held, Leave, Play, Wait
from player.ports import AlwaysOpen, Bookmark, NoBookmark, Opening, Paces, Programme, Remembered, Stage, Wishes
from player.reactor import Cancellable, Reactor
from playlists.playlist import Slot
from playlists.proof import Interruption
from playlists.timing import DurationMs, MonotonicNs

PREPARE_NS: Final = 3_000_000_000
"""How long before the end of an item the next is opened: time for a second and a third try."""
_BEGIN_NS: Final = 60_000_000
"""How much before its latest moment a performance is told to begin."""
_SLACK_NS: Final = 700_000
_WATCH_NS: Final = 250_000_000
_DURABLE_NS: Final = 300_000_000
"""How long the very first picture waits for its START row; a disk slower than that must not keep the screen empty."""
_URGENT_DURABLE_NS: Final = 100_000_000
"""How long an urgent one does."""
_DIGEST_NS: Final = 500_000_000
"""How long before the cut a START is written, digest or none: END can still say it."""
_LAST_WORDS_NS: Final = 2_000_000_000
"""What has less than this left at closing time may finish."""
_LATE_NS: Final = PREPARE_NS + 1_000_000_000
"""How long an item may be on its way when the one before is over."""
_SLATE_NS: Final = 1_200_000_000
"""How long after its start a player without a first picture shows the slate."""


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
    opening: Opening = field(default_factory=AlwaysOpen)
    bookmark: Bookmark = field(default_factory=NoBookmark)
    remembered: Remembered | None = None
    paces: Paces = field(default_factory=Paces)
    _choice: Choice = field(init=False)
    _floor: Floor = field(init=False)
    _leaving: bool = False
    _open: bool = True
    _away: bool = False
    """Whether somebody else has the screen."""
    _over: bool = False
    _first_by: MonotonicNs | None = None
    _tick_timer: Cancellable | None = None
    _retry_timer: Cancellable | None = None
    """Set while there is nothing to play before a moment."""

    def __post_init__(self) -> None:
        """Nothing was chosen yet."""
        self._choice = Choice(self.programme, self.clock, self.journal, self.wishes.rounds, self.remembered)
        self._floor = Floor(self.clock, self.journal, self.stage, self.captioning, self._choice)

    def start(self) -> None:
        """Begin the programme."""
        self._floor.empty_since = self.clock.monotonic()
        self._keep_hours()
        self._choose()
        self._every(self.paces.watch, self._watch)
        self._every(self.paces.beat, self._beat)
        self._every(self.paces.clock, self.journal.watch_clock)

    def stop(self) -> None:
        """End what plays, as interrupted by a stop, and write that the player has left."""
        if self._over:
            return
        self._over = True
        self._mark()
        self._floor.clear(Interruption.STOP)
        self.journal.closed("stop")

    def news(self, bill: Bill) -> None:
        """Something changed that does not wait for the next slot: what was withdrawn, what is urgent."""
        if self._over:
            return
        self._choice.take(bill)
        self._floor.crossfade.end(self.clock.monotonic())  # what fades out may be what was withdrawn
        self._remove_withdrawn()
        if self._choice.arrivals() and self._open and not self._away:
            self._make_way()
        elif self._floor.current is None and self._retry_timer is not None:
            self._wait_no_more()  # there may be something to show by now
            self._choose()

    def give_way(self) -> None:
        """End what plays as interrupted by an operator, and hold it; nothing plays until :meth:`come_back`."""
        if self._over or self._away:
            return
        self._away = True
        self._wait_no_more()
        self._first_by = self._floor.empty_since = None
        self._floor.give_way()
        self.captioning.clear()
        self._schedule()

    def come_back(self) -> None:
        """Go on with what was interrupted."""
        if self._away:
            self._away, self._floor.empty_since = False, self.clock.monotonic()
            self._choose()

    @property
    def playing(self) -> Act | None:
        """What is on the screen; None while it is the slate."""
        return self._floor.current

    # Choosing and preparing what comes next.

    def _choose(self) -> None:
        """Look at the playlist as it is now, then decide; never two of these at a time."""
        waiting = self._retry_timer is not None
        idle = self._floor.upcoming is None and not (self._choice.reading or waiting or self._leaving)
        if idle and self._open and not (self._over or self._away):
            begins = later(self.clock.moment(), MonotonicNs(self._floor.cut_time or self.clock.monotonic()))
            if self.opening.is_open(begins):
                self._choice.read(begins, self._chosen)
            else:
                self._retry_timer = self.reactor.call_at(self._in(playout.RETRY_NS), self._choose_again)

    def _chosen(self) -> None:
        if self._over or self._away or not self._open:
            return
        self._remove_withdrawn()
        if self._choice.arrivals():
            self._make_way()
        elif self._floor.upcoming is None and not self._leaving and self._retry_timer is None:
            self._follow(self._choice.decide())

    def _follow(self, decision: Decision) -> None:
        match decision:
            case Play(slot, held, waits_ns, at_once):
                self._prepare(slot, held, waits_ns, at_once=at_once and self._floor.interruptible)
            case Wait(until):
                # A folder may be mended before the setback is over, so look again soon.
                at = MonotonicNs(max(min(until, self._in(playout.RETRY_NS)), self._in(_WATCH_NS)))
                self._retry_timer = self.reactor.call_at(at, self._choose_again)
                self._floor.slate_if_empty()
            case Leave():
                self._leaving = True
                if self._floor.current is None:
                    self._leave()
        self._schedule()

    def _choose_again(self) -> None:
        self._retry_timer = None
        self._choose()

    def _prepare(self, slot: Slot, held: Held | None, waits_ns: int, *, at_once: bool) -> None:
        self.captioning.load(slot)
        performance = self._floor.wings.give(held.play) if held is not None else None
        if performance is None:
            start_at = DurationMs(0) if held is None else held.position
            path, canvas, sound = self.programme.path_of(slot), self.stage.canvas, self.wishes.sound
            order = Order(slot.item, path, canvas, self.wishes.still_for, sound, start_at, self.programme.locate)
            performance = self.renderer.prepare(order, self)
        act = Act(slot, performance, held, self.clock.monotonic(), at_once=at_once)
        if waits_ns:
            act.earliest = MonotonicNs((self._floor.cut_time or self.clock.monotonic()) + waits_ns)
        self._floor.upcoming = act
        if performance.phase is Phase.READY:
            self._next_ready(act)

    def changed(self, performance: Performance) -> None:
        """A performance has something new: pictures, an end, a failure."""
        if self._floor.upcoming is not None and performance is self._floor.upcoming.performance:
            if performance.phase is Phase.FAILED:
                self._next_failed(self._floor.upcoming)
            elif performance.phase is Phase.READY:
                self._next_ready(self._floor.upcoming)
        elif self._floor.current is not None and performance is self._floor.current.performance:
            if performance.phase is Phase.FAILED:
                self._current_failed(self._floor.current)
            else:
                self._tick()
        elif self._floor.crossfade.plays(performance):
            self._tick()

    def _next_failed(self, act: Act) -> None:
        self._floor.upcoming = self._first_by = None
        self._floor.drop(act, None)
        self._choice.failed(act.slot, act.performance.reason, self.clock.monotonic())
        self._choose()

    def _next_ready(self, act: Act) -> None:
        hurry = act.at_once or self._floor.current is None
        if act.entry is None:
            if act.performance.digest is None and self._floor.time_left > _DIGEST_NS and not hurry:
                return  # the digest comes in a moment and belongs into START
            at = self._floor.cut_time
            if at is None or hurry:
                at = self._in(act.performance.lead_ns)
            captions = self.captioning.languages_of(act.slot)
            act.entry = self.journal.announce(act.slot, act.performance, at, captions, act.resumes)
        if hurry:
            self._first(act)
        else:
            self._schedule()

    def _first(self, act: Act) -> None:
        """Show it as soon as its START is durable: nothing is on the screen, or nothing that it has to wait for."""
        if act.begin is not None:
            return
        now = self.clock.monotonic()
        if act.earliest is not None and now + act.performance.lead_ns < act.earliest:
            self.reactor.call_at(MonotonicNs(act.earliest - act.performance.lead_ns), lambda: self._still_first(act))
            return
        patience = _DURABLE_NS if self._floor.current is None else _URGENT_DURABLE_NS
        self._first_by = self._first_by or MonotonicNs(now + patience)
        durable = act.entry is not None and act.entry.receipt is not None and act.entry.receipt.durable
        if not durable and now < self._first_by:
            self.reactor.call_at(MonotonicNs(now + 2_000_000), lambda: self._still_first(act))
            return
        self._first_by = None
        act.begin = self._in(act.performance.lead_ns)
        act.performance.begin(act.begin)
        picture = act.performance.first_picture()
        if picture is not None and act.entry is not None and self._floor.current is None:
            self.stage.heed(urgent=act.urgent, bare=act.bare)
            self.stage.show_picture(Picture(picture.pixels, picture.size, picture.stride))
            self._floor.slate = False
            act.entry.start = self.clock.moment()
        self._schedule()

    def _still_first(self, act: Act) -> None:
        hurry = act.at_once or self._floor.current is None
        if act is self._floor.upcoming and hurry and act.performance.phase is Phase.READY:
            self._first(act)

    # What does not wait for the end of the running item.

    def _make_way(self) -> None:
        """What is prepared waits its turn; what is urgent is prepared, and comes as soon as it is ready."""
        upcoming = self._floor.upcoming
        if upcoming is not None:
            if upcoming.begin is not None or upcoming.urgent:
                return  # its cut is a moment away, and then this is looked at again; or it is urgent itself
            self._first_by = None
            self._floor.set_aside(upcoming)
        self._wait_no_more()
        self._leaving = False
        self._follow(self._choice.decide())

    def _remove_withdrawn(self) -> None:
        """What was withdrawn leaves the screen at once; what waits takes its place, or the slate."""
        if not self._floor.remove_withdrawn():
            return
        upcoming = self._floor.upcoming
        if upcoming is None:
            self._first_by = None
        if self._floor.current is None:
            if upcoming is not None and upcoming.performance.phase is Phase.READY:
                self._next_ready(upcoming)
            if not self._floor.slate and (upcoming is None or upcoming.begin is None):
                self._floor.show_slate()
        self._choose()
        self._schedule()

    def _keep_hours(self) -> None:
        """Outside opening hours nothing plays and the display is off."""
        is_open = self.opening.is_open(self.clock.moment())
        nearly_over = 0 < self._floor.time_left < _LAST_WORDS_NS
        if is_open == self._open or (nearly_over and not is_open):
            return
        self._open = is_open
        self.opening.light(lit=is_open)
        if is_open:
            self._floor.empty_since = self.clock.monotonic()
            self._choose()
            return
        self._wait_no_more()
        self._first_by = self._floor.empty_since = None
        self._floor.clear(Interruption.CLOSED)
        self._choice.forget_held()
        self.bookmark.remove()
        self.journal.closed("hours")
        self._floor.show_slate()

    def _wait_no_more(self) -> None:
        if self._retry_timer is not None:
            self._retry_timer.cancel()
            self._retry_timer = None

    # The running item and the cut.

    def _schedule(self) -> None:
        """Set the timer to the next thing that has a time."""
        if self._over:
            return
        current = self._floor.current
        times = self._times_of_the_next()
        if current is not None:
            moments = (current.performance.next_due(), self.captioning.next_change(), self._floor.crossfade.next_due())
            times += [at for at in moments if at is not None]
        if self._tick_timer is not None:
            self._tick_timer.cancel()
            self._tick_timer = None
        if times:
            self._tick_timer = self.reactor.call_at(MonotonicNs(min(times)), self._tick)

    def _times_of_the_next(self) -> list[int]:
        """When the running item gives way, and when the next has to be looked after before."""
        upcoming, cut = self._floor.upcoming, self._floor.cut_time
        if upcoming is not None and upcoming.begin is not None:
            return [upcoming.begin]
        if cut is None:
            return []
        if upcoming is not None and upcoming.entry is not None:
            return [cut - upcoming.performance.lead_ns - _BEGIN_NS]
        if upcoming is not None and upcoming.performance.phase is Phase.READY:
            return [cut - _DIGEST_NS]
        over = cut if cut > self.clock.monotonic() else self._in(_WATCH_NS // 2)
        waits = self._leaving or self._choice.reading or self._retry_timer is not None
        return [over] if waits or upcoming is not None else [over, cut - PREPARE_NS]

    def _tick(self) -> None:
        """Do whatever is due: a cut, a picture, the beginning of the next, its preparation."""
        if self._over:
            return
        now = MonotonicNs(self.clock.monotonic() + _SLACK_NS)
        upcoming = self._floor.upcoming
        if upcoming is not None and upcoming.begin is not None and now >= upcoming.begin:
            self._cut(upcoming, now)
        elif self._floor.current is not None:
            self._show(self._floor.current, now)
            self._after_the_end(now)
        upcoming = self._floor.upcoming
        if upcoming is not None and upcoming.entry is None and upcoming.performance.phase is Phase.READY:
            self._next_ready(upcoming)
        self._begin_next(now)
        running = self._floor.current is not None
        cut = self._floor.cut_time
        if running and self._floor.upcoming is None and (cut is None or cut - now <= PREPARE_NS):
            self._choose()
        self._schedule()

    def _show(self, act: Act, now: MonotonicNs) -> None:
        picture = act.performance.take_due(now)
        changed = self.captioning.at(now)
        if self._floor.crossfade.show(picture, now):
            return
        if picture is not None:
            self.stage.show_picture(picture)
        elif changed:
            self.captioning.surface.refresh_captions()

    def _begin_next(self, now: MonotonicNs) -> None:
        """Have the next one run so that its first frame falls on the cut, or as soon after as it can."""
        upcoming, cut = self._floor.upcoming, self._floor.cut_time
        if upcoming is None or upcoming.entry is None or upcoming.begin is not None or cut is None:
            return
        lead = upcoming.performance.lead_ns
        if now >= cut - lead - _BEGIN_NS and upcoming.performance.phase is Phase.READY:
            upcoming.begin = MonotonicNs(max(cut, now + lead))
            upcoming.performance.begin(upcoming.begin)

    def _cut(self, upcoming: Act, now: MonotonicNs) -> None:
        """The last frame of one gives way to the first of the other; everything else comes after."""
        before, self._floor.current, self._floor.upcoming = self._floor.current, upcoming, None
        fades = before is not None and self._floor.fade(before, upcoming, now)
        drawn = self.captioning.languages_of(upcoming.slot)
        begins = upcoming.begin if upcoming.begin is not None else now
        self.captioning.begin(upcoming.slot, begins, upcoming.performance.position)
        self._show(upcoming, now)
        fading = before if fades else None
        self.stage.heed(urgent=upcoming.urgent, bare=upcoming.bare or (fading is not None and fading.alone))
        self._floor.slate, self._floor.empty_since = False, None
        shown = self.clock.moment()
        if upcoming.entry is not None:
            upcoming.entry.start = upcoming.entry.start or shown
            upcoming.entry.begin, upcoming.entry.captions = upcoming.begin, drawn
        if before is not None and upcoming.at_once and (before.cut_time or now + 1) > now:
            self._floor.interrupt(before, shown.monotonic)
        elif before is not None and not fades:
            self._floor.complete(before, shown.monotonic)
        self._mark()
        if self._choice.interrupts and self._floor.interruptible:
            self._make_way()
        cut = self._floor.cut_time
        if cut is not None and cut - now <= PREPARE_NS:
            self._choose()

    def _after_the_end(self, now: MonotonicNs) -> None:
        """The running item is over and nothing follows at once: leave, or hold its last frame, or show the slate."""
        current, cut = self._floor.current, self._floor.cut_time
        if current is None or cut is None or now < cut or self._floor.upcoming is not None:
            return
        if self._leaving:
            self._floor.current = None
            self._floor.complete(current, cut)
            self._leave()
        elif current.performance.phase is not Phase.FAILED and now - cut > PREPARE_NS:
            self._floor.vacate(now)
            self._floor.complete(current, now)
            self._floor.show_slate()

    def _current_failed(self, act: Act) -> None:
        """The decoder is gone: the last frame stands until the next is ready."""
        self._floor.fail(act, self.clock.monotonic())
        upcoming = self._floor.upcoming
        if self._leaving:
            self._leave()
        elif upcoming is None:
            self._choose()
        elif upcoming.performance.phase is Phase.READY and upcoming.begin is None:
            self._next_ready(upcoming)
        self._schedule()

    # Watchmen, the slate, leaving.

    def _watch(self) -> None:
        self._keep_hours()
        now = self.clock.monotonic()
        self._floor.wings.tidy(now)
        for act in (self._floor.upcoming, self._floor.current):
            if act is not None and (word := act.performance.overdue(now)) is not None:
                act.performance.kill(word)
        self._pass_over_if_late(now)
        if self._floor.empty_since is not None and now - self._floor.empty_since > _SLATE_NS - _WATCH_NS:
            self._floor.slate_if_empty()

    def _beat(self) -> None:
        current = self._floor.current
        self.journal.beat(None if current is None else current.entry)
        self._mark()

    def _mark(self) -> None:
        """Keep, for a player that comes after this one, what is on the screen."""
        current = self._floor.current
        if current is not None and current.entry is not None:
            self.bookmark.keep(current.slot, current.entry.play, current.position(self.clock.monotonic()))

    def _pass_over_if_late(self, now: MonotonicNs) -> None:
        """What is not ready well after its cut is passed over, wherever it hangs: the last frame may not stand on."""
        upcoming, cut = self._floor.upcoming, self._floor.cut_time
        if upcoming is None or upcoming.performance.phase is not Phase.PREPARING or cut is None:
            return
        if now > cut and now - upcoming.asked > _LATE_NS:
            upcoming.performance.kill("late: it was not ready when its turn came")

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
