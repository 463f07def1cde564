"""Whether a release proves good: every verdict from what was seen of the player, one sighting after the other."""

from dataclasses import replace

import pytest

from playlists.release import Active
from playlists.status import Showing
from sync.agent.probation import (
    EMPTY_NS,
    MOST_DEATHS,
    PATIENCE_NS,
    QUIET_NS,
    Sighting,
    Trial,
    Verdict,
    begun,
    observed,
    verdict,
)

SECOND = 10**9
ACTIVE = Active(7, "a" * 64)
BEFORE = Sighting("boot", alive=True, run="first", showing=Showing.ITEM, release=6)
TAKEN = replace(BEFORE, release=7)
SLATE = replace(TAKEN, showing=Showing.SLATE)


def after(*steps: tuple[Sighting, int]) -> Trial:
    """The trial after sightings, each of which holds for so many seconds, seen once a second."""
    trial = begun(ACTIVE, BEFORE)
    for seen, seconds in steps:
        for _ in range(seconds):
            trial = observed(trial, seen, SECOND)
    return trial


def deaths(count: int) -> list[tuple[Sighting, int]]:
    return [(replace(TAKEN, run=f"run-{number}"), 10) for number in range(count)]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([], Verdict.OPEN),
        ([(TAKEN, QUIET_NS // SECOND - 1)], Verdict.OPEN),
        ([(TAKEN, QUIET_NS // SECOND)], Verdict.GOOD),
        ([(BEFORE, 1000)], Verdict.OPEN),
        ([(SLATE, EMPTY_NS // SECOND - 1)], Verdict.OPEN),
        ([(SLATE, EMPTY_NS // SECOND)], Verdict.EMPTY),
        ([(replace(SLATE, showing=Showing.STARTING), 120)], Verdict.EMPTY),
        ([(replace(SLATE, expected=False), 1000)], Verdict.OPEN),
        ([(replace(SLATE, release=6), 1000)], Verdict.OPEN),
        ([(replace(SLATE, alive=False), 1000)], Verdict.OPEN),
        ([(replace(SLATE, showing=Showing.CLOSED), 1000)], Verdict.OPEN),
        ([(replace(SLATE, showing=Showing.MAINTENANCE), 1000)], Verdict.OPEN),
        ([(SLATE, 60), (replace(SLATE, showing=Showing.CLOSED), 1000), (SLATE, 60)], Verdict.EMPTY),
        ([(TAKEN, 1), (SLATE, 119)], Verdict.GOOD),
        ([(replace(TAKEN, ours=False), 1000)], Verdict.OPEN),
        (deaths(MOST_DEATHS - 1), Verdict.OPEN),
        (deaths(MOST_DEATHS), Verdict.DIED),
        ([(replace(BEFORE, refusal="x"), 1)], Verdict.REFUSED),
        ([(replace(BEFORE, alive=False, refusal="x"), 1), (TAKEN, 200)], Verdict.REFUSED),
    ],
)
def test_a_verdict(steps: list[tuple[Sighting, int]], found: Verdict) -> None:
    assert verdict(after(*steps)) is found


def test_the_quiet_time_begins_anew_after_a_death() -> None:
    trial = after((TAKEN, 100), (replace(TAKEN, run="second"), 100))
    assert (trial.deaths, verdict(trial)) == (1, Verdict.OPEN)
    assert verdict(observed(trial, replace(TAKEN, run="second"), 20 * SECOND)) is Verdict.GOOD


def test_a_player_that_was_not_there_at_the_swap_has_not_died_by_coming() -> None:
    trial = begun(ACTIVE, Sighting("boot", run="dead before"))
    assert observed(trial, TAKEN, SECOND).deaths == 0


def test_a_player_that_left_in_good_order_has_not_died() -> None:
    left = replace(TAKEN, showing=Showing.LEFT)
    assert after((TAKEN, 1), (left, 1), (replace(TAKEN, run="second"), 1)).deaths == 0
    assert observed(begun(ACTIVE, left), replace(TAKEN, run="second"), SECOND).deaths == 0


def test_another_boot_is_no_death() -> None:
    again = replace(TAKEN, boot="again", run="second")
    assert after((TAKEN, 1), (again, 1)).deaths == 0
    assert after((TAKEN, 1), (again, 1), (replace(again, run="third"), 1)).deaths == 1


def test_a_trial_nobody_can_judge_stops_blocking() -> None:
    trial = after((Sighting("boot"), PATIENCE_NS // SECOND - 1))
    assert trial.blocks
    assert not observed(trial, Sighting("boot"), SECOND).blocks
    assert observed(observed(trial, Sighting("boot"), SECOND), TAKEN, SECOND).blocks, "it can be judged again"
