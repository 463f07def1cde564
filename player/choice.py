"""The choice of what comes next: the bill as it was read last, the state of the playout, and the decision."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from player import playout
from player.bill import Bill
from player.clock import Clock
from player.following import OUTSIDE
from player.journal import Journal
from player.playout import Decision, Held, PlayoutState
from player.ports import Programme, Remembered
from playlists.playlist import Playlist, Slot
from playlists.timing import DurationMs, Moment, MonotonicNs


@dataclass(slots=True)
class Choice:
    """Reads the programme and decides; one reading at a time."""

    programme: Programme
    clock: Clock
    journal: Journal
    rounds: int | None
    remembered: Remembered | None = None
    reading: bool = False
    bill: Bill = field(default_factory=lambda: Bill(Playlist("", "", ()), ""))
    _state: PlayoutState = field(default_factory=PlayoutState)

    @property
    def interrupts(self) -> bool:
        """Whether something urgent waits to interrupt."""
        return bool(self._state.interrupts)

    def read(self, begins: Moment, then: Callable[[], None]) -> None:
        """Ask for the bill of a slot that begins at a moment."""

        def taken(bill: Bill) -> None:
            self.reading = False
            self.take(bill)
            then()

        self.reading = True
        self.programme.read(begins, taken)

    def take(self, bill: Bill) -> None:
        """Take in what there is to show from now on."""
        before, self.bill = self.bill, bill
        if bill.signature != before.signature:
            self._state = playout.content_changed(self._state, before.playlist, bill.playlist)
            self.journal.playlist, self.journal.release = bill.playlist, bill.release
        if self.remembered is not None and bill.playlist.slots:
            self._remember(self.remembered)
            self.remembered = None
        self._state = playout.withdrawn(self._state, bill.is_withdrawn)

    def arrivals(self) -> bool:
        """Take in urgent slots that have come; whether there are any."""
        arrivals = playout.arrivals(self._state, self.bill.agenda)
        self._state = playout.arrived(self._state, arrivals)
        return bool(arrivals)

    def decide(self) -> Decision:
        """What comes next; passed-over slots are logged."""
        now = self.clock.monotonic()
        step = playout.decide(self._state, now, self.bill.playlist, self.rounds, self.bill.agenda)
        self._state = step.state
        for skip in step.skipped:
            self.journal.skip(skip)
        return step.decision

    def hold(self, held: Held) -> None:
        """A play was cut short and is to be resumed."""
        self._state = playout.hold(self._state, held)

    def put_off(self, slot: Slot) -> None:
        """A slot has to make way before it came to the screen."""
        self._state = playout.put_off(self._state, slot)

    def forget_held(self) -> None:
        """The screen was closed: nothing is resumed any more, and what was shown last was shown long ago."""
        self._state = replace(self._state, held=(), put_off=(), mark=OUTSIDE)

    def succeeded(self, slot: Slot) -> None:
        """An item was shown well."""
        self._state = playout.succeeded(self._state, slot.item.id)

    def failed(self, slot: Slot, reason: str, now: MonotonicNs) -> None:
        """An item failed."""
        self._state = playout.failed(self._state, slot.item.id, reason, now)

    def _remember(self, last: Remembered) -> None:
        """Resume what was on the screen when the player ended, if that is still to be shown."""
        slots = (*self.bill.playlist.slots, *self.bill.agenda.urgents)
        slot = next((slot for slot in slots if (slot.id, slot.item.id) == (last.slot, last.item)), None)
        if slot is not None and not self.bill.is_withdrawn(slot):
            held = Held(slot, last.play, DurationMs(last.position))
            self._state = playout.remembered(self._state, self.bill.playlist, held)
