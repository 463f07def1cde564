"""The conductor when all goes well: exact cuts, the right order, rows in their place, leaving when asked."""

from itertools import cycle, pairwise

import pytest

from player.ports import Wishes
from player.rehearsal import Rehearsal, Script, playlist_of
from playlists.proof import Closed, Heartbeat, Outcome, PlayEnd
from tests.support.conductor_laws import broken_laws

HOUR_MS = 3_600_000
SCRIPTS = {
    "a": [Script(length=4000, frame=40)],
    "b": [Script(length=2500, frame=500, ready=900)],
    "c": [Script(length=500, frame=100)],
    "d": [Script(length=10_000, frame=10_000)],
}


def begun_at(run: Rehearsal) -> list[int]:
    return [performance.begun for performance in run.renderer.performances if performance.begun is not None]


def shown_items(run: Rehearsal) -> list[str]:
    return [performance.order.item.id for performance in run.renderer.performances if performance.begun is not None]


def assert_exact(run: Rehearsal) -> None:
    """The items follow one another in the playlist's order, each exactly its length after the one before."""
    lengths = [performance.script.length for performance in run.renderer.performances]
    assert [after - before for before, after in pairwise(begun_at(run))] == [
        length * 1_000_000 for length in lengths[: len(begun_at(run)) - 1]
    ]
    slots = cycle(slot.item.id for slot in run.playlist.slots)
    assert [performance.order.item.id for performance in run.renderer.performances] == [
        item for item, _ in zip(slots, run.renderer.performances, strict=False)
    ]


def test_every_cut_is_one_length_after_the_cut_before_for_an_hour() -> None:
    run = Rehearsal(playlist_of("a", "b", "c", "d"), SCRIPTS)
    run.play(HOUR_MS)
    run.stop()
    assert_exact(run)
    assert len(begun_at(run)) > 4 * 200
    assert all(0 <= showing.at - showing.due < 1_000_000 for showing in run.stage.shown[1:])
    assert sum(end.frames_lost or 0 for end in run.ends()) == 0
    assert broken_laws(run) == []


@pytest.mark.long
def test_nothing_drifts_or_piles_up_in_three_days() -> None:
    run = Rehearsal(
        playlist_of("a", "b"), {"a": [Script(length=9000, frame=1000)], "b": [Script(length=30_000, frame=30_000)]}
    )
    run.play(HOUR_MS)
    alarms = run.reactor.waiting
    for _ in range(71):
        run.play(HOUR_MS)
        run.stage.shown.clear()
    assert_exact(run)
    assert run.reactor.waiting <= alarms + 2
    assert len(begun_at(run)) == pytest.approx(2 * 72 * HOUR_MS / 39_000, abs=2)


def test_a_single_item_follows_itself() -> None:
    run = Rehearsal(playlist_of("a"), SCRIPTS)
    run.play(60_000)
    run.stop()
    assert_exact(run)
    assert len(begun_at(run)) == 15
    assert broken_laws(run) == []


