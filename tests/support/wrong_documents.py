"""Playlist and screen documents with one thing wrong each: what, where it is found, and the code it is told by."""

from typing import Any, Final

Fields = dict[str, Any]
Case = tuple[Fields, str, str]

CLIP: Final[Fields] = {"id": "a", "kind": "clip", "source": "a.mp4", "title": "A", "length_ms": 10_000}
PICTURE: Final[Fields] = {"id": "a", "kind": "image", "source": "a.png", "title": "A"}
BARE_BULLETIN: Final[Fields] = {"id": "a", "kind": "bulletin", "title": "A"}
TEXT: Final[Fields] = {"language": "vi", "title": "Thông báo"}
DAYPARTS: Final = [{"id": "sang", "title": "Buổi sáng", "begins": "06:00", "ends": "11:00"}]
UNENDING: Final[Fields] = {"issuer": "Đồn Biên phòng", "area": "Bờ Y", "issued": "2026-11-24T08:00+07:00"}
"""What is urgent, and for how long nobody said."""
DIGEST: Final = "ab" * 32
OTHER_DIGEST: Final = "cd" * 32


def planned(**fields: object) -> Fields:
    """A small document of version 2 that is right, but for ``fields``."""
    return {"format_version": 2, "id": "p", "title": "P", "items": [CLIP]} | fields


def clip(**fields: object) -> Fields:
    return planned(items=[CLIP | fields])


def bulletin(**fields: object) -> Fields:
    return planned(items=[BARE_BULLETIN | {"bulletin": {"texts": [TEXT]} | fields}])


def bulletin_item(fields: Fields) -> Fields:
    return planned(items=[BARE_BULLETIN | {"bulletin": {"texts": [TEXT]}} | fields])


def papers(**fields: object) -> Fields:
    return clip(papers=fields)


def slot(**fields: object) -> Fields:
    return planned(dayparts=DAYPARTS, slots=[{"id": "1", "item": "a"} | fields])


def slots(*several: Fields, items: int = 1, **fields: object) -> Fields:
    """Slots of clips with the ids a, b and so on, which have ``fields``."""
    named = [CLIP | {"id": name, "source": f"{name}.mp4"} | fields for name in "abcd"[:items]]
    return planned(items=named, slots=[{"id": str(place)} | one for place, one in enumerate(several)])


def recurring(**fields: object) -> Fields:
    return slot(timetable={"recurrence": {"rule": "FREQ=DAILY", "begins": "2026-11-01"} | fields})


def screen(**fields: object) -> Fields:
    """A small screen that is right, but for ``fields``."""
    return {"format_version": 1, "id": "s", "gate": "bo-y", "cluster": "c"} | fields


def zones(*several: tuple[str, float, float, float, float], **fields: object) -> Fields:
    named = [dict(zip(("kind", "x", "y", "width", "height"), one, strict=True)) for one in several]
    return screen(layout={"zones": named} | fields)


MAIN: Final = ("main", 0, 0, 100, 90)
ITEM, SLOT, BULLETIN = "/items/0", "/slots/0", "/items/0/bulletin"
VALIDITY = f"{SLOT}/timetable/validity"
RULE = f"{SLOT}/timetable/recurrence/rule"

