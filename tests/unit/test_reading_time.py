"""How long a bulletin stands when nobody says so."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.line_breaks import ZERO_WIDTH_SPACE, with_breaks
from playlists.reading_time import LEAST, PICTURE, SETTLING, page_times, reading_time, text_time
from playlists.timing import DurationMs

VI = "Chào mừng quý khách đến cửa khẩu quốc tế Bờ Y."
# The Lao and Khmer sentences of the demo content: no native has read them.
LO = "ຍິນດີຕ້ອນຮັບທ່ານສູ່ດ່ານສາກົນເບີອີ"
KM = "បង្គោលព្រំដែនមួយ ប្រទេសបី"

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcđơưẫ ,.\n\u200b\u0306e\u0302"),
        st.characters(min_codepoint=0x0E81, max_codepoint=0x0EDF),
        st.characters(min_codepoint=0x1780, max_codepoint=0x17DD),
    ),
    max_size=60,
)
LANGUAGES = st.sampled_from(["vi", "lo", "km", "en", "jra"])
PAGES = st.lists(st.lists(st.tuples(LANGUAGES, TEXTS), max_size=3), min_size=1, max_size=8)


def bulletin(*texts: tuple[str, str], **more: object) -> Bulletin:
    return Bulletin(tuple(BulletinText(language, text) for language, text in texts), **more)  # type: ignore[arg-type] # one helper for all fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        (VI, 4381),  # 46 letters at 630 a minute
        (unicodedata.normalize("NFD", VI), 4381),
        (LO, 2276),  # 22 clusters at 580 a minute
        (KM, 1345),
        ("c\u0306ê\u0306ơ\u0306", 286),  # three letters of Jarai
    ],
)
def test_a_text_takes_the_time_of_its_letters(text: str, expected: int) -> None:
    assert text_time(text) == expected


def test_breaks_and_line_feeds_cost_nothing() -> None:
    assert ZERO_WIDTH_SPACE in with_breaks(LO)
    assert text_time(with_breaks(LO)) == text_time(LO)
    assert text_time(VI.replace(" ", "\n\n")) == text_time(VI)


def test_the_slowest_language_decides_and_not_the_sum() -> None:
    alone = reading_time(bulletin(("vi", VI * 4)))
    assert alone == 21_000
    assert reading_time(bulletin(("vi", VI * 4), ("lo", LO), ("en", "Welcome"))) == alone
    assert reading_time(bulletin(("lo", LO), ("vi", VI * 4))) == alone
    assert reading_time(bulletin(("vi", VI * 2), ("vi", VI * 2))) == pytest.approx(alone, abs=1000)


def test_a_short_or_wordless_bulletin_still_stands_for_a_while() -> None:
    assert reading_time(Bulletin(())) == LEAST
    assert reading_time(bulletin(("vi", "Mở cửa"))) == LEAST


def test_what_else_there_is_to_see_takes_its_time() -> None:
    plain = reading_time(bulletin(("vi", VI * 3)))
    assert reading_time(bulletin(("vi", VI * 3), picture="a.png")) == plain + PICTURE
    assert reading_time(bulletin(("vi", VI * 3), picture="a.png", link="https://example.vn")) == plain + 2 * PICTURE
    assert reading_time(bulletin(("vi", VI * 3), issuer="Đồn Biên phòng cửa khẩu quốc tế Bờ Y")) > plain
    hour = datetime(2026, 11, 24, 8, tzinfo=UTC)
    urgency = Urgency("Đồn Biên phòng cửa khẩu quốc tế Bờ Y", "Toàn khu vực cửa khẩu", hour, hour)
    assert reading_time(bulletin(("vi", VI * 3), urgency=urgency)) > plain


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_more_text_never_takes_less_time(first: str, second: str) -> None:
    assert text_time(f"{first} {second}") >= text_time(first)
    longer = reading_time(bulletin(("vi", first), ("lo", second)))
    assert longer >= reading_time(bulletin(("vi", first)))
    assert longer % 1000 == 0
    assert longer >= SETTLING + max(text_time(first), text_time(second))


@settings(deadline=None)
@given(st.integers(1, 3_600_000), PAGES)
def test_the_pages_share_the_whole_time(total: int, pages: list[list[tuple[str, str]]]) -> None:
    shares = page_times(DurationMs(total), pages)
    assert len(shares) == len(pages)
    assert sum(shares) == total
    assert min(shares) >= 0


def test_a_fuller_page_stands_longer() -> None:
    first, second, third = page_times(DurationMs(30_000), [[("vi", VI * 4)], [("vi", VI), ("lo", LO)], []])
    assert first > 2 * second > third > 0
    assert page_times(DurationMs(30_000), [[("vi", VI)], [("vi", VI)], [("vi", VI)]]) == (10_000, 10_000, 10_000)


def test_no_pages_have_no_shares() -> None:
    assert page_times(DurationMs(30_000), []) == ()
