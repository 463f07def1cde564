"""The floor: what is on the stage, what comes next, what waits in the wings, and what becomes of each in the log."""

from dataclasses import dataclass, field

from player.act import Act, Wings
from player.captioning import Captioning
from player.choice import Choice
from player.clock import Clock
from player.crossfade import Crossfade
from player.journal import Journal
from player.performance import Phase
from player.playout import REMAINDER
from player.ports import Stage
from playlists.proof import Interruption, Outcome
from playlists.timing import MonotonicNs


@dataclass(slots=True)
class Floor:
    """Two acts at most are on it, the running one and the next, and one may be held in the wings."""

    clock: Clock
    journal: Journal
    stage: Stage
    captioning: Captioning
    choice: Choice
    current: Act | None = None
    upcoming: Act | None = None
    slate: bool = False
    empty_since: MonotonicNs | None = None
    """Since when nothing has been running."""
    wings: Wings = field(init=False)
    crossfade: Crossfade = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is held, nothing fades."""
        self.wings = Wings(self.journal)
        self.crossfade = Crossfade(self.stage)

    @property
    def cut_time(self) -> MonotonicNs | None:
        """When the running item's last frame gives way, or the next begins to fade in over it."""
        current, upcoming = self.current, self.upcoming
        if current is not None and current.begin is not None and current.performance.phase is Phase.FAILED:
            return self.clock.monotonic()
        end = None if current is None else current.cut_time
        if current is None or end is None or upcoming is None or upcoming.at_once:
            return end
        if upcoming.earliest is not None and upcoming.earliest > end:
            return upcoming.earliest
        wished = upcoming.slot.crossfade
        return MonotonicNs(end - self.crossfade.overlap(current.performance, upcoming.performance, wished))

    @property
    def time_left(self) -> int:
        """Nanoseconds to the cut; 0 where there is none."""
        cut = self.cut_time
        return 0 if cut is None else cut - self.clock.monotonic()

    @property
    def interruptible(self) -> bool:
        """Whether something runs that is not urgent itself."""
        return self.current is not None and not self.current.urgent

    def vacate(self, now: MonotonicNs) -> None:
        """Nothing is running any more."""
        self.crossfade.end(now)
        self.current, self.empty_since = None, now

    def fade(self, outgoing: Act, incoming: Act, now: MonotonicNs) -> bool:
        """Have an act fade out to its own end under the next one; False where that is to be an exact cut.

        What is cut to at once waits for no fade, and ends one that is under way.
        """
        end = outgoing.cut_time
        if incoming.at_once or not incoming.slot.crossfade or end is None:
            self.crossfade.end(now)
            return False

        def faded(at: MonotonicNs) -> None:
            self.complete(outgoing, at)
            if outgoing.alone:
                self.stage.heed(urgent=incoming.urgent, bare=incoming.bare)

        return self.crossfade.begin(outgoing.performance, now, end, faded)

    def complete(self, act: Act, ended: MonotonicNs) -> None:
        """An act came to its end: it was a play, or fell short of one."""
        shortfall = act.performance.shortfall()
        if shortfall is None:
            self.choice.succeeded(act.slot)
            act.end(self.journal, Outcome.COMPLETED, None, ended)
        else:
            self.choice.failed(act.slot, shortfall, self.clock.monotonic())
            act.end(self.journal, Outcome.FAILED, shortfall, ended)

    def fail(self, act: Act, ended: MonotonicNs) -> None:
        """The running act failed."""
        self.vacate(ended)
        if act.entry is not None:
            act.end(self.journal, Outcome.FAILED, act.performance.reason, ended)
        self.choice.failed(act.slot, act.performance.reason, ended)

    def drop(self, act: Act, reason: str | None) -> None:
        """Give an act up before it came to the screen."""
        act.drop(self.journal, reason, self.cut_time or self.clock.monotonic())

    def interrupt(self, act: Act, now: MonotonicNs) -> None:
        """The running act was cut short by something urgent: it is held, unless next to nothing of it is left."""
        cut = act.cut_time
        if cut is not None and cut - now < REMAINDER * 1_000_000:
            act.end(self.journal, Outcome.INTERRUPTED, Interruption.URGENT, now)
        else:
            self.choice.hold(self.wings.take_in(act, Interruption.URGENT, now))

    def set_aside(self, act: Act, word: Interruption = Interruption.URGENT) -> None:
        """What was to come next makes way for something else, and comes after it."""
        self.upcoming = None
        if act.held is None:
            self.drop(act, word)
            self.choice.put_off(act.slot)
            return
        if act.performance.phase is Phase.READY:
            self.wings.take_back(act, word)
        else:
            self.drop(act, word)
        self.choice.hold(act.held)

    def give_way(self) -> None:
        """Somebody wants the screen: what is on it is held, what was to come comes after that."""
        current, upcoming, now = self.current, self.upcoming, self.clock.monotonic()
        self.crossfade.end(now)
        if upcoming is not None:
            self.set_aside(upcoming, Interruption.OPERATOR)
        self.current = None
        if current is not None:
            self.choice.hold(self.wings.take_in(current, Interruption.OPERATOR, now))

    def remove_withdrawn(self) -> bool:
        """Take off whatever is withdrawn; whether the screen lost what it showed, or what was to come."""
        gone, now = self.choice.bill.is_withdrawn, self.clock.monotonic()
        if self.wings.slot is not None and gone(self.wings.slot):
            self.wings.clear()
        upcoming, current = self.upcoming, self.current
        if upcoming is not None and gone(upcoming.slot):
            self.upcoming = None
            self.drop(upcoming, Interruption.WITHDRAWN)
        if current is not None and gone(current.slot):
            self.vacate(now)
            current.end(self.journal, Outcome.INTERRUPTED, Interruption.WITHDRAWN, now)
        return current is not self.current or upcoming is not self.upcoming

    def clear(self, word: Interruption) -> None:
        """End what plays, drop what waits, let go of what is held."""
        now = self.clock.monotonic()
        self.crossfade.end(now)
        current, upcoming = self.current, self.upcoming
        self.current = self.upcoming = None
        if current is not None and (current.cut_time or now + 1) <= now:
            self.complete(current, now)
        elif current is not None and current.entry is not None:
            current.end(self.journal, Outcome.INTERRUPTED, word, now)
        if upcoming is not None:
            self.drop(upcoming, word)
        self.wings.clear()

    def show_slate(self) -> None:
        """Nothing is to be seen of any item."""
        self.slate = True
        self.captioning.clear()
        self.stage.heed(urgent=False)
        self.stage.show_slate()

    def slate_if_empty(self) -> None:
        """The last frame of something that is over may stand for a moment, not for good."""
        begun = self.upcoming is not None and self.upcoming.begin is not None
        if self.current is None and not (begun or self.slate):
            self.show_slate()
