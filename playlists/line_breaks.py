"""Where a line of text may end: Lao and Khmer by dictionary, everything else at its spaces.

Lao and Khmer put no spaces between words, and neither Qt nor libVLC finds a break inside them. ICU does: a ZERO WIDTH
SPACE (U+200B) at its breaks tells everybody. ICU is loaded with the first Lao or Khmer text, not before: it costs 11 ms
and 7 MB.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

ZERO_WIDTH_SPACE = "\u200b"

NEVER_FIRST = frozenset("ຯໆៗ។៕៖៘៚!%,.:;?…")
"""Characters no line may begin with, beside closing brackets and quotes."""

_GAP = re.compile(r"([ \t\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000]+)")
_LONE_CONSONANT = re.compile("[\u0e81-\u0eae\u0edc-\u0edf\u1780-\u17a2](?: |$)")
_LAO_VOWELS_BEFORE = frozenset("ເແໂໃໄ")
_LAO_VOWELS_AFTER = frozenset("ະາຳ")


class Script(StrEnum):
    """A script with a font of its own; the value is its ISO 15924 code."""

    LATIN = "Latn"
    LAO = "Laoo"
    KHMER = "Khmr"


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """A stretch of text to be drawn with one font."""

    text: str
    script: Script


_LANGUAGE = {Script.LAO: "lo", Script.KHMER: "km"}

# Read off the fonts we ship (a test compares): Noto Sans Lao holds no digit and no comma.
_HELD = {
    Script.LAO: frozenset(" \u00a0\u200b\u200c\u200d₭◌"),
    Script.KHMER: frozenset(" !\"'(),-./:;?\u00a0«\u00ad»\u200b\u200c\u200d\u2010\u2018\u2019“”…◌"),
}


def shipped_font_holds(script: Script, character: str) -> bool:
    """Whether the font shipped for ``script`` holds this space, digit, sign or punctuation mark."""
    return script is Script.LATIN or character in _HELD[script]


def script_runs(text: str, holds: Callable[[Script, str], bool] = shipped_font_holds) -> tuple[ScriptRun, ...]:
    """Cut text into runs of one font each; the runs joined are the text.

    Spaces, digits, signs and punctuation join the run before them (the first ones the run after) where its font
    ``holds`` them, and are Latin elsewhere. A combining mark never leaves its base. Whatever is not Lao or Khmer is
    taken for Latin.
    """
    strong = [_script_of(character) for character in text]
    current = next((script for script in strong if script is not None), Script.LATIN)
    runs: list[ScriptRun] = []
    start = 0
    previous: Script | None = None
    for index, (character, script) in enumerate(zip(text, strong, strict=True)):
        if script is not None:
            current = script
        elif not _joins_always(character) and not holds(current, character):
            current = Script.LATIN
        if previous is not None and current is not previous:
            runs.append(ScriptRun(text[start:index], previous))
            start = index
        previous = current
    if previous is not None:
        runs.append(ScriptRun(text[start:], previous))
    return tuple(runs)


def with_breaks(text: str) -> str:
    """Return the text in NFC with U+200B where Lao and Khmer words end.

    A run in which the author typed U+200B is left as it is. No break is put before a repetition sign, a full stop or a
    closing mark, nor inside a grapheme cluster, nor beside a single bare consonant. Doing it twice changes nothing.
    """
    lines = unicodedata.normalize("NFC", text).split("\n")
    return "\n".join("".join(map(_run_with_breaks, script_runs(line, _holds_all))) for line in lines)


def grapheme_clusters(text: str) -> tuple[str, ...]:
    """Cut text into what a reader takes for single characters (``ê̆`` is one); joined they are the text."""
    if text.isascii():
        return tuple(text)
    from icu4py.breakers import CharacterBreaker  # noqa: PLC0415 - see the module's docstring

    lengths = [len(cluster) for cluster in CharacterBreaker(_for_icu(text), "en")]
    return tuple(_slices(text, lengths))


def unbreakable(text: str) -> tuple[str, ...]:
    """Return the parts of one line that :func:`wrap` keeps whole where they fit, without what separates them."""
    return tuple(word for _, word in gapped_words(text))


def wrap(text: str, width: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    r"""Fill lines no wider than ``width``, breaking at spaces and U+200B only.

    ``measure`` gives the width of a string in the unit of ``width``. ``\n`` always ends a line. Spaces and U+200B at
    the end of a line are dropped. A word wider than the line is cut between grapheme clusters; a cluster wider than the
    line stands alone on it.
    """
    return tuple(line for paragraph in text.split("\n") for line in _fill(paragraph, width, measure))


def _script_of(character: str) -> Script | None:
    """Return the script, or None for a character that takes its neighbour's."""
    if "\u0e80" <= character <= "\u0eff":
        return Script.LAO
    if "\u1780" <= character <= "\u17ff" or "\u19e0" <= character <= "\u19ff":
        return Script.KHMER
    return Script.LATIN if unicodedata.category(character).startswith("L") else None


