"""What the player says to the play log, in the log's own words."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from player.clock import Clock, clock_step
from player.performance import Performance
from player.playout import Skip
from player.proof_log.port import ProofLog, Receipt
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.proof import Closed, Display, Fault, Heartbeat, Outcome, PlayEnd, PlayStart, Record, Rendition
from playlists.timing import NO_TIME, DurationMs, Moment, MonotonicNs

_RENDITIONS = {
    ItemKind.CLIP: Rendition.VIDEO,
    ItemKind.IMAGE: Rendition.IMAGE,
    ItemKind.PAGE: Rendition.PAGE,
    ItemKind.BULLETIN: Rendition.TEXT,
}
_STEP_TOLERANCE_MS = 500


@dataclass(slots=True)
class Entry:
    """One play on its way through the log."""

    slot: Slot
    play: str
    planned: DurationMs | None
    continues: str | None = None
    receipt: Receipt | None = None
    digest: str | None = None
    captions: tuple[str, ...] = ()
    start: Moment | None = None
    """The real first picture."""
    position: DurationMs = NO_TIME
    """Where in its item it begins."""
    begin: MonotonicNs | None = None
    """When that is shown; a first picture may have stood ahead of it."""


@dataclass(slots=True)
class Journal:
    """Turns what happens into rows, and counts for the heartbeat."""

    log: ProofLog
    clock: Clock
    screen: str
    volume: int
    display: Display = Display.UNKNOWN
    playlist: Playlist | None = None
    release: str | None = None
    """The release the playlist is from."""
    _plays: int = 0
    _shown: int = 0
    _lost: int = 0
    _seen: Moment | None = field(default=None)

    def announce(
        self,
        slot: Slot,
        performance: Performance,
        start_at: MonotonicNs,
        captions: tuple[str, ...],
        resumes: str | None,
    ) -> Entry:
        """Write the START of a play that is planned for ``start_at``."""
        item, now = slot.item, self.clock.moment()
        slot_id, playlist_id = self._place_of(slot)
        length = performance.length
        planned = None if length is None else DurationMs(round(length / 1e6))
        entry = Entry(slot, uuid.uuid4().hex, planned, resumes, digest=performance.digest, captions=captions)
        entry.position = DurationMs(round(performance.position / 1e6))
        entry.receipt = self.log.submit(
            PlayStart(
                play=entry.play,
                at=now,
                planned_start=later(now, start_at),
                planned=planned,
                screen=self.screen,
                item=item.id,
                title=item.title,
                sha256=performance.digest,
                rendition=rendition_of(item),
                continues=resumes,
                slot=slot_id,
                playlist=playlist_id,
                release=self.release,
                picture_languages=item.languages,
                sound_languages=performance.languages_heard,
                caption_languages=captions,
                display=self.display,
                volume=self._volume_of(performance),
            )
        )
        return entry

    def end(
        self,
        entry: Entry,
        performance: Performance | None,
        outcome: Outcome,
        reason: str | None,
        ended: MonotonicNs | None,
    ) -> None:
        """Write the END of a play whose last picture gave way at ``ended``; None when there was no picture."""
        now = self.clock.moment()
        shown = performance.tally.shown if performance is not None else 0
        actual: DurationMs | None = DurationMs(0)
        position: DurationMs | None = None
        lost = 0
        if entry.start is not None and ended is not None and performance is not None:
            passed = max(0, ended - entry.start.monotonic)
            actual = DurationMs(round(passed / 1e6))
            run = passed if entry.begin is None else max(0, ended - entry.begin)
            lost = performance.missed(run)
            if outcome is Outcome.INTERRUPTED:
                position = DurationMs(entry.position + round(run / 1e6))
        self._plays += outcome is Outcome.COMPLETED
        self._shown += shown
        self._lost += lost
        self.log.submit(
            PlayEnd(
                play=entry.play,
                at=now,
                outcome=outcome,
                reason=reason,
                start=entry.start,
                end=later(now, ended) if entry.start is not None and ended is not None else None,
                planned=entry.planned,
                actual=actual,
                frames_shown=shown,
                frames_lost=lost,
                position=position,
                sha256=performance.digest if performance is not None else None,
                sound_languages=performance.languages_heard if performance is not None and entry.start else (),
                caption_languages=entry.captions if entry.start else (),
                display=self.display,
                volume=self._volume_of(performance),
            )
        )

    def _volume_of(self, performance: Performance | None) -> int:
        """The volume in force, unless this one is never heard."""
        return 0 if performance is not None and performance.order.sound.muted else self.volume

    def skip(self, skip: Skip) -> None:
        """Write down a slot that was passed over, as a play of no length."""
        item, now = skip.slot.item, self.clock.moment()
        play = uuid.uuid4().hex
        start = PlayStart(play, now, now, None, self.screen, item.id, item.title, item.sha256, rendition_of(item))
        slot, playlist = self._place_of(skip.slot)
        self.log.submit(
            replace(start, slot=slot, playlist=playlist, release=self.release, picture_languages=item.languages)
        )
        nothing = DurationMs(0)
        self.log.submit(PlayEnd(play, now, Outcome.SKIPPED, skip.reason, None, None, None, nothing, 0, 0))

    def _place_of(self, slot: Slot) -> tuple[str | None, str | None]:
        """The ids of a slot and its playlist; a plain folder has neither."""
        if self.playlist is None or not self.playlist.id:
            return None, None
        return slot.id, self.playlist.id

    def fault(self, code: str, detail: str, item: str | None = None) -> None:
        """Write down something that went wrong."""
        self.log.submit(Fault(self.clock.moment(), code, detail[:500], item))

    def beat(self, playing: Entry | None) -> None:
        """Write a heartbeat."""
        beat = Heartbeat(
            self.clock.moment(),
            playing.play if playing is not None else None,
            self._plays,
            self._shown,
            self._lost,
            self.display,
        )
        self._plays = self._shown = self._lost = 0
        self._submit(beat)

    def watch_clock(self) -> None:
        """Write down a step of the wall clock since the last look."""
        now = self.clock.moment()
        step = clock_step(self._seen, now, _STEP_TOLERANCE_MS) if self._seen is not None else None
        self._seen = now
        if step is not None:
            self._submit(step)

    def closed(self, reason: str) -> None:
        """Write down that nothing is shown from here on."""
        self._submit(Closed(self.clock.moment(), reason))

    def _submit(self, record: Record) -> None:
        self.log.submit(record)


def rendition_of(item: Item) -> Rendition:
    """In which form an item is shown."""
    return item.bulletin.rendition if item.bulletin is not None else _RENDITIONS[item.kind]


def later(now: Moment, at: MonotonicNs) -> Moment:
    """The moment of a monotonic time near ``now``, its wall time counted from there."""
    wall = datetime.fromisoformat(now.wall) + timedelta(microseconds=(at - now.monotonic) / 1000)
    return Moment(at, wall.isoformat(timespec="milliseconds"), now.boot_id, now.synchronised)
