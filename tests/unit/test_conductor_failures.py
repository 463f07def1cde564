"""The conductor when items fail: the last frame stands, the next one comes, the log says why."""

from itertools import pairwise

import pytest

from player.ports import Wishes
from player.rehearsal import Rehearsal, Script, playlist_of
from playlists.proof import Outcome, PlayEnd
from tests.support.conductor_laws import broken_laws

GOOD = Script(length=4000, frame=40)
MS = 1_000_000


def failures(run: Rehearsal) -> list[PlayEnd]:
    return [end for end in run.ends() if end.outcome is Outcome.FAILED]


def longest_pause_ms(run: Rehearsal) -> float:
    """The longest time between two new pictures."""
    moments = [showing.at for showing in run.stage.shown if showing.performance]
    return max((after - before) / MS for before, after in pairwise(moments))


def slates(run: Rehearsal) -> int:
    return sum(not showing.performance for showing in run.stage.shown)


def test_an_item_that_cannot_be_opened_is_passed_over_without_a_seam() -> None:
    run = Rehearsal(playlist_of("a", "bad", "b"), {"bad": [Script(fails="damaged: no picture")]})
    run.play(40_000)
    run.stop()
    reasons = {end.reason for end in failures(run)}
    assert reasons == {"damaged: no picture"}
    assert longest_pause_ms(run) <= 121  # of the first picture, which waits for the decoder's lead
    skipped = [end for end in run.ends() if end.outcome is Outcome.SKIPPED]
    assert [end.reason for end in skipped] == ["damaged: no picture"], "told once"
    assert broken_laws(run) == []


def test_an_item_left_out_is_tried_again_later_and_forgiven_once_it_plays() -> None:
    run = Rehearsal(playlist_of("a", "bad"), {"bad": [Script(fails="damaged"), Script(fails="damaged"), GOOD]})
    run.play(180_000)
    run.stop()
    tries = [p.order.item.id for p in run.renderer.performances].count("bad")
    assert [end.outcome for end in run.ends()].count(Outcome.FAILED) == 2
    assert tries > 5
    assert broken_laws(run) == []


def test_a_decoder_that_dies_leaves_its_last_frame_until_the_next_item() -> None:
    run = Rehearsal(playlist_of("a", "b"), {"a": [Script(length=10_000, dies=3000)]})
    run.play(8000)
    run.stop()
    (death,) = failures(run)
    assert death.reason == "decoder-died: the script says so"
    assert death.actual == pytest.approx(3080, abs=2)
    assert slates(run) == 0
    assert longest_pause_ms(run) <= 400
    assert broken_laws(run) == []


@pytest.mark.parametrize("dies", [2200, 2600, 3000, 3500, 3900, 3990])
def test_a_death_near_the_cut_brings_the_waiting_item_at_once(dies: int) -> None:
    run = Rehearsal(playlist_of("a", "b"), {"a": [Script(dies=dies)], "b": [Script(ready=300, digest=200)]})
    run.play(12_000)
    run.stop()
    assert failures(run)
    assert longest_pause_ms(run) <= 500
    assert slates(run) == 0
    assert broken_laws(run) == []


def test_a_hang_is_noticed_within_two_seconds_and_the_last_frame_stands() -> None:
    run = Rehearsal(playlist_of("a", "b"), {"a": [Script(length=20_000, hangs=3000)], "b": [Script(length=60_000)]})
    run.play(20_000)
    run.stop()
    (hang,) = failures(run)
    assert hang.reason is not None
    assert hang.reason.startswith("hang: frame 75 of 500")
    assert hang.actual is not None
    assert hang.actual <= 3000 + 80 + 2000
    assert slates(run) == 0, "the last frame stands while the next item comes"
    assert broken_laws(run) == []


def test_an_item_that_dies_while_it_waits_costs_nothing_of_the_running_one() -> None:
    run = Rehearsal(playlist_of("a", "b"), {"b": [Script(waits=600)]})
    run.play(30_000)
    run.stop()
    assert {end.reason for end in failures(run)} == {"decoder-died: the script says so"}
    assert all(end.start is None for end in failures(run))
    complete = [end for end in run.ends() if end.outcome is Outcome.COMPLETED]
    assert {end.actual for end in complete} <= {4000, 4080}
    assert broken_laws(run) == []


def test_an_item_that_never_opens_is_given_up() -> None:
    run = Rehearsal(playlist_of("a", "stuck"), {"stuck": [Script(ready=None)]})
    run.play(30_000)
    run.stop()
    (stuck,) = failures(run)
    assert stuck.reason == "start-timeout: no picture came"
    assert len(run.renderer.performances) >= 7
    assert broken_laws(run) == []


