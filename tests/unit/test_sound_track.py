"""Where a clip's samples belong: told from the times libVLC gives them, around the pause that ends an opening."""

from array import array

import pytest

from player.decoding.pcm import FRAME_BYTES, RATE, PcmRing
from player.decoding.sound_track import SoundTrack

MS = 1_000_000
NS = 1_000_000_000
PORTION = 1024
PORTION_NS = PORTION * NS // RATE
HOLD = 10 * MS
START = 5 * NS


class Opening:
    """A sound track, and what it says of its place."""

    def __init__(self, volume: int = 100) -> None:
        self.told: list[int] = []
        self.asked: list[int] = []
        self.ring = PcmRing.create()
        self.track = SoundTrack(self.ring, volume, self.hold, self.told.append)

    def hold(self, paused_at: int) -> int:
        self.asked.append(paused_at)
        return HOLD

    def take(self, due_ns: int, portions: int = 1, level: int = 1000) -> None:
        for number in range(portions):
            self.track.take(array("h", [level] * 2 * PORTION).tobytes(), due_ns + number * PORTION_NS)

    def levels(self) -> "array[int]":
        return array("h", self.ring.read(0, self.ring.written))[0::2]


def test_sound_from_before_the_pause_is_placed_when_it_comes() -> None:
    opening = Opening()
    opening.take(START, 5)
    assert opening.told == []
    opening.track.paused(START + 40 * MS)
    assert opening.told == [START - (START + 40 * MS) - HOLD]
    assert opening.asked == [START + 40 * MS]


def test_sound_due_after_the_pause_is_heard_that_much_after_frame_0() -> None:
    opening = Opening()
    opening.take(START + 300 * MS)
    opening.track.paused(START)
    assert opening.told == [300 * MS - HOLD]


def test_sound_that_first_comes_between_pause_and_resume_is_placed_by_the_pause() -> None:
    opening = Opening()
    opening.track.paused(START)
    assert opening.told == []
    opening.take(START + 120 * MS)
    opening.track.resumed(START + 4 * NS)
    assert opening.told == [120 * MS - HOLD]


def test_sound_that_first_comes_after_the_resume_is_placed_by_that() -> None:
    opening = Opening()
    opening.track.paused(START)
    opening.track.resumed(START + 3 * NS)
    opening.take(START + 3 * NS + 200 * MS)
    assert opening.told == [200 * MS - HOLD]


def test_its_place_is_told_once() -> None:
    opening = Opening()
    opening.take(START)
    opening.track.paused(START)
    opening.track.resumed(START + NS)
    opening.take(START + NS, 3)
    opening.track.paused(START + 2 * NS)
    assert len(opening.told) == 1


@pytest.mark.parametrize(("gap", "filled"), [(0, 0), (29, 0), (31, 31), (500, 500), (9_999, 9_999), (11_000, 0)])
def test_a_gap_in_the_times_is_as_long_a_silence(gap: int, filled: int) -> None:
    opening = Opening()
    opening.take(START, 2)
    opening.take(START + 2 * PORTION_NS + gap * MS)
    assert opening.ring.written == pytest.approx(3 * PORTION + filled * MS * RATE // NS, abs=1)
    if gap < 3000:
        levels = opening.levels()
        assert set(levels[: 2 * PORTION]) == set(levels[-PORTION:]) == {1000}
        assert set(levels[2 * PORTION : -PORTION]) <= {0}


def test_times_that_run_back_take_nothing_away() -> None:
    opening = Opening()
    opening.take(START, 2)
    opening.take(START - NS)
    assert opening.ring.written == 3 * PORTION


def test_the_pause_is_no_gap() -> None:
    opening = Opening()
    opening.take(START, 4)
    opening.track.paused(START + 50 * MS)
    opening.track.resumed(START + 3 * NS)
    opening.take(START + 3 * NS + 4 * PORTION_NS, 2)
    assert opening.ring.written == 6 * PORTION


@pytest.mark.parametrize(("volume", "share"), [(100, 1.0), (80, 0.512), (50, 0.125), (10, 0.001), (0, 0.0)])
def test_the_volume_is_cubic_as_libvlc_and_pulseaudio_count_it(volume: int, share: float) -> None:
    opening = Opening(volume)
    opening.take(START, level=30_000)
    opening.take(START + PORTION_NS, level=-30_000)
    levels = opening.levels()
    # The gain is kept in 256ths, so very soft is not quite exact.
    assert levels[0] == pytest.approx(30_000 * share, abs=60)
    assert levels[-1] == pytest.approx(-30_000 * share, abs=60)


def test_full_volume_changes_no_sample() -> None:
    opening = Opening()
    wave = array("h", [-32_768, 32_767, -1, 1] * 100)
    opening.track.take(wave.tobytes(), START)
    assert opening.ring.read(0, len(wave) * 2 // FRAME_BYTES) == wave.tobytes()
