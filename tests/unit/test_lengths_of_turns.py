"""What a crossfade takes from a programme's length: the same for the plan and for the player."""

from dataclasses import replace

import pytest

from player.crossfade import LONGEST_NS
from playlists.lengths import LONGEST_FADE, fade_of, turn_length
from playlists.loop import plan_hour
from playlists.timing import DurationMs
from tests.support.loops import hour, item, playlist, screen, slot


@pytest.mark.parametrize(
    ("wished", "seconds", "fade"),
    [(0, 30, 0), (79, 30, 0), (80, 30, 80), (800, 30, 800), (9000, 30, 1500), (900, 1, 500)],
)
def test_a_slot_that_fades_in_makes_a_programme_longer_by_less(wished: int, seconds: int, fade: int) -> None:
    faded = replace(slot(item("a", seconds=seconds)), crossfade=DurationMs(wished))
    assert fade_of(faded) == fade
    assert turn_length(faded) == seconds * 1000 - fade
    assert LONGEST_FADE * 1_000_000 == LONGEST_NS


def test_an_hour_holds_the_more_turns_the_more_they_overlap() -> None:
    exact = [slot(item(name, seconds=30)) for name in "ab"]
    faded = [replace(one, crossfade=DurationMs(1000)) for one in exact]
    counts = [len(plan_hour(playlist(*slots), screen(), hour("09:00")).turns) for slots in (exact, faded)]
    assert counts == [120, 124]
