"""The places of a plan: their times, their units, and which of them stands."""

from datetime import datetime, timedelta

from playlists.places import places, standing
from playlists.playlist import Slot
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


def test_places_know_their_times() -> None:
    assert [place.turn.slot.id for place in KNOWN[:4]] == ["a", "vi", "lo", "b"]
    assert (KNOWN[1].begins, KNOWN[1].ends) == (after(30), after(60))


def test_units_begin_with_items_and_with_first_versions() -> None:
    assert [place.begins_unit for place in KNOWN] == [
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
