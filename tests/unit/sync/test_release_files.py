"""What of a release's file names and lengths no kiosk could keep."""

import pytest

from playlists.errors import ContentError
from playlists.release import MediaFile, Release
from sync.agent.activation import files_of, unusable

ONE = MediaFile("playlist.json", "1" * 64, 10)


@pytest.mark.parametrize("name", ["release.json", "playlist.json", "playlist.json.part", "release.json.part"])
def test_a_screen_file_that_would_lie_where_another_does_is_refused(name: str) -> None:
    release = Release(1, ONE, screen=MediaFile(name, "2" * 64, 10))
    assert "name" in (unusable(release, [b"", b""]) or "")


def test_a_file_has_one_length() -> None:
    release = Release(1, ONE, (MediaFile("a", "2" * 64, 10), MediaFile("b", "2" * 64, 11)))
    with pytest.raises(ContentError):
        files_of(release)
