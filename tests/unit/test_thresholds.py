"""The dated table of figures: what holds when, and rows that are none."""

from dataclasses import fields
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.screen import VolumeStep
from playlists.thresholds import BUILT_IN, Threshold, ThresholdError, Thresholds, Value, in_force, threshold_names

FIRST = date(2024, 1, 1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def row(value: Value, begins: date = FIRST, name: str = "contrast") -> Threshold:
    return Threshold(name, begins, value, "thử", "test")


def test_the_figures_of_the_sheet() -> None:
    now = in_force(date(2026, 11, 24))
    assert (now.foreign_letters, now.contrast, now.contrast_large, now.flashes_hz) == (0.75, 4.5, 3, 3)
    assert (now.approvals, now.urgent_approvals, now.flag_aspect, now.issuers) == (1, 2, 1.5, ())
    assert now.volume_limits == (VolumeStep(time(6), 100), VolumeStep(time(21), 0))


def test_every_threshold_has_one_row_of_its_own_with_a_source() -> None:
    assert [one.name for one in BUILT_IN] == list(threshold_names()) == [one.name for one in fields(Thresholds)]
    assert all(one.source_vi and one.source_en for one in BUILT_IN)


def test_no_source_claims_a_clause_that_nobody_gave() -> None:
    assert [one for one in BUILT_IN if any(sign.isdigit() for sign in one.source_en.replace("2025", ""))] == []


def test_a_later_row_supersedes_from_its_day_on() -> None:
    rows = [row(7.0, date(2027, 1, 1)), row(6.0, date(2026, 1, 1))]
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [in_force(day, rows).contrast for day in days] == [4.5, 6, 6, 7]


def test_of_two_rows_of_one_day_configuration_s_holds() -> None:
    assert in_force(FIRST, [row(5.0), row(6.0)]).contrast == 6


def test_before_the_first_day_the_first_row_holds() -> None:
    assert in_force(date(1970, 1, 1)) == in_force(FIRST)
    assert in_force(date(1970, 1, 1), [row(9.0, date(1980, 1, 1))]).contrast == 9


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contrasts", 4.5),
        ("contrast", "4.5"),
        ("contrast", True),
        ("issuers", "Sở A"),
        ("issuers", (1,)),
        ("volume_limits", 50),
        ("volume_limits", ()),
        ("volume_limits", ("06:00",)),
    ],
)
def test_a_row_that_is_none_is_refused(name: str, value: Value) -> None:
    with pytest.raises(ThresholdError, match=f"“{name}”"):
        in_force(FIRST, [row(value, name=name)])


def test_rows_of_every_kind_are_taken() -> None:
    steps = (VolumeStep(time(5), 30),)
    now = in_force(FIRST, [row(("Sở A",), name="issuers"), row(steps, name="volume_limits"), row(2, name="approvals")])
    assert (now.issuers, now.volume_limits, now.approvals) == (("Sở A",), steps, 2)


@given(st.lists(st.tuples(DAYS, st.floats(1, 21)), max_size=6), DAYS)
def test_the_newest_row_that_has_begun_holds(rows: list[tuple[date, float]], day: date) -> None:
    found = in_force(day, [row(value, begins) for begins, value in rows]).contrast
    begun = [(FIRST, -1, 4.5), *((begins, place, value) for place, (begins, value) in enumerate(rows))]
    newest = [one for one in begun if one[0] <= day] or [min(begun, key=lambda one: one[0])]
    assert found == max(newest, key=lambda one: one[:2])[2]
    # Nothing that begins later matters.
    later = [*rows, (day + timedelta(days=1), 1.0)]
    if any(begins <= day for begins, *_ in begun):
        assert in_force(day, [row(value, begins) for begins, value in later]).contrast == found
