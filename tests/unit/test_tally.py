"""What counts as a play, and for how long."""

from dataclasses import replace

import pytest

from playlists.proof import ClockStep, Display, Fault, Interruption, Outcome, PlayEnd, Record, Rendition
from playlists.tally import column_of, languages_of, tally
from playlists.timing import DurationMs
from tests.support.log_records import MOMENT, end, heartbeat, play_id, plays, start


def _interrupted(actual: int | None, planned: int | None = 15_000) -> PlayEnd:
    lengths = [None if length is None else DurationMs(length) for length in (actual, planned)]
    cut = replace(end(1, outcome=Outcome.INTERRUPTED, reason=Interruption.STOP), actual=lengths[0], planned=lengths[1])
    return replace(cut, frames_shown=None if actual is None else actual // 40)


@pytest.mark.parametrize(
    ("ended", "column"),
    [
        (end(1), Outcome.COMPLETED),
        (replace(end(1), frames_shown=0), Outcome.NOT_SHOWN),
        (replace(end(1), display=Display.OFF), Outcome.NOT_SHOWN),
        (replace(end(1), display=Display.UNKNOWN), Outcome.COMPLETED),
        (_interrupted(13_500), Outcome.COMPLETED),
        (_interrupted(13_499), Outcome.INTERRUPTED),
        (_interrupted(13_500, planned=None), Outcome.COMPLETED),
        (_interrupted(5, planned=0), Outcome.NOT_SHOWN),
        (_interrupted(50, planned=0), Outcome.INTERRUPTED),
        (_interrupted(None), Outcome.INTERRUPTED),
        (end(1, outcome=Outcome.FAILED, reason="hang"), Outcome.FAILED),
        (replace(end(1, outcome=Outcome.FAILED, reason="no frame"), frames_shown=0), Outcome.FAILED),
        (end(1, outcome=Outcome.SKIPPED, reason="left out"), Outcome.SKIPPED),
        (end(1, outcome=Outcome.NOT_SHOWN), Outcome.NOT_SHOWN),
    ],
)
def test_every_play_falls_into_one_column(ended: PlayEnd, column: Outcome) -> None:
    assert column_of(start(1), ended) is column
    assert tally([start(1), ended]).total(column) == 1
    assert sum(tally([start(1), ended]).items["01-bo-y.mp4"].outcomes.values()) == 1


def test_nobody_knows_the_planned_length() -> None:
    assert column_of(replace(start(1), planned=None), _interrupted(13_500, planned=None)) is Outcome.INTERRUPTED


def test_sound_has_no_frames_to_count() -> None:
    silent = replace(end(1), frames_shown=0)
    assert column_of(replace(start(1), rendition=Rendition.SOUND), silent) is Outcome.COMPLETED


def test_airtime_frames_and_languages_add_up() -> None:
    two: list[Record] = [
        start(1),
        start(2),
        replace(end(1), frames_lost=2),
        replace(_interrupted(4_000), play=play_id(2)),
    ]
    counted = tally(two)
    item = counted.items["01-bo-y.mp4"]
    assert (item.title, item.airtime_ms, item.frames_shown, item.frames_lost) == (start(1).title, 19_000, 475, 2)
    assert (list(item.languages), item.first, item.last) == (["vi", "lo"], MOMENT.wall, MOMENT.wall)
    assert counted.language_ms == {"vi": 19_000, "lo": 19_000}
    assert (counted.airtime_ms, item.unknown_display_ms, item.unmeasured) == (19_000, 0, 0)


@pytest.mark.parametrize(
    "unseen",
    [
        replace(end(1), display=Display.OFF),
        end(1, outcome=Outcome.SKIPPED),
        end(1, outcome=Outcome.NOT_SHOWN),
        replace(end(1, outcome=Outcome.FAILED), display=Display.OFF),
    ],
)
def test_nothing_counts_that_was_not_on_the_screen(unseen: PlayEnd) -> None:
    counted = tally([start(1), unseen])
    assert (counted.airtime_ms, counted.language_ms, counted.items["01-bo-y.mp4"].frames_shown) == (0, {}, 0)


def test_a_display_nobody_can_ask_is_counted_and_said() -> None:
    item = tally([start(1), replace(end(1), display=Display.UNKNOWN)]).items["01-bo-y.mp4"]
    assert (item.airtime_ms, item.unknown_display_ms) == (15_000, 15_000)


def test_a_recovered_play_has_no_airtime_but_is_counted() -> None:
    counted = tally([start(1), replace(_interrupted(None), start=None, frames_lost=None)])
    item = counted.items["01-bo-y.mp4"]
    assert (item.airtime_ms, item.unmeasured, item.first) == (0, 1, start(1).planned_start.wall)


def test_actual_languages_go_before_planned_ones() -> None:
    assert languages_of(start(1), end(1)) == ("vi", "lo")
    silent = replace(end(1), sound_languages=(), caption_languages=("km",))
    assert languages_of(replace(start(1), picture_languages=()), silent) == ("vi", "km")


def test_items_are_kept_apart_and_faults_counted() -> None:
    fault = Fault(MOMENT, "decoder-died", "signal 9")
    others: list[Record] = [fault, fault, heartbeat(), ClockStep(MOMENT, MOMENT, 5)]
    counted = tally([*plays(3), *others, start(8, item="02.png"), end(8), start(9), end(77)])
    assert list(counted.items) == ["01-bo-y.mp4", "02.png"]
    assert counted.total(Outcome.COMPLETED) == 4
    assert (counted.faults, counted.clock_steps) == ({"decoder-died": 2}, 1)
    assert (counted.open_plays, counted.lone_ends) == (1, 1)
