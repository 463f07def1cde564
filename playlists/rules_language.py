"""V1, V2, V3, V5 and V18: which languages an item has, in which order and size, and who has read them."""

from collections.abc import Iterator, Sequence
from typing import Final

from playlists.facts import Letters
from playlists.fields import UNKNOWN_LANGUAGE
from playlists.languages import LanguageClass, serves
from playlists.rules_case import (
    Case,
    all_languages,
    is_class,
    names_en,
    names_vi,
    sounds,
    text_languages,
    text_place,
    written,
)
from playlists.verdicts import Verdict

_ROUNDING: Final = 1e-9
_UNREADABLE: Final = ("lo", "km")
"""Languages of the neighbours that the approver cannot read, besides the minority languages."""


def vietnamese_present(case: Case) -> Iterator[Verdict]:
    """V1: Vietnamese is present, or there is a reason why not."""
    languages, reason = all_languages(case.item), case.item.papers.foreign_only_reason
    if _vietnamese(languages) is not None:
        yield case.say("v1-present")
    elif reason is not None and written(reason):
        yield case.say("v1-reason", reason=reason.strip())
    elif not languages or UNKNOWN_LANGUAGE in case.item.sound:
        yield case.say("v1-unknown", "languages")
    else:
        yield case.say("v1-absent", "languages", vi_names=names_vi(languages), en_names=names_en(languages))


def foreign_below(case: Case) -> Iterator[Verdict]:
    """V2: foreign text stands below the Vietnamese and is at most 3/4 of its size, drawn and nominal."""
    languages = text_languages(case.item)
    first = _vietnamese(languages)
    foreign = [number for number, tag in enumerate(languages) if is_class(tag, LanguageClass.FOREIGN)]
    if not languages:
        yield case.say("v2-unknown", "languages")
    elif first is None or not foreign:
        yield case.say("v2-none")
    else:
        for number in foreign:
            names = _names(languages[number])
            yield case.say("v2-below" if number > first else "v2-above", *text_place(case.item, number), **names)
            yield _size(case, languages[number], number)


def _size(case: Case, language: str, number: int) -> Verdict:
    """Compare the letters of one foreign language with the Vietnamese, part by part; the worst part decides."""
    letters = case.facts.letters or ()
    own = [one for one in letters if one.language == language]
    theirs = [one for one in letters if is_class(one.language, LanguageClass.VIETNAMESE)]
    place, names = text_place(case.item, number), _names(language)
    if not own or not theirs:
        return case.say("v2-size-unmeasured", *place, **names)
    pairs = [(one, _counterpart(one, theirs)) for one in own]
    most = case.thresholds.foreign_letters
    drawn = max(one.drawn_px / other.drawn_px for one, other in pairs)
    nominal = [one.nominal_px / other.nominal_px for one, other in pairs if one.nominal_px and other.nominal_px]
    figures = {"most": round(most * 100), **names}
    if drawn > most + _ROUNDING:
        return case.say("v2-size-drawn", *place, percent=_percent(drawn), **figures)
    if nominal and max(nominal) > most + _ROUNDING:
        return case.say("v2-size-nominal", *place, percent=_percent(max(nominal)), **figures)
    return case.say("v2-size-small", *place, percent=_percent(drawn), **figures)


def _counterpart(letters: Letters, vietnamese: Sequence[Letters]) -> Letters:
    """The Vietnamese of the same part, else the smallest."""
    same = [one for one in vietnamese if one.part == letters.part]
    return min(same or vietnamese, key=lambda one: one.drawn_px)


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.1f}".removesuffix(".0")


def vietnamese_spoken_first(case: Case) -> Iterator[Verdict]:
    """V3: Vietnamese is spoken before the foreign language."""
    spoken, silent = case.facts.spoken, sounds(case) is False
    heard = case.item.sound if spoken is None else spoken
    if silent:
        yield case.say("v3-silent")
    elif spoken is None and (not heard or UNKNOWN_LANGUAGE in heard or _foreign(heard) is not None):
        yield case.say("v3-unmeasured", "sound")
    else:
        yield _order(case, heard)


def _order(case: Case, spoken: Sequence[str]) -> Verdict:
    first, foreign = _vietnamese(spoken), _foreign(spoken)
    if foreign is None:
        return case.say("v3-no-foreign")
    if first is not None:
        return case.say("v3-first" if first < foreign else "v3-late", "sound")
    if _vietnamese(all_languages(case.item)) is None or written(case.item.papers.foreign_only_reason):
        return case.say("v3-foreign-only")
    return case.say("v3-unspoken", "sound")


def minorities_equal(case: Case) -> Iterator[Verdict]:
    """V5: minority languages are not foreign, so V2 asks nothing of them. It cannot fail."""
    languages = [tag for tag in all_languages(case.item) if is_class(tag, LanguageClass.MINORITY)]
    if languages:
        yield case.say("v5-equal", vi_names=names_vi(languages), en_names=names_en(languages))
    else:
        yield case.say("v5-none")


def reader_named(case: Case) -> Iterator[Verdict]:
    """V18: what the approver cannot read has been read by somebody with a name."""
    texts = [(tag, text_place(case.item, number)) for number, tag in enumerate(text_languages(case.item))]
    texts += [(file.language, ("captions", number)) for number, file in enumerate(case.item.captions)]
    difficult = [(tag, place) for tag, place in texts if _needs_reader(tag)]
    for tag, place in difficult:
        reader = _reader(case, tag)
        if reader is None:
            yield case.say("v18-unread", *place, **_names(tag))
        else:
            yield case.say("v18-read", *place, reader=reader, **_names(tag))
    if not text_languages(case.item):
        yield case.say("v18-unknown", "languages")
    elif not difficult:
        yield case.say("v18-none")


def _needs_reader(tag: str) -> bool:
    return is_class(tag, LanguageClass.MINORITY) or any(serves(language, tag) for language in _UNREADABLE)


def _reader(case: Case, tag: str) -> str | None:
    """The reader of a language; whoever is named for `jra` has read `jra-Latn`, not the other way round."""
    readers = case.item.papers.readers.items()
    return next((name.strip() for language, name in readers if serves(language, tag) and written(name)), None)


def _vietnamese(languages: Sequence[str]) -> int | None:
    return next((number for number, tag in enumerate(languages) if is_class(tag, LanguageClass.VIETNAMESE)), None)


def _foreign(languages: Sequence[str]) -> int | None:
    return next((number for number, tag in enumerate(languages) if is_class(tag, LanguageClass.FOREIGN)), None)


def _names(tag: str) -> dict[str, object]:
    return {"vi_names": names_vi([tag]), "en_names": names_en([tag])}
