"""Our line breaks beside headless Chromium's, on 200 sentences each of Vietnamese, Lao, Khmer and English.

The sentences, their sources and the differences explained: ``tests/golden/line_breaks/README.md``. The recording was
made by ``python -m tests.support.chromium_breaks``; ``UPDATE_GOLDEN=1`` lists the differences anew.
"""

import os
import re
import unicodedata
from pathlib import Path

import pytest

from playlists.line_breaks import grapheme_clusters, unbreakable, with_breaks

GOLDEN = Path(__file__).parents[1] / "golden" / "line_breaks"
LANGUAGES = ("vi", "lo", "km", "en")
BARE_CONSONANT = re.compile("[\u0e81-\u0eae\u0edc-\u0edf\u1780-\u17a2]")


def lines_of(name: str) -> list[str]:
    return (GOLDEN / name).read_text(encoding="utf-8").splitlines()


def places_of_chromium(marked: str) -> set[int]:
    parts = marked.split("|")
    return {sum(map(len, parts[:count])) for count in range(1, len(parts))}


def places_of_ours(sentence: str) -> set[int]:
    """Before which characters our lines may begin."""
    places, end = set(), 0
    for word in unbreakable(with_breaks(sentence)):
        begin = sentence.index(word, end)
        places.add(begin)
        end = begin + len(word)
    return places - {0}


def differences(language: str) -> list[str]:
    """Each sentence that differs: ``+`` where only we break, ``-`` where only Chromium does."""
    found = []
    for number, marked in enumerate(lines_of(f"chromium-{language}.txt"), 1):
        sentence = marked.replace("|", "")
        ours, theirs = places_of_ours(sentence), places_of_chromium(marked)
        signs = dict.fromkeys(ours - theirs, "+") | dict.fromkeys(theirs - ours, "-")
        if signs:
            text = "".join(signs.get(place, "") + character for place, character in enumerate(sentence))
            found.append(f"{number} {text}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_recording_is_of_these_sentences(language: str) -> None:
    sentences = lines_of(f"{language}.txt")
    assert [line.replace("|", "") for line in lines_of(f"chromium-{language}.txt")] == sentences
    assert len(set(sentences)) == 200
    assert all(unicodedata.is_normalized("NFC", sentence) for sentence in sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_differences_are_those_that_are_explained(language: str) -> None:
    golden = GOLDEN / f"differences-{language}.txt"
    found = differences(language)
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text("".join(f"{line}\n" for line in found), encoding="utf-8")
    assert found == lines_of(golden.name)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_in_latin_letters_we_break_nowhere_chromium_does_not(language: str) -> None:
    """And Chromium besides only after hyphens and slashes, where we keep the word whole."""
    for marked in lines_of(f"chromium-{language}.txt"):
        sentence = marked.replace("|", "")
        ours, theirs = places_of_ours(sentence), places_of_chromium(marked)
        assert ours <= theirs
        assert {sentence[place - 1] for place in theirs - ours} <= set("-\u2010/")


@pytest.mark.parametrize("language", ["lo", "km"])
def test_no_syllable_is_broken(language: str) -> None:
    """A line begins at a whole cluster, with no sign of repetition, and no word is a bare consonant."""
    for sentence in lines_of(f"{language}.txt"):
        clusters = grapheme_clusters(sentence)
        whole = {sum(map(len, clusters[:count])) for count in range(len(clusters))}
        places = places_of_ours(sentence)
        assert places <= whole
        assert all(sentence[place] not in "ໆៗ។,.:;!?" for place in places)
        words = unbreakable(with_breaks(sentence))
        assert [word for word in words if BARE_CONSONANT.fullmatch(word)] == []


@pytest.mark.parametrize(("language", "share"), [("vi", 0.999), ("en", 0.99), ("lo", 0.88), ("km", 0.78)])
def test_most_breaks_are_the_same(language: str, share: float) -> None:
    """Of the places where Chromium breaks, so many are ours too."""
    both = all_of_theirs = 0
    for marked in lines_of(f"chromium-{language}.txt"):
        theirs = places_of_chromium(marked)
        all_of_theirs += len(theirs)
        both += len(theirs & places_of_ours(marked.replace("|", "")))
    assert both / all_of_theirs >= share
