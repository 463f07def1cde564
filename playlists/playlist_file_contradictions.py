"""What the fields of a planned playlist cannot show one by one: what an operator may get wrong between them."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from playlists.findings import Finding, finding
from playlists.json_document import repeated
from playlists.playlist_file_v1 import repeated_captions, suffix_mismatch
from playlists.playlist_model_v2 import (
    BulletinFields,
    PlannedItemFields,
    PlannedPlaylistFields,
    PlannedSlotFields,
    TargetFields,
    TimetableFields,
)
from playlists.recurrence_rules import recurrence_flaw

_WHOLE: Final = 100 + 1e-6
"""Per cent, and what shares may be rounded up by."""
_STILLS: Final = frozenset({"image", "page"})


def contradictions(fields: PlannedPlaylistFields) -> Iterator[Finding]:
    """Find all contradictions, each with its place."""
    yield from repeated([part.id for part in fields.dayparts], "dayparts")
    yield from repeated([item.id for item in fields.items], "items")
    for place, item in enumerate(fields.items):
        yield from _within_item(item, place)
    yield from _two_digests(fields.items)
    yield from _message_languages(fields.items)
    if fields.slots is not None:
        yield from _between_slots(fields, fields.slots)


def _within_item(item: PlannedItemFields, place: int) -> Iterator[Finding]:
    at = ("items", place)
    if item.kind == "bulletin":
        yield from _bulletin_item(item, place)
    else:
        if item.source is None:
            yield finding((*at, "source"), "no-source")
        else:
            yield from suffix_mismatch(item.source, item.kind, place)
        if item.bulletin is not None:
            yield finding((*at, "bulletin"), "not-a-bulletin")
    yield from repeated_captions(item, place)
    if item.kind in _STILLS and (item.sound or item.captions):
        yield finding((*at, "sound" if item.sound else "captions"), "still-with-sound")
    has_length = item.kind == "clip" or (item.bulletin is not None and item.bulletin.rendition == "sound")
    if item.length_ms is not None and not has_length:
        yield finding((*at, "length_ms"), "still-with-length")
    elif item.length_ms is not None and (item.duration_ms or 0) > item.length_ms:
        yield finding((*at, "duration_ms"), "cut-after-end")


def _bulletin_item(item: PlannedItemFields, place: int) -> Iterator[Finding]:
    at = ("items", place)
    for name in ("source", "sha256"):
        if getattr(item, name) is not None:
            yield finding((*at, name), "bulletin-source")
    if item.bulletin is None:
        yield finding((*at, "bulletin"), "no-bulletin")
        return
    yield from _bulletin(item.bulletin, (*at, "bulletin"))
    texts = [text.language for text in item.bulletin.texts]
    written_out = item.bulletin.rendition in {"text", "sound"} and texts
    if written_out and item.languages and item.languages != texts:
        yield finding((*at, "languages"), "bulletin-languages")


def _bulletin(bulletin: BulletinFields, at: tuple[str | int, ...]) -> Iterator[Finding]:
    rendition = bulletin.rendition
    if not bulletin.texts and (rendition == "text" or (rendition == "sound" and bulletin.picture is None)):
        yield finding((*at, "texts"), "bulletin-without-text")
    if bulletin.picture is None and rendition in _STILLS:
        yield finding((*at, "picture"), "bulletin-without-picture", rendition=rendition)
    if bulletin.sound is None and rendition == "sound":
        yield finding((*at, "sound"), "bulletin-without-sound")
    if bulletin.sound is not None and rendition != "sound":
        yield finding((*at, "sound"), "silent-bulletin")
    for name, file, digest in (
        ("picture_sha256", bulletin.picture, bulletin.picture_sha256),
        ("sound_sha256", bulletin.sound, bulletin.sound_sha256),
    ):
        if digest is not None and file is None:
            yield finding((*at, name), "digest-without-file")
    tags = [text.language for text in bulletin.texts]
    for place, tag in enumerate(tags):
        if tag in tags[:place]:
            yield finding((*at, "texts", place, "language"), "repeated-language", tag=tag)
    urgency = bulletin.urgency
    if urgency is not None and urgency.expires <= urgency.issued:
        yield finding((*at, "urgency", "expires"), "expires-before-issued")


def _two_digests(items: Sequence[PlannedItemFields]) -> Iterator[Finding]:
    """Find one file under two digests: one of them is never played."""
    known: dict[str, str] = {}
    for place, item in enumerate(items):
        files: list[tuple[tuple[str, ...], str | None, str | None]] = [(("sha256",), item.source, item.sha256)]
        if item.bulletin is not None:
            files.append((("bulletin", "picture_sha256"), item.bulletin.picture, item.bulletin.picture_sha256))
            files.append((("bulletin", "sound_sha256"), item.bulletin.sound, item.bulletin.sound_sha256))
        for at, source, digest in files:
            if source is not None and digest is not None and known.setdefault(source, digest) != digest:
                yield finding(("items", place, *at), "two-digests", source=source)


def _message_languages(items: Sequence[PlannedItemFields]) -> Iterator[Finding]:
    told: set[tuple[str, frozenset[str]]] = set()
    for place, item in enumerate(items):
        if item.message is None:
            continue
        texts = [] if item.bulletin is None else [text.language for text in item.bulletin.texts]
        languages = frozenset(item.languages or texts or item.sound)
        if not languages:
            yield finding(("items", place, "message"), "message-without-language", message=item.message)
        elif (item.message, languages) in told:
            yield finding(("items", place, "message"), "message-language", message=item.message)
        told.add((item.message, languages))


def _between_slots(fields: PlannedPlaylistFields, slots: Sequence[PlannedSlotFields]) -> Iterator[Finding]:
    items = {item.id: item for item in fields.items}
    dayparts = {part.id for part in fields.dayparts}
    yield from repeated([slot.id for slot in slots], "slots")
    for place, slot in enumerate(slots):
        item = items.get(slot.item)
        if item is None:
            yield finding(("slots", place, "item"), "unknown-item", id=slot.item)
        elif 0 < (item.duration_ms or item.length_ms or 0) <= slot.crossfade_ms:
            yield finding(("slots", place, "crossfade_ms"), "crossfade-too-long")
        for number, name in enumerate(slot.timetable.dayparts):
            if name not in dayparts:
                yield finding(("slots", place, "timetable", "dayparts", number), "unknown-daypart", id=name)
        yield from _timetable(slot.timetable, ("slots", place, "timetable"))
    shown = {slot.item for slot in slots}
    for place, item in enumerate(fields.items):
        if item.id not in shown:
            yield finding(("items", place), "unused-item")
    yield from _message_apart(items, slots)
    yield from _percent_over_100(slots)


def _timetable(timetable: TimetableFields, at: tuple[str | int, ...]) -> Iterator[Finding]:
    begins, ends = timetable.validity.begins, timetable.validity.ends
    if begins is not None and ends is not None and ends <= begins:
        yield finding((*at, "validity", "ends"), "ends-before-begins")
    recurrence = timetable.recurrence
    if recurrence is None:
        return
    flaw = recurrence_flaw(recurrence.rule, recurrence.begins)
    if flaw is not None:
        yield finding((*at, "recurrence", "rule"), flaw)
    for number, day in enumerate(recurrence.also_on):
        if day in recurrence.except_on:
            yield finding((*at, "recurrence", "also_on", number), "added-and-excepted", day=day.isoformat())


def _message_apart(items: dict[str, PlannedItemFields], slots: Sequence[PlannedSlotFields]) -> Iterator[Finding]:
    """Find versions of a message that are not shown at the same times: the set would be shown half."""
    first: dict[str, Hashable] = {}
    for place, slot in enumerate(slots):
        item = items.get(slot.item)
        if item is None or item.message is None:
            continue
        terms = (slot.precedence, _when(slot.timetable))
        if first.setdefault(item.message, terms) != terms:
            yield finding(("slots", place), "message-apart", message=item.message)


def _percent_over_100(slots: Sequence[PlannedSlotFields]) -> Iterator[Finding]:
    """Add up the shares of slots that surely come together: those of like terms, and those for ever and everywhere."""
    always: Hashable = (_when(TimetableFields()), _where(TargetFields()))
    terms = [(_when(slot.timetable), _where(slot.target)) for slot in slots]
    shares = [slot.share.percent or 0 for slot in slots]
    everywhere = sum(share for share, term in zip(shares, terms, strict=True) if term == always)
    sums = {term: 0.0 if term == always else everywhere for term in terms}
    for place, (share, term) in enumerate(zip(shares, terms, strict=True)):
        before = sums[term]
        sums[term] = before + share
        if before <= _WHOLE < sums[term]:
            yield finding(("slots", place, "share", "percent"), "percent-over-100")


def _when(timetable: TimetableFields) -> Hashable:
    """The same for timetables that mean the same."""
    validity, recurrence = timetable.validity, timetable.recurrence
    days: Hashable = None
    if recurrence is not None:
        added, excepted = frozenset(recurrence.also_on), frozenset(recurrence.except_on)
        days = (recurrence.rule, recurrence.begins, added, excepted)
    parts, weekdays = frozenset(timetable.dayparts), frozenset(timetable.weekdays)
    return (parts, weekdays, validity.begins, validity.ends, days)


def _where(target: TargetFields) -> Hashable:
    return tuple(frozenset(names) for names in (target.screens, target.clusters, target.gates, target.tags))