WRONG_PLAYLISTS: Final[list[Case]] = [
    (planned(format_version=3), "/format_version", "format-version"),
    (planned(sequence="random"), "/sequence", "choice"),
    (planned(look="dusk"), "/look", "choice"),
    (planned(title="\t"), "/title", "text"),
    (planned(title="x" * 501), "/title", "too-long"),
    (planned(items=[]), "/items", "too-short"),
    (planned(items=[7]), ITEM, "not-object"),
    (planned(items=[CLIP, CLIP]), "/items/1/id", "repeated-id"),
    (planned(dayparts=DAYPARTS * 2, slots=[{"id": "1", "item": "a"}]), "/dayparts/1/id", "repeated-id"),
    (planned(dayparts=[DAYPARTS[0] | {"ends": "24:00"}]), "/dayparts/0/ends", "clock-time"),
    (planned(dayparts=[DAYPARTS[0] | {"ends": "25:00"}]), "/dayparts/0/ends", "clock-time"),
    (planned(dayparts=[DAYPARTS[0] | {"ends": 11}]), "/dayparts/0/ends", "string"),
    (planned(ticker=[{"language": "vi"}]), "/ticker/0/text", "missing"),
    (planned(ticker=[{"language": "vi", "text": "a\nb"}]), "/ticker/0/text", "text"),
    (planned(ticker=[{"language": "vi", "text": "a", "papers": []}]), "/ticker/0/papers", "not-object"),
    (clip(kind="film"), f"{ITEM}/kind", "choice"),
    (clip(source=None), f"{ITEM}/source", "no-source"),
    (clip(source="../a.mp4"), f"{ITEM}/source", "path"),
    (clip(source="a.png"), f"{ITEM}/source", "kind-mismatch"),
    (clip(sha256="x"), f"{ITEM}/sha256", "digest"),
    (clip(length_ms=0), f"{ITEM}/length_ms", "too-small"),
    (clip(length_ms=10**9), f"{ITEM}/length_ms", "too-great"),
    (clip(length_ms="10"), f"{ITEM}/length_ms", "integer"),
    (clip(length_ms=1.5), f"{ITEM}/length_ms", "integer"),
    (clip(duration_ms=10_001), f"{ITEM}/duration_ms", "cut-after-end"),
    (clip(picture={"width": 0, "height": 5}), f"{ITEM}/picture/width", "too-small"),
    (clip(picture=[1, 2]), f"{ITEM}/picture", "not-object"),
    (clip(languages=["vi", "vie"]), f"{ITEM}/languages", "repeated-language"),
    (clip(captions=[{"language": "vi", "source": "a.txt"}]), f"{ITEM}/captions/0/source", "caption-kind"),
    (
        clip(captions=[{"language": "vi", "source": "a.srt"}, {"language": "vi", "source": "b.srt"}]),
        f"{ITEM}/captions/1/language",
        "repeated-language",
    ),
    (clip(bulletin={"texts": [TEXT]}), f"{ITEM}/bulletin", "not-a-bulletin"),
    (planned(items=[PICTURE | {"length_ms": 5}]), f"{ITEM}/length_ms", "still-with-length"),
    (planned(items=[PICTURE | {"sound": ["vi"]}]), f"{ITEM}/sound", "still-with-sound"),
    (
        planned(items=[PICTURE | {"captions": [{"language": "vi", "source": "a.srt"}]}]),
        f"{ITEM}/captions",
        "still-with-sound",
    ),
    (
        planned(items=[CLIP | {"sha256": DIGEST}, CLIP | {"id": "b", "sha256": OTHER_DIGEST}]),
        "/items/1/sha256",
        "two-digests",
    ),
    (papers(theme="weather"), f"{ITEM}/papers/theme", "choice"),
    (papers(document={"number": "1", "date": "24/11/2026"}), f"{ITEM}/papers/document/date", "day"),
    (papers(document={"number": "1", "date": "2026-02-30"}), f"{ITEM}/papers/document/date", "day"),
    (papers(document={"number": "1", "date": 2026}), f"{ITEM}/papers/document/date", "string"),
    (papers(approvals=[{"by": "Sở"}]), f"{ITEM}/papers/approvals/0/on", "missing"),
    (papers(readers={"lào": "x"}), f"{ITEM}/papers/readers/lào", "language"),
    (papers(readers={"lo": "x", "LAO": "y"}), f"{ITEM}/papers/readers", "repeated-language"),
    (papers(readers={"lo": ""}), f"{ITEM}/papers/readers/lo", "too-short"),
    (papers(readers=["x"]), f"{ITEM}/papers/readers", "not-object"),
    (papers(commercial="yes"), f"{ITEM}/papers/commercial", "truth"),
    (papers(commercial=1), f"{ITEM}/papers/commercial", "truth"),
    (bulletin(texts=[]), f"{BULLETIN}/texts", "bulletin-without-text"),
    (bulletin(texts=[], rendition="sound", sound="a.m4a"), f"{BULLETIN}/texts", "bulletin-without-text"),
    (bulletin(texts=[TEXT, TEXT]), f"{BULLETIN}/texts/1/language", "repeated-language"),
    (bulletin(texts=[TEXT | {"body": "a\tb"}]), f"{BULLETIN}/texts/0/body", "body"),
    (bulletin(rendition="video"), f"{BULLETIN}/rendition", "choice"),
    (bulletin(rendition="image"), f"{BULLETIN}/picture", "bulletin-without-picture"),
    (bulletin(rendition="page"), f"{BULLETIN}/picture", "bulletin-without-picture"),
    (bulletin(rendition="sound"), f"{BULLETIN}/sound", "bulletin-without-sound"),
    (bulletin(sound="a.m4a"), f"{BULLETIN}/sound", "silent-bulletin"),
    (bulletin(rendition="sound", sound="a.mp3"), f"{BULLETIN}/sound", "sound-kind"),
    (bulletin(picture="a.pdf"), f"{BULLETIN}/picture", "picture-kind"),
    (bulletin(picture_sha256=DIGEST), f"{BULLETIN}/picture_sha256", "digest-without-file"),
    (bulletin(sound_sha256=DIGEST), f"{BULLETIN}/sound_sha256", "digest-without-file"),
    (bulletin(link="example.org"), f"{BULLETIN}/link", "link"),
    (bulletin(issued="2026-11-24T08:00"), f"{BULLETIN}/issued", "moment"),
    (bulletin(issued="2026-11-24T08:00+25:00"), f"{BULLETIN}/issued", "moment"),
    (
        bulletin(urgency=UNENDING),
        f"{BULLETIN}/urgency/expires",
        "missing",
    ),
    (
        bulletin(urgency=UNENDING | {"expires": "2026-11-24T01:00Z"}),
        f"{BULLETIN}/urgency/expires",
        "expires-before-issued",
    ),
    (planned(items=[BARE_BULLETIN]), BULLETIN, "no-bulletin"),
    (
        bulletin_item({"source": "a.png"}),
        f"{ITEM}/source",
        "bulletin-source",
    ),
    (
        bulletin_item({"sha256": DIGEST}),
        f"{ITEM}/sha256",
        "bulletin-source",
    ),
    (
        bulletin_item({"languages": ["lo"]}),
        f"{ITEM}/languages",
        "bulletin-languages",
    ),
    (
        bulletin_item({"length_ms": 5}),
        f"{ITEM}/length_ms",
        "still-with-length",
    ),
    (slots({"item": "z"}, {"item": "a"}), f"{SLOT}/item", "unknown-item"),
    (slots({"item": "a"}, items=2), "/items/1", "unused-item"),
    (slots({"item": "a"}, {"item": "a", "id": "0"}), "/slots/1/id", "repeated-id"),
    (slot(precedence="high"), f"{SLOT}/precedence", "choice"),
    (slot(crossfade_ms=-1), f"{SLOT}/crossfade_ms", "too-small"),
    (slot(crossfade_ms=10_000), f"{SLOT}/crossfade_ms", "crossfade-too-long"),
    (slot(timetable={"dayparts": ["sang", "toi"]}), f"{SLOT}/timetable/dayparts/1", "unknown-daypart"),
    (slot(timetable={"dayparts": ["sang", "sang"]}), f"{SLOT}/timetable/dayparts", "repeated-entry"),
    (slot(timetable={"weekdays": [0]}), f"{SLOT}/timetable/weekdays/0", "too-small"),
    (slot(timetable={"weekdays": [1, 1]}), f"{SLOT}/timetable/weekdays", "repeated-entry"),
    (slot(timetable={"validity": {"begins": "2026-11-24"}}), f"{VALIDITY}/begins", "local-moment"),
    (
        slot(timetable={"validity": {"begins": "2026-11-24T08:00Z"}}),
        f"{VALIDITY}/begins",
        "local-moment",
    ),
    (
        slot(timetable={"validity": {"begins": "2026-11-24T08:00", "ends": "2026-11-24T08:00"}}),
        f"{VALIDITY}/ends",
        "ends-before-begins",
    ),
    (recurring(rule=""), RULE, "too-short"),
    (recurring(also_on=["2026-11-03"], except_on=["2026-11-03"]), f"{RULE[:-4]}also_on/0", "added-and-excepted"),
    (recurring(also_on=["2026-11-03", "2026-11-03"]), f"{RULE[:-4]}also_on", "repeated-entry"),
    (slot(target={"gates": "bo-y"}), f"{SLOT}/target/gates", "list"),
    (slot(share={"percent": 0}), f"{SLOT}/share/percent", "not-more-than"),
    (slot(share={"percent": 100.5}), f"{SLOT}/share/percent", "too-great"),
    (slot(share={"percent": "30"}), f"{SLOT}/share/percent", "number"),
    (slot(share={"weight": 0}), f"{SLOT}/share/weight", "too-small"),
    (
        slots({"item": "a", "share": {"percent": 60}}, {"item": "a", "share": {"percent": 40.5}}, {"item": "a"}),
        "/slots/1/share/percent",
        "percent-over-100",
    ),
    (
        slots(
            {"item": "a", "target": {"gates": ["x", "y"]}, "share": {"percent": 60}},
            {"item": "a", "target": {"gates": ["z"]}, "share": {"percent": 60}},
            {"item": "a", "share": {"percent": 30}},
            {"item": "a", "target": {"gates": ["y", "x"]}, "share": {"percent": 20}},
        ),
        "/slots/3/share/percent",
        "percent-over-100",
    ),
    (slots({"item": "a"}, message="m"), f"{ITEM}/message", "message-without-language"),
    (
        slots({"item": "a"}, {"item": "b"}, items=2, message="m", languages=["vi"]),
        "/items/1/message",
        "message-language",
    ),
    (
        planned(
            items=[
                CLIP | {"message": "m", "languages": ["vi", "lo"]},
                CLIP | {"id": "b", "message": "m", "languages": ["lo", "vi"]},
            ],
        ),
        "/items/1/message",
        "message-language",
    ),
    (
        planned(
            items=[CLIP | {"message": "m", "languages": ["vi"]}, CLIP | {"id": "b", "message": "m", "sound": ["lo"]}],
            slots=[{"id": "1", "item": "a"}, {"id": "2", "item": "b", "precedence": "priority"}],
        ),
        "/slots/1",
        "message-apart",
    ),
    (
        planned(
            items=[CLIP | {"message": "m", "languages": ["vi"]}, CLIP | {"id": "b", "message": "m", "sound": ["lo"]}],
            slots=[{"id": "1", "item": "a"}, {"id": "2", "item": "b", "timetable": {"weekdays": [6]}}],
        ),
        "/slots/1",
        "message-apart",
    ),
]

