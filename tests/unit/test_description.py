"""A playlist and a screen in plain Vietnamese: what the golden files do not show."""

import unicodedata
from datetime import date, datetime, time
from pathlib import Path

from playlists.description import length_vi, number_vi, playlist_head, screen_lines, slot_lines
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.schedule import Daypart, Recurrence, Timetable, ValidityWindow
from playlists.screen import Screen
from playlists.timing import DurationMs

GOLDEN = Path(__file__).parent.parent / "golden"
ITEM = Item("a", "a.png", ItemKind.IMAGE, "A")


def test_a_list_that_is_not_planned_has_no_head() -> None:
    slots = (Slot("a", ITEM),)
    assert list(playlist_head(Playlist("p", "P", slots))) == []
    assert list(playlist_head(Playlist("p", "P", slots, planned=True))) == [("cách phát", "theo kế hoạch từng giờ")]


def test_a_daypart_of_a_whole_day_says_so() -> None:
    day = Daypart("x", "Cả ngày", time(7), time(7))
    assert list(playlist_head(Playlist("p", "P", (Slot("a", ITEM),), planned=True, dayparts=(day,))))[1:] == [
        ("khung giờ", "Cả ngày (x): cả ngày, tính từ 07:00")
    ]


def test_a_time_that_is_not_bounded_names_one_end_only() -> None:
    begins = datetime(2026, 12, 1, 6, 30)  # noqa: DTZ001  # a local time
    slot = Slot("a", ITEM, timetable=Timetable(dayparts=("gone",), validity=ValidityWindow(begins=begins)))
    assert ("khi nào", "gone; từ 06:30 01/12/2026") in list(slot_lines(slot, ()))


def test_a_rule_without_exceptions() -> None:
    slot = Slot("a", ITEM, timetable=Timetable(recurrence=Recurrence("FREQ=DAILY", date(2026, 12, 1))))
    assert ("khi nào", "lặp theo FREQ=DAILY tính từ 01/12/2026") in list(slot_lines(slot, ()))


def test_a_screen_of_unknown_size_has_no_size() -> None:
    assert "khung hình" not in dict(screen_lines(Screen("s", "bo-y", "c")))


def test_numbers_and_lengths_are_written_as_in_vietnam() -> None:
    assert [length_vi(DurationMs(ms)) for ms in (500, 8500, 60_000, 90_000, 600_000)] == [
        "0,5 giây",
        "8,5 giây",
        "1 phút",
        "90,0 giây",
        "10 phút",
    ]
    assert (number_vi(30.0), number_vi(12.5)) == ("30", "12,5")


def test_what_operators_read_is_composed() -> None:
    for path in GOLDEN.rglob("*.txt"):
        assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8")), path
