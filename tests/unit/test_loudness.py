"""How loud it is: curve, quiet hours, silent commercials, and a step that no ear takes for a click."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, timezone
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.attendance import most_volume, there
from player.clock import ManualClock
from player.decoding.score import FULL_LEVEL, Fader
from player.loudness import VolumeKeeper, share_of, sound_of
from player.performance import Sound
from player.reactor import Cancellable
from playlists.papers import Papers
from playlists.playlist import Item, ItemKind
from playlists.screen import Screen, VolumeStep
from playlists.timing import MonotonicNs

ITEM = Item("a", "a.mp4", ItemKind.CLIP, "A")
SCREEN = Screen("s", "bo-y", "c", volume=(VolumeStep(time(6), 80), VolumeStep(time(18), 40), VolumeStep(time(21), 0)))


def local(hour: int, minute: int = 0) -> datetime:
    """A time of the day at the gate, told by a machine that lives elsewhere."""
    return datetime(2026, 11, 24, hour, minute, tzinfo=timezone(timedelta(hours=7))).astimezone(UTC)


@pytest.mark.parametrize(("hour", "most"), [(5, 0), (6, 80), (17, 80), (18, 40), (21, 0), (23, 0)])
def test_the_curve_is_the_screens_own(hour: int, most: int) -> None:
    assert most_volume(SCREEN, local(hour)) == most


def test_a_screen_without_a_curve_is_quiet_at_night_and_one_nobody_described_never() -> None:
    assert most_volume(replace(SCREEN, volume=()), local(22)) == 0
    assert most_volume(replace(SCREEN, volume=()), local(12)) == 100
    assert most_volume(None, local(22)) == 100


def test_a_zone_nobody_knows_leaves_the_machines_own() -> None:
    assert there(replace(SCREEN, time_zone="Atlantis/Nowhere"), local(12)) == local(12)
    assert there(replace(SCREEN, time_zone="../etc/passwd"), local(12)) == local(12)
    assert there(SCREEN, local(12)).hour == 12
    assert there(None, local(12)).hour == 5


@pytest.mark.parametrize(
    ("commercial", "outdoor", "muted"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_commercial_is_silent_outdoors(commercial: bool, outdoor: bool, muted: bool) -> None:  # noqa: FBT001
    item = replace(ITEM, papers=Papers(commercial=commercial))
    assert sound_of(item, Sound(volume=70), outdoor=outdoor) == Sound(volume=70, muted=muted)


@given(st.integers(0, 100), st.integers(0, 100))
def test_what_is_ordered_times_its_share_is_the_least_of_both(ordered: int, limit: int) -> None:
    assert round(ordered * share_of(ordered, limit)) == min(ordered, limit)


@dataclass
class Recorded:
    """A speaker and a reactor that remember."""

    shares: list[float] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def set_share(self, share: float) -> None:
        self.shares.append(share)

    def watch(self, source: object, callback: Callable[[], None]) -> Cancellable:
        raise NotImplementedError

    def call_at(self, moment: MonotonicNs, callback: Callable[[], None]) -> Cancellable:
        del moment
        self.waiting.append(callback)
        return self

    def cancel(self) -> None:
        self.waiting.clear()


def test_a_step_is_heard_and_told_once() -> None:
    clock, speaker, told = ManualClock(), Recorded(), list[int]()
    now = [local(17, 59)]
    keeper = VolumeKeeper(
        speaker, clock.monotonic, lambda: now[0], partial(most_volume, SCREEN), 50, speaker, told.append
    )
    assert keeper.in_force == 50
    keeper.start()
    speaker.waiting.pop()()
    assert (speaker.shares, told) == ([1.0], [50])
    now[0] = local(18)
    speaker.waiting.pop()()
    assert (speaker.shares, told, keeper.in_force) == ([1.0, 0.8], [50, 40], 40)
    keeper.close()
    assert speaker.waiting == []


def loud(fader: Fader, chunks: int = 1) -> "array[int]":
    samples = array("h")
    for _ in range(chunks):
        samples.frombytes(fader.faded(array("h", [20_000] * 1920).tobytes()))
    return samples


def test_a_fader_leaves_alone_what_it_need_not_touch() -> None:
    data = bytes(range(256))
    assert Fader().faded(data) is data


def test_a_fader_goes_to_its_level_in_small_steps_and_stays_there() -> None:
    fader = Fader()
    fader.set(0.5)
    way, there = loud(fader), loud(fader)
    assert (way[0], way[-1]) == (20_000, 2_500)  # an eighth of the height: loudness goes by the cube
    assert set(there) == {2_500}
    assert max(abs(one - other) for one, other in pairwise(way)) < 20
    fader.set(0)
    loud(fader)
    assert set(loud(fader)) == {0}
    fader.set(1)
    assert loud(fader, 2)[-1] == 20_000


@given(st.floats(0, 1))
def test_every_share_is_a_level(share: float) -> None:
    fader = Fader()
    fader.set(share)
    assert 0 <= fader.target <= FULL_LEVEL
