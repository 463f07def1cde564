"""Following a rota: in order, whatever is late; anew with each hour; never half a set; joined where it is now."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.following import EARLY, OUTSIDE, Mark, Plan, hours_around, next_turn, until_closing
from playlists.places import Place
from playlists.playlist import Item, ItemKind, Slot
from playlists.rota import Closing, Rota, Turn
from playlists.schedule import Share
from playlists.timing import DurationMs

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NINE = datetime(2026, 7, 6, 9, tzinfo=ZONE)
MINUTE_MS = 60_000
MIN = DurationMs(MINUTE_MS)
NOBODY: frozenset[str] = frozenset()


def always(_turn: Turn, _at: datetime) -> bool:
    return True


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
    mark = OUTSIDE
    shown, wall = [], begins
    for minutes in lengths:
        turned = next_turn(mark, wall, plan, lambda turn, _at: turn.slot.id not in left_out)
        if turned is None:
            break
        mark = turned.mark
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
    plan = Plan("p", (rota(NINE, "rare", "a", "b", minutes=20),))
    assert followed(plan, NINE, [10] * 6) == ["rare", "a", "b", "a", "b", "a"]


def test_a_set_that_has_begun_is_shown_to_its_end() -> None:
    plan = Plan("p", (rota(NINE, "a", "Mvi", "Mlo", "b"), rota(NINE + timedelta(hours=1), "c")))
    assert followed(plan, NINE, [40, 25, 10, 10]) == ["a", "Mvi", "Mlo", "c"]


@pytest.mark.parametrize(
    ("minute", "joined"), [(0, "a"), (4.9, "a"), (5.1, "Mvi"), (16, "b"), (25, "b"), (34, "b"), (36, "c"), (46, "c")]
)
def test_who_comes_from_outside_joins_what_is_on_now_but_no_set_in_its_middle(minute: float, joined: str) -> None:
    plan = Plan("p", (rota(NINE, "a", "Mvi", "Mlo", "b", "c"),))
    assert followed(plan, NINE + timedelta(minutes=minute), [1]) == [joined]


EMPTY = Plan("p", (rota(NINE, "a", "b"), rota(NINE + timedelta(hours=1), *"cdefgh")))
"""Twenty minutes are planned, then nothing until the next hour."""


def test_what_the_plan_leaves_empty_stays_empty() -> None:
    assert followed(EMPTY, NINE, [10, 10, 10]) == ["a", "b"]
    assert followed(EMPTY, NINE + timedelta(minutes=30), [1]) == []


def test_a_turn_after_an_empty_stretch_waits_for_its_time() -> None:
    later = replace(EMPTY.rotas[0], turns=(*EMPTY.rotas[0].turns, Turn(DurationMs(40 * MINUTE_MS), MIN, slot("c"))))
    plan = replace(EMPTY, rotas=(later, *EMPTY.rotas[1:]))
    mark = Mark("p", Place(later, 1), "b")
    for begins, waits in ((20, 20), (39, 1), (39.99, 0), (40, 0), (41, 0)):
        turned = next_turn(mark, NINE + timedelta(minutes=begins), plan, always)
        assert turned is not None
        assert (turned.turn.slot.id, turned.waits) == ("c", timedelta(minutes=waits))


def test_a_turn_that_would_come_before_its_time_gives_way_until_then() -> None:
    def may(turn: Turn, at: datetime) -> bool:
        return turn.slot.id != "c" or at >= NINE + timedelta(minutes=20)

    mark = Mark("p", Place(DAY.rotas[0], 1), "b")
    early = next_turn(mark, NINE + timedelta(minutes=15), DAY, may)
    assert early is not None
    assert early.turn.slot.id == "a", "b ended early: something of this hour again, and c keeps its place"
    moment_before = next_turn(early.mark, NINE + timedelta(minutes=20, seconds=-2), DAY, may)
    assert moment_before is not None
    assert (moment_before.turn.slot.id, moment_before.waits) == ("c", timedelta(seconds=2))


def test_what_was_shown_before_a_closing_may_open_the_screen_again() -> None:
    closed = Closing(DurationMs(10 * MINUTE_MS), DurationMs(50 * MINUTE_MS))
    whole = Closing(DurationMs(0), DurationMs(60 * MINUTE_MS))
    hours = [NINE + timedelta(hours=n) for n in range(3)]
    plan = Plan(
        "p", (rota(NINE, "a", closings=(closed,)), rota(hours[1], closings=(whole,)), rota(hours[2], *"abcdef"))
    )
    assert followed(plan, NINE, [10]) == ["a"]
    turned = next_turn(Mark("p", Place(plan.rotas[0], 0), "a"), hours[2], plan, always)
    assert turned is not None
    assert turned.turn.slot.id == "a"


def test_a_set_longer_than_an_hour_and_an_item_longer_than_two_are_followed() -> None:
    parts = tuple(
        Turn(DurationMs(at * MINUTE_MS), DurationMs(90 * MINUTE_MS), slot(name))
        for at, name in ((30, "Mvi"), (120, "Mlo"), (210, "Mkm"))
    )
    hours = [NINE + timedelta(hours=n) for n in range(7)]
    first = Rota(NINE, (Turn(DurationMs(0), DurationMs(30 * MINUTE_MS), slot("a")), *parts))
    long = Rota(hours[5], (Turn(DurationMs(0), DurationMs(30 * MINUTE_MS), slot("b")),))
    plan = Plan("p", (first, *(Rota(at, ()) for at in hours[1:5]), long))
    assert followed(plan, NINE, [30, 90, 90, 90, 30]) == ["a", "Mvi", "Mlo", "Mkm", "b"]
    assert followed(plan, NINE, [30, 90, 90.5, 90, 30]) == ["a", "Mvi", "Mlo", "Mkm", "b"], "late, and still whole"


def test_an_hour_that_a_moved_clock_cuts_short_gives_way_to_the_next() -> None:
    half = rota(NINE, *"abc")
    plan = Plan("p", (half, rota(NINE + timedelta(minutes=30), *"def")))
    assert followed(plan, NINE, [10] * 6) == list("abcdef")
    assert plan.number_at(NINE + timedelta(minutes=31)) == 1


def test_another_plan_is_joined_and_shows_something_else_than_what_was_just_shown() -> None:
    mark = Mark("old", Place(DAY.rotas[0], 3), "c")
    turned = next_turn(mark, NINE + timedelta(minutes=21), DAY, always)
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
    assert next_turn(OUTSIDE, NINE - timedelta(hours=3), plan, always) is None


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
