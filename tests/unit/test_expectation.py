"""Expected against played: line by line, or counted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playlists.expectation import Comparison, HourCount, compare
from playlists.loop import plan_day
from playlists.places import Place, places
from playlists.proof import ClockStep, Fault, Heartbeat, Interruption, Outcome, PlayEnd, PlayStart, Record, Rendition
from playlists.rota import Rota
from playlists.timing import DurationMs, Moment, MonotonicNs
from tests.support.loops import DAY, hour, item, playlist, screen, slot

PLAYLIST = playlist(slot(item("a", seconds=600)), slot(item("b", seconds=700)))
ROTAS = plan_day(PLAYLIST, screen("07:00", "09:00"), DAY)[7:9]
END = hour("09:00")
TOLERANCE = DurationMs(500)


def moment(at: datetime) -> Moment:
    wall = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return Moment(MonotonicNs(round(at.timestamp() * 1_000_000) * 1000), wall, "boot", synchronised=True)


def play(number: int, place: Place, late: timedelta = timedelta(milliseconds=20)) -> tuple[PlayStart, PlayEnd]:
    turn = place.turn
    begins = place.begins + late
    start = PlayStart(
        f"{number:032x}",
        moment(begins - timedelta(seconds=1)),
        moment(place.begins),
        turn.length,
        "screen-1",
        turn.slot.item.id,
        turn.slot.item.title,
        None,
        Rendition.VIDEO,
        slot=turn.slot.id,
    )
    ended = moment(begins + timedelta(milliseconds=turn.length))
    end = PlayEnd(start.play, ended, Outcome.COMPLETED, None, moment(begins), ended, turn.length, turn.length, 100, 0)
    return start, end


def perfect(rotas: tuple[Rota, ...] = ROTAS) -> list[Record]:
    def rows() -> Iterator[Record]:
        for number, place in enumerate(places(rotas)):
            yield from play(number, place)

    return list(rows())


def compared(records: list[Record]) -> Comparison:
    return compare(ROTAS, records, END, TOLERANCE)


def test_a_faultless_span_equals_its_plan_line_by_line() -> None:
    beat = Heartbeat(moment(hour("07:30")), None, 1, 2, 0)
    result = compared([beat, *perfect()])
    assert result.faultless
    assert result.alike
    assert len(result.lines) == sum(len(rota.turns) for rota in ROTAS)
    assert {line.late for line in result.lines} == {20}
    # 12 turns in 2 hours; the first hour's last runs over into the second.
    assert result.counts[0] == HourCount(ROTAS[0].hour, "a", 3, 3, 0)


def test_a_late_play_another_item_and_a_missing_one_are_seen() -> None:
    rows = perfect()
    start, end = rows[2], rows[3]
    assert isinstance(start, PlayStart)
    assert isinstance(end, PlayEnd)
    assert end.start is not None
    late = moment(datetime.fromisoformat(end.start.wall) + timedelta(seconds=1))
    for wrong in (
        [*rows[:2], start, replace(end, start=late), *rows[4:]],
        [*rows[:2], replace(start, slot="other"), end, *rows[4:]],
        [*rows[:2], replace(start, item="other"), end, *rows[4:]],
        rows[:-2],
        [*rows, *play(99, list(places(ROTAS))[-1], timedelta(seconds=300))],
    ):
        result = compared(wrong)
        assert result.faultless
        assert not result.alike


def test_with_a_fault_items_are_counted_by_the_hour() -> None:
    rows = perfect()
    end = rows[3]
    assert isinstance(end, PlayEnd)
    broken = replace(end, outcome=Outcome.FAILED, reason="hang", actual=DurationMs(10))
    result = compared([*rows[:3], broken, *rows[4:]])
    assert (result.faultless, result.lines, result.alike) == (False, (), False)
    assert HourCount(ROTAS[0].hour, "b", 3, 2, 1) in result.counts
    # A fault that cost no play leaves the counts as they should be.
    unharmed = compared([*rows, Fault(moment(hour("07:10")), "decoder-died", "killed")])
    assert (unharmed.faultless, unharmed.alike) == (False, True)
    stepped = compared([*rows, ClockStep(moment(hour("07:10")), moment(hour("07:09")), 1000)])
    assert (stepped.faultless, stepped.alike) == (False, True)


def test_nearly_completed_counts_and_resumed_does_not_go_line_by_line() -> None:
    rows = perfect()
    start, end = rows[2], rows[3]
    assert isinstance(start, PlayStart)
    assert isinstance(end, PlayEnd)
    assert end.planned is not None
    nearly = replace(
        end, outcome=Outcome.INTERRUPTED, reason=Interruption.URGENT, actual=DurationMs(end.planned * 95 // 100)
    )
    assert compared([*rows[:3], nearly, *rows[4:]]).alike
    resumed = compared([*rows[:2], replace(start, continues="0" * 32), *rows[3:]])
    assert (resumed.faultless, resumed.alike) == (False, True)


def test_a_play_on_the_screen_is_not_yet_completed_and_strays_are_told() -> None:
    rows = perfect()
    result = compared(rows[:-1])
    assert not result.faultless
    assert sum(count.others for count in result.counts) == 1
    outside = compared([*rows, *play(99, list(places(ROTAS))[-1], timedelta(hours=3))])
    assert ([play.start.play for play in outside.strays], outside.alike) == ([f"{99:032x}"], False)
    unknown = rows[1]
    assert isinstance(unknown, PlayEnd)
    # Where nobody knows the first picture, the planned start stands.
    assert compared([rows[0], replace(unknown, start=None), *rows[2:]]).lines[0].late == 0
