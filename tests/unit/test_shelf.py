"""What is on disk: plain folders and playlist files, as the player finds them."""

import os
from pathlib import Path

import pytest

from player.shelf import MAX_PLAYLIST_BYTES, base_folder, folder_signature, path_signature, read_folder, read_path
from playlists.errors import ContentError
from playlists.findings import PlaylistFileError

PLAYLIST = b"""{"format_version": 1, "id": "p", "title": "P",
"items": [{"id": "a", "kind": "clip", "source": "a.mp4", "title": "A"}]}"""


def sources(path: Path) -> list[str]:
    return [slot.item.source for slot in read_path(path).slots]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "Bờ Y"
    path.mkdir()
    for name in ("10.mp4", "2.mp4", "2.vi.srt", "poster.png", ".hidden.mp4", "notes.txt"):
        (path / name).write_bytes(b"")
    return path


def test_a_folder_is_read_in_natural_order_without_what_is_no_item(folder: Path) -> None:
    assert sources(folder) == ["2.mp4", "10.mp4", "poster.png"]
    assert read_folder(folder).title == "Bờ Y"
    assert base_folder(folder) == folder


def test_folders_within_are_left_alone_and_links_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "inner.mp4").mkdir()
    (folder / "inner.mp4" / "1.mp4").write_bytes(b"")
    os.mkfifo(folder / "pipe.mp4")
    elsewhere = tmp_path / "clip"
    elsewhere.write_bytes(b"")
    (folder / "3.mp4").symlink_to(elsewhere)
    (folder / "4.mp4").symlink_to(tmp_path / "nowhere")
    (folder / "5.mp4").symlink_to(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert sources(link) == ["2.mp4", "3.mp4", "4.mp4", "10.mp4", "poster.png"]
    assert read_folder(link).title == "Bờ Y"


def test_a_name_that_is_no_utf8_is_an_item_too(folder: Path) -> None:
    (folder / os.fsdecode(b"a\xff.mp4")).write_bytes(b"")
    item = read_folder(folder).slots[-2].item
    assert item.id == "a\\xff.mp4"
    assert (folder / item.source).exists()


def test_a_playlist_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.playlist.json"
    path.write_bytes(PLAYLIST)
    assert sources(path) == ["a.mp4"]
    assert base_folder(path) == tmp_path


def test_an_empty_or_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ContentError, match=r"^[^\n]*\.$") as caught:
            read_path(path)
        assert str(path) in str(caught.value)
    with pytest.raises(ContentError, match=r"^There is no folder "):
        read_folder(tmp_path / "missing")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ContentError, match="cannot be read: Not a directory"):
        read_folder(tmp_path / "file")


def test_a_playlist_file_that_cannot_be_used_is_content(tmp_path: Path) -> None:
    path = tmp_path / "x.playlist.json"
    path.write_bytes(PLAYLIST.replace(b'"P"', b"7"))
    with pytest.raises(PlaylistFileError, match="/title"):
        read_path(path)
    path.write_bytes(b" " * (MAX_PLAYLIST_BYTES + 1))
    with pytest.raises(ContentError, match="too large"):
        read_path(path)
    with pytest.raises(ContentError, match="cannot be read"):
        read_path(path / "below")


def test_the_signature_changes_with_what_matters_and_with_nothing_else(folder: Path) -> None:
    seen = {folder_signature(folder)}

    def changed() -> bool:
        before = len(seen)
        seen.add(path_signature(folder))
        return len(seen) > before

    assert not changed()
    (folder / "notes.txt").write_bytes(b"new")
    (folder / ".hidden.mp4").write_bytes(b"new")
    assert not changed()
    (folder / "2.mp4").write_bytes(b"new")
    assert changed()
    (folder / "2.vi.srt").write_bytes(b"new")
    assert changed()
    (folder / "2.mp4").rename(folder / "3.mp4")
    assert changed()
    (folder / "4.mp4").symlink_to("nowhere")
    assert changed()
    same = (folder / "10.mp4").stat()
    (folder / "new.part").write_bytes(b"")
    (folder / "new.part").replace(folder / "10.mp4")
    os.utime(folder / "10.mp4", ns=(same.st_atime_ns, same.st_mtime_ns))
    assert changed()


def test_a_folder_that_goes_away_has_another_signature(folder: Path) -> None:
    before = folder_signature(folder)
    folder.rename(folder.with_name("away"))
    gone = folder_signature(folder)
    assert gone != before
    assert gone == folder_signature(folder)


def test_a_playlist_file_has_a_signature(tmp_path: Path) -> None:
    path = tmp_path / "x.playlist.json"
    missing = path_signature(path)
    path.write_bytes(PLAYLIST)
    there = path_signature(path)
    assert missing != there == path_signature(path)
    path.write_bytes(PLAYLIST + b" ")
    assert path_signature(path) != there
