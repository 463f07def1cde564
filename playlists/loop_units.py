"""What the loop turns: units, each a single item or a whole set of versions of one message.

The versions of a message that are aimed at a screen are its set there, in the order of the playlist, and a set is one
unit: it is begun when all of its versions may begin, and shown whole. Where an item stands in several slots, so does
its set: the second slot of each version makes a second unit. Units that show the same item are of one **family**;
least spacing and most per hour count the starts of a family.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from playlists.clock_hours import zone_named
from playlists.eligibility import ALWAYS, aimed_at, dated, dayparts_of, timetable_spans
from playlists.languages import serves
from playlists.lengths import turn_length
from playlists.playlist import Item, Playlist, Slot
from playlists.schedule import Precedence, Timetable
from playlists.screen import Screen
from playlists.spans import Span, common

MILLION: Final = 1_000_000
"""Shares are counted in millionths, in whole numbers: every machine and every Python then plans the same."""
PRIORITY: Final = 0
"""The three standings of units at a boundary, in their order: priority, share of voice, the loop."""
VOICE: Final = 1
LOOP: Final = 2
_SHORTEST_MS: Final = 1
_LARGEST_WEIGHT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing the loop can begin. Lengths in ms, shares in millionths.

    ``head`` is how long it takes until its last version begins; ``mask`` has a bit for each language with a share
    on this screen that is present in it, ``language_ms`` how long each is; ``group`` is its standing, with the
    mask; ``spans`` is when it may begin, of the time that is planned, and ``refused`` that content rules forbid it.
    """

    index: int
    family: str
    slots: tuple[Slot, ...]
    lengths: tuple[int, ...]
    length: int
    head: int
    weight: int
    share: int | None
    most: int | None
    spacing: int
    priority: bool
    mask: int
    group: tuple[int, int]
    language_ms: tuple[int, ...]
    spans: tuple[Span, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A language that has a share on the screen, in millionths of airtime."""

    language: str
    share: int


def wanted_languages(screen: Screen) -> tuple[Wanted, ...]:
    """List the languages a screen has to speak, in the order of their tags."""
    return tuple(
        Wanted(language, round(percent * MILLION / 100))
        for language, percent in sorted(screen.shares.items())
        if percent > 0
    )


def languages_present(item: Item) -> tuple[str, ...]:
    """List the languages of picture, sound and captions, each once."""
    captions = [file.language for file in item.captions]
    return tuple(dict.fromkeys((*item.languages, *item.sound, *captions)))


def family_of(item: Item) -> str:
    """Name the family of an item: the message it tells, or itself."""
    return f"item {item.id}" if item.message is None else f"message {item.message}"


def units_of(
    playlist: Playlist, screen: Screen, within: Span, refused: frozenset[str], *, trusted: bool
) -> tuple[Unit, ...]:
    """Sort a playlist's slots into units for one screen and one stretch of time, in the order of the playlist.

    Left out are slots for other screens, urgent ones (they interrupt, and are in no rota), slots that may not begin
    within the stretch and, where the clock is not trusted, dated ones; with a version its whole set.
    """
    calendar = _Calendar(playlist, screen, within, trusted=trusted)
    wanted = wanted_languages(screen)
    units: list[Unit] = []
    for slots in _instances(playlist.slots, screen):
        spans = calendar.common_spans(slots)
        if spans:
            unit = _unit(len(units), slots, spans, wanted)
            units.append(unit if refused.isdisjoint(slot.id for slot in slots) else replace(unit, refused=True))
    return tuple(units)


class _Calendar:
    """Timetables as spans, each worked out once: many slots share one."""

    def __init__(self, playlist: Playlist, screen: Screen, within: Span, *, trusted: bool) -> None:
        self._dayparts = dayparts_of(playlist)
        self._zone = zone_named(screen.time_zone)
        self._within = within
        self._trusted = trusted
        self._known: dict[Timetable, tuple[Span, ...]] = {ALWAYS: (within,)}

    def common_spans(self, slots: Iterable[Slot]) -> tuple[Span, ...]:
        spans: tuple[Span, ...] = (self._within,)
        for slot in slots:
            if slot.timetable is ALWAYS or slot.timetable == ALWAYS:
                continue
            if not self._trusted and dated(slot):
                return ()
            spans = common(spans, self._spans(slot.timetable))
        return spans

    def _spans(self, timetable: Timetable) -> tuple[Span, ...]:
        spans = self._known.get(timetable)
        if spans is None:
            spans = timetable_spans(timetable, self._dayparts, self._zone, self._within)
            self._known[timetable] = spans
        return spans


def _instances(slots: Iterable[Slot], screen: Screen) -> Iterator[tuple[Slot, ...]]:
    """Gather slots into units, in the order of their first slots."""
    sets: dict[str, dict[str, list[Slot]]] = {}
    places: list[tuple[str | None, int, Slot]] = []
    for slot in slots:
        if slot.precedence is Precedence.URGENT or not aimed_at(slot.target, screen):
            continue
        message = slot.item.message
        if message is None:
            places.append((None, 0, slot))
            continue
        versions = sets.setdefault(message, {})
        begun = max(map(len, versions.values()), default=0)
        already = versions.setdefault(slot.item.id, [])
        already.append(slot)
        if len(already) > begun:  # the first version of another round of the set
            places.append((message, begun, slot))
    for message, begun, slot in places:
        if message is None:
            yield (slot,)
        else:
            versions = sets[message]
            yield tuple(already[min(begun, len(already) - 1)] for already in versions.values())


def _unit(index: int, slots: tuple[Slot, ...], spans: tuple[Span, ...], wanted: Sequence[Wanted]) -> Unit:
    lengths = tuple(max(_SHORTEST_MS, turn_length(slot)) for slot in slots)
    shares = [slot.share.percent for slot in slots if slot.share.percent is not None]
    mosts = [slot.share.most_per_hour for slot in slots if slot.share.most_per_hour is not None]
    spoken = [(length, languages_present(slot.item)) for slot, length in zip(slots, lengths, strict=True)]
    language_ms = tuple(
        sum(length for length, tags in spoken if any(serves(want.language, tag) for tag in tags)) for want in wanted
    )
    mask = sum(1 << bit for bit, present in enumerate(language_ms) if present)
    share = sum(round(percent * MILLION / 100) for percent in shares) if shares else None
    priority = any(slot.precedence is Precedence.PRIORITY for slot in slots)
    return Unit(
        index=index,
        family=family_of(slots[0].item),
        slots=slots,
        lengths=lengths,
        length=sum(lengths),
        head=sum(lengths[:-1]),
        weight=min(_LARGEST_WEIGHT, max(1, *(slot.share.weight for slot in slots))),
        share=share,
        most=min(mosts) if mosts else None,
        spacing=max(slot.share.spacing or 0 for slot in slots),
        priority=priority,
        mask=mask,
        group=(PRIORITY if priority else VOICE if share else LOOP, mask),
        language_ms=language_ms,
        spans=spans,
    )
