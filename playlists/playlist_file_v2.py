"""Playlist files, format version 2: the planned loop, read into values."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.fields import PictureSizeFields
from playlists.findings import PlaylistFileError
from playlists.json_document import read_fields, unknown
from playlists.papers import Approval, Document, Papers, Theme
from playlists.playlist import Item, PictureSize, Playlist, Sequence, Slot, TickerText
from playlists.playlist_file_contradictions import contradictions
from playlists.playlist_file_v1 import duration, item_value
from playlists.playlist_model_v2 import (
    BulletinFields,
    DaypartFields,
    DocumentFields,
    PapersFields,
    PlannedItemFields,
    PlannedPlaylistFields,
    PlannedSlotFields,
    RecurrenceFields,
    ShareFields,
    TargetFields,
    TickerFields,
    TimetableFields,
    UrgencyFields,
)
from playlists.proof import Rendition
from playlists.schedule import Daypart, Precedence, Recurrence, Share, Target, Timetable, ValidityWindow
from playlists.timing import DurationMs


def read_planned(document: Mapping[str, object], digest: str) -> Playlist:
    """Make a playlist of a document of version 2.

    :raises PlaylistFileError: with all that is wrong.
    """
    fields = read_fields(PlannedPlaylistFields, document, PlaylistFileError)
    findings = list(contradictions(fields))
    if findings:
        raise PlaylistFileError(findings)
    items = {item.id: _item(item) for item in fields.items}
    slots = fields.slots
    if slots is None:
        slots = [PlannedSlotFields(id=name, item=name) for name in items]
    return Playlist(
        id=fields.id,
        title=fields.title,
        slots=tuple(_slot(slot, items[slot.item]) for slot in slots),
        digest=digest,
        extra=unknown(fields),
        planned=True,
        sequence=Sequence(fields.sequence),
        dayparts=tuple(_daypart(part) for part in fields.dayparts),
        ticker=tuple(_ticker_text(line) for line in fields.ticker),
        look=fields.look,
    )


def picture_size(fields: PictureSizeFields | None) -> PictureSize | None:
    """Make a value of a size in pixels."""
    return None if fields is None else PictureSize(fields.width, fields.height, unknown(fields))


def _item(fields: PlannedItemFields) -> Item:
    bulletin = None if fields.bulletin is None else _bulletin(fields.bulletin)
    item = replace(
        item_value(fields),
        length=duration(fields.length_ms),
        picture=picture_size(fields.picture),
        message=fields.message,
        papers=_papers(fields.papers),
        bulletin=bulletin,
    )
    return item if bulletin is None else completed(item, bulletin)


def completed(item: Item, bulletin: Bulletin) -> Item:
    """Fill in what a bulletin's item takes from the bulletin: its file, that file's digest, its languages."""
    source, digest = main_file(bulletin)
    languages = item.languages or tuple(text.language for text in bulletin.texts)
    return replace(item, source=source, sha256=digest, languages=languages)


def main_file(bulletin: Bulletin) -> tuple[str, str | None]:
    """Tell which file a bulletin's rendition consists of, and its digest; empty for a text."""
    if bulletin.rendition is Rendition.SOUND:
        return bulletin.sound or "", bulletin.sound_sha256
    if bulletin.rendition is Rendition.TEXT:
        return "", None
    return bulletin.picture or "", bulletin.picture_sha256


def _bulletin(fields: BulletinFields) -> Bulletin:
    return Bulletin(
        texts=tuple(BulletinText(text.language, text.title, text.body, unknown(text)) for text in fields.texts),
        rendition=Rendition(fields.rendition),
        issuer=fields.issuer,
        issued=fields.issued,
        picture=fields.picture,
        sound=fields.sound,
        link=fields.link,
        urgency=None if fields.urgency is None else _urgency(fields.urgency),
        extra=unknown(fields),
        picture_sha256=fields.picture_sha256,
        sound_sha256=fields.sound_sha256,
    )


def _urgency(fields: UrgencyFields) -> Urgency:
    return Urgency(fields.issuer, fields.area, fields.issued, fields.expires, unknown(fields))


def _papers(fields: PapersFields) -> Papers:
    return Papers(
        theme=None if fields.theme is None else Theme(fields.theme),
        supplier=fields.supplier,
        document=None if fields.document is None else _document(fields.document),
        funding=fields.funding,
        approvals=tuple(Approval(one.by, one.on, one.digest, one.number, unknown(one)) for one in fields.approvals),
        readers=MappingProxyType(dict(fields.readers)),
        commercial=fields.commercial,
        national_flag=fields.national_flag,
        classified=fields.classified,
        foreign_only_reason=fields.foreign_only_reason,
        extra=unknown(fields),
    )


def _document(fields: DocumentFields) -> Document:
    return Document(fields.number, fields.date, unknown(fields))


def _ticker_text(fields: TickerFields) -> TickerText:
    return TickerText(fields.language, fields.text, unknown(fields), _papers(fields.papers))


def _daypart(fields: DaypartFields) -> Daypart:
    return Daypart(fields.id, fields.title, fields.begins, fields.ends, unknown(fields))


def _slot(fields: PlannedSlotFields, item: Item) -> Slot:
    return Slot(
        id=fields.id,
        item=item,
        extra=unknown(fields),
        precedence=Precedence(fields.precedence),
        timetable=timetable(fields.timetable),
        target=_target(fields.target),
        share=_share(fields.share),
        crossfade=DurationMs(fields.crossfade_ms),
    )


def timetable(fields: TimetableFields) -> Timetable:
    """Make a value of when a slot may be shown."""
    validity = ValidityWindow(fields.validity.begins, fields.validity.ends, unknown(fields.validity))
    return Timetable(
        dayparts=tuple(fields.dayparts),
        weekdays=frozenset(fields.weekdays),
        validity=validity,
        recurrence=None if fields.recurrence is None else _recurrence(fields.recurrence),
        extra=unknown(fields),
    )


def _recurrence(fields: RecurrenceFields) -> Recurrence:
    return Recurrence(fields.rule, fields.begins, tuple(fields.except_on), tuple(fields.also_on), unknown(fields))


def _target(fields: TargetFields) -> Target:
    return Target(
        screens=tuple(fields.screens),
        clusters=tuple(fields.clusters),
        gates=tuple(fields.gates),
        tags=tuple(fields.tags),
        extra=unknown(fields),
    )


def _share(fields: ShareFields) -> Share:
    return Share(
        weight=fields.weight,
        percent=fields.percent,
        spacing=duration(fields.spacing_ms),
        most_per_hour=fields.most_per_hour,
        extra=unknown(fields),
    )
