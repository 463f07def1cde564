"""What can be shown and is perhaps not meant so."""

from dataclasses import replace
from datetime import UTC, datetime, time
from types import MappingProxyType

from playlists.bulletin import Bulletin, BulletinText
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.playlist_warnings import playlist_warnings
from playlists.proof import Rendition
from playlists.schedule import Daypart, Timetable, ValidityWindow
from playlists.screen import Screen
from playlists.timing import DurationMs

CLIP = Item("a", "a.mp4", ItemKind.CLIP, "A", languages=("vi",), sound=("jra-Latn",), length=DurationMs(1000))
SCREEN = Screen("s", "bo-y", "c", languages=("vi", "lo", "jra"))


def codes(*items: Item, screen: Screen | None = None, planned: bool = True) -> list[str]:
    playlist = Playlist("p", "P", tuple(Slot(item.id, item) for item in items), planned=planned)
    return [one.code for one in playlist_warnings(playlist, screen)]


def test_a_clip_ought_to_have_a_length_or_a_duration() -> None:
    assert codes(CLIP) == []
    assert codes(replace(CLIP, length=None)) == ["unknown-length"]
    assert codes(replace(CLIP, length=None, duration=DurationMs(500))) == []
    # A list that is not planned needs none.
    assert codes(replace(CLIP, length=None), planned=False) == []


def test_of_bulletins_only_those_with_sound_have_a_length() -> None:
    text = Bulletin((BulletinText("vi", "A"),))
    silent = Item("b", "", ItemKind.BULLETIN, "B", bulletin=text)
    spoken = replace(silent, bulletin=replace(text, rendition=Rendition.SOUND, sound="a.m4a"))
    assert codes(silent) == []
    assert codes(spoken) == ["unknown-length"]


def test_a_picture_has_none() -> None:
    assert codes(Item("b", "b.png", ItemKind.IMAGE, "B")) == []


def test_two_versions_of_a_message_are_no_typing_mistake() -> None:
    one, other = replace(CLIP, message="m"), replace(CLIP, id="b", languages=("lo",), message="m")
    assert codes(one, other) == []
    assert codes(one, replace(other, message="n")) == ["lonely-version"] * 2


def test_a_share_is_served_by_picture_or_sound_in_that_language_or_a_narrower_one() -> None:
    for tag, wrong in (("vi", []), ("jra", []), ("lo", ["share-without-item"])):
        assert codes(CLIP, screen=replace(SCREEN, shares=MappingProxyType({tag: 30.0}))) == wrong


def test_shares_over_a_hundred_are_possible_with_items_in_several_languages() -> None:
    both = replace(CLIP, languages=("vi", "lo"))
    shares = MappingProxyType({"vi": 70.0, "lo": 30.0})
    assert codes(both, screen=replace(SCREEN, shares=shares)) == []
    shares = MappingProxyType({"vi": 100.0, "lo": 30.0})
    assert codes(both, screen=replace(SCREEN, shares=shares)) == ["shares-over-100"]


def test_a_daypart_is_there_to_be_used() -> None:
    part = Daypart("sang", "Buổi sáng", time(6), time(11))
    for dayparts, wrong in (((), ["unused-daypart"]), (("sang",), [])):
        slot = Slot("a", CLIP, timetable=Timetable(dayparts=dayparts))
        playlist = Playlist("p", "P", (slot,), planned=True, dayparts=(part,))
        assert [one.code for one in playlist_warnings(playlist, None)] == wrong


def test_a_window_is_bounded_by_either_end() -> None:
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    assert [window.bounded for window in (ValidityWindow(), ValidityWindow(moment), ValidityWindow(ends=moment))] == [
        False,
        True,
        True,
    ]
