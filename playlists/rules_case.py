"""One item before the rules: what they are given, and what several of them ask."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from playlists.content_digest import item_digest
from playlists.facts import Facts
from playlists.fields import UNKNOWN_LANGUAGE
from playlists.findings import pointer
from playlists.languages import LanguageClass, language_class, name_vi
from playlists.papers import Approval
from playlists.playlist import Item, ItemKind, Slot
from playlists.rules_sentences import SENTENCES
from playlists.screen import Screen
from playlists.thresholds import Thresholds
from playlists.verdicts import RuleId, Severity, Verdict

_BY_COMMERCE = frozenset({RuleId.V1, RuleId.V2, RuleId.V3})
_SEVERITIES = {RuleId.V5: Severity.NONE, RuleId.V13: Severity.WARNING}


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule is given.

    ``slots`` are those that show the item, ``screen`` the one it is checked for, None where none was named; ``place``
    is where the item stands in the playlist file, as the steps of a JSON pointer.
    """

    item: Item
    facts: Facts
    thresholds: Thresholds
    on: date
    place: tuple[str | int, ...] = ()
    slots: tuple[Slot, ...] = ()
    screen: Screen | None = None

    def say(self, code: str, *at: str | int, **values: object) -> Verdict:
        """Make the verdict of a code; ``at`` leads on from the item's place, ``values`` fill in its sentences."""
        return verdict(code, (*self.place, *at), severity(SENTENCES[code].rule, self.item), self.item.id, **values)


def verdict(code: str, place: Iterable[str | int], weight: Severity, item: str, **values: object) -> Verdict:
    """Make the verdict of a code at a place, its sentences filled in."""
    sentence = SENTENCES[code]
    fix_vi, fix_en = (None if text is None else text.format(**values) for text in (sentence.fix_vi, sentence.fix_en))
    return Verdict(
        rule=sentence.rule,
        aspect=sentence.aspect,
        severity=weight,
        state=sentence.state,
        item=item,
        place=pointer(tuple(place)),
        code=code,
        vi=sentence.vi.format(**values),
        en=sentence.en.format(**values),
        fix_vi=fix_vi,
        fix_en=fix_en,
    )


def severity(rule: RuleId, item: Item) -> Severity:
    """How much a rule weighs for an item: V1, V2 and V3 are errors in commercial items only."""
    if rule in _BY_COMMERCE:
        return Severity.ERROR if item.papers.commercial else Severity.WARNING
    return _SEVERITIES.get(rule, Severity.ERROR)


def text_languages(item: Item) -> tuple[str, ...]:
    """The languages of the text in the picture, in reading order."""
    if item.bulletin is not None and item.bulletin.texts:
        return tuple(text.language for text in item.bulletin.texts)
    return item.languages


def text_place(item: Item, number: int) -> tuple[str | int, ...]:
    """Where the language of that number stands, from the item's place on."""
    texts = item.bulletin is not None and item.bulletin.texts
    return ("bulletin", "texts", number) if texts else ("languages", number)


def sound_languages(item: Item) -> tuple[str, ...]:
    """The languages of the sound tracks, as far as they are known."""
    return tuple(tag for tag in item.sound if tag != UNKNOWN_LANGUAGE)


def all_languages(item: Item) -> tuple[str, ...]:
    """Every language an item is known to speak or write, each once."""
    captions = (file.language for file in item.captions)
    return tuple(dict.fromkeys((*text_languages(item), *sound_languages(item), *captions)))


def sounds(case: Case) -> bool | None:
    """Whether an item makes any sound; None where that was neither written down nor measured."""
    item = case.item
    if item.sound or (item.bulletin is not None and item.bulletin.sound is not None):
        return True
    return case.facts.sounding if item.kind is ItemKind.CLIP else False


def is_class(tag: str, sort: LanguageClass) -> bool:
    """Whether a language is of a class."""
    return language_class(tag) is sort


def names_vi(tags: Iterable[str]) -> str:
    """Languages by their names, for a sentence in the middle of which they stand."""
    return ", ".join(f"{name[0].lower()}{name[1:]}" for name in map(name_vi, tags))


def names_en(tags: Iterable[str]) -> str:
    """Languages by their tags, for developers."""
    return ", ".join(tags)


def written(text: str | None) -> bool:
    """Whether there is more than blanks."""
    return text is not None and bool(text.strip())


def same_name(name: str) -> str:
    """A name as it is compared: NFC, blanks and capitals evened out."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def content_of(case: Case) -> str | None:
    """The digest of the item's content, as written down or else as measured."""
    return item_digest(case.item) or case.facts.of


def bound(case: Case, digest: str) -> tuple[Approval, ...]:
    """The approvals of exactly this content by somebody with a name."""
    return tuple(one for one in case.item.papers.approvals if one.digest == digest and written(one.by))


def approvers(case: Case, digest: str) -> int:
    """How many different people or bodies had approved this content by the day of the check."""
    return len({same_name(one.by) for one in bound(case, digest) if one.on <= case.on})