RIGHT_PLAYLISTS: Final = [
    planned(),
    clip(duration_ms=10_000),
    clip(length_ms=None, duration_ms=10_000),
    clip(sha256=DIGEST, captions=[{"language": "vi", "source": "a.srt"}]),
    bulletin(),
    bulletin(rendition="page", picture="a.JPG", texts=[]),
    bulletin(rendition="sound", sound="a.opus", picture="a.png", texts=[]),
    bulletin(urgency=UNENDING | {"expires": "2026-11-24T01:01Z"}),
    bulletin(link="tel:+842603123456"),
    recurring(),
    recurring(also_on=["2026-11-03"], except_on=["2026-11-04"]),
    slot(crossfade_ms=9_999),
    slot(timetable={"validity": {"begins": "2026-11-24T08:00", "ends": "2026-11-24T08:00:01"}}),
    slots({"item": "a", "share": {"percent": 60}}, {"item": "a", "share": {"percent": 40}}),
    # Never at the same time, or not on the same screens.
    slots(
        {"item": "a", "timetable": {"weekdays": [6]}, "share": {"percent": 60}},
        {"item": "a", "timetable": {"weekdays": [7]}, "share": {"percent": 60}},
        {"item": "a", "target": {"screens": ["x"]}, "share": {"percent": 60}},
    ),
    planned(
        items=[
            CLIP | {"message": "m", "languages": ["vi"]},
            CLIP | {"id": "b", "message": "m", "languages": ["vi", "lo"]},
        ],
        slots=[
            {"id": "1", "item": "a", "timetable": {"weekdays": [6, 7]}, "target": {"gates": ["bo-y"]}},
            {"id": "2", "item": "b", "timetable": {"weekdays": [7, 6]}},
        ],
    ),
    # One file twice, under one digest.
    planned(items=[CLIP | {"sha256": DIGEST}, CLIP | {"id": "b", "sha256": DIGEST}]),
]
"""Close to what is wrong, and right."""

