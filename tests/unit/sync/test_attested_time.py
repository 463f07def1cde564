from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.trust.attested_time import (
    BELIEVABLE,
    PROGRAM_TIME,
    AttestedTime,
    KnownTime,
    attested,
    learned_from_clock,
    learned_from_signature,
)

HOUR_NS = 3_600_000_000_000
KNOWN = datetime(2027, 3, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@dataclass(frozen=True)
class Seen:
    wall: datetime
    boot: str = "b"
    boot_ns: int = 5 * HOUR_NS
    synchronised: bool = False


def test_a_clock_of_1970_counts_on_from_what_is_known() -> None:
    known = KnownTime(KNOWN, "b", 2 * HOUR_NS)
    assert attested(Seen(datetime(1970, 1, 1, tzinfo=UTC)), known) == AttestedTime(
        KNOWN + timedelta(hours=3), synchronised=False, clock_believed=False
    )


def test_in_another_boot_only_the_time_since_it_began_is_counted() -> None:
    known = KnownTime(KNOWN, "before", 900 * HOUR_NS)
    assert attested(Seen(datetime(1970, 1, 1, tzinfo=UTC)), known).at == KNOWN + timedelta(hours=5)


def test_nothing_is_counted_where_it_was_not_seen_when_it_became_known() -> None:
    assert attested(Seen(datetime(1970, 1, 1, tzinfo=UTC)), KnownTime(KNOWN)).at == KNOWN


def test_a_clock_of_2090_is_not_believed() -> None:
    found = attested(Seen(datetime(2090, 1, 1, tzinfo=UTC)), KnownTime(KNOWN, "b", 5 * HOUR_NS))
    assert found == AttestedTime(KNOWN, synchronised=False, clock_believed=False)


def test_a_clock_between_what_is_known_and_five_years_later_is_believed() -> None:
    wall = KNOWN + timedelta(days=400)
    assert attested(Seen(wall), KnownTime(KNOWN)) == AttestedTime(wall, synchronised=False, clock_believed=True)
    assert attested(Seen(KNOWN + BELIEVABLE), KnownTime(KNOWN)).clock_believed
    assert not attested(Seen(KNOWN + BELIEVABLE + timedelta(seconds=1)), KnownTime(KNOWN)).clock_believed
    assert not attested(Seen(KNOWN - timedelta(seconds=1)), KnownTime(KNOWN)).clock_believed


def test_a_clock_behind_what_the_boot_clock_counted_is_not_believed() -> None:
    known = KnownTime(KNOWN, "b", 0)
    assert attested(Seen(KNOWN + timedelta(hours=1)), known).at == KNOWN + timedelta(hours=5)


def test_a_synchronised_clock_is_believed_years_ahead() -> None:
    wall = KNOWN + timedelta(days=9 * 365)
    found = attested(Seen(wall, synchronised=True), KnownTime(KNOWN))
    assert found == AttestedTime(wall, synchronised=True, clock_believed=True)


def test_a_synchronised_clock_a_little_behind_a_signed_time_is_synchronised_all_the_same() -> None:
    found = attested(Seen(KNOWN - timedelta(minutes=3), synchronised=True), KnownTime(KNOWN))
    assert found == AttestedTime(KNOWN, synchronised=True, clock_believed=True)


def test_a_synchronised_clock_far_behind_a_signed_time_is_not_believed() -> None:
    found = attested(Seen(KNOWN - timedelta(days=2), synchronised=True), KnownTime(KNOWN))
    assert found == AttestedTime(KNOWN, synchronised=False, clock_believed=False)


def test_a_signed_time_becomes_known_only_where_it_is_later() -> None:
    now = Seen(KNOWN)
    assert learned_from_signature(KnownTime(), KNOWN, now) == KnownTime(KNOWN, "b", 5 * HOUR_NS)
    assert learned_from_signature(KnownTime(), KNOWN, None) == KnownTime(KNOWN)
    known = KnownTime(KNOWN)
    assert learned_from_signature(known, KNOWN - timedelta(days=1), now) is known


def test_an_unsynchronised_clock_never_becomes_known() -> None:
    known = KnownTime(KNOWN)
    assert learned_from_clock(known, Seen(KNOWN + timedelta(days=3))) is known


def test_a_synchronised_clock_becomes_known_by_the_hour_and_never_decades_at_once() -> None:
    known = KnownTime(KNOWN)
    wall = KNOWN + timedelta(hours=1)
    assert learned_from_clock(known, Seen(wall, synchronised=True)) == KnownTime(wall, "b", 5 * HOUR_NS)
    assert learned_from_clock(known, Seen(wall - timedelta(seconds=1), synchronised=True)) is known
    assert learned_from_clock(known, Seen(datetime(2090, 1, 1, tzinfo=UTC), synchronised=True)) is known


@given(wall=MOMENTS, known=MOMENTS, uptime=st.integers(0, 10**17), flags=st.tuples(st.booleans(), st.booleans()))
def test_no_clock_leads_before_what_is_known(
    wall: datetime, known: datetime, uptime: int, flags: tuple[bool, bool]
) -> None:
    synchronised, same = flags
    seen = Seen(wall, boot_ns=uptime, synchronised=synchronised)
    found = attested(seen, KnownTime(known, "b" if same else "before", uptime // 2))
    assert found.at >= known
    if not synchronised:
        assert found.at <= known + timedelta(microseconds=uptime // 1000) + BELIEVABLE


def test_the_first_time_known_is_the_programs_own() -> None:
    assert attested(Seen(datetime(1970, 1, 1, tzinfo=UTC)), KnownTime()).at == PROGRAM_TIME
