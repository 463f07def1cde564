"""All rules over a whole playlist: the verdicts that ``signage-playlist check`` tells and publishing asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from playlists.content_digest import item_digest, ticker_bulletin
from playlists.facts import NOTHING_MEASURED, Facts
from playlists.findings import Finding, Severity
from playlists.languages import LanguageClass, language_class
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.rules import RULES
from playlists.rules_case import Case
from playlists.rules_sound import curve_within_limits
from playlists.screen import Screen
from playlists.thresholds import Threshold, in_force
from playlists.verdicts import RuleId, State, Verdict

_AWAITED: Final = frozenset({"approval", "approvals"})
_OF_TICKER: Final = (RuleId.V15, RuleId.V17, RuleId.V18)


def checks(
    playlist: Playlist,
    screen: Screen | None,
    facts_by_item: Mapping[str, Facts],
    on: date,
    rows: Sequence[Threshold] = (),
) -> list[Verdict]:
    """Judge every item of a playlist by every rule, and the screen's volume curve.

    :param facts_by_item: by item id; for message N of the ticker, counted from 0, by ``ticker/N``. Facts measured of
        other content than the item now has are left out: they say nothing.
    :param on: the day the playlist is to be published.
    :param rows: configuration's own thresholds.
    :returns: in the order of items, then rules, then the ticker, then the screen; places number the items as the slots
        first name them.
    :raises ThresholdError: for a row that is none.
    """
    thresholds = in_force(on, rows)
    cases = [
        Case(item, _current(item, facts_by_item), thresholds, on, ("items", number), tuple(slots), screen)
        for number, (item, slots) in enumerate(_slots_by_item(playlist.slots))
    ]
    verdicts = [one for case in cases for rule in RULES.values() for one in rule(case)]
    for number, item in enumerate(ticker_items(playlist)):
        case = Case(item, _current(item, facts_by_item), thresholds, on, ("ticker", number), (), screen)
        verdicts += [one for rule in _of_ticker(playlist) for one in RULES[rule](case)]
    return verdicts + list(curve_within_limits(screen, thresholds))


def ticker_items(playlist: Playlist) -> list[Item]:
    """The messages of the ticker as the items they are checked and measured as, with the ids ``ticker/N``."""
    return [
        Item(
            id=f"ticker/{number}",
            source="",
            kind=ItemKind.BULLETIN,
            title=text.text,
            papers=text.papers,
            bulletin=ticker_bulletin(text),
        )
        for number, text in enumerate(playlist.ticker)
    ]


def failures(verdicts: Iterable[Verdict], severity: Severity) -> list[Verdict]:
    """Those that failed, of one severity."""
    return [one for one in verdicts if one.state is State.FAILED and one.severity is severity]


def unmeasured(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those for which a fact is missing."""
    return [one for one in verdicts if one.state is State.NOT_MEASURED]


def barred(verdicts: Iterable[Verdict]) -> frozenset[str]:
    """The ids of the items that must not be published as they are."""
    return frozenset(one.item for one in verdicts if one.item and one.bars)


def rule_findings(verdicts: Iterable[Verdict], *, draft: bool = False) -> list[Finding]:
    """What an operator is told: every failure, and once for each kind what was not measured.

    A gap in a rule that bars publication is a warning, any other a note; the last finding counts them all, so that
    nobody takes silence for a pass. What belongs to the screen has ``#`` before its place.

    :param draft: approvals are still to come: that they are missing is a note.
    """
    verdicts = list(verdicts)
    gaps: dict[str, list[Verdict]] = {}
    found: list[Finding] = []
    for one in verdicts:
        awaited = draft and one.aspect in _AWAITED and one.state is State.FAILED
        if one.state is State.NOT_MEASURED or awaited:
            gaps.setdefault(one.code, []).append(one)
        elif one.state is State.FAILED:
            found.append(_finding(one, one.severity))
    for alike in gaps.values():
        barring = any(one.bars and one.state is State.NOT_MEASURED for one in alike)
        found.append(_finding(alike[0], Severity.WARNING if barring else Severity.NOTE, more=len(alike) - 1))
    if gaps:
        count = sum(map(len, gaps.values()))
        vi = f"Còn {count} điều chưa đo, chưa ghi hoặc chưa duyệt: chưa thể coi là đạt quy tắc nội dung."
        en = f"{count} things are not measured, on record or approved: the content rules cannot be taken as kept."
        found.append(Finding("", "rules-open", vi, en, Severity.NOTE))
    return found


def _finding(one: Verdict, severity: Severity, more: int = 0) -> Finding:
    vi, en = (f" (và {more} chỗ khác)", f" (and {more} more)") if more else ("", "")
    return Finding(
        place=one.place if one.item else f"#{one.place}",
        code=one.code,
        vi=f"{one.rule}: {one.vi}{vi}",
        en=f"{one.rule}: {one.en}{en}",
        severity=severity,
        fix_vi=one.fix_vi,
        fix_en=one.fix_en,
    )


def _slots_by_item(slots: Sequence[Slot]) -> list[tuple[Item, list[Slot]]]:
    """The items as the slots first name them, each with all its slots."""
    items: dict[str, tuple[Item, list[Slot]]] = {}
    for slot in slots:
        items.setdefault(slot.item.id, (slot.item, []))[1].append(slot)
    return list(items.values())


def _current(item: Item, facts_by_item: Mapping[str, Facts]) -> Facts:
    facts, digest = facts_by_item.get(item.id, NOTHING_MEASURED), item_digest(item)
    stale = facts.of is not None and digest is not None and facts.of != digest
    return replace(NOTHING_MEASURED, of=digest) if stale else facts


def _of_ticker(playlist: Playlist) -> Iterator[RuleId]:
    """The rules for a message of the ticker; V1 only where none of them is Vietnamese."""
    if all(language_class(text.language) is not LanguageClass.VIETNAMESE for text in playlist.ticker):
        yield RuleId.V1
    yield from _OF_TICKER
