"""The benchmark's arithmetic: what a film says of cuts, losses and recoveries."""

import dataclasses
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.blockcode import BLOCKS, Mark, block_centres, blocks_of, read_blocks
from tests.bench.cuts import cuts_in, inside_of, percentile, plays_in, standstill_after
from tests.bench.film import Run, Sight, line_of, runs_in

FRAME = 0.040
SAMPLE = 0.004
LENGTHS = {0: [FRAME] * 10, 1: [FRAME] * 10, 2: [FRAME] * 10}


def film(steps: Iterable[tuple[float, Mark | Sight]], start: float = 100.0, gap: float = SAMPLE) -> list[Run]:
    """A film of steps that stand so many seconds, seen by a camera with that long a time between samples."""
    runs = []
    for seconds, shown in steps:
        sight, mark = (Sight.MARK, shown) if isinstance(shown, Mark) else (shown, None)
        runs.append(Run(start, start + seconds - gap, sight, mark, gap))
        start += seconds
    return runs


def clip(number: int, frames: Iterable[int] = range(10), last: float = FRAME) -> list[tuple[float, Mark | Sight]]:
    """The steps of one clip whose last picture stands `last` seconds."""
    steps: list[tuple[float, Mark | Sight]] = [(FRAME, Mark(number, frame)) for frame in frames]
    return [*steps[:-1], (last, steps[-1][1])]


@given(st.integers(0, 63), st.integers(0, 16383))
def test_a_code_reads_back_through_dull_blacks_and_whites(number: int, frame: int) -> None:
    levels = [200 if block else 60 for block in blocks_of(Mark(number, frame))]
    assert read_blocks(levels) == Mark(number, frame)


@given(st.integers(0, 63), st.integers(0, 16383), st.integers(0, BLOCKS - 1))
def test_one_wrong_block_is_no_code(number: int, frame: int, wrong: int) -> None:
    levels = [255 if block else 0 for block in blocks_of(Mark(number, frame))]
    levels[wrong] = 255 - levels[wrong]
    assert read_blocks(levels) is None


@pytest.mark.parametrize("levels", [[0] * BLOCKS, [255] * BLOCKS, [128] * BLOCKS, []])
def test_a_blank_strip_is_no_code(levels: list[int]) -> None:
    assert read_blocks(levels) is None


def test_a_mark_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        blocks_of(Mark(64, 0))


def test_the_code_is_centred_and_inside_a_4_3_picture() -> None:
    centres = block_centres(1920, 1080)
    assert centres[0] + centres[-1] == pytest.approx(1920, abs=1)
    assert centres[0] > (1920 - 1440) / 2


def test_a_film_survives_being_written() -> None:
    runs = film([*clip(0), (0.1, Sight.BLACK), *clip(1)])
    read = list(runs_in(["# remark\n", *(line_of(run) + "\n" for run in runs), "123 4"]))
    assert [(run.sight, run.mark) for run in read] == [(run.sight, run.mark) for run in runs]
    assert [run.first for run in read] == pytest.approx([run.first for run in runs])


def test_a_perfect_cut_has_nothing_extra() -> None:
    (cut,) = cuts_in(film([*clip(0), *clip(1)]), LENGTHS)
    assert [cut.extra, cut.hold, cut.black] == pytest.approx([0, FRAME, 0])
    assert (cut.tail, cut.head, cut.blind, cut.in_order) == (0, 0, False, True)


def test_a_held_last_frame_is_extra_time() -> None:
    (cut,) = cuts_in(film([*clip(0, last=0.1), *clip(1)]), LENGTHS)
    assert cut.extra == pytest.approx(0.06)
    assert cut.hold == pytest.approx(0.1)


def test_black_and_unreadable_times_are_told_apart() -> None:
    (cut,) = cuts_in(film([*clip(0), (0.08, Sight.BLACK), (0.02, Sight.OTHER), *clip(1)]), LENGTHS)
    assert [cut.black, cut.unreadable] == pytest.approx([0.08, 0.02])
    assert cut.extra == pytest.approx(0.1)
    assert cut.hold == pytest.approx(FRAME)


def test_lost_edges_are_counted_on_their_sides() -> None:
    (cut,) = cuts_in(film([*clip(0, range(8)), *clip(1, range(1, 10))]), LENGTHS)
    assert (cut.tail, cut.head) == (2, 1)


def test_a_clip_passed_over_is_out_of_order() -> None:
    (cut,) = cuts_in(film([*clip(0), *clip(2)]), LENGTHS)
    assert not cut.in_order


def test_one_clip_looping_is_cut_where_its_numbers_fall() -> None:
    cuts = cuts_in(film([*clip(0), *clip(0), *clip(0)]), {0: [FRAME] * 10})
    assert [cut.extra for cut in cuts] == pytest.approx([0, 0])
    assert all(cut.in_order for cut in cuts)


def test_a_cut_beside_a_blind_spot_is_marked() -> None:
    runs = film([*clip(0), *clip(1)])
    runs[10] = dataclasses.replace(runs[10], gap=0.031)
    assert cuts_in(runs, LENGTHS)[0].blind
    runs = film([*clip(0), *clip(1)])
    runs[9] = dataclasses.replace(runs[9], widest=0.031)
    assert cuts_in(runs, LENGTHS)[0].blind


def test_what_the_camera_could_not_see_is_not_lost() -> None:
    runs = film([*clip(0, [0, 1, 3, 4, 6, 7, 8, 9]), *clip(1)])
    runs[2] = dataclasses.replace(runs[2], gap=0.025)
    inside = inside_of(plays_in(runs), LENGTHS)
    assert (inside.due, inside.dropped, inside.unknown) == (18, 1, 1)


def test_a_late_frame_is_unsteady() -> None:
    steps = clip(0)
    steps[4] = (0.08, steps[4][1])
    assert inside_of(plays_in(film(steps)), LENGTHS).unsteady == 1
    assert inside_of(plays_in(film(clip(0))), LENGTHS).unsteady == 0


def test_a_standstill_ends_when_pictures_move_again() -> None:
    steps = [*clip(0, range(5), last=0.3), *clip(0, range(5, 10)), *clip(1)]
    blow = 100.0 + 4 * FRAME + 0.01
    assert standstill_after(film(steps), blow, FRAME) == pytest.approx(0.29)


def test_no_standstill_is_no_time_and_no_return_is_none() -> None:
    assert standstill_after(film([*clip(0), *clip(1)]), 100.05, FRAME) == 0
    assert standstill_after(film(clip(0, range(5))), 100.05 + 5 * FRAME, FRAME) is None
    twitch = [*clip(0, range(5), last=0.5), *clip(0, [5, 6])]
    assert standstill_after(film(twitch), 100.17, FRAME) is None


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(number) for number in range(1, 201)]
    assert percentile(values, 0.99) == 198
    assert percentile([3.0], 0.99) == 3
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