WRONG_RULES: Final = (
    *("RRULE:FREQ=DAILY", "FREQ=HOURLY", "FREQ=DAILY;FREQ=DAILY", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;"),
    *("FREQ=DAILY;COUNT=3;UNTIL=20261231", "FREQ=DAILY;BYHOUR=3", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=daily"),
    *("FREQ=YEARLY;BYMONTH=0", "FREQ=MONTHLY;BYDAY=XX", "FREQ=DAILY;UNTIL=20261301", "FREQ=DAILY;BYSETPOS=2"),
    *("FREQ=DAILY\nDTSTART:20260101", "FREQ=YEARLY;BYEASTER=1", "FREQ=WEEKLY;BYDAY=MO,,TU"),
)
IDLE_RULES: Final = (
    *(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;UNTIL=20261031",
        "FREQ=YEARLY;COUNT=1;BYMONTH=4;BYMONTHDAY=31",
    ),
)
GOOD_RULES: Final = (
    *("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYMONTHDAY=1,-1", "FREQ=MONTHLY;BYDAY=-1FR"),
    *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20261101;INTERVAL=2"),
    *("FREQ=YEARLY;BYWEEKNO=20;WKST=SU", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=YEARLY;BYYEARDAY=100"),
)

WRONG_SCREENS: Final[list[Case]] = [
    (screen(format_version=2), "/format_version", "format-version"),
    (screen(gate=...), "/gate", "missing"),
    (screen(rotation=45), "/rotation", "rotation"),
    (screen(rotation=False), "/rotation", "integer"),
    (screen(languages=[]), "/languages", "too-short"),
    (screen(languages=["vi", "VI"]), "/languages", "repeated-language"),
    (screen(shares={"lo": 30}), "/shares/lo", "unspoken-share"),
    (screen(shares={"vi": 101}), "/shares/vi", "too-great"),
    (screen(shares={"vi": 10**400}), "/shares/vi", "number"),
    (screen(shares={"vi": 5, "vie": 6}), "/shares", "repeated-language"),
    (screen(tags=["a", "a"]), "/tags", "repeated-entry"),
    (screen(canvas={"width": 384}), "/canvas/height", "missing"),
    (screen(time_zone="Asia/Saigon2"), "/time_zone", "time-zone"),
    (screen(time_zone="Asia"), "/time_zone", "time-zone"),
    (screen(time_zone="../etc"), "/time_zone", "time-zone"),
    (screen(outdoor=0), "/outdoor", "truth"),
    (screen(hours=[{"begins": "6:00", "ends": "22:00"}]), "/hours/0/begins", "clock-time"),
    (
        screen(hours=[{"begins": "06:00", "ends": "12:00"}, {"begins": "11:59", "ends": "13:00", "weekdays": [3]}]),
        "/hours/1",
        "hours-overlap",
    ),
    (
        screen(hours=[{"begins": "00:00", "ends": "02:00", "weekdays": [1]}, {"begins": "20:00", "ends": "01:00"}]),
        "/hours/1",
        "hours-overlap",
    ),
    (screen(volume=[{"begins": "06:00", "percent": 101}]), "/volume/0/percent", "too-great"),
    (
        screen(volume=[{"begins": "06:00", "percent": 50}, {"begins": "06:00", "percent": 60}]),
        "/volume/1/begins",
        "volume-order",
    ),
    (screen(layout={"colours": {"text": "white"}}), "/layout/colours/text", "colour"),
    (screen(layout={"logo": "logo.svg"}), "/layout/logo", "picture-kind"),
    (screen(layout={"zones": 5}), "/layout/zones", "list"),
    (zones(), "/layout/zones", "not-one-main"),
    (zones(MAIN, MAIN), "/layout/zones", "not-one-main"),
    (zones(("clock", 0, 0, 10, 10)), "/layout/zones", "not-one-main"),
    (zones(("main", -1, 0, 50, 50)), "/layout/zones/0/x", "too-small"),
    (zones(("main", 0, 0, 0, 50)), "/layout/zones/0/width", "not-more-than"),
    (zones(("main", 60, 0, 50, 50)), "/layout/zones/0", "zone-outside"),
    (zones(("main", 0, 0, 50, 50), ("ticker", 0, 95, 50, 6)), "/layout/zones/1", "zone-outside"),
    (zones(MAIN, ("clock", 0, 90, 50, 5), ("clock", 0, 95, 50, 5)), "/layout/zones/2", "second-zone"),
    (zones(MAIN, ("clock", 0, 90, 50, 10), ("ticker", 40, 90, 60, 10)), "/layout/zones/2", "zones-overlap"),
    (zones(("clock", 0, 0, 10, 10), MAIN), "/layout/zones/0", "zone-under-main"),
    (zones(MAIN, ("ticker", 0, 20, 100, 60)), "/layout/zones/1", "zone-over-main"),
    (zones(MAIN, ("logo", 0, 90, 10, 10)), "/layout/zones/1", "no-logo"),
]
