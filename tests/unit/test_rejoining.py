"""Where a player goes on: next, late, early, within a set, after a closing."""

from datetime import datetime, timedelta

import pytest

from playlists.playlist import Slot
from playlists.rejoining import Joining, Place, begins_unit, following, places, standing
from playlists.rota import Rota, Turn
from playlists.timing import DurationMs
from tests.support.loops import hour, item, slot

VI, LO = (slot(item(tag, tag, message="m")) for tag in ("vi", "lo"))
A, B, C = (slot(name) for name in "abc")


def rota(begins: datetime, *turns: tuple[int, int, Slot]) -> Rota:
    return Rota(begins, tuple(Turn(DurationMs(at * 1000), DurationMs(long * 1000), one) for at, long, one in turns))


# 07:00:00 a, :30 vi, :60 lo, :90 b to the next hour; then nothing from 08:00:30 to 08:10.
SEVEN = rota(hour("07:00"), (0, 30, A), (30, 30, VI), (60, 30, LO), (90, 3520, B))
EIGHT = rota(hour("08:00"), (10, 20, C), (600, 30, A), (630, 30, VI), (660, 30, LO), (690, 30, VI), (720, 30, LO))
ROTAS = (SEVEN, EIGHT)
KNOWN = list(places(ROTAS))


def after(seconds: float, begins: str = "07:00") -> datetime:
    return hour(begins) + timedelta(seconds=seconds)


def next_slot(at: datetime, last: Place | None = None) -> tuple[str, datetime] | None:
    joining = following(ROTAS, at, last)
    return None if joining is None else (joining.place.turn.slot.id, joining.at)


def test_places_know_their_times() -> None:
    assert [place.turn.slot.id for place in KNOWN[:4]] == ["a", "vi", "lo", "b"]
    assert (KNOWN[1].begins, KNOWN[1].ends) == (after(30), after(60))


def test_units_begin_with_items_and_with_first_versions() -> None:
    assert [begins_unit(place) for place in KNOWN] == [
        True, True, False, True, True, True, True, False, True, False
    ]  # fmt: skip


def test_what_stands_is_what_is_planned() -> None:
    standing_now = standing(ROTAS, after(45))
    assert standing_now is not None
    assert standing_now.turn.slot.id == "vi"
    running_over = standing(ROTAS, after(5, "08:00"))
    assert running_over is not None
    assert running_over.turn.slot.id == "b"
    assert standing(ROTAS, after(100, "08:00")) is None


@pytest.mark.parametrize("off", [-1.5, -0.02, 0, 0.04, 1.9])
def test_on_time_the_next_is_the_next_at_once(off: float) -> None:
    at = after(30 + off)
    assert next_slot(at, KNOWN[0]) == ("vi", at)


def test_on_time_nothing_short_is_left_out() -> None:
    short = rota(hour("07:00"), (0, 1, A), (1, 1, B), (2, 1, C), (3, 1, A))
    first = next(places((short,)))
    joining = following((short,), after(2.9), first)
    assert joining is not None
    assert joining.place.turn.slot.id == "b"


def test_a_set_once_begun_is_ended_first() -> None:
    late = after(500)
    assert next_slot(late, KNOWN[1]) == ("lo", late)


def test_late_it_joins_the_nearest_unit_and_never_the_middle_of_a_set() -> None:
    # a ended 20 s late: the set began 20 s ago and the next unit comes in 40 s.
    assert next_slot(after(50), KNOWN[0]) == ("vi", after(50))
    # 55 s late: b is nearer, and is begun at once, 5 s early.
    assert next_slot(after(85), KNOWN[0]) == ("b", after(85))


def test_at_a_start_nothing_was_shown_before() -> None:
    assert next_slot(after(10)) == ("a", after(10))
    assert next_slot(after(20)) == ("vi", after(20))
    assert next_slot(hour("06:59")) == ("a", hour("07:00"))


def test_an_empty_stretch_is_waited_out() -> None:
    assert next_slot(after(31, "08:00"), KNOWN[4]) == ("a", after(600, "08:00"))
    assert next_slot(after(300, "08:00")) == ("a", after(600, "08:00"))
    # A moment early before the empty stretch, it does not begin ten minutes early.
    assert next_slot(after(29.99, "08:00"), KNOWN[4]) == ("a", after(600, "08:00"))


def test_after_the_last_there_is_nothing() -> None:
    assert next_slot(after(750, "08:00"), KNOWN[-1]) is None
    assert next_slot(after(800, "08:00")) is None
    assert next_slot(after(800, "08:00"), KNOWN[5]) is None
    assert next_slot(after(735, "08:00")) == ("vi", after(735, "08:00"))


def test_a_player_that_lost_an_item_early_goes_on_at_once() -> None:
    at = after(91)
    assert following(ROTAS, at, KNOWN[3]) == Joining(KNOWN[4], at)
