"""A ticker's texts in pieces, and its even movement."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.ticker import PIECE_CHARACTERS, Motion, Pace, Piece, Separator, pace_of, pieces, rank_of
from playlists.line_breaks import ZERO_WIDTH_SPACE, grapheme_clusters
from playlists.playlist import TickerText
from playlists.timing import MonotonicNs

VI = "Cửa khẩu quốc tế Bờ Y mở cửa từ 7 giờ đến 19 giờ hằng ngày"
# The Lao and Khmer words come from the demo; no native has read them.
LO = "ຍິນດີຕ້ອນຮັບສູ່ດ່ານຊາຍແດນສາກົນໂບອີ"
KM = "សូមស្វាគមន៍មកកាន់ច្រកព្រំដែនអន្តរជាតិ"
NS = 1_000_000_000

texts = st.lists(
    st.builds(
        TickerText,
        st.sampled_from(["vi", "lo", "km", "en", "jra-Latn"]),
        st.text(alphabet=st.sampled_from(VI + LO + KM + "c\u0306 \u200b"), max_size=80),
    ),
    max_size=4,
)


@given(texts)
def test_the_pieces_joined_are_the_texts(given_texts: list[TickerText]) -> None:
    said = "".join("\n" if isinstance(piece, Separator) else piece.text for piece in pieces(given_texts))
    wanted = [" ".join(text.text.split()).replace(ZERO_WIDTH_SPACE, "") for text in given_texts]
    normal = [unicodedata.normalize("NFC", text) for text in wanted]
    assert [line for line in said.split("\n") if line.strip()] == [line for line in normal if line.strip()]


@given(texts)
def test_a_piece_is_short_and_never_begins_within_a_character(given_texts: list[TickerText]) -> None:
    for before, piece in pairwise(pieces(given_texts)):
        if isinstance(piece, Piece):
            assert len(piece.text) <= PIECE_CHARACTERS or len(grapheme_clusters(piece.text)) == 1
            if isinstance(before, Piece):
                assert grapheme_clusters(before.text + piece.text)[-1:] == grapheme_clusters(piece.text)[-1:]


def test_every_text_is_followed_by_a_separator_and_an_empty_one_left_out() -> None:
    found = list(pieces([TickerText("vi", "Bờ Y"), TickerText("lo", " \n "), TickerText("en", "Open\nnow")]))
    assert found == [Piece("Bờ Y", 0), Separator(), Piece("Open now", 1), Separator()]
    assert list(pieces([])) == []


def test_only_the_languages_of_other_countries_are_smaller() -> None:
    assert [rank_of(tag) for tag in ("vi", "jra-Latn", "brb", "lo", "km", "en-GB", "EN")] == [0, 0, 0, 1, 1, 1, 1]


def test_lao_and_khmer_are_cut_between_words_only() -> None:
    for language, line in (("lo", LO), ("km", KM)):
        cut = [piece.text for piece in pieces([TickerText(language, line)]) if isinstance(piece, Piece)]
        assert "".join(cut) == line
        assert len(cut) > 1
    assert "ຊາຍແດນ" in "|".join(piece.text for piece in pieces([TickerText("lo", LO)]) if isinstance(piece, Piece))


@pytest.mark.parametrize(
    ("wished", "rate", "pace"),
    [
        (118.0, 60.0, Pace(2, 1, 60.0)),
        (170.0, 60.0, Pace(3, 1, 60.0)),
        (60.0, 60.0, Pace(1, 1, 60.0)),
        (31.0, 60.0, Pace(1, 2, 60.0)),
        (0.0, 60.0, Pace(1, 60, 60.0)),
        (118.0, 50.0, Pace(2, 1, 50.0)),
    ],
)
def test_the_pace_is_the_nearest_even_one(wished: float, rate: float, pace: Pace) -> None:
    assert pace_of(wished, rate) == pace


@given(st.integers(0, 10**13), st.floats(20, 4000), st.sampled_from([50.0, 59.94, 60.0, 75.0, 144.0]))
def test_every_step_is_of_the_same_size_and_comes_when_it_was_announced(since: int, wished: float, rate: float) -> None:
    motion = Motion(pace_of(wished, rate), MonotonicNs(since))
    now = motion.since
    for _ in range(40):
        announced = motion.next_step(now)
        assert announced > now
        assert motion.at(MonotonicNs(announced - 2)) == motion.at(now)
        assert motion.at(announced) == motion.at(now) + motion.pace.pixels
        now = announced


@given(st.integers(0, 3600 * NS))
def test_the_place_follows_the_clock_whatever_steps_were_missed(passed: int) -> None:
    motion = Motion(Pace(2, 1, 60.0), MonotonicNs(7))
    assert abs(motion.at(MonotonicNs(7 + passed)) - passed * 120 / NS) <= 2


def test_a_paused_ticker_stands_and_goes_on_from_there() -> None:
    motion = Motion(Pace(2, 1, 60.0), MonotonicNs(0))
    stopped = motion.stopped(MonotonicNs(NS))
    assert stopped.at(MonotonicNs(9 * NS)) == 120
    again = stopped.going(MonotonicNs(9 * NS))
    assert again.at(MonotonicNs(10 * NS)) == 240
    assert again.going(MonotonicNs(11 * NS)) is again
    assert again.held_at(5, MonotonicNs(9 * NS)).at(MonotonicNs(10 * NS)) == 125
