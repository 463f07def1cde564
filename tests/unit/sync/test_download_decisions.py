"""What a download decides: whether to ask again, whether a body has dried up, where a redirect may lead."""

from hashlib import sha256

import pytest

from sync.agent.download import Persistence
from sync.agent.http_session import Flow, Patience
from sync.agent.media_store import Space
from sync.agent.part_file import Cut
from sync.agent.ports import SourceError
from sync.agent.requests_source import redirected, retry_seconds
from sync.pieces import PIECE_BYTES, read_pieces, write_pieces

DATE = "Tue, 24 Nov 2026 07:28:00 GMT"


def test_a_source_that_gives_something_each_time_is_asked_again() -> None:
    persistence: Persistence | None = Persistence()
    for _ in range(100):
        assert persistence is not None
        persistence = persistence.after(100_000, 9.0)
    assert persistence == Persistence()


def test_a_source_that_gives_nothing_is_asked_once_more_after_a_while() -> None:
    once = Persistence().after(0, 0.1)
    assert once is not None
    assert once.pause > 0
    assert once.after(5000, 0.1) is None


def test_a_source_that_takes_long_to_give_nothing_is_not_asked_again() -> None:
    assert Persistence().after(0, 15.0) is None


def test_a_trickle_is_no_flow() -> None:
    flow = Flow(Patience(window=25, floor=512))
    for _ in range(24):
        flow = flow.after(1.0, 10)
    with pytest.raises(SourceError, match="250 bytes came in 25 s"):
        flow.after(1.0, 10)


def test_a_slow_link_is_one() -> None:
    flow = Flow(Patience(window=25, floor=512))
    for _ in range(100):
        flow = flow.after(1.0, 600)


def test_patience_stays_below_a_minute() -> None:
    patience = Patience()
    assert patience.connect + 2 * patience.silence + 5 < 60
    assert patience.silence + patience.window < 60


@pytest.mark.parametrize(
    ("address", "location", "there"),
    [
        ("https://hub/feed/a", "/other/a", "https://hub/other/a"),
        ("https://hub/feed/a", "https://cdn/a", "https://cdn/a"),
        ("http://hub/feed/a", "https://hub/feed/a", "https://hub/feed/a"),
        ("http://hub/feed/a", "b", "http://hub/feed/b"),
    ],
)
def test_redirects_that_are_followed(address: str, location: str, there: str) -> None:
    assert redirected("a", address, location) == there


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("https://hub/feed/a", "http://hub/feed/a"),
        ("https://hub/feed/a", "//user:word@cdn/a"),
        ("http://hub/feed/a", "http://portal/login"),
        ("http://hub/feed/a", "http://hub:81/feed/a"),
        ("https://hub/feed/a", "file:///etc/passwd"),
        ("https://hub/feed/a", "ftp://hub/a"),
        ("https://hub/feed/a", ""),
    ],
)
def test_redirects_that_are_not(address: str, location: str) -> None:
    with pytest.raises(SourceError, match="not followed"):
        redirected("a", address, location)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", "", 120.0),
        ("0", "", 0.0),
        ("999999999", "", 3600.0),
        ("Tue, 24 Nov 2026 07:30:00 GMT", DATE, 120.0),
        ("Tue, 24 Nov 2026 07:00:00 GMT", DATE, 0.0),
        ("Tue, 24 Nov 2099 07:00:00 GMT", DATE, 3600.0),
        ("Tue, 24 Nov 2026 07:30:00 GMT", "", None),
        ("Tue, 24 Nov 2026 07:30:00 -0000", DATE, None),
        ("soon", DATE, None),
        ("-5", DATE, None),
        ("", "", None),
    ],
)
def test_how_long_a_busy_server_is_left_alone(value: str, date: str, seconds: float | None) -> None:
    assert retry_seconds(value, date) == seconds


def test_a_file_without_a_piece_list_is_one_piece() -> None:
    cut = Cut.of(sha256(b"abc").hexdigest(), 3, None)
    assert cut.digests == (sha256(b"abc").digest(),)
    assert cut.bounds(cut.number(2)) == (0, 3)
    assert Cut.of(sha256(b"").hexdigest(), 0, None).digests == ()


def test_a_piece_list_cuts_at_its_pieces() -> None:
    content = bytes(PIECE_BYTES + 5)
    cut = Cut.of("00" * 32, len(content), read_pieces(write_pieces([content]), len(content)))
    assert [cut.bounds(number) for number in range(2)] == [(0, PIECE_BYTES), (PIECE_BYTES, PIECE_BYTES + 5)]


def test_the_floor_stays_free() -> None:
    space = Space(free=1_000_000_000, total=8_000_000_000, floor=600_000_000)
    assert space.has_room(400_000_000)
    assert not space.has_room(400_000_001)
    refusal = space.refusal(500_000_000)
    assert refusal.fields == {"needed": "500", "free": "1000", "floor": "600", "total": "8000"}
