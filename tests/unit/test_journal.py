"""The rows the player writes, and the sums it keeps."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from player.clock import ManualClock
from player.doubles import ManualReactor
from player.fitting import Size
from player.journal import Entry, Journal, later
from player.performance import Order, Performance, Sound
from player.playout import Skip
from player.proof_log.doubles import MemoryLog
from player.rehearsal import Script, ScriptedRenderer, playlist_of
from playlists.playlist import ItemKind, Playlist, Slot
from playlists.proof import (
    ClockStep,
    Closed,
    Display,
    Fault,
    Heartbeat,
    Outcome,
    PlayEnd,
    PlayStart,
    Rendition,
)
from playlists.proof_fields import decode_record, encode_record, kind_of
from playlists.timing import DurationMs, MonotonicNs

SECOND = 1_000_000_000


class Desk:
    """A journal with an item prepared for it."""

    def __init__(self, script: Script | None = None) -> None:
        self.clock = ManualClock()
        self.reactor = ManualReactor(self.clock)
        self.log = MemoryLog()
        self.journal = Journal(self.log, self.clock, "gate-1", 70, Display.ON)
        self.slot = playlist_of("a.mp4").slots[0]
        renderer = ScriptedRenderer(self.reactor, {"a.mp4": [script or Script()]})
        order = Order(self.slot.item, "/a.mp4", Size(64, 36), DurationMs(10_000), Sound())
        self.performance = renderer.prepare(order, self)
        self.reactor.run_for(200)

    def changed(self, performance: Performance) -> None:
        """Nobody reacts."""

    def announce(self, slot: Slot | None = None, resumes: str | None = None) -> Entry:
        at = MonotonicNs(self.clock.monotonic() + 2 * SECOND)
        return self.journal.announce(slot or self.slot, self.performance, at, ("vi", "lo"), resumes)

    def shown_for(self, milliseconds: int) -> Entry:
        """An entry whose item begins 80 ms from now and runs."""
        entry = self.announce()
        begin = MonotonicNs(self.clock.monotonic() + 80_000_000)
        self.performance.begin(begin)
        self.reactor.run_for(80)
        entry.start = self.clock.moment()
        for _ in range(milliseconds // 10):
            self.reactor.run_for(10)
            self.performance.take_due(self.clock.monotonic())
        return entry


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    for record in made.log.records:
        assert decode_record(kind_of(record), encode_record(record)) == record, "every row can be written and read"


def test_a_start_says_what_is_about_to_be_shown(desk: Desk) -> None:
    entry = desk.announce(resumes="earlier")
    (start,) = desk.log.records
    assert isinstance(start, PlayStart)
    assert (start.play, start.continues, start.screen, start.volume) == (entry.play, "earlier", "gate-1", 70)
    assert (start.item, start.title, start.sha256) == ("a.mp4", "a.mp4", desk.performance.digest)
    assert start.sha256 is not None
    assert (start.rendition, start.planned, start.display) == (Rendition.VIDEO, 4000, Display.ON)
    assert start.caption_languages == ("vi", "lo")
    assert start.planned_start.monotonic - start.at.monotonic == 2 * SECOND
    assert start.planned_start.wall == "2026-11-23T03:45:00.323+00:00"
    assert start.slot is start.playlist is None, "a plain folder has neither"
    assert entry.receipt is not None
    assert entry.receipt.durable


def test_slot_and_playlist_are_named_where_there_is_a_playlist_file(desk: Desk) -> None:
    desk.journal.playlist = Playlist("gates-2026", "", (desk.slot,))
    desk.announce()
    (start,) = desk.log.records
    assert isinstance(start, PlayStart)
    assert (start.slot, start.playlist) == ("a.mp4", "gates-2026")


@pytest.mark.parametrize(
    ("kind", "rendition"),
    [(ItemKind.CLIP, Rendition.VIDEO), (ItemKind.IMAGE, Rendition.IMAGE), (ItemKind.PAGE, Rendition.PAGE)],
)
def test_every_kind_of_item_has_its_rendition(desk: Desk, kind: ItemKind, rendition: Rendition) -> None:
    desk.announce(replace(desk.slot, item=replace(desk.slot.item, kind=kind)))
    (start,) = desk.log.records
    assert isinstance(start, PlayStart)
    assert start.rendition is rendition


def test_no_two_plays_have_the_same_id(desk: Desk) -> None:
    assert len({desk.announce().play for _ in range(100)}) == 100


def test_an_end_says_what_happened(desk: Desk) -> None:
    entry = desk.shown_for(1000)
    ended = desk.clock.monotonic()
    desk.clock.advance(30)  # the row is made a little after the cut
    desk.journal.end(entry, desk.performance, Outcome.COMPLETED, None, ended)
    end = desk.log.records[-1]
    assert isinstance(end, PlayEnd)
    assert (end.play, end.outcome, end.reason, end.position) == (entry.play, Outcome.COMPLETED, None, None)
    assert (end.planned, end.actual, end.frames_shown, end.frames_lost) == (4000, 1000, 26, 0)
    assert end.start == entry.start
    assert end.end is not None
    assert end.end.monotonic == ended
    assert end.end.wall == "2026-11-23T03:44:59.403+00:00"
    assert (end.at.monotonic - ended) == 30_000_000


def test_frames_that_were_due_and_not_shown_are_lost(desk: Desk) -> None:
    entry = desk.shown_for(0)
    desk.reactor.run_for(2000)
    desk.performance.take_due(desk.clock.monotonic())
    desk.journal.end(entry, desk.performance, Outcome.INTERRUPTED, "stop", desk.clock.monotonic())
    end = desk.log.records[-1]
    assert isinstance(end, PlayEnd)
    assert (end.frames_shown, end.frames_lost, end.position) == (1, 49, 2000)


def test_what_was_never_shown_has_no_length(desk: Desk) -> None:
    entry = desk.announce()
    desk.clock.advance(5000)
    desk.journal.end(entry, None, Outcome.NOT_SHOWN, "stop", None)
    end = desk.log.records[-1]
    assert isinstance(end, PlayEnd)
    assert (end.start, end.end, end.actual, end.frames_shown, end.frames_lost) == (None, None, 0, 0, 0)
    assert end.caption_languages == end.sound_languages == ()


def test_a_step_of_the_clock_in_mid_play_changes_no_length(desk: Desk) -> None:
    entry = desk.shown_for(1000)
    desk.clock.step(-10 * 365 * 24 * 3_600_000)
    desk.journal.end(entry, desk.performance, Outcome.COMPLETED, None, desk.clock.monotonic())
    end = desk.log.records[-1]
    assert isinstance(end, PlayEnd)
    assert end.actual == 1000


def test_a_skip_is_a_play_of_no_length(desk: Desk) -> None:
    desk.journal.skip(Skip(desk.slot, "damaged"))
    start, end = desk.log.records
    assert isinstance(start, PlayStart)
    assert isinstance(end, PlayEnd)
    assert start.play == end.play
    assert (end.outcome, end.reason, end.actual, end.start) == (Outcome.SKIPPED, "damaged", 0, None)


def test_a_heartbeat_counts_since_the_one_before(desk: Desk) -> None:
    desk.journal.beat(None)
    entry = desk.shown_for(1000)
    desk.journal.beat(entry)
    desk.journal.end(entry, desk.performance, Outcome.COMPLETED, None, desk.clock.monotonic())
    desk.journal.beat(None)
    desk.journal.beat(None)
    beats = [record for record in desk.log.records if isinstance(record, Heartbeat)]
    assert [beat.playing for beat in beats] == [None, entry.play, None, None]
    assert [(beat.plays, beat.frames_shown) for beat in beats] == [(0, 0), (0, 0), (1, 26), (0, 0)]


def test_the_clock_is_watched(desk: Desk) -> None:
    for step in (0, 400, 600, -700):
        desk.clock.advance(1000)
        desk.clock.step(step)
        desk.journal.watch_clock()
    steps = [record.step_ms for record in desk.log.records if isinstance(record, ClockStep)]
    assert steps == [600, -700]


def test_faults_are_short_and_the_end_is_written(desk: Desk) -> None:
    desk.journal.fault("captions", "x" * 10_000, "a.mp4")
    desk.journal.closed("stop")
    fault, closed = desk.log.records
    assert isinstance(fault, Fault)
    assert (fault.code, len(fault.detail), fault.item) == ("captions", 500, "a.mp4")
    assert isinstance(closed, Closed)
    assert closed.reason == "stop"


def test_the_moment_of_another_reading_of_the_clock() -> None:
    now = ManualClock().moment()
    before = later(now, MonotonicNs(now.monotonic - 1_500_000))
    assert before.wall == "2026-11-23T03:44:58.121+00:00"
    assert later(now, now.monotonic) == now
