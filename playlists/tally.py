"""Counting a play log: what was shown, how often and how long.

Every play falls into exactly one column, and only what was on the screen counts:

- *skipped*: END says so;
- *failed*: END says so, whether nothing was seen of it or nearly all;
- *not shown*: END says so, or its frames are 0 (sound has none to count), or the display was off;
- *completed* (lượt phát): END says so, or it was interrupted after 90 % of its planned length or more;
- *interrupted*: the other interrupted ones, among them those a power cut or a fault of the player ended.

Airtime (thời lượng phát) is what END measured by the monotonic clock in plays that were shown, the interrupted and
failed ones too. A play recovered after a crash has none that anybody knows; it is counted in ``unmeasured``, not
guessed. A play belongs to the moment of its start.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from playlists.proof import ClockStep, Display, Fault, Outcome, PlayEnd, PlayStart, Record, Rendition
from playlists.timing import DurationMs

_ENOUGH_PERCENT: Final = 90


@dataclass(slots=True)
class ItemTally:
    """What one item came to. ``first`` and ``last`` are starts as UTC with offset, in the order of the log."""

    item: str
    title: str = ""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    airtime_ms: int = 0
    unknown_display_ms: int = 0
    """The part of ``airtime_ms`` during which nobody could tell whether the display was lit."""
    unmeasured: int = 0
    """Plays that were on the screen for a time nobody knows."""
    frames_shown: int = 0
    frames_lost: int = 0
    languages: dict[str, None] = field(default_factory=dict)
    """Languages of picture, sound and captions, each once, in the order they were met."""
    first: str | None = None
    last: str | None = None


@dataclass(slots=True)
class Tally:
    """What a log came to."""

    items: dict[str, ItemTally] = field(default_factory=dict)
    """By item id, in the order of first appearance."""
    language_ms: Counter[str] = field(default_factory=Counter)
    """Airtime by language present: a bilingual play counts fully for both, so these sum to more than all."""
    faults: Counter[str] = field(default_factory=Counter)
    clock_steps: int = 0
    open_plays: int = 0
    """STARTs without an END: on the screen now, or next."""
    lone_ends: int = 0
    """ENDs whose START is in an earlier log; they name no item and are counted nowhere else."""

    def total(self, outcome: Outcome) -> int:
        """Plays of all items in one column."""
        return sum(item.outcomes[outcome] for item in self.items.values())

    @property
    def airtime_ms(self) -> int:
        """Airtime of all items."""
        return sum(item.airtime_ms for item in self.items.values())


@dataclass(slots=True)
class Count:
    """A count under way, for readers that hand over records as they come."""

    _tally: Tally = field(default_factory=Tally)
    _open: dict[str, PlayStart] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Count one record; records come in the order of the log."""
        match record:
            case PlayStart():
                self._open[record.play] = record
            case PlayEnd():
                self._end(record)
            case ClockStep():
                self._tally.clock_steps += 1
            case Fault():
                self._tally.faults[record.code] += 1
            case _:
                """Heartbeats and closings say when, not what."""

    def result(self) -> Tally:
        """Take what was counted so far."""
        self._tally.open_plays = len(self._open)
        return self._tally

    def _end(self, end: PlayEnd) -> None:
        start = self._open.pop(end.play, None)
        if start is None:
            self._tally.lone_ends += 1
            return
        item = self._tally.items.setdefault(start.item, ItemTally(start.item))
        spoken = languages_of(start, end)
        column = column_of(start, end)
        item.title = start.title
        item.outcomes[column] += 1
        item.languages |= dict.fromkeys(spoken)
        began = (end.start or start.planned_start).wall
        item.first = item.first or began
        item.last = began
        item.frames_lost += end.frames_lost or 0
        if column in {Outcome.NOT_SHOWN, Outcome.SKIPPED} or end.display is Display.OFF:
            return
        item.frames_shown += end.frames_shown or 0
        item.unmeasured += end.actual is None
        shown = end.actual or 0
        item.airtime_ms += shown
        if end.display is Display.UNKNOWN:
            item.unknown_display_ms += shown
        self._tally.language_ms.update(dict.fromkeys(spoken, shown))


def tally(records: Iterable[Record]) -> Tally:
    """Count records given in the order of the log."""
    count = Count()
    for record in records:
        count.add(record)
    return count.result()


def column_of(start: PlayStart, end: PlayEnd) -> Outcome:
    """Decide in which column a play counts."""
    if end.outcome in {Outcome.SKIPPED, Outcome.FAILED}:
        return end.outcome
    unseen = end.frames_shown == 0 and start.rendition is not Rendition.SOUND
    if unseen or end.display is Display.OFF:
        return Outcome.NOT_SHOWN
    if end.outcome is Outcome.INTERRUPTED and _long_enough(end.planned or start.planned, end.actual):
        return Outcome.COMPLETED
    return end.outcome


def languages_of(start: PlayStart, end: PlayEnd) -> tuple[str, ...]:
    """List the languages of a play, each once: picture as planned, sound and captions as they really were."""
    sound = end.sound_languages or start.sound_languages
    captions = end.caption_languages or start.caption_languages
    return tuple(dict.fromkeys((*start.picture_languages, *sound, *captions)))


def _long_enough(planned: DurationMs | None, actual: DurationMs | None) -> bool:
    return planned is not None and actual is not None and 0 < planned * _ENOUGH_PERCENT <= actual * 100
