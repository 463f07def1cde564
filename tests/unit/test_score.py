"""The score: which sample is heard when, at joins, after late orders, and while the device's clock is another."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.decoding.score import CHUNK, FRAME_BYTES, RATE, Cue, Score, StreamClock
from playlists.timing import MonotonicNs

NS = 1_000_000_000
MS = 1_000_000
CHUNK_NS = CHUNK * NS // RATE
RAMP = 144
LOUD = 10_000
START = 7 * NS


@dataclass
class Level:
    """Samples that all say the same, on both sides, from frame 0 to ``frames``; remembers what was asked."""

    value: int = LOUD
    frames: int = 60 * RATE
    asked: list[int] = field(default_factory=list)

    def read(self, first: int, count: int) -> bytes:
        self.asked.append(first)
        begin, end = (max(0, min(count, edge - first)) for edge in (0, self.frames))
        level = self.value.to_bytes(2, "little", signed=True) * 2
        return bytes(begin * FRAME_BYTES) + level * (end - begin) + bytes((count - end) * FRAME_BYTES)


class Numbered:
    """Samples that say their own place, in multiples of 1 below 30,000."""

    def read(self, first: int, count: int) -> bytes:
        return array("h", [(first + frame) % 30_000 for frame in range(count) for _ in range(2)]).tobytes()


def cue(ticket: int, samples: Level | Numbered, begin: int, since: int | None = None, until: int = 3600 * NS) -> Cue:
    return Cue(ticket, samples, MonotonicNs(begin), MonotonicNs(begin if since is None else since), MonotonicNs(until))


def heard(score: Score, since: int, chunks: int) -> "array[int]":
    """The left side of so many chunks in a row; the right side must be the same."""
    both = array("h", b"".join(score.portion(MonotonicNs(since + k * CHUNK_NS)) for k in range(chunks)))
    assert both[0::2] == both[1::2]
    return both[0::2]


def frames(nanoseconds: int) -> int:
    return round(nanoseconds * RATE / NS)


@given(st.integers(40 * MS, 120 * MS))
@settings(max_examples=60, deadline=None)
def test_two_clips_join_at_the_sample_however_the_cut_falls_into_a_chunk(offset: int) -> None:
    score, cut = Score(), frames(offset)
    score.add(cue(1, Level(), START, until=START + offset + 25 * MS))
    score.add(cue(2, Level(-LOUD), START + offset))
    got = heard(score, START, 8)
    for frame, value in enumerate(got):
        rise, fall = min(RAMP, frame), min(RAMP, cut - frame)
        expected = LOUD * min(rise, fall) // RAMP if frame < cut else -LOUD * min(RAMP, frame - cut) // RAMP
        assert value == expected, f"frame {frame}, cut at {cut}"


@given(st.integers(-200 * MS, 200 * MS), st.integers(0, 3 * CHUNK_NS))
@settings(max_examples=60, deadline=None)
def test_every_sample_is_heard_at_its_own_time(begin: int, at: int) -> None:
    score = Score()
    score.add(cue(1, Numbered(), START + begin, since=START - NS))
    (first, *rest) = heard(score, START + at, 2)
    place = frames(at - begin)
    assert first == place % 30_000
    assert [(place + frame) % 30_000 for frame in range(1, 2 * CHUNK)] == rest


def test_nothing_is_heard_before_its_picture() -> None:
    score = Score()
    score.add(cue(1, Level(), START - 100 * MS, since=START))
    got = heard(score, START - 2 * CHUNK_NS, 4)
    assert set(got[: 2 * CHUNK]) == {0}
    assert list(got[2 * CHUNK : 2 * CHUNK + RAMP]) == [LOUD * k // RAMP for k in range(RAMP)]
    assert set(got[2 * CHUNK + RAMP :]) == {LOUD}


def test_the_next_cue_trims_the_one_before_but_lets_it_ring_until_its_own_sound_begins() -> None:
    score = Score()
    score.add(cue(1, Level(), START, until=START + 500 * MS))
    score.add(cue(2, Level(), START + 60 * MS, since=START + 40 * MS))
    got = heard(score, START, 4)
    own = 60 * 48
    assert set(got[RAMP : own - RAMP + 1]) == {LOUD}
    assert got[own - 1] == LOUD // RAMP
    assert set(got[own:]) == {LOUD}, "a file that begins loud does so by itself"


def test_a_cue_of_the_past_trims_nothing_to_less_than_nothing() -> None:
    score = Score()
    score.add(cue(1, Level(), START + NS))
    score.add(cue(2, Level(-LOUD), START))
    assert all(each.until >= each.since for each in score.cues)
    assert heard(score, START + NS + 40 * MS, 1)[-1] == -LOUD, "the clip cued last is the one that is heard"


def test_an_end_told_in_mid_clip_is_ramped_and_forgotten() -> None:
    score = Score()
    score.add(cue(1, Level(), START))
    heard(score, START, 3)
    score.end(1, MonotonicNs(START + 70 * MS))
    score.end(1, MonotonicNs(START + 900 * MS))
    score.end(2, MonotonicNs(START))
    got = heard(score, START + 60 * MS, 2)
    assert got[10 * 48 - RAMP] == LOUD
    assert [got[10 * 48 - k] for k in (1, 2, RAMP - 1)] == [LOUD * k // RAMP for k in (1, 2, RAMP - 1)]
    assert set(got[10 * 48 :]) == {0}
    assert score.cues == []
    assert score.next_begin() is None


def test_an_end_told_too_late_ends_it_at_once() -> None:
    score = Score()
    score.add(cue(1, Level(), START))
    heard(score, START, 3)
    score.end(1, MonotonicNs(START + 10 * MS))
    assert set(heard(score, START + 60 * MS, 1)) == {0}


def test_the_speaker_is_told_when_the_first_cue_is_heard() -> None:
    score = Score()
    score.add(cue(1, Level(), START + 2 * NS, until=START + 3 * NS))
    score.add(cue(2, Level(), START + NS, since=START + 5 * NS))
    assert score.next_begin() == START + 2 * NS


def test_sounds_that_meet_are_added_and_never_wrap_round() -> None:
    score = Score()
    for ticket in (1, 2):
        # Both entered as they are, so that neither trims the other.
        score.cues.append(cue(ticket, Level(30_000), START))
    assert set(heard(score, START, 2)[RAMP:]) == {32_767}


def test_after_a_gap_of_the_device_a_clip_goes_on_at_its_place_and_not_where_it_was() -> None:
    score, samples = Score(), Level()
    score.add(cue(1, samples, START))
    heard(score, START, 2)
    heard(score, START + 5 * NS, 1)
    assert samples.asked == [0, CHUNK, 5 * RATE]


@pytest.mark.parametrize(("off", "next_place"), [(300_000, CHUNK + 1), (-300_000, CHUNK - 1), (0, CHUNK)])
def test_a_clip_that_is_a_little_off_is_moved_by_one_sample(off: int, next_place: int) -> None:
    score, samples = Score(), Level()
    score.add(cue(1, samples, START))
    heard(score, START, 1)
    heard(score, START + CHUNK_NS + off, 1)
    assert samples.asked == [0, next_place]


def test_a_clip_shorter_than_a_chunk_is_heard_whole() -> None:
    score = Score()
    score.add(cue(1, Level(frames=300), START + 3 * MS, until=START + 10 * MS))
    got = heard(score, START, 2)
    assert sum(1 for value in got if value) == min(300, 7 * 48) - 1
    assert set(got[144 + 300 :]) == {0}


# The device's clock.


def test_the_first_reading_is_believed() -> None:
    clock = StreamClock()
    clock.advance()
    assert clock.next_heard is None
    assert clock.correct(MonotonicNs(START), 60 * MS) == START + 60 * MS
    clock.advance()
    assert clock.next_heard == START + 60 * MS + CHUNK_NS


@given(st.lists(st.integers(-40 * MS, 40 * MS), max_size=50))
def test_readings_move_the_clock_by_20_microseconds_at_most(errors: list[int]) -> None:
    clock = StreamClock()
    place = clock.correct(MonotonicNs(START), 0)
    for error in errors:
        corrected = clock.correct(place, error)
        assert abs(corrected - place) <= 20_000
        assert (corrected - place) * error >= 0
        place = corrected


@pytest.mark.parametrize("error", [-41 * MS, 41 * MS, 10 * NS])
def test_a_device_that_is_far_off_is_followed_at_once(error: int) -> None:
    clock = StreamClock()
    clock.correct(MonotonicNs(START), 0)
    assert clock.correct(MonotonicNs(START), error) == START + error


@pytest.mark.parametrize("error", [-35 * MS, -5 * MS, 5 * MS, 35 * MS])
def test_in_silence_a_wrong_reading_is_made_good_at_once(error: int) -> None:
    clock = StreamClock()
    clock.correct(MonotonicNs(START), 0)
    assert clock.correct(MonotonicNs(START), error, silent=True) == START + error


def test_in_silence_jitter_is_smoothed() -> None:
    clock = StreamClock()
    clock.correct(MonotonicNs(START), 0)
    assert clock.correct(MonotonicNs(START), 2 * MS, silent=True) == START + MS // 2


def test_it_is_silent_until_shortly_before_a_clip_and_after_it() -> None:
    score = Score()
    assert score.silent(MonotonicNs(START))
    score.add(cue(1, Level(), START, until=START + NS))
    assert score.silent(MonotonicNs(START - 2 * CHUNK_NS))
    assert not score.silent(MonotonicNs(START - 2 * CHUNK_NS + MS))
    assert not score.silent(MonotonicNs(START + NS - MS))
    assert score.silent(MonotonicNs(START + NS))


@dataclass
class Device:
    """A sound card of 60 ms, whose seconds are not ours, read wrongly by up to so many nanoseconds."""

    faster_by_ppm: float
    jitter: int
    buffer: int = 3 * CHUNK

    def chunks(self, seconds: int) -> Iterator[tuple[int, int, int]]:
        """For each chunk it has room for: when that is, the latency it then claims, when the chunk is really heard."""
        rate = RATE * (1 + self.faster_by_ppm * 1e-6)
        for number in range(seconds * RATE // CHUNK):
            written = number * CHUNK
            now = max(0, written + CHUNK - self.buffer) / rate
            left = written - now * rate
            claimed = round(left / RATE * NS) + self.jitter * (number * 7919 % 41 - 20) // 20
            yield START + round(now * NS), max(0, claimed), START + round(written / rate * NS)


@pytest.mark.parametrize("ppm", [-200, -100, 0, 100, 200])
def test_another_clock_is_followed_by_single_samples(ppm: int) -> None:
    score, clock, samples = Score(), StreamClock(), Level()
    score.add(cue(1, samples, START))
    worst = 0.0
    for number, (now, latency, truly) in enumerate(Device(ppm, jitter=2 * MS).chunks(600)):
        if number % 5 == 0:  # as often as the speaker asks
            clock.correct(MonotonicNs(now), latency)
        assert clock.next_heard is not None
        score.portion(clock.next_heard)
        clock.advance()
        worst = max(worst, abs(samples.asked[-1] / RATE - (truly - START) / NS))
    steps = {later - earlier - CHUNK for earlier, later in zip(samples.asked, samples.asked[1:], strict=False)}
    assert steps <= {-1, 0, 1}, "never more than one sample left out or said twice"
    assert worst < 0.005
    if ppm:
        assert abs(samples.asked[-1] - 600 * RATE) / (600 * RATE) < 400e-6


def test_silence_is_one_whole_chunk() -> None:
    assert Score().portion(MonotonicNs(START)) == bytes(CHUNK * FRAME_BYTES)
