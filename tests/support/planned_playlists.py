"""Planned playlists of all sorts for property tests, with unknown fields at every level."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from types import MappingProxyType

from hypothesis import strategies as st

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.papers import Approval, Document, Papers, Theme
from playlists.playlist import (
    CaptionFile,
    Item,
    ItemKind,
    PictureSize,
    Playlist,
    Sequence,
    Slot,
    TickerText,
)
from playlists.playlist_file_v2 import completed
from playlists.proof import Rendition
from playlists.schedule import Daypart, Precedence, Recurrence, Share, Target, Timetable, ValidityWindow
from playlists.timing import DurationMs
from tests.support.json_values import EXTRA

TEXTS = st.text("aăđơ1 -ọ", min_size=1, max_size=8).filter(str.strip)
TAGS = st.lists(st.sampled_from(["vi", "lo", "km", "jra-Latn", "en"]), unique=True, max_size=3)
SOUND_TAGS = st.lists(st.sampled_from(["vi", "jra-Latn", "und"]), max_size=2).map(tuple)
MAYBE_TEXT = st.none() | TEXTS
DIGESTS = st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
CLOCK_TIMES = st.times(time(0), time(23, 59, 59)).map(lambda one: one.replace(microsecond=0)) | st.builds(
    time, st.integers(0, 23), st.sampled_from([0, 30])
)
OFFSETS = st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(-timedelta(hours=3, minutes=30))])
LOCAL_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)) | st.builds(  # noqa: DTZ001  # local times
    datetime, st.just(2026), st.integers(1, 12), st.integers(1, 28), st.integers(0, 23)
)
MOMENTS = st.builds(lambda moment, offset: moment.replace(tzinfo=offset), LOCAL_MOMENTS, OFFSETS)
SIZES = st.builds(PictureSize, st.integers(1, 9000), st.integers(1, 9000), EXTRA)
LENGTHS = st.integers(1, 86_400_000).map(DurationMs)

PAPERS = st.builds(
    Papers,
    theme=st.none() | st.sampled_from(Theme),
    supplier=MAYBE_TEXT,
    document=st.none() | st.builds(Document, TEXTS, DAYS, EXTRA),
    funding=MAYBE_TEXT,
    approvals=st.lists(st.builds(Approval, TEXTS, DAYS, DIGESTS, MAYBE_TEXT, EXTRA), max_size=2).map(tuple),
    readers=st.dictionaries(st.sampled_from(["lo", "km"]), TEXTS).map(MappingProxyType),
    commercial=st.booleans(),
    national_flag=st.booleans(),
    classified=st.booleans(),
    foreign_only_reason=MAYBE_TEXT,
    extra=EXTRA,
)


@st.composite
def urgencies(draw: st.DrawFn) -> Urgency:
    issued = draw(MOMENTS)
    expires = issued + draw(st.timedeltas(timedelta(minutes=1), timedelta(days=3)))
    return Urgency(draw(TEXTS), draw(TEXTS), issued, expires, draw(EXTRA))


@st.composite
def bulletins(draw: st.DrawFn) -> Bulletin:
    rendition = draw(st.sampled_from([Rendition.TEXT, Rendition.IMAGE, Rendition.PAGE, Rendition.SOUND]))
    least_texts = 1 if rendition in {Rendition.TEXT, Rendition.SOUND} else 0
    tags = draw(st.lists(st.sampled_from(["vi", "lo", "en"]), unique=True, min_size=least_texts, max_size=3))
    bodies = st.text("aă\n đ", max_size=20)
    picture = draw(TEXTS.map("{}.png".format)) if least_texts == 0 or draw(st.booleans()) else None
    sound = draw(TEXTS.map("{}.m4a".format)) if rendition is Rendition.SOUND else None
    return Bulletin(
        texts=tuple(BulletinText(tag, draw(TEXTS), draw(bodies), draw(EXTRA)) for tag in tags),
        rendition=rendition,
        issuer=draw(MAYBE_TEXT),
        issued=draw(st.none() | MOMENTS),
        picture=picture,
        sound=sound,
        link=draw(st.sampled_from([None, "https://example.org/a", "tel:+842603123456"])),
        urgency=draw(st.none() | urgencies()),
        extra=draw(EXTRA),
        # One digest a name: two would contradict.
        picture_sha256=None if picture is None else "ab" * 32,
        sound_sha256=None if sound is None else draw(st.sampled_from([None, "cd" * 32])),
    )


@st.composite
def items(draw: st.DrawFn, name: str) -> Item:
    kind = draw(st.sampled_from(ItemKind))
    is_clip = kind is ItemKind.CLIP
    bulletin = draw(bulletins()) if kind is ItemKind.BULLETIN else None
    has_length = is_clip or (bulletin is not None and bulletin.rendition is Rendition.SOUND)
    length = draw(st.none() | LENGTHS) if has_length else None
    longest = length or 86_400_000
    written_out = bulletin is not None and bulletin.rendition in {Rendition.TEXT, Rendition.SOUND}
    item = Item(
        id=name,
        source="" if bulletin is not None else f"{name}.{'mp4' if is_clip else 'png'}",
        kind=kind,
        title=draw(TEXTS),
        languages=() if written_out else tuple(draw(TAGS)),
        sound=draw(SOUND_TAGS) if has_length else (),
        captions=tuple(CaptionFile(tag, f"{tag}.srt", draw(EXTRA)) for tag in draw(TAGS)) if is_clip else (),
        duration=draw(st.none() | st.integers(1, longest).map(DurationMs)),
        sha256=None if bulletin is not None else draw(DIGESTS),
        extra=draw(EXTRA),
        length=length,
        picture=draw(st.none() | SIZES),
        papers=draw(PAPERS),
        bulletin=bulletin,
    )
    return item if bulletin is None else completed(item, bulletin)


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    days = draw(st.lists(DAYS, unique=True, max_size=4))
    rule = draw(st.sampled_from(["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=1,-1", "FREQ=WEEKLY;BYDAY=MO;INTERVAL=2"]))
    return Recurrence(rule, draw(DAYS), tuple(days[:2]), tuple(days[2:]), draw(EXTRA))


@st.composite
def timetables(draw: st.DrawFn, dayparts: list[str]) -> Timetable:
    begins = draw(st.none() | LOCAL_MOMENTS)
    length = draw(st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=90)))
    ends = None if length is None else (begins or draw(LOCAL_MOMENTS)) + length
    return Timetable(
        dayparts=tuple(draw(st.lists(st.sampled_from(dayparts), unique=True, max_size=2))) if dayparts else (),
        weekdays=draw(st.frozensets(st.integers(1, 7))),
        validity=ValidityWindow(begins, ends, draw(EXTRA)),
        recurrence=draw(st.none() | recurrences()),
        extra=draw(EXTRA),
    )


NAMES = st.lists(TEXTS, unique=True, max_size=2).map(tuple)
TARGETS = st.builds(Target, screens=NAMES, clusters=NAMES, gates=NAMES, tags=NAMES, extra=EXTRA)
SHARES = st.builds(
    Share,
    weight=st.integers(1, 9),
    # Four slots at most: never over a hundred together.
    percent=st.none() | st.integers(1, 25).map(float) | st.floats(0.5, 25),
    spacing=st.none() | LENGTHS,
    most_per_hour=st.none() | st.integers(1, 60),
    extra=EXTRA,
)


@st.composite
def planned_playlists(draw: st.DrawFn) -> Playlist:
    names = [f"x{number}" for number in range(draw(st.integers(1, 3)))]
    shown = [draw(items(name)) for name in names]
    parts = [f"p{number}" for number in range(draw(st.integers(0, 2)))]
    slots = [Slot(item.id, item) for item in shown]
    if draw(st.booleans()):
        # Items are written in the order of their first slot.
        order = [*shown, *draw(st.lists(st.sampled_from(shown), max_size=1))]
        slots = [_slot(draw, str(place), item, parts) for place, item in enumerate(order)]
    return Playlist(
        id=draw(TEXTS),
        title=draw(TEXTS),
        slots=tuple(slots),
        extra=draw(EXTRA),
        planned=True,
        sequence=draw(st.sampled_from(Sequence)),
        dayparts=tuple(Daypart(part, draw(TEXTS), draw(CLOCK_TIMES), draw(CLOCK_TIMES), draw(EXTRA)) for part in parts),
        ticker=tuple(
            draw(st.lists(st.builds(TickerText, st.sampled_from(["vi", "lo"]), TEXTS, EXTRA, PAPERS), max_size=1))
        ),
        look=draw(st.sampled_from([None, "day", "night", "ceremony"])),
    )


def _slot(draw: st.DrawFn, name: str, item: Item, parts: list[str]) -> Slot:
    longest = item.duration or item.length or 10_001
    return Slot(
        id=name,
        item=item,
        extra=draw(EXTRA),
        precedence=draw(st.sampled_from(Precedence)),
        timetable=draw(timetables(parts)),
        target=draw(TARGETS),
        share=draw(SHARES),
        crossfade=DurationMs(draw(st.integers(0, min(longest - 1, 10_000)))),
    )
