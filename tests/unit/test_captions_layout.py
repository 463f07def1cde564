"""Size and lines of captions, measured by counting characters: one is 10 wide and a line 20 high."""

from player.stage.captions_layout import LINES, SCALES, SMALLEST, Fitted, Paragraph, fit


def measure(text: str, rank: int) -> float:
    return len(text.replace("\u200b", "")) * (10 if rank == 0 else 7)


def line_height(_text: str, rank: int) -> float:
    return 20 if rank == 0 else 15


def fitted(*texts: str, width: float = 200, height: float = 200) -> Fitted:
    paragraphs = [Paragraph(min(rank, 1), text) for rank, text in enumerate(texts)]
    return fit(paragraphs, width, height, measure, line_height)


def lines(*texts: str, width: float = 200, height: float = 200) -> list[str]:
    return [line for _, line in fitted(*texts, width=width, height=height).lines]


def test_what_fits_is_left_as_the_author_wrote_it() -> None:
    assert fitted("một hai\nba", "bốn") == Fitted(1.0, ((0, "một hai"), (0, "ba"), (1, "bốn")))


def test_lines_are_nearly_of_one_length() -> None:
    assert lines("một hai ba bốn năm sáu") == ["một hai ba", "bốn năm sáu"]


def test_the_authors_lines_are_run_together_when_one_is_too_long() -> None:
    assert lines("một hai ba bốn năm sáu\nbảy") == ["một hai ba bốn", "năm sáu bảy"]


def test_lines_of_a_dialogue_are_not() -> None:
    """Although it costs a third line, smaller."""
    made = fitted("- Bạn có khỏe không, lâu rồi không gặp?\n- Khỏe.")
    assert made.scale == SCALES[-1]
    assert made.lines[-1] == (0, "- Khỏe.")
    assert len(made.lines) == 3


def test_letters_shrink_before_a_third_line_comes() -> None:
    made = fitted("một hai ba bốn năm sáu bảy tám chín mười")
    assert SCALES[-1] <= made.scale < 1
    assert len(made.lines) == LINES


def test_one_language_shrinks_with_the_other() -> None:
    """Or their letters would not keep their proportion."""
    assert fitted("một", "one two three four five six seven eight nine ten eleven twelve").scale < 1


def test_a_third_line_comes_at_the_smallest_usual_size() -> None:
    made = fitted("một hai ba bốn năm sáu bảy tám chín mười một hai ba bốn năm sáu")
    assert made.scale == SCALES[-1]
    assert len(made.lines) == 3


def test_then_everything_shrinks_to_the_height() -> None:
    made = fitted("một hai ba " * 60)
    assert SMALLEST < made.scale < SCALES[-1]
    assert len(made.lines) * 20 * made.scale <= 200


def test_the_rest_of_what_never_fits_is_an_ellipsis() -> None:
    """Taken from the language with most lines; the other keeps its own."""
    made = fitted("một hai ba " * 400, "one")
    assert made.scale == SMALLEST
    assert made.lines[-1] == (1, "one")
    assert made.lines[-2][1].endswith("…")
    assert sum(line_height(text, rank) for rank, text in made.lines) * made.scale <= 200


def test_one_line_is_always_left() -> None:
    assert len(lines("một hai ba " * 400, height=1)) == 1


def test_the_first_line_of_a_language_left_off_whole_gets_no_ellipsis() -> None:
    """Two languages of one line each in a height for one: the second goes, the first is whole."""
    assert lines("một", "one", height=7) == ["một"]


def test_phrases_stay_whole_where_that_costs_no_line() -> None:
    """Spaces part phrases in Lao and Khmer, U+200B words."""
    assert lines("aaaa\u200bbbbb\u200bcccc ddddd\u200beee") == ["aaaabbbbcccc", "dddddeee"]


def test_phrases_are_parted_where_they_cost_a_line() -> None:
    made = lines("aaaa\u200bbbbb ccccc\u200bddddd\u200beeeee\u200bff", width=160)
    assert len(made) == LINES
    assert made[0].startswith("aaaa\u200bbbbb ccccc")


def test_a_word_is_not_cut_to_make_lines_even() -> None:
    assert lines("một https://bo-y.vn/x") == ["một", "https://bo-y.vn/x"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert "".join(lines("x" * 50)) == "x" * 50
