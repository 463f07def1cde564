"""An act: one slot on its way to the screen, on it, held, or leaving; and what the log is told of its end."""

from dataclasses import dataclass
from typing import Final

from player.journal import Entry, Journal
from player.performance import Performance, Phase
from player.playout import Held
from playlists.playlist import Slot
from playlists.proof import Interruption, Outcome
from playlists.schedule import Precedence
from playlists.timing import DurationMs, MonotonicNs

HOLD_NS: Final = 60_000_000_000
"""How long what was interrupted stands ready to go on at its next frame; later it is opened anew."""


@dataclass(slots=True)
class Act:
    """One slot being performed."""

    slot: Slot
    performance: Performance
    held: Held | None
    """The play it resumes."""
    asked: MonotonicNs
    """When its preparation began."""
    entry: Entry | None = None
    begin: MonotonicNs | None = None
    at_once: bool = False
    """It does not wait for the end of what is running."""
    earliest: MonotonicNs | None = None
    """It is not begun before; meanwhile the last picture stands."""

    @property
    def resumes(self) -> str | None:
        """The id of the play it resumes."""
        return None if self.held is None else self.held.play

    @property
    def urgent(self) -> bool:
        """Whether nothing may interrupt it."""
        return self.slot.precedence is Precedence.URGENT

    @property
    def bare(self) -> bool:
        """Whether nothing may lie over it: it is the national flag (rule V11)."""
        return self.slot.item.papers.national_flag

    @property
    def alone(self) -> bool:
        """Whether no banner may lie over it, not even while it fades out."""
        return self.bare or self.urgent

    @property
    def cut_time(self) -> MonotonicNs | None:
        """When its last frame gives way; None while nobody knows."""
        length = self.performance.length
        return None if self.begin is None or length is None else MonotonicNs(self.begin + length)

    def position(self, now: MonotonicNs) -> DurationMs:
        """How far into its item it is."""
        passed = 0 if self.begin is None else max(0, now - self.begin)
        return DurationMs(round((self.performance.position + passed) / 1e6))

    def end(self, journal: Journal, outcome: Outcome, reason: str | None, ended: MonotonicNs) -> None:
        """Write its END and let go of it."""
        if self.entry is not None:
            journal.end(self.entry, self.performance, outcome, reason, ended)
        self.performance.finish()

    def drop(self, journal: Journal, reason: str | None, at: MonotonicNs) -> None:
        """Give it up before it came to the screen, where it was to come ``at``."""
        failed = self.performance.phase is Phase.FAILED
        if self.entry is None and failed:
            self.entry = journal.announce(self.slot, self.performance, at, (), self.resumes)
        if self.entry is not None:
            self.entry.start = None  # a first picture that stood ahead of its time was no play
            outcome = Outcome.FAILED if failed else Outcome.NOT_SHOWN
            journal.end(self.entry, None, outcome, self.performance.reason if failed else reason, None)
        self.performance.finish()


@dataclass(slots=True)
class Wings:
    """Where a performance that was interrupted waits for its resumption; there is room for one."""

    journal: Journal
    slot: Slot | None = None
    _play: str | None = None
    _performance: Performance | None = None
    _since: int = 0

    def take_in(self, act: Act, word: Interruption, now: MonotonicNs) -> Held:
        """Write the END of a play that is cut short, and keep its performance as it stands."""
        self.clear()
        held = Held(act.slot, "" if act.entry is None else act.entry.play, act.position(now))
        if act.entry is not None:
            self.journal.end(act.entry, act.performance, Outcome.INTERRUPTED, word, now)
        if act.performance.hold(now):
            self.slot, self._play, self._performance, self._since = act.slot, held.play, act.performance, now
        else:
            act.performance.finish()
        return held

    def take_back(self, act: Act, word: Interruption) -> None:
        """A resumption has to make way before it came to the screen: its performance goes on waiting."""
        self.clear()
        if act.entry is not None:
            act.entry.start = None
            self.journal.end(act.entry, None, Outcome.NOT_SHOWN, word, None)
        self.slot, self._play, self._performance = act.slot, act.resumes, act.performance

    def give(self, play: str) -> Performance | None:
        """The performance that was held under this play, if it still stands ready."""
        performance = self._performance
        if performance is None or play != self._play:
            return None
        self.slot = self._play = self._performance = None
        if performance.phase is Phase.FAILED:
            performance.finish()
            return None
        return performance

    def tidy(self, now: MonotonicNs) -> None:
        """Let go of what has been held for too long, or died meanwhile: it will be opened anew."""
        performance = self._performance
        if performance is not None and (performance.phase is Phase.FAILED or now - self._since > HOLD_NS):
            self.clear()

    def clear(self) -> None:
        """Let go of what is held."""
        performance, self._performance = self._performance, None
        self.slot = self._play = None
        if performance is not None:
            performance.finish()
