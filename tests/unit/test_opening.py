"""Opening hours as instants: over midnight, by weekday, over changes of the clock."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.clock_hours import HOUR_MS, InstantMs, instant_ms, zone_named
from playlists.opening import is_open, next_change, openings
from playlists.screen import OpeningHours, Screen
from playlists.spans import Span, common, gaps, union
from tests.support.reached import reached

MINUTE = timedelta(minutes=1)


def screen(*hours: OpeningHours, zone: str = "Asia/Ho_Chi_Minh") -> Screen:
    return Screen("s", "bo-y", "c", hours=hours, time_zone=zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


DAY = OpeningHours(time(6, 30), time(17, 30))
NIGHT = OpeningHours(time(22), time(2), frozenset({5}))


def test_a_screen_without_hours_is_always_open() -> None:
    assert is_open(screen(), at("2026-11-24T03:00+07:00"))
    assert next_change(screen(), at("2026-11-24T03:00+07:00")) is None


def test_it_opens_and_closes_on_the_minute() -> None:
    assert not is_open(screen(DAY), at("2026-11-24T06:29:59.999+07:00"))
    assert is_open(screen(DAY), at("2026-11-24T06:30+07:00"))
    assert is_open(screen(DAY), at("2026-11-24T17:29:59.999+07:00"))
    assert not is_open(screen(DAY), at("2026-11-24T17:30+07:00"))


def test_next_change_is_in_the_screens_zone() -> None:
    opening = next_change(screen(DAY), at("2026-11-23T20:00+00:00"))
    assert opening == at("2026-11-24T06:30+07:00")
    assert opening is not None
    assert opening.utcoffset() == timedelta(hours=7)
    assert next_change(screen(DAY), at("2026-11-24T06:30+07:00")) == at("2026-11-24T17:30+07:00")


def test_friday_night_ends_on_saturday() -> None:
    assert is_open(screen(NIGHT), at("2026-11-28T01:59+07:00"))
    assert not is_open(screen(NIGHT), at("2026-11-27T01:59+07:00"))
    # On a Saturday the next opening is six days off.
    assert next_change(screen(NIGHT), at("2026-11-28T02:00+07:00")) == at("2026-12-04T22:00+07:00")


def test_equal_ends_are_a_whole_day_and_neighbours_are_one_span() -> None:
    whole = OpeningHours(time(6), time(6))
    assert next_change(screen(whole), at("2026-11-24T12:00+07:00")) is None
    split = (OpeningHours(time(6), time(12)), OpeningHours(time(12), time(18)))
    assert next_change(screen(*split), at("2026-11-24T07:00+07:00")) == at("2026-11-24T18:00+07:00")


def test_a_screen_that_never_opens_never_changes() -> None:
    lost = OpeningHours(time(2, 10), time(2, 50), frozenset({8}))
    assert next_change(screen(lost), at("2026-11-24T12:00+07:00")) is None


@settings(deadline=None)
@given(
    st.sampled_from(("Asia/Ho_Chi_Minh", "Europe/London", "Australia/Lord_Howe", "America/Asuncion", "Asia/Kathmandu")),
    st.tuples(st.times(), st.times()).map(lambda pair: tuple(part.replace(second=0, microsecond=0) for part in pair)),
    st.frozensets(st.integers(1, 7)),
    st.sampled_from(("2026-03-28", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-24", "2023-10-01")),
)
def test_a_screen_is_open_by_a_clock_that_is_never_put_back(
    zone: str, edges: tuple[time, ...], weekdays: frozenset[int], day: str
) -> None:
    """What is reached stays reached: compared minute by minute with a clock that stands instead of going back."""
    hours = OpeningHours(edges[0], edges[1], weekdays)
    one = screen(hours, zone=zone)
    begins = at(f"{day}T00:00+00:00") - timedelta(hours=12)
    found = openings(one, Span(instant_ms(begins), InstantMs(instant_ms(begins) + 48 * HOUR_MS)))
    for local, instant in reached(zone_named(zone), begins, 48 * 60):
        expected = False
        for back in (0, 1):
            opened = local.date() - timedelta(days=back)
            if weekdays and opened.isoweekday() not in weekdays:
                continue
            start = datetime.combine(opened, edges[0])
            end = datetime.combine(opened, edges[1])
            end += timedelta(days=1) if end <= start else timedelta()
            expected |= start <= local < end
        assert any(span.begins <= instant < span.ends for span in found) == expected, (local, found)


def test_gaps_are_what_spans_leave() -> None:
    def spans(*pairs: tuple[int, int]) -> tuple[Span, ...]:
        return tuple(Span(InstantMs(one), InstantMs(other)) for one, other in pairs)

    assert union(spans((5, 9), (1, 3), (3, 4), (8, 12), (20, 20))) == spans((1, 4), (5, 12))
    assert common(spans((1, 4), (5, 12)), spans((2, 6), (11, 20))) == spans((2, 4), (5, 6), (11, 12))
    assert gaps(spans((1, 4), (6, 8)), *spans((0, 10))) == spans((0, 1), (4, 6), (8, 10))
    assert gaps((), *spans((0, 10))) == spans((0, 10))
    assert gaps(spans((0, 10)), *spans((2, 5))) == ()
    assert instant_ms(datetime(1970, 1, 1, tzinfo=UTC)) == 0