def _joins_always(character: str) -> bool:
    return character in "\u200b\u200c\u200d" or unicodedata.category(character).startswith("M")


def _holds_all(_script: Script, _character: str) -> bool:
    return True


def _run_with_breaks(run: ScriptRun) -> str:
    if run.script is Script.LATIN:
        return run.text
    own = [index for index, character in enumerate(run.text) if _script_of(character) is run.script]
    if ZERO_WIDTH_SPACE in run.text[own[0] : own[-1]]:
        return run.text
    from icu4py.breakers import LineBreaker  # noqa: PLC0415 - see the module's docstring

    whole = set(_ends(len(cluster) for cluster in grapheme_clusters(run.text)))
    words = _ends(len(word) for word in LineBreaker(_for_icu(run.text), _LANGUAGE[run.script]))
    breaks = _without_lone_consonants(run.text, [end for end in words if end in whole and _is_between_words(run, end)])
    lengths = [end - start for start, end in zip([0, *breaks], [*breaks, len(run.text)], strict=True)]
    return ZERO_WIDTH_SPACE.join(_slices(run.text, lengths))


def _without_lone_consonants(text: str, breaks: list[int]) -> list[int]:
    """Take back the breaks beside a single bare consonant.

    That is no word in either script, but the end or the beginning of a syllable of a word no dictionary knows.
    """
    ends = [0, *breaks, len(text)]
    lone = {number for number in range(len(ends) - 1) if _LONE_CONSONANT.match(text[ends[number] : ends[number + 1]])}
    return [end for number, end in enumerate(breaks) if number not in lone and number + 1 not in lone]


def _is_between_words(run: ScriptRun, end: int) -> bool:
    """Tell a dictionary's break from one at a space or bracket, which needs no help."""
    return (
        end < len(run.text)
        and _script_of(run.text[end - 1]) is run.script
        and _script_of(run.text[end]) is run.script
        and not _is_never_first(run.text[end])
    )


def _is_never_first(character: str) -> bool:
    return character in NEVER_FIRST or unicodedata.category(character) in {"Pe", "Pf"}


def _for_icu(text: str) -> str:
    """Replace what UTF-8 cannot carry by something of the same length."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _ends(lengths: Iterator[int]) -> Iterator[int]:
    end = 0
    for length in lengths:
        end += length
        yield end


def _slices(text: str, lengths: list[int]) -> Iterator[str]:
    start = 0
    for length in lengths:
        yield text[start : start + length]
        start += length


def gapped_words(paragraph: str) -> Iterator[tuple[str, str]]:
    """Give each unbreakable word of one line with the gap before it; the first gap is the indent and dropped."""
    parts = _GAP.split(paragraph)
    gap, word = "", parts[0]
    for next_gap, next_word in zip(parts[1::2], parts[2::2], strict=True):
        if next_word and word and _is_never_first(next_word[0]):
            word += next_gap + next_word
        elif next_word:
            if word:
                yield gap, word
            gap, word = next_gap, next_word
    if word:
        yield gap, word


def _fill(paragraph: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line = ""
    for gap, word in gapped_words(paragraph):
        longer = line + gap + word if line else word
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = (word,) if measure(word) <= width else _cut(word, width, measure)
        lines.extend(full)
    return [*lines, line]


def _cut(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Cut a word wider than the line; the last resort, for addresses and for text without breaks."""
    clusters = _cuttable(word)
    lines = []
    while clusters:
        fitting = bisect_right(range(1, len(clusters) + 1), width, key=lambda count: measure("".join(clusters[:count])))
        count = max(fitting, 1)
        lines.append("".join(clusters[:count]))
        clusters = clusters[count:]
    return lines


def _cuttable(word: str) -> list[str]:
    """Give the grapheme clusters, a Lao vowel that is written apart joined to its consonant."""
    joined: list[str] = []
    for cluster in grapheme_clusters(word):
        follows = cluster[0] in _LAO_VOWELS_AFTER or _is_never_first(cluster[0]) or _GAP.match(cluster)
        if joined and (follows or joined[-1][-1] in _LAO_VOWELS_BEFORE):
            joined[-1] += cluster
        else:
            joined.append(cluster)
    return joined
