"""Which files of a plain folder are items, in which order and under which titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.folder_items import folder_items, folder_playlist, kind_of, title_of, visible
from playlists.playlist import CaptionFile, ItemKind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.mp4", ItemKind.CLIP),
        ("a.MKV", ItemKind.CLIP),
        ("a.b.webm", ItemKind.CLIP),
        ("a.png", ItemKind.IMAGE),
        ("a.JPG", ItemKind.IMAGE),
        (".a.mp4", None),
        (".mp4", None),
        ("mp4", None),
        ("a.txt", None),
        ("a.vi.srt", None),
        ("Thumbs.db", None),
        ("a.playlist.json", None),
        ("a.m3u", None),
        ("a.mp4.part", None),
    ],
)
def test_the_suffix_says_what_is_an_item(name: str, kind: ItemKind | None) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("03 - Chào_mừng.mp4", "Chào mừng"),
        ("1.Bờ Y.mp4", "Bờ Y"),
        ("12) a.mp4", "a"),
        ("2 hai.mp4", "hai"),
        ("2024.mp4", "2024"),
        ("1. .mp4", "1."),
        ("4K demo.mp4", "4K demo"),
        ("_.mp4", "_"),
        ("Đa\u0301.png", "Đá"),
        ("\udcff.png", "\\xff"),
    ],
)
def test_the_title_is_the_name_without_number_and_suffix(name: str, title: str) -> None:
    assert title_of(name) == title


def test_items_stand_in_natural_order_with_their_captions() -> None:
    names = ["10.mp4", "2.mp4", "2.vi.srt", "2.LO.vtt", "2.txt", "2.xx-.srt", "9.png", "9.vi.srt", ".2.km.srt"]
    items = folder_items(names)
    assert [(item.id, item.source, item.kind) for item in items] == [
        ("2.mp4", "2.mp4", ItemKind.CLIP),
        ("9.png", "9.png", ItemKind.IMAGE),
        ("10.mp4", "10.mp4", ItemKind.CLIP),
    ]
    assert items[0].captions == (CaptionFile("lo", "2.LO.vtt"), CaptionFile("vi", "2.vi.srt"))
    assert items[1].captions == items[2].captions == ()


def test_a_name_that_is_no_utf8_keeps_its_bytes_and_gets_a_visible_id() -> None:
    (item,) = folder_items(["a\udcff.mp4"])
    assert (item.id, item.source) == ("a\\xff.mp4", "a\udcff.mp4")
    assert visible("Bờ Y") == "Bờ Y"


def test_a_folder_becomes_a_playlist_of_one_slot_each() -> None:
    playlist = folder_playlist("Bờ Y", ["b.mp4", "a.png"])
    assert (playlist.id, playlist.title, playlist.digest) == ("", "Bờ Y", None)
    assert [(slot.id, slot.item.id) for slot in playlist.slots] == [("a.png", "a.png"), ("b.mp4", "b.mp4")]


NAMES = st.text(min_size=1, max_size=8).map(lambda text: text.replace("/", "").replace("\0", ""))


@given(st.lists(st.builds("{}{}".format, NAMES, st.sampled_from([".mp4", ".PNG", ".vi.srt", ".txt", ""])), unique=True))
def test_every_item_once_whatever_the_order_of_the_directory(names: list[str]) -> None:
    items = folder_items(names)
    assert items == folder_items(names[::-1])
    assert sorted(item.source for item in items) == sorted(name for name in names if kind_of(name))
    assert all(item.title for item in items)
