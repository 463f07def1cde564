"""PDFs of a playlist unfolded into pages, as values."""

import json
from hashlib import sha256
from typing import Any

import pytest

from playlists.findings import PlaylistFileError
from playlists.playlist import ItemKind, PictureSize
from playlists.playlist_file import read_playlist
from sync.hub.leaflets import LONGEST_READING_MS, Leaflet, page_time, pdf_sources, unfold
from sync.hub.pdf_pages import Page

PDF = "p" * 64
PAGES = (
    Page(b"first", ".png", PictureSize(764, 1080), "Khi qua cửa khẩu, xin mang theo hộ chiếu. " * 4),
    Page(b"second", ".jpg", PictureSize(1920, 1080), ""),
)
ITEM = {
    "id": "to-gap",
    "kind": "page",
    "source": "tờ gấp.PDF",
    "title": "Tờ gấp",
    "languages": ["vi", "lo"],
    "later": {"kept": True},
    "papers": {
        "approvals": [
            {"by": "A", "on": "2026-11-20", "digest": PDF},
            {"by": "B", "on": "2026-11-20", "digest": "0" * 64},
        ]
    },
}
CLIP = {"id": "clip", "kind": "clip", "source": "a.mp4", "title": "Clip", "languages": ["vi"]}


def document(**more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a file
    return {"format_version": 2, "id": "p", "title": "P", "items": [CLIP, ITEM], **more}


def test_pdfs_are_found_with_their_places() -> None:
    assert pdf_sources(document()) == {"tờ gấp.PDF": 1}
    assert pdf_sources({"items": [None, {"source": 3}, 7]}) == {}
    assert pdf_sources({"items": "x"}) == {}


def test_each_page_is_an_item_and_a_slot() -> None:
    unfolded = unfold(document(), {"tờ gấp.PDF": Leaflet(PDF, PAGES)})
    playlist = read_playlist(unfolded.content)
    clip, first, second = (slot.item for slot in playlist.slots)
    assert (clip.id, first.id, second.id) == ("clip", "to-gap-1", "to-gap-2")
    assert first.kind is second.kind is ItemKind.PAGE
    assert first.title == "Tờ gấp (1/2)"
    assert first.languages == ("vi", "lo")
    assert first.extra == {"later": {"kept": True}}
    assert (first.source, second.source) == ("tờ gấp.PDF-1.png", "tờ gấp.PDF-2.jpg")
    assert first.sha256 == sha256(b"first").hexdigest()
    assert first.picture == PictureSize(764, 1080)
    assert first.duration is not None
    assert second.duration is None
    assert unfolded.pictures == {"tờ gấp.PDF-1.png": b"first", "tờ gấp.PDF-2.jpg": b"second"}
    assert unfolded.pages_of == {"to-gap": ("to-gap-1", "to-gap-2")}
    assert unfolded.origins == (0, 1, 1)
    assert unfolded.places == {"clip": 0, "to-gap-1": 1, "to-gap-2": 1}


def test_an_approval_of_the_pdf_counts_for_its_pages_and_one_of_something_else_does_not() -> None:
    unfolded = unfold(document(), {"tờ gấp.PDF": Leaflet(PDF, PAGES)})
    (good, other) = read_playlist(unfolded.content).slots[2].item.papers.approvals
    assert good.digest == sha256(b"second").hexdigest()
    assert good.extra == {"document_sha256": PDF}
    assert other.digest == "0" * 64
    assert other.extra == {}


def test_a_pdf_of_one_page_keeps_its_name() -> None:
    unfolded = unfold(document(), {"tờ gấp.PDF": Leaflet(PDF, PAGES[:1])})
    item = read_playlist(unfolded.content).slots[1].item
    assert (item.id, item.title) == ("to-gap", "Tờ gấp")


def test_slots_are_multiplied_and_shares_divided() -> None:
    slots = [
        {"id": "s1", "item": "to-gap", "share": {"percent": 10.1, "weight": 2}},
        {"id": "s2", "item": "clip"},
        {"id": "s3", "item": "to-gap", "timetable": {"weekdays": [1]}},
    ]
    playlist = read_playlist(unfold(document(slots=slots), {"tờ gấp.PDF": Leaflet(PDF, PAGES)}).content)
    assert [slot.id for slot in playlist.slots] == ["s1-1", "s1-2", "s2", "s3-1", "s3-2"]
    shares = [slot.share.percent for slot in playlist.slots[:2]]
    assert sum(share for share in shares if share) == pytest.approx(10.1)
    assert playlist.slots[1].share.weight == 2
    assert playlist.slots[4].timetable.weekdays == frozenset({1})


def test_a_digest_on_record_of_another_pdf_stays_wrong() -> None:
    wrong = document(items=[{**ITEM, "sha256": "1" * 64}])
    right = document(items=[{**ITEM, "sha256": PDF}])
    leaflets = {"tờ gấp.PDF": Leaflet(PDF, PAGES)}
    assert read_playlist(unfold(wrong, leaflets).content).slots[0].item.sha256 == "1" * 64
    assert read_playlist(unfold(right, leaflets).content).slots[0].item.sha256 == sha256(b"first").hexdigest()


def test_nonsense_is_left_to_the_reader_of_playlists() -> None:
    for items in ([{**ITEM, "id": 3, "title": None, "papers": [], "languages": 5}], [7, ITEM], "x"):
        told = unfold(document(items=items, slots=[3, {"item": 4}]), {"tờ gấp.PDF": Leaflet(PDF, PAGES)})
        with pytest.raises(PlaylistFileError):
            read_playlist(told.content)
    assert json.loads(unfold(document(), {}).content)["items"][1] == ITEM


def test_a_page_stands_as_long_as_its_slowest_readers_need() -> None:
    vietnamese = "Xin mang theo hộ chiếu còn hạn và giấy thông hành biên giới khi qua cửa khẩu. " * 3
    lao = "ກະລຸນານຳໜັງສືຜ່ານແດນມານຳ " * 3
    alone = page_time(vietnamese, ["vi"])
    assert alone is not None
    assert alone % 1000 == 0
    assert page_time(vietnamese + lao, ["vi", "lo"]) == alone
    both = page_time(vietnamese, ["vi", "en"])
    assert both is not None
    assert 6_000 <= both < alone
    assert page_time(vietnamese * 100, []) == LONGEST_READING_MS
    assert page_time(" \n", ["vi"]) is None
    assert page_time("Ngắn", ["vi"]) == 6_000
