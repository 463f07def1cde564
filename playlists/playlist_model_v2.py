"""The fields of a playlist file, format version 2: those of version 1, and when, where, how often, on what papers."""

from typing import Annotated, Final, Literal

from pydantic import Field

from playlists.fields import (
    MAX_ITEMS,
    Body,
    ClockTime,
    Day,
    Days,
    Digest,
    Duration,
    Fields,
    Link,
    LocalMoment,
    MomentWithOffset,
    Names,
    OneALanguage,
    Percent,
    PicturePath,
    PictureSizeFields,
    SoundPath,
    SourcePath,
    Tag,
    Text,
    Weekdays,
)
from playlists.playlist_model import ItemFields, SlotFields

FORMAT_VERSION: Final = 2
MAX_CROSSFADE_MS: Final = 10_000

Look = Literal["day", "night", "ceremony"]


class DocumentFields(Fields):
    """The paper an item was supplied with."""

    number: Text
    date: Day


class ApprovalFields(Fields):
    """One approval, of the content that has this digest."""

    by: Text
    on: Day
    digest: Digest | None = None
    number: Text | None = None


class PapersFields(Fields):
    """Everything of an item that is not on the screen."""

    theme: Literal["border", "human-rights", "ideology", "poverty", "ethnic", "tourism"] | None = None
    supplier: Text | None = None
    document: DocumentFields | None = None
    funding: Text | None = None
    approvals: Annotated[list[ApprovalFields], Field(max_length=20)] = []
    readers: Annotated[dict[Tag, Text], Field(max_length=20, description="by language"), OneALanguage] = {}
    commercial: bool = False
    national_flag: bool = False
    classified: bool = False
    foreign_only_reason: Text | None = None


class BulletinTextFields(Fields):
    """A bulletin's message in one language."""

    language: Tag
    title: Text
    body: Body = ""


class UrgencyFields(Fields):
    """What every urgent bulletin says of itself."""

    issuer: Text
    area: Text
    issued: MomentWithOffset
    expires: MomentWithOffset


class BulletinFields(Fields):
    """The content of a bulletin."""

    rendition: Literal["text", "image", "page", "sound"] = "text"
    texts: Annotated[list[BulletinTextFields], Field(max_length=20, description="in reading order")] = []
    issuer: Text | None = None
    issued: MomentWithOffset | None = None
    picture: PicturePath | None = None
    picture_sha256: Digest | None = None
    sound: SoundPath | None = None
    sound_sha256: Digest | None = None
    link: Annotated[Link | None, Field(description="what the QR code holds")] = None
    urgency: UrgencyFields | None = None


class PlannedItemFields(ItemFields):
    """A clip, a picture, a page of a leaflet or a bulletin."""

    kind: Literal["clip", "image", "page", "bulletin"]  # type: ignore[assignment]  # one kind more than version 1
    source: Annotated[SourcePath | None, Field(description="of all but bulletins")] = None  # type: ignore[assignment]
    length_ms: Annotated[Duration | None, Field(description="of the recording, where it has one")] = None
    picture: PictureSizeFields | None = None
    message: Annotated[Text | None, Field(description="the same for versions of it in several languages")] = None
    papers: PapersFields = PapersFields()
    bulletin: BulletinFields | None = None


class DaypartFields(Fields):
    """A named part of the day, past midnight where it does not end after it begins."""

    id: Text
    title: Text
    begins: ClockTime
    ends: ClockTime


class ValidityFields(Fields):
    """From when to when (exclusive), local times of the screen."""

    begins: LocalMoment | None = None
    ends: LocalMoment | None = None


class RecurrenceFields(Fields):
    """Days that recur by a rule of RFC 5545."""

    rule: Annotated[str, Field(min_length=1, max_length=500, examples=["FREQ=MONTHLY;BYMONTHDAY=1"])]
    begins: Day
    except_on: Days = []
    also_on: Days = []


class TimetableFields(Fields):
    """When a slot may be shown: all of these together."""

    dayparts: Names = []
    weekdays: Weekdays = []
    validity: ValidityFields = ValidityFields()
    recurrence: RecurrenceFields | None = None


class TargetFields(Fields):
    """Which screens a slot is for: any that one of these names."""

    screens: Names = []
    clusters: Names = []
    gates: Names = []
    tags: Names = []


class ShareFields(Fields):
    """How often a slot is shown within an hour."""

    weight: Annotated[int, Field(ge=1, le=1000)] = 1
    percent: Percent | None = None
    spacing_ms: Duration | None = None
    most_per_hour: Annotated[int | None, Field(ge=1, le=3600)] = None


class PlannedSlotFields(SlotFields):
    """A place in the loop, the item it shows, and when, where and how often it does."""

    precedence: Literal["urgent", "priority", "ordinary"] = "ordinary"
    timetable: TimetableFields = TimetableFields()
    target: TargetFields = TargetFields()
    share: ShareFields = ShareFields()
    crossfade_ms: Annotated[int, Field(ge=0, le=MAX_CROSSFADE_MS, description="0 is the exact cut")] = 0


class TickerFields(Fields):
    """One message of the ticker."""

    language: Tag
    text: Text
    papers: PapersFields = PapersFields()


class PlannedPlaylistFields(Fields):
    """A loop that follows a rota."""

    format_version: Literal[2]
    id: Text
    title: Text
    sequence: Literal["as-written", "shuffled"] = "as-written"
    look: Annotated[Look | None, Field(description="of bulletins, ticker and clock")] = None
    dayparts: Annotated[list[DaypartFields], Field(max_length=100)] = []
    items: Annotated[list[PlannedItemFields], Field(min_length=1, max_length=MAX_ITEMS)]
    slots: Annotated[
        list[PlannedSlotFields] | None,
        Field(min_length=1, max_length=MAX_ITEMS, description="where it is not simply each item once"),
    ] = None
    ticker: Annotated[list[TickerFields], Field(max_length=100)] = []
