"""Where sticks are received: those that wait are taken in one after another, and people before the screen are told.

An import runs on the agent's own thread. A wake-up, or the agent's end, interrupts it within a chunk: what came is
kept, the stick waits, and it goes on when the pressing thing is done.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from playlists.agent_report import Banner
from sync.agent.cycle import Cycle, Polled
from sync.agent.download import Progress, ignored
from sync.agent.gate import Gate, StoppedError
from sync.agent.ports import Clock, Source
from sync.agent.stick_kiosk import CycleKiosk
from sync.agent.stick_watch import StickWatch
from sync.agent.sticks import Outcome, import_stick

BANNER_TIME: Final = timedelta(seconds=60)
"""How long a sentence stands on the screen; one about something that goes on is told again."""
_STEP: Final = 5
"""Per cent between two sentences about progress."""

Bring = Callable[[Source, Gate, Callable[[Progress], None]], Polled]
"""``Agent.bring``."""


class StickReception:
    """``bring`` takes a source in, ``changed`` is called when ``banner`` or ``progress`` are to be told anew."""

    def __init__(self, cycle: Cycle, clock: Clock, bring: Bring, changed: Callable[[], object]) -> None:
        self._cycle, self._clock, self._bring, self._changed = cycle, clock, bring, changed
        self._watch: StickWatch | None = None
        self._gate: Gate | None = None
        self._reading = ""
        self._sentence = ""
        self._until: datetime | None = None
        self.progress: Progress | None = None
        """How far the present stick's media are."""

    def watch(self, root: Path, appeared: Callable[[], None]) -> None:
        """Take in what appears in the sub-folders of ``root``, from ``open`` on; ``appeared`` calls for ``see_to``."""
        self._watch = StickWatch(root, appeared)

    def open(self) -> None:
        """Begin to look for sticks, where they are watched for."""
        if self._watch is not None:
            self._watch.start()

    def close(self) -> None:
        """Look no more."""
        if self._watch is not None:
            self._watch.stop()

    @property
    def banner(self) -> Banner | None:
        """What to tell passers-by; None where nothing is."""
        if self._until is None or self._clock.now().wall >= self._until:
            return None
        return Banner(self._sentence, self._until.astimezone(UTC).isoformat(timespec="seconds"))

    def see_to(self) -> list[Outcome]:
        """Take in the sticks that wait; what became of them."""
        found: list[Outcome] = []
        for stick in [] if self._watch is None else self._watch.waiting():
            try:
                outcome = self.receive(stick)
            except StoppedError:
                return found
            if self._watch is not None:
                self._watch.done(stick, again=outcome is not None and outcome.again)
            found += [] if outcome is None else [outcome]
        return found

    def receive(self, stick: Path, progress: Callable[[Progress], None] = ignored) -> Outcome | None:
        """Take in one stick; None where it is none of ours. Raises ``StoppedError`` where it was interrupted."""
        gate = self._gate = Gate()

        def told(came: Progress) -> None:
            self._note(came)
            progress(came)

        kiosk = CycleKiosk(self._cycle, lambda source: self._bring(source, gate, told))
        try:
            outcome = import_stick(stick, kiosk, self._cycle.trust, self._clock, self._tell)
        finally:
            self._gate, self.progress, self._until = None, None, None
        if outcome is not None:
            self._tell(outcome.vi)
        return outcome

    def interrupt(self) -> None:
        """Something more pressing came; may be called from any thread."""
        gate = self._gate
        if gate is not None:
            gate.stop()

    def _tell(self, sentence: str) -> None:
        self._reading, self._sentence = sentence, sentence
        self._until = self._clock.now().wall + BANNER_TIME
        self._changed()

    def _note(self, came: Progress) -> None:
        """Progress, from the threads that fetch; the sentence only moves in steps, for each is written to the disk."""
        self.progress = came
        share = 100 * came.got_of_all // max(came.length_of_all, 1) // _STEP * _STEP
        sentence = f"{self._reading} {share} %"
        now = self._clock.now().wall
        if sentence != self._sentence or self._until is None or self._until - now < BANNER_TIME / 2:
            self._sentence, self._until = sentence, now + BANNER_TIME
        self._changed()