def test_timers_that_ring_late_shift_no_cut() -> None:
    run = Rehearsal(playlist_of("a", "c"), SCRIPTS, stalls=cycle([0, 0, 9, 0, 3]))
    run.play(HOUR_MS // 6)
    run.stop()
    assert_exact(run)
    assert broken_laws(run) == []


def test_the_next_item_waits_before_the_running_one_ends() -> None:
    run = Rehearsal(playlist_of("a", "b"), SCRIPTS)
    run.play(60_000)
    starts = run.starts()
    for before, after in pairwise(starts[1:]):
        assert after.at.monotonic <= after.planned_start.monotonic - 500_000_000
        assert after.planned_start.monotonic - before.planned_start.monotonic == (before.planned or 0) * 1_000_000


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_it_leaves_after_the_rounds_asked_for(rounds: int) -> None:
    run = Rehearsal(playlist_of("a", "b"), SCRIPTS, Wishes(rounds=rounds))
    run.play(HOUR_MS)
    assert shown_items(run) == ["a", "b"] * rounds
    assert [end.outcome for end in run.ends()] == [Outcome.COMPLETED] * 2 * rounds
    assert run.left is not None
    assert 0 <= run.left - (begun_at(run)[-1] + 2_500_000_000) < 1_000_000
    last = run.log.records[-1]
    assert isinstance(last, Closed)
    assert last.reason == "rounds"
    run.stop()
    assert run.log.records[-1] is last
    assert broken_laws(run) == []


def test_a_stop_ends_what_plays_and_what_waits() -> None:
    run = Rehearsal(playlist_of("a", "b"), SCRIPTS)
    run.play(3800)
    run.stop()
    run.stop()
    playing, waiting, closed = run.log.records[-3:]
    assert isinstance(playing, PlayEnd)
    assert (playing.outcome, playing.reason) == (Outcome.INTERRUPTED, "stop")
    assert playing.position == (playing.actual or 0) - 80, "the first picture stood that much ahead of its time"
    assert isinstance(waiting, PlayEnd)
    assert (waiting.outcome, waiting.reason, waiting.start) == (Outcome.NOT_SHOWN, "stop", None)
    assert isinstance(closed, Closed)
    assert closed.reason == "stop"
    rows = len(run.log.records)
    run.play(10_000)
    assert len(run.log.records) == rows, "nothing is written after the end"
    assert broken_laws(run) == []


def test_a_log_that_is_never_durable_delays_the_first_picture_a_little_and_nothing_else() -> None:
    prompt, never = (Rehearsal(playlist_of("a", "b"), SCRIPTS, log_delay_ms=delay) for delay in (0, None))
    for run in (prompt, never):
        run.play(60_000)
        assert_exact(run)
    late = never.stage.shown[0].at - prompt.stage.shown[0].at
    assert 0 < late <= 302_000_000
    assert len(begun_at(never)) == len(begun_at(prompt))


@pytest.mark.parametrize("delay", [20, 150, 280])
def test_the_first_picture_waits_for_its_start_to_be_durable(delay: int) -> None:
    run = Rehearsal(playlist_of("a", "b"), SCRIPTS, log_delay_ms=delay)
    run.play(10_000)
    assert run.log.durable[0] <= run.stage.shown[0].at <= run.log.durable[0] + 3_000_000


def test_a_disk_that_takes_half_a_second_for_a_row_costs_no_frame() -> None:
    run = Rehearsal(playlist_of("a", "b", "c"), SCRIPTS, log_delay_ms=500)
    run.play(120_000)
    run.stop()
    assert_exact(run)
    assert sum(end.frames_lost or 0 for end in run.ends()) == 0


def test_heartbeats_say_what_plays_and_count_since_the_last() -> None:
    run = Rehearsal(playlist_of("a", "b"), SCRIPTS)
    run.play(HOUR_MS // 6)
    beats = [record for record in run.log.records if isinstance(record, Heartbeat)]
    assert len(beats) == 10
    assert all(beat.playing in {start.play for start in run.starts()} for beat in beats)
    ended = [end for end in run.ends() if end.at.monotonic <= beats[-1].at.monotonic]
    assert sum(beat.plays for beat in beats) == len(ended)
    assert sum(beat.frames_shown for beat in beats) == sum(end.frames_shown or 0 for end in ended)


@pytest.mark.parametrize("years", [10, -10])
def test_a_step_of_the_clock_changes_no_cut_and_no_length(years: int) -> None:
    run = Rehearsal(playlist_of("a", "b"), SCRIPTS)
    run.play(30_000)
    run.clock.step(years * 365 * 24 * HOUR_MS)
    run.play(30_000)
    run.stop()
    assert_exact(run)
    assert {end.actual for end in run.ends() if end.outcome is Outcome.COMPLETED} <= {4080, 4000, 2500}
    assert [type(record).__name__ for record in run.log.records].count("ClockStep") == 1
    assert broken_laws(run) == []
