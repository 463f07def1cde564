"""When the agent asks next: spread, patience, back-off, and how many wake-ups are followed."""

from hypothesis import given
from hypothesis import strategies as st

from sync.agent.poll_plan import (
    FRESH_WINDOW,
    LONGEST_WAIT,
    SECONDS_A_WAKE,
    WAKES_AT_ONCE,
    WakeAllowance,
    first_wait,
    next_wait,
    reconnection_wait,
)

CHANCE = st.floats(0, 0.999_999)
SECOND = 10**9


@given(CHANCE)
def test_an_ordinary_wait_is_five_minutes_give_or_take_a_fifth(chance: float) -> None:
    assert 240 <= next_wait(chance) <= 360


@given(CHANCE, st.integers(1, 10_000))
def test_after_failures_it_is_never_sooner_and_never_later_than_an_hour(chance: float, failures: int) -> None:
    assert 240 <= next_wait(chance, failures=failures) <= LONGEST_WAIT


def test_failures_make_it_later_and_later() -> None:
    waits = [next_wait(0.9, failures=failures) for failures in range(6)]
    assert waits == sorted(waits)
    assert waits[5] > 3000


@given(CHANCE, st.floats(-1e9, 1e12))
def test_a_hub_that_asks_for_patience_gets_it_up_to_an_hour(chance: float, asked: float) -> None:
    wait = next_wait(chance, retry_after=asked)
    assert min(asked, LONGEST_WAIT) <= wait <= max(360, LONGEST_WAIT * 1.2)


def test_those_who_were_sent_away_together_do_not_come_back_together() -> None:
    assert next_wait(0.9, retry_after=600) - next_wait(0.1, retry_after=600) > 60


@given(CHANCE)
def test_a_fleet_that_is_switched_on_at_once_spreads_over_one_interval(chance: float) -> None:
    assert 0 <= first_wait(chance) <= 300
    assert 0 <= first_wait(chance, fresh=True) <= FRESH_WINDOW


def test_wake_ups_are_followed_at_a_bounded_pace() -> None:
    allowance, followed = WakeAllowance(), 0
    for second in range(3600):
        spent = allowance.spent(second * SECOND)
        followed += spent is not None
        allowance = spent or allowance
    assert followed <= WAKES_AT_ONCE + 3600 / SECONDS_A_WAKE
    assert followed >= 3600 / SECONDS_A_WAKE


def test_what_was_refused_says_when_it_would_not_be() -> None:
    allowance = WakeAllowance(left=0.5)
    assert allowance.spent(SECOND) is None
    assert allowance.spent(round((1 + allowance.wait(SECOND)) * SECOND)) is not None


@given(CHANCE, st.integers(1, 10_000))
def test_a_lost_line_is_tried_again_soon_and_then_as_seldom_as_polls(chance: float, failures: int) -> None:
    assert 2.5 <= reconnection_wait(chance, failures) <= 300
    assert reconnection_wait(chance, 1) <= 10
