"""Following a rota: in order, whatever is late; anew with each hour; never half a set; joined where it is now."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.following import EARLY, Place, Plan, hours_around, next_beginning, next_turn, until_closing
from playlists.playlist import Item, ItemKind, Slot
from playlists.rota import Closing, Rota, Turn
from playlists.schedule import Share
from playlists.timing import DurationMs

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NINE = datetime(2026, 7, 6, 9, tzinfo=ZONE)
MINUTE_MS = 60_000
NOBODY: frozenset[str] = frozenset()


def slot(name: str) -> Slot:
    message = name[0] if name[0].isupper() else None
    share = Share(most_per_hour=1) if name == "rare" else Share()
    return Slot(name, Item(name, name, ItemKind.CLIP, name, message=message), share=share)


def rota(hour: datetime, *names: str, minutes: float = 10, closings: tuple[Closing, ...] = ()) -> Rota:
    length = round(minutes * MINUTE_MS)
    turns = (Turn(DurationMs(n * length), DurationMs(length), slot(name)) for n, name in enumerate(names))
    return Rota(hour, tuple(turns), closings)


DAY = Plan("p", (rota(NINE, *"abcdef"), rota(NINE + timedelta(hours=1), *"ghijkl")))


def followed(plan: Plan, begins: datetime, lengths: list[float], left_out: frozenset[str] = NOBODY) -> list[str]:
    """What is shown from ``begins`` on, each for so many minutes."""
    place: Place | None = None
    shown, wall = [], begins
    for minutes in lengths:
        turned = next_turn(place, wall, plan, left_out)
        if turned is None:
            break
        place = turned.place
        shown.append(turned.turn.slot.id)
        wall += timedelta(minutes=minutes)
    return shown


def test_in_time_every_turn_is_shown_in_its_order_over_the_hour() -> None:
    assert followed(DAY, NINE, [10] * 12) == list("abcdefghijkl")


@pytest.mark.parametrize("late_s", [1, 19])
def test_what_is_a_little_late_is_shown_though_its_hour_is_over(late_s: int) -> None:
    assert followed(DAY, NINE + timedelta(seconds=late_s), [10] * 12) == list("abcdefghijkl")


def test_what_is_much_late_is_left_out_for_the_next_hour() -> None:
    assert followed(DAY, NINE, [10, 10, 10, 10, 22, 10]) == list("abcdeg")


def test_what_is_early_goes_on_with_the_next_hour_or_fills_the_rest() -> None:
    assert followed(DAY, NINE, [10, 10, 10, 10, 10, 9.8, 10]) == list("abcdefg")
    assert followed(DAY, NINE, [10, 10, 10, 10, 10, 5, 5, 10]) == list("abcdefag")


def test_filling_spares_what_has_a_limit_and_what_was_just_shown() -> None:
    plan = Plan("p", (rota(NINE, "rare", "a", "b"),))
    assert followed(plan, NINE, [10] * 6) == ["rare", "a", "b", "a", "b", "a"]


def test_a_set_that_has_begun_is_shown_to_its_end() -> None:
    plan = Plan("p", (rota(NINE, "a", "Mvi", "Mlo", "b"), rota(NINE + timedelta(hours=1), "c")))
    assert followed(plan, NINE, [40, 25, 10, 10]) == ["a", "Mvi", "Mlo", "c"]


@pytest.mark.parametrize(
    ("minute", "joined"), [(0, "a"), (4.9, "a"), (5.1, "Mvi"), (16, "b"), (25, "b"), (34, "b"), (36, "c"), (59, "a")]
)
def test_who_comes_from_outside_joins_what_is_on_now_but_no_set_in_its_middle(minute: float, joined: str) -> None:
    plan = Plan("p", (rota(NINE, "a", "Mvi", "Mlo", "b", "c"),))
    assert followed(plan, NINE + timedelta(minutes=minute), [1]) == [joined]


def test_another_plan_is_joined_and_shows_something_else_than_what_was_just_shown() -> None:
    place = Place("old", NINE.astimezone(ZoneInfo("UTC")), 3, "c")
    turned = next_turn(place, NINE + timedelta(minutes=21), DAY, NOBODY)
    assert turned is not None
    assert turned.turn.slot.id == "d"


def test_what_cannot_be_shown_is_left_out() -> None:
    assert followed(DAY, NINE, [10] * 5, frozenset("bd")) == list("acefa")
    assert followed(DAY, NINE, [10], frozenset("abcdefghijkl")) == []


def test_nothing_is_shown_outside_opening_hours() -> None:
    closed = Closing(DurationMs(30 * MINUTE_MS), DurationMs(30 * MINUTE_MS))
    plan = Plan("p", (rota(NINE, "a", "b", "c", closings=(closed,)), rota(NINE + timedelta(hours=1), "d")))
    assert followed(plan, NINE, [10, 10, 10, 10]) == ["a", "b", "c"]
    assert followed(plan, NINE, [10, 10, 9.9, 10]) == ["a", "b", "c"], "nothing is begun just before closing"
    assert until_closing(NINE, plan.rotas) == timedelta(minutes=30)
    assert until_closing(NINE + timedelta(minutes=31), plan.rotas) is None
    assert next_beginning(NINE + timedelta(minutes=31), plan.rotas) == NINE + timedelta(hours=1)
    assert next_turn(None, NINE - timedelta(hours=3), plan, NOBODY) is None


def test_hours_of_a_zone_whose_clock_is_moved_are_counted_by_their_instants() -> None:
    before = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # summer time ends half an hour later
    hours = list(hours_around(before))
    assert [hour.utcoffset() for hour in hours] == [timedelta(hours=2), timedelta(hours=2), timedelta(hours=1)]
    assert all(
        after.astimezone(ZoneInfo("UTC")) - one.astimezone(ZoneInfo("UTC")) == timedelta(hours=1)
        for one, after in pairwise(hours)
    )


@given(
    st.lists(st.sampled_from(["a", "b", "Mvi", "c"]), min_size=1, max_size=8),
    st.lists(st.floats(0.1, 40), min_size=1, max_size=20),
    st.integers(0, 59),
)
def test_whatever_the_lengths_something_is_always_on(names: list[str], lengths: list[float], minute: int) -> None:
    hours = tuple(rota(NINE + timedelta(hours=n), *names, minutes=60 / len(names)) for n in range(20))
    shown = followed(Plan("p", hours), NINE + timedelta(minutes=minute), lengths)
    assert len(shown) == len(lengths)
    assert timedelta(minutes=1) > EARLY
