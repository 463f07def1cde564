"""The shipped fonts hold, and really draw, every letter the gates' languages need."""

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QRawFont, QTextLayout

from player import fonts
from player.fonts import FACES, Face, Script, family_of, script_of_language, script_runs

_LETTERS_OF_VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHORT_VOWELS_AND_C = ("c̆", "ĕ", "ê̆", "ĭ", "ŏ", "ô̆", "ơ̆", "ŭ", "ư̆", "ñ", "č", "ƀ")
_PUNCTUATION = "0123456789.,:;!?%&/()-–—…‘’“”«»×₫°"  # noqa: RUF001 - the very signs that must not be confused


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> Iterator[None]:
    application = QGuiApplication.instance() or QGuiApplication(["test", "-platform", "offscreen"])
    for face in FACES:
        assert QFontDatabase.addApplicationFont(str(face.path)) >= 0
    yield
    del application


def _vietnamese() -> list[str]:
    toned = [letter + tone for letter in "aăâeêioôơuưy" for tone in ("", *_TONES)]
    lower = [*_LETTERS_OF_VIETNAMESE, *toned, *_SHORT_VOWELS_AND_C]
    return [unicodedata.normalize("NFC", text) for pair in lower for text in (pair, pair.upper())]


def _block(first: int, last: int) -> list[str]:
    return [chr(code) for code in range(first, last + 1) if unicodedata.category(chr(code)) != "Cn"]


# The letters Lao borrows for Sanskrit and Pali, and the lunar dates of Khmer, are in no sentence of a border gate: what
# the fonts hold of them is not asked.
_NEEDED = {
    Script.LATIN: [*_vietnamese(), *_PUNCTUATION],
    Script.LAO: [
        text for text in _block(0x0E81, 0x0EDF) if not {"PALI", "SANSKRIT"} & set(unicodedata.name(text).split())
    ],
    Script.KHMER: _block(0x1780, 0x17DD) + _block(0x17E0, 0x17E9),
}


@pytest.mark.parametrize("face", FACES, ids=[face.path.stem for face in FACES])
def test_every_needed_letter_has_a_glyph(face: Face) -> None:
    font = QRawFont(str(face.path), 32.0)
    missing = [
        f"U+{ord(character):04X}"
        for text in _NEEDED[face.script]
        for character in text
        if not font.supportsCharacter(ord(character))
    ]
    assert missing == []


@pytest.mark.parametrize("face", FACES, ids=[face.path.stem for face in FACES])
def test_every_font_holds_what_holds_lines_together(face: Face) -> None:
    font = QRawFont(str(face.path), 32.0)
    assert [code for code in (0x20, 0xA0, 0x200B) if not font.supportsCharacter(code)] == []


@pytest.mark.parametrize("face", FACES, ids=[face.path.stem for face in FACES])
def test_family_and_weight_are_what_the_file_says(face: Face) -> None:
    font = QRawFont(str(face.path), 32.0)
    assert font.familyName() == face.family
    assert (font.weight() >= QFont.Weight.Bold.value) is face.bold


def _drawn(text: str, script: Script) -> tuple[set[str], list[int], float]:
    """Return the families used, the glyph numbers, and the ink width in pixels of `text` shaped at 64 px."""
    font = QFont(family_of(script))
    font.setPixelSize(64)
    layout = QTextLayout(text, font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    numbers = [number for run in runs for number in run.glyphIndexes()]
    return {run.rawFont().familyName() for run in runs}, numbers, line.naturalTextWidth()


@pytest.mark.parametrize("text", ["c̆", "ê̆", "ô̆", "ơ̆", "ư̆", "C̆", "Ê̆", "Ô̆", "Ơ̆", "Ư̆"])
def test_breve_sits_on_its_letter(text: str) -> None:
    families, numbers, width = _drawn(text, Script.LATIN)
    assert families == {"Noto Sans"}
    assert 0 not in numbers
    assert width == pytest.approx(_drawn(text[0], Script.LATIN)[2], abs=1)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Chào mừng quý khách đến cửa khẩu quốc tế Bờ Y", Script.LATIN),
        ("ຍິນດີຕ້ອນຮັບ ນ້ຳ ຊຶ່ງ ເທື່ອ ກໍ່", Script.LAO),
        ("ស្វាគមន៍ ព្រំដែន ស្ត្រី មិត្តភាព", Script.KHMER),
    ],
)
def test_a_sentence_is_shaped_by_its_own_font_alone(text: str, script: Script) -> None:
    families, numbers, _ = _drawn(text, script)
    assert families == {family_of(script)}
    assert 0 not in numbers


def test_khmer_subscripts_are_joined() -> None:
    # Coeng and the letter after it become one glyph below; three glyphs side by side would mean no shaping at all.
    assert len(_drawn("ស្ត", Script.KHMER)[1]) == 2
    assert _drawn("ស្ត", Script.KHMER)[2] == pytest.approx(_drawn("ស", Script.KHMER)[2], abs=1)


def test_every_script_has_both_weights() -> None:
    assert sorted((face.script, face.bold) for face in FACES) == sorted(itertools.product(Script, (True, False)))


def test_the_notice_names_every_file_with_its_digest() -> None:
    folder = Path(fonts.__file__).parent
    notice = {
        name: digest
        for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", (folder / "NOTICE").read_text("utf-8"), re.MULTILINE)
    }
    assert notice == {face.path.name: hashlib.sha256(face.path.read_bytes()).hexdigest() for face in FACES}
    assert {path.name for path in folder.glob("*.ttf")} == set(notice)
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("tag", "script"),
    [
        ("vi", Script.LATIN),
        ("en", Script.LATIN),
        ("lo", Script.LAO),
        ("km-KH", Script.KHMER),
        ("jra", Script.LATIN),
        ("jra-Khmr", Script.KHMER),
        ("jra-Latn", Script.LATIN),
        ("lo-Latn", Script.LATIN),
    ],
)
def test_script_of_language(tag: str, script: Script) -> None:
    assert script_of_language(tag) is script


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", ()),
        ("Bờ Y", ((Script.LATIN, "Bờ Y"),)),
        ("ດ່ານ ສາກົນ", ((Script.LAO, "ດ່ານ ສາກົນ"),)),
        ("ດ່ານ 40B ລາວ", ((Script.LAO, "ດ່ານ "), (Script.LATIN, "40B "), (Script.LAO, "ລາວ"))),
        ("\u200bកម្ពុជា!", ((Script.KHMER, "\u200bកម្ពុជា"), (Script.LATIN, "!"))),
        ("  ", ((Script.LATIN, "  "),)),
        ("c\u0306", ((Script.LATIN, "c\u0306"),)),
        ("᧠", ((Script.KHMER, "᧠"),)),
    ],
)
def test_script_runs(text: str, runs: tuple[tuple[Script, str], ...]) -> None:
    assert script_runs(text) == runs


@given(st.text(alphabet=st.sampled_from("aư̆1 \u200bກໍ່ຫកម្ពុ។ -\u00a0")))
def test_runs_lose_nothing_and_alternate(text: str) -> None:
    runs = script_runs(text)
    assert "".join(part for _, part in runs) == text
    assert all(before[0] is not after[0] for before, after in itertools.pairwise(runs))
