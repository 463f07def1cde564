"""Playlist files, format version 2: the planned loop, written. What is empty or as it is by default is left out."""

from collections.abc import Mapping
from datetime import date, datetime, time

from playlists.bulletin import Bulletin, Urgency
from playlists.json_document import number, told
from playlists.papers import Approval, Document, Papers
from playlists.playlist import Item, PictureSize, Playlist, Sequence, Slot, TickerText
from playlists.playlist_file_v1 import described
from playlists.playlist_file_v2 import main_file
from playlists.playlist_model_v2 import FORMAT_VERSION
from playlists.proof import Rendition
from playlists.schedule import Daypart, Precedence, Recurrence, Share, Target, Timetable


def planned_document(playlist: Playlist) -> dict[str, object]:
    """Make a document of version 2."""
    items = list({slot.item.id: slot.item for slot in playlist.slots}.values())
    slots = [_slot(slot) for slot in playlist.slots]
    plain = slots == [{"id": item.id, "item": item.id} for item in items]
    known = {
        "format_version": FORMAT_VERSION,
        "id": playlist.id,
        "title": playlist.title,
        "sequence": None if playlist.sequence is Sequence.AS_WRITTEN else playlist.sequence.value,
        "look": playlist.look,
        "dayparts": [_daypart(part) for part in playlist.dayparts],
        "items": [_item(item) for item in items],
        "slots": [] if plain else slots,
        "ticker": [_ticker_text(line) for line in playlist.ticker],
    }
    return told(known, playlist.extra)


def clock_time(value: time) -> str:
    """Write a time of day, with seconds where there are some."""
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.isoformat(timespec="auto" if value.microsecond or value.second else "minutes")


def _days(values: tuple[date, ...]) -> list[str]:
    return [day.isoformat() for day in values]


def size(value: PictureSize | None) -> dict[str, object]:
    """Write a size in pixels."""
    return {} if value is None else told({"width": value.width, "height": value.height}, value.extra)


def _item(item: Item) -> dict[str, object]:
    known = described(item) | {
        "length_ms": item.length,
        "picture": size(item.picture),
        "message": item.message,
        "papers": _papers(item.papers),
        "bulletin": {} if item.bulletin is None else _bulletin(item.bulletin),
    }
    if item.bulletin is not None:
        known |= _said_by_the_bulletin(item, item.bulletin)
    return told(known, item.extra)


def _said_by_the_bulletin(item: Item, bulletin: Bulletin) -> dict[str, object]:
    """Leave out of an item what it takes from its bulletin."""
    if (item.source, item.sha256) not in {main_file(bulletin), ("", None)}:
        message = f"the item {item.id} names other files than its bulletin"
        raise ValueError(message)
    languages = tuple(text.language for text in bulletin.texts)
    return {
        "source": None,
        "sha256": None,
        "languages": [] if item.languages == languages else list(item.languages),
    }


def _bulletin(bulletin: Bulletin) -> dict[str, object]:
    texts = [
        told({"language": text.language, "title": text.title, "body": text.body or None}, text.extra)
        for text in bulletin.texts
    ]
    known = {
        "rendition": None if bulletin.rendition is Rendition.TEXT else bulletin.rendition.value,
        "texts": texts,
        "issuer": bulletin.issuer,
        "issued": _moment(bulletin.issued),
        "picture": bulletin.picture,
        "picture_sha256": bulletin.picture_sha256,
        "sound": bulletin.sound,
        "sound_sha256": bulletin.sound_sha256,
        "link": bulletin.link,
        "urgency": {} if bulletin.urgency is None else _urgency(bulletin.urgency),
    }
    return told(known, bulletin.extra)


def _urgency(urgency: Urgency) -> dict[str, object]:
    known = {
        "issuer": urgency.issuer,
        "area": urgency.area,
        "issued": _moment(urgency.issued),
        "expires": _moment(urgency.expires),
    }
    return told(known, urgency.extra)


def _papers(papers: Papers) -> dict[str, object]:
    known = {
        "theme": None if papers.theme is None else papers.theme.value,
        "supplier": papers.supplier,
        "document": {} if papers.document is None else _document(papers.document),
        "funding": papers.funding,
        "approvals": [_approval(one) for one in papers.approvals],
        "readers": in_order(papers.readers),
        "commercial": papers.commercial or None,
        "national_flag": papers.national_flag or None,
        "classified": papers.classified or None,
        "foreign_only_reason": papers.foreign_only_reason,
    }
    return told(known, papers.extra)


def in_order(by_name: Mapping[str, object]) -> dict[str, object]:
    """Write a mapping in the order of its names, so that one value has one form."""
    return dict(sorted(by_name.items()))


def _document(document: Document) -> dict[str, object]:
    return told({"number": document.number, "date": document.date.isoformat()}, document.extra)


def _approval(approval: Approval) -> dict[str, object]:
    known = {
        "by": approval.by,
        "on": approval.on.isoformat(),
        "digest": approval.digest,
        "number": approval.number,
    }
    return told(known, approval.extra)


def _ticker_text(line: TickerText) -> dict[str, object]:
    return told({"language": line.language, "text": line.text, "papers": _papers(line.papers)}, line.extra)


def _daypart(part: Daypart) -> dict[str, object]:
    known = {"id": part.id, "title": part.title, "begins": clock_time(part.begins), "ends": clock_time(part.ends)}
    return told(known, part.extra)


def _slot(slot: Slot) -> dict[str, object]:
    known = {
        "id": slot.id,
        "item": slot.item.id,
        "precedence": None if slot.precedence is Precedence.ORDINARY else slot.precedence.value,
        "timetable": _timetable(slot.timetable),
        "target": _target(slot.target),
        "share": _share(slot.share),
        "crossfade_ms": slot.crossfade or None,
    }
    return told(known, slot.extra)


def _timetable(timetable: Timetable) -> dict[str, object]:
    validity = timetable.validity
    window = told({"begins": _moment(validity.begins), "ends": _moment(validity.ends)}, validity.extra)
    known = {
        "dayparts": list(timetable.dayparts),
        "weekdays": sorted(timetable.weekdays),
        "validity": window,
        "recurrence": {} if timetable.recurrence is None else _recurrence(timetable.recurrence),
    }
    return told(known, timetable.extra)


def _recurrence(recurrence: Recurrence) -> dict[str, object]:
    known = {
        "rule": recurrence.rule,
        "begins": recurrence.begins.isoformat(),
        "except_on": _days(recurrence.except_on),
        "also_on": _days(recurrence.also_on),
    }
    return told(known, recurrence.extra)


def _target(target: Target) -> dict[str, object]:
    known = {
        "screens": list(target.screens),
        "clusters": list(target.clusters),
        "gates": list(target.gates),
        "tags": list(target.tags),
    }
    return told(known, target.extra)


def _share(share: Share) -> dict[str, object]:
    known = {
        "weight": None if share.weight == 1 else share.weight,
        "percent": None if share.percent is None else number(share.percent),
        "spacing_ms": share.spacing,
        "most_per_hour": share.most_per_hour,
    }
    return told(known, share.extra)
