"""All rules over a whole playlist: the verdicts that ``signage-playlist check`` tells and publishing asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from playlists.content_digest import item_digest, ticker_bulletin
from playlists.facts import NOTHING_MEASURED, Facts
from playlists.languages import LanguageClass, language_class
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.rules import RULES
from playlists.rules_case import Case
from playlists.rules_sound import curve_within_limits
from playlists.screen import Screen
from playlists.thresholds import Threshold, in_force
from playlists.verdicts import RuleId, Severity, State, Verdict

_OF_TICKER: Final = (RuleId.V15, RuleId.V17, RuleId.V18)


def checks(  # noqa: PLR0913 - the last two are rarely given
    playlist: Playlist,
    screen: Screen | None,
    facts_by_item: Mapping[str, Facts],
    on: date,
    rows: Sequence[Threshold] = (),
    *,
    order: Sequence[str] = (),
) -> list[Verdict]:
    """Judge every item of a playlist by every rule, and the screen's volume curve.

    :param facts_by_item: by item id; for message N of the ticker, counted from 0, by ``ticker/N``. Facts measured of
        other content than the item now has are left out: they say nothing.
    :param on: the day the playlist is to be published.
    :param rows: configuration's own thresholds.
    :param order: the ids of the items as they stand in the file, where that is not the order of the slots.
    :returns: in the order of items, then rules, then the ticker, then the screen.
    :raises ThresholdError: for a row that is none.
    """
    thresholds = in_force(on, rows)
    cases = [
        Case(item, _current(item, facts_by_item), thresholds, on, ("items", number), tuple(slots), screen)
        for number, (item, slots) in enumerate(_slots_by_item(playlist.slots, order).values())
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


def _slots_by_item(slots: Sequence[Slot], order: Sequence[str]) -> dict[str, tuple[Item, list[Slot]]]:
    """The items with all their slots, in the order given, else as the slots first name them."""
    items: dict[str, tuple[Item, list[Slot]]] = {}
    for slot in slots:
        items.setdefault(slot.item.id, (slot.item, []))[1].append(slot)
    names = dict.fromkeys((*order, *items))
    return {name: items[name] for name in names if name in items}


def _current(item: Item, facts_by_item: Mapping[str, Facts]) -> Facts:
    facts, digest = facts_by_item.get(item.id, NOTHING_MEASURED), item_digest(item)
    stale = facts.of is not None and digest is not None and facts.of != digest
    return replace(NOTHING_MEASURED, of=digest) if stale else facts


def _of_ticker(playlist: Playlist) -> Iterator[RuleId]:
    """The rules for a message of the ticker; V1 only where none of them is Vietnamese."""
    if all(language_class(text.language) is not LanguageClass.VIETNAMESE for text in playlist.ticker):
        yield RuleId.V1
    yield from _OF_TICKER
