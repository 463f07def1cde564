"""The benchmark's ears and its table: beeps against pictures, silence, and what counts as held."""

import math
from array import array

import pytest

from tests.bench import painter
from tests.bench.blockcode import Mark
from tests.bench.cuts import Cut, Inside
from tests.bench.film import Run, Sight
from tests.bench.hearing import Offset, Track, beeps_in, drift_of, due_frames, offsets_of, silence_at, track_of
from tests.bench.microphone import HEAD
from tests.bench.plan import FULL, QUICK, USUAL
from tests.bench.report import Results, markdown, set_rows
from tests.bench.selftest import compare
from tests.bench.summary import Showing, growth_of, summary_of


def track(*parts: tuple[int, int], start: float = 50.0) -> Track:
    """A track of (milliseconds, loudness) parts."""
    levels = [level for length, level in parts for _ in range(length)]
    return Track(levels, [start + number / 1000 for number in range(len(levels))])


def cut(moment: float, extra: float = 0.0, *, blind: bool = False, black: float = 0.0) -> Cut:
    """A cut that is good but for what is said."""
    return Cut(moment, 0, 1, 0.04, extra, 0.04 + extra, black, 0.0, 0, 0, blind, in_order=True)


def test_the_luckiest_read_tells_the_clock() -> None:
    def chunk(milliseconds: int, late: float, until: int) -> bytes:
        return HEAD.pack(int((10 + until / 1000 + late) * 1e9), milliseconds) + array("H", [7] * milliseconds).tobytes()

    heard = track_of(chunk(100, 0.030, 100) + chunk(100, 0.002, 200) + chunk(50, 0.040, 250) + b"torn")
    assert len(heard.levels) == 250
    assert heard.times[0] == pytest.approx(10.002)
    assert heard.times[249] == pytest.approx(10.251)


def test_beeps_are_found_over_the_tone_and_not_twice() -> None:
    heard = track((400, 100), (100, 900), (100, 100), (50, 900), (500, 100), (100, 900))
    assert beeps_in(heard) == pytest.approx([50.4, 51.15])
    assert beeps_in(track((500, 0))) == []


def test_an_offset_is_heard_less_seen() -> None:
    due = {3: due_frames([0.0, 0.04, 0.08], [0.05])}
    assert due == {3: {1: pytest.approx(0.01)}}
    runs = [Run(60.0, 60.03, Sight.MARK, Mark(3, 1)), Run(60.04, 60.07, Sight.MARK, Mark(3, 2))]
    (offset,) = offsets_of(runs, [59.0, 60.035, 61.0], due)
    assert offset.late == pytest.approx(0.025)
    assert offsets_of(runs, [], due) == []


def test_drift_is_the_slope_over_ten_minutes() -> None:
    offsets = [Offset(float(second), 0.02 + second * 1e-5) for second in range(0, 600, 10)]
    assert drift_of(offsets) == pytest.approx(0.006)
    assert drift_of(offsets[:1]) is None


def test_silence_is_counted_around_the_cut_only() -> None:
    heard = track((1000, 100), (30, 0), (1000, 100), (300, 0))
    assert silence_at(heard, cut(51.0)) == pytest.approx(0.030)


def test_a_summary_leaves_blind_cuts_out_and_says_so() -> None:
    showing = Showing("ours", "720p25", cuts=[cut(1, 0.001), cut(2, 0.003), cut(3, 9.0, blind=True)])
    summary = summary_of([showing])
    assert (summary.cuts, summary.left_out) == (2, 1)
    assert summary.extra_median == pytest.approx(0.002)
    assert summary.extra_99_frames == pytest.approx(0.003 / 0.04)


def test_processor_time_is_weighed_by_how_long_it_was_watched() -> None:
    summary = summary_of(
        [Showing("ours", "s", processor=0.1, watched=30), Showing("ours", "s", processor=0.3, watched=10)]
    )
    assert summary.processor == pytest.approx(0.15)


def test_growth_compares_the_last_tenth_with_the_first_after_settling() -> None:
    memory = [(float(second), 100 if second < 60 else 200 + second // 600) for second in range(1060)]
    assert growth_of(memory) == pytest.approx(0.005)
    assert growth_of(memory[:61]) is None


@pytest.mark.parametrize(("extra", "black", "verdicts"), [(0.001, 0.0, {"yes"}), (0.2, 0.08, {"**no**"})])
def test_the_table_says_what_held(extra: float, black: float, verdicts: set[str]) -> None:
    ours = Showing("ours", "720p25", cuts=[cut(1, extra, black=black)] * 3, inside=[Inside(98, 0, 0, 0)])
    rows = set_rows(Results("today", "here", "abc", {"720p25": "five"}, [ours]), "720p25")
    judged = {row.what.split(",")[0]: row.cells()[-1] for row in rows}
    assert {judged["extra time at a cut"], judged["black"]} == verdicts
    assert judged["processor seconds a second"] == "-"


def test_a_table_without_any_showing_is_only_a_head() -> None:
    text = markdown(Results("today", "here", "abc", {"720p25": "five"}))
    assert text.startswith("## today, commit abc\n")
    assert "|" not in text


def test_the_usual_benchmark_fits_its_time() -> None:
    assert QUICK.seconds(3) <= 5 * 60
    assert USUAL.seconds(3) <= 39 * 60
    assert min(FULL.cuts.values()) == 200
    assert FULL.growth == 1000


def test_a_camera_as_good_as_the_painter_is_proven_and_a_blinking_one_is_not() -> None:
    painted, now = [], 100.0
    for seconds, mark in painter.script():
        painted.append(Run(now, now + seconds, Sight.MARK if mark else Sight.BLACK, mark, 0.004))
        now += seconds
    proof = compare(painted, painted, 250, 0.03)
    assert proof.good
    assert math.isclose(proof.late_99, 0)
    assert proof.painted > 280
    assert not compare([run for run in painted if run.mark != Mark(1, 7)], painted, 250, 0.03).good
