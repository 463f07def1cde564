from datetime import UTC, datetime, timedelta

import pytest
from tuf.api.metadata import Timestamp

from sync.publication import CONFIRMED, ISSUED
from sync.refusals import RefusalError
from sync.trust.roles import ONLINE_HORIZON, STICK_LIFE, TIMESTAMP_LIFE
from sync.trust.timestamp_life import check_life, confirmed, issued

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def timestamp(life: timedelta, begins: datetime = NOW, said: object = None) -> Timestamp:
    return Timestamp(expires=begins + life, unrecognized_fields={ISSUED: begins.isoformat(), CONFIRMED: said})


def test_a_daily_timestamp_may_be_taken() -> None:
    check_life(timestamp(TIMESTAMP_LIFE), NOW, ONLINE_HORIZON, synchronised=True)


def test_a_sticks_is_refused_online_whatever_the_clock_shows() -> None:
    for at in (datetime(1970, 1, 1, tzinfo=UTC), NOW, datetime(2090, 1, 1, tzinfo=UTC)):
        with pytest.raises(RefusalError) as refused:
            check_life(timestamp(STICK_LIFE), at, ONLINE_HORIZON, synchronised=False)
        assert refused.value.code == "too-far-ahead"


def test_a_sticks_may_be_taken_from_a_stick() -> None:
    check_life(timestamp(STICK_LIFE), NOW, None, synchronised=True)


def test_a_timestamp_signed_in_the_future_is_refused_where_the_time_is_sure() -> None:
    ahead = timestamp(TIMESTAMP_LIFE, NOW + timedelta(days=2))
    with pytest.raises(RefusalError) as refused:
        check_life(ahead, NOW, ONLINE_HORIZON, synchronised=True)
    assert refused.value.code == "too-far-ahead"
    check_life(ahead, NOW, ONLINE_HORIZON, synchronised=False)


@pytest.mark.parametrize(
    "said",
    [
        *(None, 5, "soon", "2027-03-01T00:00:00", (NOW + timedelta(days=30)).isoformat()),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1" * 5000),
    ],
)
def test_a_timestamp_that_does_not_say_when_it_was_signed_is_refused(said: object) -> None:
    content = Timestamp(expires=NOW + TIMESTAMP_LIFE, unrecognized_fields={ISSUED: said})
    with pytest.raises(RefusalError) as refused:
        issued(content)
    assert refused.value.code == "malformed"
    with pytest.raises(RefusalError):
        check_life(content, NOW, None, synchronised=False)


def test_the_last_day_of_the_calendar_is_as_good_as_any() -> None:
    last = timestamp(timedelta(hours=1), datetime(9999, 12, 31, 22, tzinfo=UTC))
    check_life(last, NOW, ONLINE_HORIZON, synchronised=False)


@pytest.mark.parametrize(
    ("said", "read"), [([3, 5], (3, 5)), ([], ()), (None, ()), ("3", ()), ([3, "4", True, 5.5], (3,))]
)
def test_confirmed_sequences_are_numbers(said: object, read: tuple[int, ...]) -> None:
    assert confirmed(timestamp(TIMESTAMP_LIFE, said=said)) == read