def test_a_file_that_ends_early_is_cut_where_it_ends_and_was_no_complete_play() -> None:
    run = Rehearsal(playlist_of("a", "short"), {"short": [Script(length=6000, ends=2000)]})
    run.play(14_000)
    run.stop()
    (short,) = failures(run)
    assert short.reason is not None
    assert short.reason.startswith("cut-short: ")
    assert short.actual is not None
    assert short.actual <= 2600
    assert slates(run) == 0
    assert broken_laws(run) == []


def test_a_digest_that_takes_long_holds_no_cut_up() -> None:
    run = Rehearsal(playlist_of("a", "big"), {"big": [Script(length=2000, digest=9000)]})
    run.play(30_000)
    run.stop()
    assert longest_pause_ms(run) <= 121
    begun = [performance.begun or 0 for performance in run.renderer.performances]
    assert begun[1] - begun[0] == 4000 * MS
    assert broken_laws(run) == []


def test_a_digest_still_awaited_when_the_running_item_dies_costs_no_start() -> None:
    run = Rehearsal(playlist_of("a", "big"), {"a": [Script(dies=2800)], "big": [Script(digest=9000)]})
    run.play(10_000)
    run.stop()
    assert longest_pause_ms(run) <= 500
    assert broken_laws(run) == []


def test_a_broken_folder_shows_the_slate_and_is_left_in_peace() -> None:
    names = tuple("abcdefgh")
    run = Rehearsal(playlist_of(*names), {name: [Script(ready=5, fails="damaged")] for name in names})
    run.play(2000)
    assert slates(run) == 1
    run.play(3_600_000)
    assert len(run.renderer.performances) <= len(names) * 9, "each waits twice as long as before"
    assert run.programme.reads <= 3_600 / 2 + 200
    run.stop()
    assert all(showing.performance == 0 for showing in run.stage.shown)
    assert broken_laws(run) == []


def test_one_mended_item_brings_the_picture_back() -> None:
    run = Rehearsal(playlist_of("a", "b"), {name: [Script(fails="damaged")] * 2 + [GOOD] for name in "ab"})
    run.play(20_000)
    assert {showing.performance for showing in run.stage.shown} == {0}
    run.programme.change(run.playlist)
    run.play(2500)
    assert run.stage.shown[-1].performance
    run.play(60_000)
    run.stop()
    assert slates(run) == 1
    assert broken_laws(run) == []


def test_a_folder_that_is_emptied_and_filled_again() -> None:
    run = Rehearsal(playlist_of("a", "b"))
    run.play(6000)
    run.programme.change(playlist_of())
    reads = run.programme.reads
    run.play(60_000)
    assert slates(run) == 1
    assert run.programme.reads - reads <= 60 / 2 + 3, "it is looked at every two seconds, not in a busy loop"
    assert run.reactor.waiting < 10
    assert run.ends()[-1].outcome is Outcome.COMPLETED
    run.programme.change(playlist_of("b"))
    run.play(3000)
    assert run.stage.shown[-1].performance
    run.stop()
    assert broken_laws(run) == []


def test_a_file_that_grows_while_it_is_copied_is_not_tried_without_a_pause() -> None:
    run = Rehearsal(playlist_of("a"), {"a": [Script(ready=5, fails="damaged")]})
    run.programme.restless = True
    run.play(60_000)
    assert len(run.renderer.performances) <= 35
    run.stop()
    assert broken_laws(run) == []


def test_a_programme_read_slowly_only_holds_a_frame() -> None:
    run = Rehearsal(playlist_of("a", "b"), read_delay_ms=3000)
    run.play(60_000)
    run.stop()
    assert slates(run) == 1, "at the start, before anything is known"
    assert longest_pause_ms(run) <= 1800
    assert all(end.outcome is Outcome.COMPLETED for end in run.ends()[:-2])
    assert broken_laws(run) == []


def test_a_programme_that_is_never_read_to_its_end_brings_the_slate() -> None:
    run = Rehearsal(playlist_of("a", "b"))
    run.play(3000)
    run.programme.delay_ms = 10**9
    run.play(30_000)
    assert slates(run) == 1
    assert run.stage.shown[-1].performance == 0
    run.stop()
    assert [end.outcome for end in run.ends()] == [Outcome.COMPLETED] * 2
    assert broken_laws(run) == []


def test_rounds_are_counted_where_everything_is_broken() -> None:
    run = Rehearsal(playlist_of("a", "b"), {name: [Script(fails="damaged")] for name in "ab"}, Wishes(rounds=1))
    run.play(60_000)
    assert run.left is not None
    assert [end.outcome for end in run.ends()] == [Outcome.FAILED] * 2
    assert broken_laws(run) == []


@pytest.mark.parametrize("after", range(0, 400, 20))
def test_a_stop_is_clean_at_any_moment_of_the_beginning(after: int) -> None:
    run = Rehearsal(playlist_of("a"))
    run.play(after)
    run.stop()
    run.play(1000)
    assert broken_laws(run) == []
