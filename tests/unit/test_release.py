"""The agent's half of the state folder as values: what is read is what was written, and all that is wrong is said."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import playlists
from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.errors import ContentError
from playlists.findings import ReleaseFileError
from playlists.json_document import written
from playlists.playlist import CaptionFile, Item, ItemKind, Playlist, Slot
from playlists.playlist_file import write_playlist
from playlists.proof import Rendition
from playlists.release import (
    Active,
    MediaFile,
    Release,
    UrgentBulletin,
    Withdrawn,
    digest_of,
    digests_of,
    file_schema,
    read_acknowledged,
    read_active,
    read_release,
    read_released_playlist,
    read_urgent,
    read_withdrawn,
    sources_of,
    write_active,
    write_release,
    write_urgent,
    write_withdrawn,
)
from playlists.schedule import Precedence
from playlists.timing import DurationMs

GOLDEN = Path(__file__).parents[1] / "golden" / "state"
A, B, C = ("a" * 64, "b" * 64, "c" * 64)
CLIP = MediaFile("clips/a.mp4", A, 1000)
SLATE = MediaFile("slate.png", B, 20)
PLAYLIST = MediaFile("bo-y.playlist.json", C, 300)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
MEDIA = st.builds(
    MediaFile, st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}\.mp4", fullmatch=True), DIGESTS, st.integers(0, 2**40)
)


def urgent_slot(*, picture: str | None = "flood.png", precedence: Precedence = Precedence.URGENT) -> Slot:
    issued = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    urgency = Urgency("Ban Chỉ huy", "Bờ Y", issued, issued + timedelta(hours=6))
    rendition = Rendition.TEXT if picture is None else Rendition.IMAGE
    bulletin = Bulletin((BulletinText("vi", "Lũ quét"),), rendition, picture=picture, urgency=urgency)
    item = Item("lu", "", ItemKind.BULLETIN, "Lũ quét", ("vi",), duration=DurationMs(10_000), bulletin=bulletin)
    return Slot("lu", item, precedence=precedence)


def codes(error: ContentError) -> set[str]:
    return {found.code for found in getattr(error, "findings", ())}


@given(st.integers(1, 2**53), st.lists(MEDIA, max_size=5, unique_by=lambda file: file.source), st.booleans())
def test_a_release_is_read_as_it_was_written(sequence: int, media: list[MediaFile], screen: bool) -> None:  # noqa: FBT001
    slate = media[0].source.replace(".mp4", ".png") if media else None
    files = [*media, replace(media[0], source=slate)] if media and slate else media
    release = Release(sequence, PLAYLIST, tuple(files), PLAYLIST if screen else None, slate, {"later": 1})
    assert read_release(write_release(release)) == release


def test_a_golden_release_of_a_later_version_keeps_what_is_not_known() -> None:
    content = (GOLDEN / "release.json").read_bytes()
    release = read_release(content)
    assert (release.sequence, release.slate, release.extra) == (7, "slate.png", {"note": "kept"})
    assert release.media[0].extra == {"bitrate": 4_000_000}
    assert write_release(release) == content


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sequence": 0}, "too-small"),
        ({"format_version": 2}, "format-version"),
        ({"slate": "other.png"}, "unlisted-media"),
        ({"media": [{"source": "a.mp4", "sha256": "short", "length": 1}]}, "digest"),
        ({"media": [{"source": "../a.mp4", "sha256": A, "length": 1}]}, "path"),
        ({"media": [{"source": "a.mp4", "sha256": A, "length": 1}] * 2, "slate": None}, "repeated-entry"),
        ({"playlist": {"file": "../x", "sha256": A, "length": 1}}, "digest"),
        ({"playlist": None}, "not-object"),
    ],
)
def test_what_is_wrong_with_a_release_is_said(changes: dict[str, object], code: str) -> None:
    document = json.loads(write_release(Release(7, PLAYLIST, (CLIP, SLATE), slate="slate.png")))
    with pytest.raises(ReleaseFileError) as caught:
        read_release(written(document | changes))
    assert code in codes(caught.value)


def test_a_released_playlist_gets_its_digests() -> None:
    captions = (CaptionFile("vi", "clips/a.srt"),)
    item = Item("a", "clips/a.mp4", ItemKind.CLIP, "A", ("vi",), captions=captions)
    pictured = urgent_slot(picture="slate.png", precedence=Precedence.PRIORITY)
    plain = replace(urgent_slot(picture=None), id="plain", item=replace(urgent_slot(picture=None).item, id="plain"))
    playlist = Playlist("p", "P", (Slot("1", item), pictured, plain), planned=True)
    release = Release(1, PLAYLIST, (CLIP, SLATE, MediaFile("clips/a.srt", C, 1)))
    read = read_released_playlist(write_playlist(playlist), release)
    assert read.slots[0].item.sha256 == A
    assert digests_of(read.slots[0].item) == (A,)
    assert digests_of(read.slots[1].item) == (B,)
    assert digests_of(read.slots[2].item) == ()
    assert sources_of(item) == ("clips/a.mp4", "clips/a.srt")
    with pytest.raises(ReleaseFileError) as caught:
        read_released_playlist(write_playlist(playlist), replace(release, media=(CLIP, SLATE)))
    assert codes(caught.value) == {"unlisted-media"}
    stranger = replace(playlist, slots=(Slot("1", replace(item, sha256=B)),))
    with pytest.raises(ReleaseFileError) as caught:
        read_released_playlist(write_playlist(stranger), release)
    assert codes(caught.value) == {"wrong-digest"}


def test_a_sound_bulletin_gets_the_digest_of_its_recording() -> None:
    slot = urgent_slot(picture=None)
    assert slot.item.bulletin is not None
    bulletin = replace(slot.item.bulletin, rendition=Rendition.SOUND, sound="flood.ogg")
    item = replace(slot.item, bulletin=bulletin, sound=("vi",))
    playlist = Playlist("p", "P", (replace(slot, item=item),), planned=True)
    read = read_released_playlist(write_playlist(playlist), Release(1, PLAYLIST, (MediaFile("flood.ogg", C, 9),)))
    assert digests_of(read.slots[0].item) == (C,)


def test_active_is_read_as_it_was_written() -> None:
    active = Active(12, A, {"since": "2026-07-01"})
    assert read_active(write_active(active)) == active
    with pytest.raises(ReleaseFileError):
        read_active(b'{"format_version": 1, "sequence": "12", "sha256": "x"}')


def test_an_urgent_bulletin_is_read_as_it_was_written() -> None:
    picture = MediaFile("flood.png", B, 77)
    urgent = UrgentBulletin("lu", urgent_slot(), (picture,), {"seal": "x"})
    read = read_urgent(write_urgent(urgent, "Lũ quét"))
    assert (read.id, read.media, read.extra) == (urgent.id, urgent.media, urgent.extra)
    bulletin = read.slot.item.bulletin
    assert bulletin is not None
    assert (bulletin.picture_sha256, bulletin.urgency) == (B, urgent.slot.item.bulletin and bulletin.urgency)
    assert bulletin.urgency is not None
    assert bulletin.urgency.issuer == "Ban Chỉ huy"
    assert read.slot.precedence is Precedence.URGENT


def test_what_is_no_urgent_bulletin_is_refused() -> None:
    calm = urgent_slot(picture=None, precedence=Precedence.ORDINARY)
    with pytest.raises(ReleaseFileError) as caught:
        read_urgent(write_urgent(UrgentBulletin("lu", calm), "x"))
    assert codes(caught.value) == {"not-one-urgent"}
    urgent = urgent_slot(picture=None)
    assert urgent.item.bulletin is not None
    plain = replace(urgent, item=replace(urgent.item, bulletin=replace(urgent.item.bulletin, urgency=None)))
    with pytest.raises(ReleaseFileError) as caught:
        read_urgent(write_urgent(UrgentBulletin("lu", plain), "x"))
    assert codes(caught.value) == {"no-urgency"}


@given(st.frozensets(st.text("abcđ", min_size=1, max_size=5)), st.frozensets(DIGESTS))
def test_withdrawals_are_read_as_they_were_written(items: frozenset[str], digests: frozenset[str]) -> None:
    withdrawn = Withdrawn(items, digests)
    assert read_withdrawn(write_withdrawn(withdrawn)) == withdrawn


def test_a_withdrawal_covers_an_item_by_its_name_or_by_what_it_shows() -> None:
    item = Item("a", "a.mp4", ItemKind.CLIP, "A", sha256=A)
    assert Withdrawn(frozenset({"a"})).covers(item)
    assert Withdrawn(digests=frozenset({A})).covers(item)
    assert not Withdrawn(frozenset({"b"}), frozenset({B})).covers(item)


def test_a_withdrawal_of_nothing_is_refused() -> None:
    with pytest.raises(ReleaseFileError) as caught:
        read_withdrawn(b'{"format_version": 1, "items": [{}, {"item": "a"}]}')
    assert [(found.place, found.code) for found in caught.value.findings] == [("/items/0", "nothing-withdrawn")]


def test_what_is_acknowledged_is_an_epoch_and_a_row() -> None:
    told = read_acknowledged(json.dumps({"format_version": 1, "epoch": "0" * 32, "sequence": 5}).encode())
    assert (told.epoch, told.sequence) == ("0" * 32, 5)


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(playlists.__file__).with_name("release-file.schema.json")
    assert json.loads(published.read_text(encoding="utf-8")) == file_schema()


def test_a_digest_is_that_of_the_content() -> None:
    assert digest_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
