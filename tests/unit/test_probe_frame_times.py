"""When frames are shown, worked out from packet times: good ones, poor ones and damaged ones."""

from array import array
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.frame_times import FrameTimes, PacketTimes, Span, TimeRules, frame_times, is_shown
from playlists.media import VideoFacts

MS = Fraction(1, 1000)
FILE = TimeRules(MS, Fraction(25), Fraction(300))
RUNNING = TimeRules(MS, Fraction(25), Fraction(10), restarts=True)


def packets(*times: tuple[int | None, int | None, int | None]) -> PacketTimes:
    made = PacketTimes()
    for pts, dts, duration in times:
        made.add(pts, dts, duration)
    return made


def shown(made: PacketTimes, rules: TimeRules = FILE, first_shown: int | None = None) -> FrameTimes:
    times = frame_times(made, rules, first_shown)
    assert times is not None
    return times


def in_ms(times: FrameTimes) -> list[int]:
    return [ns // 1_000_000 for ns in times.pts_ns]


def test_frames_are_put_in_display_order_and_begin_at_zero() -> None:
    times = shown(packets((80, 0, 40), (200, 40, 40), (120, 80, 40), (160, 120, 40)))
    assert in_ms(times) == [0, 40, 80, 120]
    assert times.origin == 80
    assert times.end_ns == 160_000_000
    assert times.constant_rate


def test_a_variable_rate_is_told_from_a_constant_one() -> None:
    assert not shown(packets((0, 0, 40), (40, 40, 40), (100, 100, 40))).constant_rate
    # Matroska's whole milliseconds of 30 frames a second.
    assert shown(packets((0, 0, 33), (33, 33, 33), (67, 67, 33), (100, 100, 33), (133, 133, 33))).constant_rate


def test_decoding_times_stand_in_for_missing_ones() -> None:
    times = shown(packets((None, 5, 40), (40, 45, 40), (None, 85, 40)), first_shown=40)
    assert in_ms(times) == [0, 40, 80]


def test_without_any_times_the_rate_decides() -> None:
    times = shown(packets((None, None, 0), (None, 40, 0), (None, None, None)))
    assert in_ms(times) == [0, 40, 80]
    assert times.end_ns == 120_000_000


@pytest.mark.parametrize("rate", [None, Fraction(0), Fraction(1, 100_000)])
def test_no_rate_or_an_absurd_one_is_taken_for_a_usual_one(rate: Fraction | None) -> None:
    assert shown(packets((7, 7, 0)), TimeRules(MS, rate, Fraction(300))).end_ns == 40_000_000


@pytest.mark.parametrize(
    ("duration", "end"),
    [(40, 120), (500, 580), (0, 120), (None, 120), (-5, 120), (19, 120), (20, 100), (300_001, 120)],
)
def test_the_last_frame_stands_as_stored_unless_that_makes_no_sense(duration: int | None, end: int) -> None:
    times = shown(packets((0, 0, 40), (40, 40, 40), (80, 80, duration)))
    assert times.end_ns == end * 1_000_000


def test_what_comes_before_the_first_decodable_frame_is_not_shown() -> None:
    made = packets((120, 0, 40), (40, 40, 40), (80, 80, 40), (160, 120, 40))
    assert in_ms(shown(made, first_shown=120)) == [0, 40]
    assert frame_times(made, FILE, 500) is None


def test_no_packets_make_no_frames() -> None:
    assert frame_times(PacketTimes(), FILE, None) is None


def test_a_file_may_hold_a_frame_for_minutes() -> None:
    assert in_ms(shown(packets((0, 0, 40), (200_000, 200_000, 40)))) == [0, 200_000]


def test_a_wild_timestamp_does_not_stretch_the_clip() -> None:
    times = shown(packets((0, 0, 40), (40, 40, 40), (900_000_000, 80, 40), (120, 120, 40)))
    assert in_ms(times) == [0, 40, 120]
    assert times.end_ns == 160_000_000


def test_joined_recordings_follow_on_one_another() -> None:
    one = [(5000, 5000, 40), (5040, 5040, 40)]
    assert in_ms(shown(packets(*one, (100, 100, 40), (140, 140, 40)), RUNNING)) == [0, 40, 80, 120]
    assert in_ms(shown(packets(*one, (90_000, 90_000, 40)), RUNNING)) == [0, 40, 80]
    assert in_ms(shown(packets(*one, (5041, None, 40), (5080, 5080, 40)), RUNNING)) == [0, 40, 41, 80]
    # Only the first begins with pictures that cannot be decoded.
    assert in_ms(shown(packets(*one, (100, 100, 40)), RUNNING, first_shown=5040)) == [0, 40]
    assert in_ms(shown(packets(*one, (100, 100, 40)), RUNNING, first_shown=6000)) == [0]


TIMES = st.integers(-(2**40), 2**40)


@given(
    st.lists(st.tuples(st.none() | TIMES, st.none() | TIMES, st.none() | TIMES), max_size=30),
    st.sampled_from([FILE, RUNNING, TimeRules(Fraction(1, 90000), Fraction(30000, 1001), Fraction(10), restarts=True)]),
)
def test_whatever_the_times_the_answer_is_bounded(
    times: list[tuple[int | None, int | None, int | None]], rules: TimeRules
) -> None:
    found = frame_times(packets(*times), rules, None)
    if found is None:
        assert not times
        return
    listed = list(found.pts_ns)
    assert listed[0] == 0
    assert listed == sorted(listed)
    assert listed[-1] < found.end_ns <= len(listed) * (rules.longest_still + 1) * 1_000_000_000


@given(st.permutations(range(12)), st.integers(1, 500))
def test_every_frame_of_a_sound_clip_is_counted_whatever_its_coding_order(order: list[int], step: int) -> None:
    times = shown(packets(*((number * step, None, step) for number in order)))
    assert in_ms(times) == [number * step for number in range(12)]
    assert times.end_ns == 12 * step * 1_000_000
    assert times.constant_rate


def test_a_sound_track_spans_its_packets_but_no_wild_ones() -> None:
    span = Span(0, 0)
    for time in (0, 20, 100_000, 40, 60):
        span.stretch(time, 20, 1000)
    assert (span.start, span.end) == (0, 80)


@pytest.mark.parametrize(
    ("codec", "payload", "expected"),
    [
        ("h264", b"", False),
        ("h264", b"\x00\x00\x00\x01", True),
        ("vp8", b"\x10\x00", True),
        ("vp8", b"\x00\x10", False),
        ("vp9", b"\x82\x00", True),  # show_frame
        ("vp9", b"\x88\x00", True),  # show_existing_frame
        ("vp9", b"\x80\x00", False),
        ("vp9", b"\x80\xc1", True),  # a superframe holds one that is shown
        ("vp9", b"\xb1\x00", True),  # profile 3
        ("vp9", b"\xb2\x00", False),
    ],
)
def test_hidden_frames_are_told_from_shown_ones(codec: str, payload: bytes, *, expected: bool) -> None:
    assert is_shown(codec, memoryview(payload)) is expected


def test_key_frames_are_told_in_the_order_of_showing() -> None:
    packets = PacketTimes()
    for pts, key in ((0, True), (3, False), (1, False), (2, False), (4, True), (6, False), (5, False)):
        packets.add(pts, None, 1, key=key)
    times = frame_times(packets, TimeRules(Fraction(1, 25), Fraction(25), Fraction(10)), None)
    assert times is not None
    assert list(times.keys) == [0, 4]


@pytest.mark.parametrize(("time_ms", "index"), [(0, 0), (150, 0), (160, 4), (279, 4), (9999, 4)])
def test_a_clip_is_entered_at_the_key_frame_before(time_ms: int, index: int) -> None:
    pts = array("q", [frame * 40_000_000 for frame in range(7)])
    facts = VideoFacts("h264", 64, 48, 1, 1, 0, pts, 280_000_000, constant_rate=True, keys=array("q", [0, 4]))
    assert facts.key_before(time_ms * 1_000_000) == index


def test_a_clip_without_key_frames_is_entered_at_its_beginning() -> None:
    facts = VideoFacts("h264", 64, 48, 1, 1, 0, array("q", [0, 40]), 80, constant_rate=True)
    assert facts.key_before(60) == 0
