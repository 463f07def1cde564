"""Where lines of Vietnamese, Lao and Khmer may end."""

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.line_breaks import (
    NEVER_FIRST,
    ZERO_WIDTH_SPACE,
    Script,
    ScriptRun,
    grapheme_clusters,
    script_runs,
    shipped_font_holds,
    unbreakable,
    with_breaks,
    wrap,
)

LATIN, LAO, KHMER = Script.LATIN, Script.LAO, Script.KHMER

MIXED = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x0E80, max_codepoint=0x0EFF),
        st.characters(min_codepoint=0x1780, max_codepoint=0x17FF),
        st.sampled_from("aêơ\u0306 \u200b\n()«».,!?20-\u2014\u200d\ufeff\x00\ud800😀中"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ຍິນດີຕ້ອນຮັບສູ່ດ່ານຊາຍແດນສາກົນ", "ຍິນດີ|ຕ້ອນຮັບ|ສູ່|ດ່ານ|ຊາຍແດນ|ສາກົນ"),
        ("ກະລຸນາປະຕິບັດຕາມກົດລະບຽບຕ່າງໆຂອງດ່ານ", "ກະລຸນາ|ປະຕິບັດຕາມ|ກົດລະບຽບ|ຕ່າງໆ|ຂອງ|ດ່ານ"),
        ("សូមស្វាគមន៍មកកាន់ច្រកព្រំដែនអន្តរជាតិ។", "សូមស្វាគមន៍|មកកាន់|ច្រកព្រំដែន|អន្តរជាតិ។"),
        ("សូមគោរពច្បាប់ផ្សេងៗរបស់កម្ពុជា", "សូម|គោរព|ច្បាប់|ផ្សេងៗ|របស់|កម្ពុជា"),
        ("ទំនិញ។ល។", "ទំនិញ។|ល។"),
        ("(ດີ) Bờ Y, 2024 ດີ", "(ດີ) Bờ Y, 2024 ດີ"),
        ("Chào mừng quý khách", "Chào mừng quý khách"),
        ("", ""),
        ("ຍິນດີຕ້ອນຮັບ\n\nຍິນດີຕ້ອນຮັບ", "ຍິນດີ|ຕ້ອນຮັບ\n\nຍິນດີ|ຕ້ອນຮັບ"),
    ],
)
def test_a_break_stands_between_words(text: str, expected: str) -> None:
    """As ICU's dictionaries have the words; never before a repetition sign or a full stop."""
    assert with_breaks(text).replace(ZERO_WIDTH_SPACE, "|") == expected


def test_what_the_author_marked_stays_as_it_is() -> None:
    """One typed U+200B speaks for its whole run, and for no other run or line."""
    typed = "ຍິນ\u200bດີຕ້ອນຮັບ"
    assert with_breaks(typed) == typed
    assert with_breaks(f"{typed} Bờ Y ຍິນດີຕ້ອນຮັບ\nຍິນດີຕ້ອນຮັບ") == (f"{typed} Bờ Y ຍິນດີ\u200bຕ້ອນຮັບ\nຍິນດີ\u200bຕ້ອນຮັບ")


def test_a_break_typed_outside_the_letters_does_not_count() -> None:
    """A U+200B after the run parts it from the next; the run still needs its own."""
    assert with_breaks("ຍິນດີຕ້ອນຮັບ\u200bBờ Y") == "ຍິນດີ\u200bຕ້ອນຮັບ\u200bBờ Y"


def test_text_becomes_nfc() -> None:
    """Decomposed Vietnamese is composed; Jarai's combinations stay as there is no other form."""
    assert with_breaks("e\u0302\u0301 c\u0306") == "ế c\u0306"


@given(MIXED)
def test_breaks_only_add_and_only_once(text: str) -> None:
    """Nothing of the text is lost, a second pass changes nothing, no cluster is cut, no closing mark begins a part."""
    marked = with_breaks(text)
    assert marked.replace(ZERO_WIDTH_SPACE, "") == unicodedata.normalize("NFC", text).replace(ZERO_WIDTH_SPACE, "")
    assert with_breaks(marked) == marked
    if ZERO_WIDTH_SPACE not in text:
        parts = marked.split(ZERO_WIDTH_SPACE)
        assert not any(part[0] in NEVER_FIRST or unicodedata.category(part[0])[0] == "M" for part in parts[1:])


def test_icu_is_not_loaded_for_vietnamese() -> None:
    """It costs 7 MB, which a player of Vietnamese clips alone should not pay."""
    import subprocess  # noqa: PLC0415 - for this test alone

    code = (
        "import sys; from playlists.line_breaks import with_breaks, wrap;"
        "with_breaks('Chào mừng'); wrap('Chào mừng https://x.example/abcdef', 5, len);"
        "print('icu4py' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("Bờ Y 2024", [("Bờ Y 2024", LATIN)]),
        ("ດີ Bờ Y", [("ດີ ", LAO), ("Bờ Y", LATIN)]),
        ("ດີ, ດີ", [("ດີ", LAO), (", ", LATIN), ("ດີ", LAO)]),
        ("(ខ្មែរ) ២០", [("(ខ្មែរ) ២០", KHMER)]),
        ("(ດີ)", [("(", LATIN), ("ດີ", LAO), (")", LATIN)]),
        ("ខ្មែរ 20", [("ខ្មែរ ", KHMER), ("20", LATIN)]),
        ("ดี中", [("ดี中", LATIN)]),
        ("ລາວខ្មែរ", [("ລາວ", LAO), ("ខ្មែរ", KHMER)]),
        ("ດີ\u0306\u200b", [("ດີ\u0306\u200b", LAO)]),
        (" ៗ᧠", [(" ៗ᧠", KHMER)]),
        ("?!", [("?!", LATIN)]),
    ],
)
def test_runs_of_one_font(text: str, runs: list[tuple[str, Script]]) -> None:
    """Neutral characters join the run before them, where its font holds them."""
    assert script_runs(text) == tuple(ScriptRun(part, script) for part, script in runs)


