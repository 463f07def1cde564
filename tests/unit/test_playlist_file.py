"""The playlist file: golden files, everything wrong at once, nothing unknown lost."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import playlists
from playlists.cli_schema import schema_text
from playlists.findings import PlaylistFileError, pointer
from playlists.playlist import CaptionFile, Item, ItemKind, Playlist, Slot
from playlists.playlist_file import read_playlist, write_playlist
from playlists.timing import DurationMs

GOLDEN = Path(__file__).parent.parent / "golden" / "playlist"
ITEM: dict[str, object] = {"id": "a", "kind": "clip", "source": "a.mp4", "title": "A"}


def document(**fields: object) -> bytes:
    whole = {"format_version": 1, "id": "p", "title": "P", "items": [ITEM]} | fields
    return json.dumps({name: value for name, value in whole.items() if value is not ...}).encode()


def item(**fields: object) -> bytes:
    return document(items=[ITEM | fields])


def found(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(PlaylistFileError) as caught:
        read_playlist(content)
    assert all(one.vi and one.en and "{" not in one.vi.replace("{…}", "") for one in caught.value.findings)
    return [(one.place, one.code) for one in caught.value.findings]


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_golden_files_are_read_and_written_back_byte_for_byte(path: Path) -> None:
    content = path.read_bytes()
    playlist = read_playlist(content)
    assert write_playlist(playlist) == content
    assert playlist.digest == sha256(content).hexdigest()


def test_a_golden_file_means_what_it_says() -> None:
    playlist = read_playlist((GOLDEN / "bo-y.playlist.json").read_bytes())
    assert [slot.id for slot in playlist.slots] == ["sáng", "1", "2", "tối"]
    clip, image, page, again = (slot.item for slot in playlist.slots)
    assert clip == again
    assert (clip.kind, image.kind, page.kind) == (ItemKind.CLIP, ItemKind.IMAGE, ItemKind.PAGE)
    assert (clip.languages, clip.sound, clip.duration) == (("vi", "lo"), ("vi", "lo", "und"), 24040)
    assert [(file.language, file.source) for file in clip.captions] == [
        ("vi", "video/01 Chào mừng.vi.srt"),
        ("jra-Latn", "video/01 Chào mừng.jra-Latn.vtt"),
    ]
    assert (image.duration, image.languages, image.captions, image.sha256) == (None, (), (), None)
    # Fields of later versions, at every level.
    assert playlist.extra == {"campaign": [1, 2.5, None, True]}
    assert playlist.slots[0].extra == {"daypart": "morning"}
    assert clip.captions[1].extra == {"reader": "Rơ Châm H'Yéo"}
    assert clip.extra.keys() == {"supplier"}


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(playlists.__file__).with_name("playlist-file.schema.json")
    assert published.read_text(encoding="utf-8") == schema_text("playlist")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-json"),
        (b"\xff\xfe", "not-utf-8"),
        (b'{"format_version": 1,}', "not-json"),
        (b"[1]", "not-object"),
        (b"[" * 200_000, "too-deep"),
        (b'{"format_version": 1, "format_version": 1}', "duplicate-key"),
        (b'{"format_version": 1, "x": NaN}', "not-json-value"),
        (b'{"format_version": 1, "x": 1e999}', "not-json-value"),
        (b'{"format_version": 1, "x": "\\ud800"}', "not-json-value"),
        (b'{"format_version": 1, "x": ' + b"9" * 5000 + b"}", "not-json-value"),
    ],
)
def test_what_is_no_document_has_one_finding(content: bytes, code: str) -> None:
    assert found(content) == [("", code)]


@pytest.mark.parametrize("version", [3, 0, "1", True, 1.0, None, ...])
def test_another_format_version_is_not_guessed_at(version: object) -> None:
    assert found(document(format_version=version, items=7)) == [("/format_version", "format-version")]


def test_a_byte_order_mark_is_tolerated() -> None:
    assert read_playlist(b"\xef\xbb\xbf" + document()).id == "p"


def test_all_findings_come_at_once_with_their_places() -> None:
    content = document(
        id=..., title=" ", items=[ITEM | {"kind": "film", "languages": ["vi", "x y"]}, 7, ITEM | {"duration_ms": 0}]
    )
    assert found(content) == [
        ("/id", "missing"),
        ("/title", "text"),
        ("/items/0/kind", "choice"),
        ("/items/0/languages/1", "language"),
        ("/items/1", "not-object"),
        ("/items/2/duration_ms", "too-small"),
    ]
    with pytest.raises(PlaylistFileError, match=r"^Playlist file, /id: .* \(and 5 more; see signage-playlist check\)$"):
        read_playlist(content)


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"id": 3}, "id", "string"),
        ({"id": ""}, "id", "too-short"),
        ({"title": "a\nb"}, "title", "text"),
        ({"title": "x" * 501}, "title", "too-long"),
        ({"source": "/etc/passwd.mp4"}, "source", "path"),
        ({"source": "../a.mp4"}, "source", "path"),
        ({"source": "x/../../a.mp4"}, "source", "path"),
        ({"source": "."}, "source", "path"),
        ({"source": "C:/a.mp4"}, "source", "path"),
        ({"source": "x\\a.mp4"}, "source", "path"),
        ({"source": "http://127.0.0.1/a.mp4"}, "source", "path"),
        ({"source": "a\0.mp4"}, "source", "path"),
        ({"source": "a.png"}, "source", "kind-mismatch"),
        ({"kind": "page"}, "source", "kind-mismatch"),
        ({"languages": "vi"}, "languages", "list"),
        ({"languages": ["vi", "vie"]}, "languages", "repeated-language"),
        ({"languages": ["und"]}, "languages/0", "language"),
        ({"sound": ["tiếng Việt"]}, "sound/0", "language"),
        ({"duration_ms": 1.5}, "duration_ms", "integer"),
        ({"duration_ms": True}, "duration_ms", "integer"),
        ({"duration_ms": 10**9}, "duration_ms", "too-great"),
        ({"sha256": "AB"}, "sha256", "digest"),
        ({"captions": [{"language": "vi", "source": "a.txt"}]}, "captions/0/source", "caption-kind"),
        ({"captions": [{"language": "vi", "source": "../a.srt"}]}, "captions/0/source", "path"),
        (
            {"captions": [{"language": "vi", "source": "a.srt"}, {"language": "VI", "source": "b.srt"}]},
            "captions/1/language",
            "repeated-language",
        ),
    ],
)
def test_each_rule_has_its_place_and_sentence(fields: dict[str, object], place: str, code: str) -> None:
    assert found(item(**fields)) == [(f"/items/0/{place}", code)]


def test_ids_are_unique_and_slots_name_items() -> None:
    slots = [{"id": "1", "item": "a"}, {"id": "1", "item": "z"}]
    assert found(document(items=[ITEM, ITEM], slots=slots)) == [
        ("/items/1/id", "repeated-id"),
        ("/slots/1/id", "repeated-id"),
        ("/slots/1/item", "unknown-item"),
    ]
    assert found(document(items=[])) == [("/items", "too-short")]


def test_an_empty_name_is_a_place_too() -> None:
    assert pointer(("items", 0, "a/b~c")) == "/items/0/a~1b~0c"


def test_texts_are_kept_composed_but_file_names_as_they_are() -> None:
    playlist = read_playlist(item(title="Đa\u0301", source="Đa\u0301.mp4", sound=["und", "VIE"], suffix="none"))
    assert playlist.slots[0].item.title == "Đá"
    assert playlist.slots[0].item.source == "Đa\u0301.mp4"
    assert playlist.slots[0].item.sound == ("und", "vi")
    assert read_playlist(item(source="no suffix")).slots[0].item.source == "no suffix"


JSON_VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=5), inner, max_size=3),
    max_leaves=5,
)
EXTRA: st.SearchStrategy[dict[str, object]] = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map("x-{}".format)
    | st.sampled_from(["model_config", "model_extra", "__class__", "copy", "json", ""]),
    JSON_VALUES,
    max_size=3,
)
TEXTS = st.text("aăđơ1 -ọ", min_size=1, max_size=8).filter(str.strip)
TAGS = st.lists(st.sampled_from(["vi", "lo", "km", "jra-Latn", "en"]), unique=True, max_size=3)
ITEMS = st.builds(
    Item,
    id=TEXTS,
    source=TEXTS.map("{}.mp4".format),
    kind=st.just(ItemKind.CLIP),
    title=TEXTS,
    languages=TAGS.map(tuple),
    sound=st.lists(st.sampled_from(["vi", "und"]), max_size=3).map(tuple),
    captions=TAGS.map(lambda tags: tuple(CaptionFile(tag, f"{tag}.srt") for tag in tags)),
    duration=st.none() | st.integers(1, 10_000).map(DurationMs),
    sha256=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    extra=EXTRA,
)


@st.composite
def playlists_of_all_sorts(draw: st.DrawFn) -> Playlist:
    items = draw(st.lists(ITEMS, min_size=1, max_size=3, unique_by=lambda one: one.id))
    if draw(st.booleans()):
        slots = [Slot(one.id, one) for one in items]
    else:
        # Items are written in the order of their first slot.
        order = [*items, *draw(st.lists(st.sampled_from(items), max_size=2))]
        slots = [Slot(str(place), one, draw(EXTRA)) for place, one in enumerate(order)]
    return Playlist(draw(TEXTS), draw(TEXTS), tuple(slots), extra=draw(EXTRA))


@given(playlists_of_all_sorts())
def test_what_is_written_is_read_back_the_same(playlist: Playlist) -> None:
    content = write_playlist(playlist)
    again = read_playlist(content)
    assert (again.id, again.title, again.slots, again.extra) == (
        playlist.id,
        playlist.title,
        playlist.slots,
        playlist.extra,
    )
    assert write_playlist(again) == content


@given(st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_get_a_playlist_or_findings(content: bytes) -> None:
    try:
        read_playlist(content)
    except PlaylistFileError as error:
        assert error.findings  # noqa: PT017  # either answer is right


@given(st.data())
def test_a_document_with_any_value_anywhere_gets_findings_or_is_read(data: st.DataObject) -> None:
    whole = json.loads((GOLDEN / "bo-y.playlist.json").read_bytes())
    target = data.draw(st.sampled_from([whole, whole["items"][0], whole["items"][0]["captions"][0], whole["slots"][1]]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(JSON_VALUES)
    try:
        read_playlist(json.dumps(whole).encode())
    except PlaylistFileError as error:
        assert all(one.code != "other" for one in error.findings)  # noqa: PT017  # either answer is right
