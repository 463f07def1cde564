"""Whether a slot may be shown: where, when, on which days, and what a clock that is not trusted leaves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.clock_hours import HOUR_MS, InstantMs, instant_ms, zone_named
from playlists.eligibility import aimed_at, dated, eligible, in_time, timetable_spans
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.recurrence import days_of
from playlists.schedule import Daypart, Recurrence, Target, Timetable, ValidityWindow
from playlists.screen import Screen
from playlists.spans import Span
from tests.support.reached import reached

ITEM = Item("i", "i.mp4", ItemKind.CLIP, "I")
SCREEN = Screen("screen-1", "bo-y", "cluster-1", tags=("outdoor", "led"))
NIGHT = Daypart("night", "Đêm", time(22), time(2))
MORNING = Daypart("morning", "Sáng", time(7), time(11))
PLAYLIST = Playlist("p", "P", (), dayparts=(NIGHT, MORNING))
NOON = datetime.fromisoformat("2026-11-24T12:00+07:00")  # a Tuesday


def may(timetable: Timetable, at: str, *, trusted: bool = True) -> bool:
    slot = Slot("s", ITEM, timetable=timetable)
    return eligible(PLAYLIST, slot, SCREEN, datetime.fromisoformat(f"{at}+07:00"), trusted=trusted)


@pytest.mark.parametrize(
    ("target", "hit"),
    [
        (Target(), True),
        (Target(screens=("screen-1",)), True),
        (Target(screens=("screen-2",)), False),
        (Target(clusters=("cluster-1",)), True),
        (Target(gates=("ho-le", "bo-y")), True),
        (Target(tags=("led",)), True),
        (Target(tags=("indoor",), gates=("ho-le",)), False),
        (Target(screens=("screen-2",), tags=("outdoor",)), True),
    ],
)
def test_any_name_of_a_target_hits(target: Target, hit: bool) -> None:  # noqa: FBT001 - a case of a table
    assert aimed_at(target, SCREEN) == hit
    assert eligible(PLAYLIST, Slot("s", ITEM, target=target), SCREEN, NOON) == hit


def test_dayparts_are_any_of_them_and_run_past_midnight() -> None:
    both = Timetable(dayparts=("night", "morning"))
    assert [may(both, f"2026-11-24T{at}") for at in ("01:59", "02:00", "06:59", "07:00", "11:00", "22:00")] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]


def test_a_daypart_nobody_defined_is_never() -> None:
    assert not may(Timetable(dayparts=("noon",)), "2026-11-24T12:00")


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    friday_night = Timetable(dayparts=("night",), weekdays=frozenset({5}))
    assert may(friday_night, "2026-11-27T23:00")
    assert may(friday_night, "2026-11-28T01:00")
    assert not may(friday_night, "2026-11-27T01:00")


def test_validity_begins_on_the_instant_and_ends_before_it() -> None:
    window = Timetable(
        validity=ValidityWindow(datetime.fromisoformat("2026-11-24T07:00"), datetime.fromisoformat("2026-11-24T09:00"))
    )
    assert [may(window, f"2026-11-24T{at}") for at in ("06:59", "07:00", "08:59", "09:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_recurrence_has_exceptions_and_additions() -> None:
    first_of_month = Recurrence(
        "FREQ=MONTHLY;BYMONTHDAY=1", date(2026, 1, 1), (date(2026, 12, 1),), (date(2026, 12, 4),)
    )
    days = [
        may(Timetable(recurrence=first_of_month), f"2026-{at}T12:00") for at in ("11-01", "12-01", "12-04", "12-05")
    ]
    assert days == [True, False, True, False]


def test_dated_slots_wait_for_a_trusted_clock_and_undated_ones_do_not() -> None:
    for timetable in (
        Timetable(dayparts=("morning",)),
        Timetable(weekdays=frozenset({2})),
        Timetable(validity=ValidityWindow(begins=datetime.fromisoformat("2020-01-01T00:00"))),
        Timetable(recurrence=Recurrence("FREQ=DAILY", date(2020, 1, 1))),
    ):
        assert dated(Slot("s", ITEM, timetable=timetable))
        assert may(timetable, "2026-11-24T07:30")
        assert not may(timetable, "2026-11-24T07:30", trusted=False)
    assert may(Timetable(), "2026-11-24T07:30", trusted=False)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(("Asia/Ho_Chi_Minh", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")),
    st.sampled_from(("2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-11-24", "2011-12-29")),
    st.tuples(st.integers(0, 47), st.integers(0, 47)).map(
        lambda pair: tuple(time(half // 2, half % 2 * 30 + 5) for half in pair)
    ),
    st.frozensets(st.integers(1, 7), max_size=3),
    st.none() | st.integers(0, 96),
    st.booleans(),
)
def test_a_timetable_holds_by_a_clock_that_is_never_put_back(
    zone: str,
    day: str,
    edges: tuple[time, ...],
    weekdays: frozenset[int],
    valid: int | None,
    parted: bool,  # noqa: FBT001
) -> None:
    begins = datetime.fromisoformat(f"{day}T00:00+00:00")
    local_begins = begins.replace(tzinfo=None)
    window = (
        ValidityWindow()
        if valid is None
        else ValidityWindow(
            local_begins + timedelta(minutes=30 * valid), local_begins + timedelta(minutes=30 * valid, hours=9)
        )
    )
    timetable = Timetable(("part",) if parted else (), weekdays, window)
    part = Daypart("part", "Part", edges[0], edges[1])
    within = Span(instant_ms(begins), InstantMs(instant_ms(begins) + 48 * HOUR_MS))
    found = timetable_spans(timetable, {"part": part}, zone_named(zone), within)
    for local, instant in reached(zone_named(zone), begins, 48 * 60):
        expected = any(
            _begun(local, local.date() - timedelta(days=back), edges if parted else (time(), time()), weekdays)
            for back in (0, 1)
        )
        expected &= window.begins is None or (window.begins <= local < (window.ends or local))
        assert any(span.begins <= instant < span.ends for span in found) == expected, (local, found)


def _begun(local: datetime, day: date, edges: tuple[time, ...], weekdays: frozenset[int]) -> bool:
    start, end = datetime.combine(day, edges[0]), datetime.combine(day, edges[1])
    end += timedelta(days=1) if end <= start else timedelta()
    return start <= local < end and (not weekdays or day.isoweekday() in weekdays)


RULES = st.sampled_from(
    (
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;COUNT=40",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=SU;WKST=SU",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=1,-1",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=2FR;UNTIL=20270601",
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2,9;BYMONTHDAY=2",
        "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=1,-1",
    )
)


@settings(deadline=None)
@given(RULES, st.dates(date(2018, 1, 1), date(2027, 1, 1)), st.dates(date(2019, 1, 1), date(2028, 1, 1)))
def test_days_are_those_of_the_rule_counted_from_its_beginning(rule: str, begins: date, first: date) -> None:
    last = first + timedelta(days=40)
    whole = rrulestr(rule, dtstart=datetime.combine(begins, time()))
    plain = {
        at.date() for at in whole.between(datetime.combine(first, time()), datetime.combine(last, time()), inc=True)
    }
    assert days_of(Recurrence(rule, begins), first, last) == plain


def test_a_timetable_needs_a_named_zone_and_what_is_not_dated_needs_none() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    item = Item("a", "a.mp4", ItemKind.CLIP, "a")
    playlist = Playlist("p", "p", ())
    assert in_time(playlist, Slot("a", item), at)
    with pytest.raises(TypeError, match="named zone"):
        in_time(playlist, Slot("a", item, timetable=Timetable(weekdays=frozenset({1}))), at)