@given(MIXED)
def test_runs_joined_are_the_text(text: str) -> None:
    """No character is lost, no neighbours have one script, and a common mark begins no run but the first."""
    runs = script_runs(text)
    assert "".join(run.text for run in runs) == text
    assert all(left.script is not right.script for left, right in pairwise(runs))
    assert not any(run.text.startswith(("\u0306", ZERO_WIDTH_SPACE)) for run in runs[1:])


def test_fonts_hold_what_they_hold() -> None:
    """Noto Sans Lao holds a space and no comma."""
    assert shipped_font_holds(LAO, " ")
    assert not shipped_font_holds(LAO, ",")
    assert shipped_font_holds(KHMER, ",")
    assert shipped_font_holds(LATIN, "€")


def test_grapheme_clusters() -> None:
    """A letter with its marks is one; a Khmer stack is one; half a surrogate pair harms nobody."""
    assert grapheme_clusters("c\u0306ê\u0306 ক") == ("c\u0306", "ê\u0306", " ", "ক")
    assert grapheme_clusters("ស្ត្រី") == ("ស្ត្រី",)
    assert grapheme_clusters("abc") == ("a", "b", "c")
    assert grapheme_clusters("é\ud800") == ("é", "\ud800")


@given(MIXED)
def test_grapheme_clusters_joined_are_the_text(text: str) -> None:
    """ICU counts otherwise than Python above U+FFFF; nothing may shift."""
    assert "".join(grapheme_clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("một hai ba", 7, ("một hai", "ba")),
        ("một hai ba", 6, ("một", "hai ba")),
        ("một\u200bhai", 4, ("một", "hai")),
        ("một\u200bhai", 7, ("một\u200bhai",)),
        ("một\u00a0hai ba", 7, ("một\u00a0hai", "ba")),
        ("  một  hai  ", 20, ("một  hai",)),
        ("một\n\nhai", 20, ("một", "", "hai")),
        ("chào bạn !", 8, ("chào", "bạn !")),
        ("ສະບາຍດີ ໆ", 7, ("ສະບາຍ", "ດີ ໆ")),
        ("xem «A b» và", 8, ("xem «A", "b» và")),
        ("abcdefgh", 3, ("abc", "def", "gh")),
        ("x abcdefgh y", 3, ("x", "abc", "def", "gh", "y")),
        ("x abcdefg y", 3, ("x", "abc", "def", "g y")),
        ("ab", 0, ("a", "b")),
        ("", 5, ("",)),
    ],
)
def test_lines_are_filled(text: str, width: int, lines: tuple[str, ...]) -> None:
    """Greedily, at spaces and U+200B only, with the last resort of cutting a word."""
    assert wrap(text, width, len) == lines


def test_a_word_too_wide_is_cut_between_clusters() -> None:
    """Nor is a Lao vowel parted from the consonant it is written before or after."""
    assert wrap("ເດັກແລະ", 3, len) == ("ເດັ", "ກ", "ແລະ")
    assert wrap("c\u0306ê\u0306ô\u0306", 3, len) == ("c\u0306", "ê\u0306", "ô\u0306")


@given(MIXED, st.integers(min_value=0, max_value=30))
def test_wrapping_loses_only_gaps(text: str, width: int) -> None:
    """Every letter comes out in its order, and no line but one of a single cluster is too wide."""

    def bare(string: str) -> str:
        return "".join(character for character in string if character not in " \u200b\n")

    lines = wrap(text, width, len)
    assert bare("".join(lines)) == bare(text)
    assert all(len(line) <= width or unbreakable(line) == (line,) for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Out of tests/golden/line_breaks: ICU takes these words apart.
        ("ບໍ່ສາມາດດາວໂຫລດແອັບ", "ບໍ່|ສາມາດ|ດາວ|ໂຫລດແອັບ"),
        ("ກອງປະຊຸມໃຫຍ່ຈື່ງປະກາດວ່າ:", "ກອງ|ປະຊຸມ|ໃຫຍ່|ຈື່ງປະກາດ|ວ່າ:"),
        ("ដែលត្រូវលើកស្ទួយ", "ដែល|ត្រូវលើកស្ទួយ"),
        ("ពុងរ៉ូមីង អ្នកអាច", "ពុង|រ៉ូមីង អ្នកអាច"),
    ],
)
def test_a_single_consonant_is_never_torn_off(text: str, expected: str) -> None:
    """What ICU's dictionary does not know it may cut within a syllable; a bare consonant is no word."""
    assert with_breaks(text).replace(ZERO_WIDTH_SPACE, "|") == expected
