"""What the loop turns: sets, families, lengths, languages."""

from datetime import datetime, time

from playlists.bulletin import Bulletin, BulletinText
from playlists.clock_hours import instant_ms
from playlists.lengths import STILL, planned_length
from playlists.loop_units import LOOP, PRIORITY, VOICE, Unit, languages_present, units_of
from playlists.playlist import CaptionFile, Item, ItemKind, Playlist, Slot
from playlists.reading_time import reading_time
from playlists.schedule import Daypart, Precedence, Share, Target, Timetable
from playlists.screen import Screen
from playlists.spans import Span
from playlists.timing import DurationMs

SCREEN = Screen("s", "bo-y", "c", shares={"lo": 30.0, "jra": 5.0, "en": 0.0})
DAY = Span(
    instant_ms(datetime.fromisoformat("2026-11-24T00:00+07:00")),
    instant_ms(datetime.fromisoformat("2026-11-25T00:00+07:00")),
)


def item(name: str, *languages: str, message: str | None = None, ms: int = 10_000) -> Item:
    return Item(name, f"{name}.mp4", ItemKind.CLIP, name, languages, length=DurationMs(ms), message=message)


def units(*slots: Slot, refused: frozenset[str] = frozenset(), trusted: bool = True) -> tuple[Unit, ...]:
    playlist = Playlist("p", "P", slots, dayparts=(Daypart("morning", "", time(7), time(11)),))
    return units_of(playlist, SCREEN, DAY, refused, trusted=trusted)


def names(found: tuple[Unit, ...]) -> list[str]:
    return ["+".join(slot.id for slot in unit.slots) for unit in found]


VI, LO, KM = (Slot(tag, item(f"m-{tag}", tag, message="m")) for tag in ("vi", "lo", "km"))
LONE = Slot("lone", item("x", "vi"))


def test_versions_of_a_message_are_one_unit_in_their_order() -> None:
    assert names(units(LO, LONE, VI)) == ["lo+vi", "lone"]
    (found,) = units(VI, LO)
    assert (found.family, found.length, found.head, found.lengths) == ("message m", 20_000, 10_000, (10_000, 10_000))


def test_the_set_of_a_screen_is_what_is_aimed_at_it() -> None:
    elsewhere = Slot("km", KM.item, target=Target(gates=("ho-le",)))
    assert names(units(VI, LO, elsewhere)) == ["vi+lo"]


def test_a_second_slot_of_every_version_makes_a_second_unit() -> None:
    again = (Slot("vi-2", VI.item), Slot("lo-2", LO.item))
    assert names(units(VI, LO, LONE, *again)) == ["vi+lo", "lone", "vi-2+lo-2"]
    # Where one version has more slots than another, the other's last slot stands in for those it has not.
    assert names(units(VI, LO, LONE, again[0])) == ["vi+lo", "lone", "vi-2+lo"]


def test_urgent_slots_are_in_no_rota() -> None:
    assert names(units(LONE, Slot("urgent", item("u"), precedence=Precedence.URGENT))) == ["lone"]


def test_a_set_begins_when_all_its_versions_may() -> None:
    morning = Slot("lo", LO.item, timetable=Timetable(dayparts=("morning",)))
    (found,) = units(VI, morning)
    seven, eleven = (instant_ms(datetime.fromisoformat(f"2026-11-24T{hour}:00+07:00")) for hour in ("07", "11"))
    assert found.spans == ((seven, eleven),)
    assert names(units(VI, morning, LONE, trusted=False)) == ["lone"]
    never = Slot("lo", LO.item, timetable=Timetable(dayparts=("noon",)))
    assert names(units(VI, never, LONE)) == ["lone"]


def test_a_set_is_refused_with_any_of_its_versions() -> None:
    assert [unit.refused for unit in units(VI, LO, LONE, refused=frozenset({"lo"}))] == [True, False]


def test_a_set_takes_the_strictest_limits_and_all_the_voice() -> None:
    one = Slot("vi", VI.item, share=Share(2, 5.0, DurationMs(60_000), 4))
    other = Slot("lo", LO.item, share=Share(3, 7.5, DurationMs(90_000), 3), precedence=Precedence.PRIORITY)
    (found,) = units(one, other)
    assert (found.weight, found.share, found.spacing, found.most) == (3, 125_000, 90_000, 3)
    assert found.group == (PRIORITY, 2)
    assert units(Slot("a", item("a", "vi"), share=Share(percent=1.0)))[0].group == (VOICE, 0)
    assert units(LONE)[0].group == (LOOP, 0)


def test_languages_count_wherever_they_are_present() -> None:
    spoken = Item(
        "a",
        "a.mp4",
        ItemKind.CLIP,
        "A",
        ("vi",),
        ("vi", "jra-Latn"),
        (CaptionFile("lo", "a.lo.srt"), CaptionFile("vi", "a.vi.srt")),
        length=DurationMs(7_000),
    )
    assert languages_present(spoken) == ("vi", "jra-Latn", "lo")
    (found,) = units(Slot("a", spoken))
    # jra and lo are asked for, in this order; en with 0 per cent is not.
    assert (found.language_ms, found.mask) == ((7_000, 7_000), 3)


def test_a_length_is_asked_for_or_measured_or_read_or_ten_seconds() -> None:
    bulletin = Bulletin((BulletinText("vi", "Thông báo", "Cửa khẩu đóng sớm lúc 16 giờ. " * 20),))
    written = Item("b", "", ItemKind.BULLETIN, "B", bulletin=bulletin)
    assert (
        planned_length(Item("a", "a.mp4", ItemKind.CLIP, "A", duration=DurationMs(3_000), length=DurationMs(9_000)))
        == 3_000
    )
    assert planned_length(item("a", ms=9_000)) == 9_000
    assert planned_length(written) == reading_time(bulletin) > 30_000
    assert planned_length(Item("p", "p.png", ItemKind.IMAGE, "P")) == STILL == 10_000
