"""Crossfades as the conductor leads them, on doubles: both items run, nothing is lost, the log stays true."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.crossfade import LONGEST_NS, STEP_NS
from player.rehearsal import Rehearsal, Script, playlist_of
from playlists.proof import Outcome
from playlists.timing import DurationMs

MS = 1_000_000


def rehearsal(
    fade_ms: int, scripts: dict[str, list[Script]] | None = None, stalls: Iterator[int] | None = None
) -> Rehearsal:
    plain = playlist_of("a", "b")
    faded = tuple(replace(slot, crossfade=DurationMs(fade_ms)) for slot in plain.slots)
    return Rehearsal(replace(plain, slots=faded), scripts or {}, stalls=stalls)


def shown_of(play: Rehearsal, performance: int) -> list[int]:
    return [showing.at for showing in play.stage.shown if showing.performance == performance]


def test_both_items_run_for_the_time_of_the_fade_and_no_frame_is_lost() -> None:
    play = rehearsal(600)
    play.play(12_000)
    first, second = shown_of(play, 1), shown_of(play, 2)
    assert abs(first[-1] + 40 * MS - second[0] - 600 * MS) <= 2 * MS
    assert [(end.outcome, end.frames_shown, end.frames_lost) for end in play.ends()[:2]] == [
        (Outcome.COMPLETED, 100, 0),
        (Outcome.COMPLETED, 100, 0),
    ]
    assert [end.actual for end in play.ends()[1:2]] == [pytest.approx(4000, abs=3)]


def test_the_share_of_the_coming_item_grows_evenly_from_nothing_to_all() -> None:
    play = rehearsal(600)
    play.play(5_000)
    mixed = [each for each in play.stage.mixed if each[1] == 1 or each[3] == 1]
    shares = [share for _at, _below, _above, share in mixed]
    assert shares[0] == pytest.approx(0, abs=0.01)
    assert shares[-1] == 1
    assert all(before <= after for before, after in pairwise(shares))
    begin = mixed[0][0]
    assert all(abs(share - (at - begin) / (600 * MS)) < 0.02 for at, _below, _above, share in mixed[:-1])
    assert all(after[0] - before[0] <= STEP_NS + 2 * MS for before, after in pairwise(mixed))


def test_without_a_wish_the_cut_is_exact_and_nothing_is_mixed() -> None:
    play = rehearsal(0)
    play.play(9_000)
    assert play.stage.mixed == []
    assert shown_of(play, 2)[0] >= shown_of(play, 1)[-1] + 40 * MS - MS


def test_the_log_has_the_coming_one_begin_before_the_going_one_ends() -> None:
    play = rehearsal(600)
    play.play(9_500)
    first, second = play.ends()[:2]
    assert first.end is not None
    assert first.start is not None
    assert second.start is not None
    overlap = (first.end.monotonic - second.start.monotonic) / MS
    assert overlap == pytest.approx(600, abs=3)


@pytest.mark.parametrize(("wished", "length"), [(9_000, 4_000), (5_000, 1_000)])
def test_a_fade_is_never_longer_than_the_log_allows_or_half_an_item(wished: int, length: int) -> None:
    play = rehearsal(wished, {"a": [Script(length=length)]})
    play.play(15_000)
    second = play.ends()[1]
    first = play.ends()[0]
    assert first.end is not None
    assert second.start is not None
    overlap = first.end.monotonic - second.start.monotonic
    assert overlap <= min(LONGEST_NS, length * MS // 2) + 2 * MS
    assert {end.outcome for end in play.ends()} == {Outcome.COMPLETED}


def test_a_decoder_that_dies_while_its_clip_fades_out_takes_nothing_with_it() -> None:
    play = rehearsal(800, {"a": [Script(dies=3_600)]})
    play.play(7_000)
    assert len(shown_of(play, 2)) > 80
    first = [share for _at, below, _above, share in play.stage.mixed if below == 1]
    assert first[-1] == 1


def test_a_decoder_that_dies_while_its_clip_fades_in_ends_the_fade() -> None:
    play = rehearsal(800, {"b": [Script(dies=300), Script()]})
    play.play(12_000)
    ends = play.ends()
    assert [end.outcome for end in ends[:2]] == [Outcome.COMPLETED, Outcome.FAILED]
    assert Outcome.COMPLETED in {end.outcome for end in ends[2:]}


def test_leaving_in_the_middle_of_a_fade_ends_both_plays() -> None:
    play = rehearsal(800)
    play.play(3_700)
    assert play.stage.mixed
    play.stop()
    assert len(play.ends()) == len(play.starts()) == 2


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 3_000), st.integers(200, 6_000), st.integers(200, 6_000), st.lists(st.integers(0, 30), max_size=50)
)
def test_whatever_is_wished_every_picture_comes_back_and_every_play_ends(
    wished: int, one: int, other: int, stalls: list[int]
) -> None:
    play = rehearsal(wished, {"a": [Script(length=one)], "b": [Script(length=other)]}, iter(stalls))
    play.play(8_000)
    play.stop()
    assert len(play.ends()) == len(play.starts())
    ended_by_fade = play.stage.mixed[-1:] and play.stage.mixed[-1][0] >= play.stage.shown[-1].at
    standing = play.stage.mixed[-1][2] if ended_by_fade else play.stage.shown[-1].performance
    assert {performance for performance, _frame in play.renderer.lender.lent} <= {standing}
