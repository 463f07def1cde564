"""Playlist files: JSON bytes in and a value out, or everything that is wrong with them; and back.

Format version 1 (:mod:`playlists.playlist_file_v1`) is a list to be played as written, version 2
(:mod:`playlists.playlist_file_v2`) the planned loop. ``playlists/playlist-file.schema.json`` is the published schema; a
test keeps it equal to :func:`file_schema`. Fields that are not known are kept in ``extra`` at every level and written
again.
"""

from hashlib import sha256
from typing import Final

from playlists.findings import PlaylistFileError
from playlists.json_document import read_object, read_version, written
from playlists.playlist import Playlist
from playlists.playlist_file_v1 import listed_document, read_listed

SUFFIX: Final = ".playlist.json"
FORMAT_VERSIONS: Final = (1, 2)


def read_playlist(content: bytes) -> Playlist:
    """Read a playlist file of any version.

    :param content: the whole file; a byte order mark before it is tolerated.
    :raises PlaylistFileError: with all that is wrong, not only the first thing.
    """
    document = read_object(content, PlaylistFileError)
    digest = sha256(content).hexdigest()
    if read_version(document, FORMAT_VERSIONS, PlaylistFileError) == 1:
        return read_listed(document, digest)
    from playlists.playlist_file_v2 import read_planned  # noqa: PLC0415  # a mere list of clips does without

    return read_planned(document, digest)


def write_playlist(playlist: Playlist) -> bytes:
    """Write a playlist as a file: UTF-8, one field a line, always the same bytes for the same value.

    A planned playlist is written in format version 2, any other in version 1. ``slots`` is left out where every item
    has one slot of its own name.

    :raises ValueError: it is not planned and holds what version 1 has no place for.
    """
    if not playlist.planned:
        return written(listed_document(playlist))
    from playlists.playlist_file_v2_writing import planned_document  # noqa: PLC0415  # as above

    return written(planned_document(playlist))


def file_schema() -> dict[str, object]:
    """Describe a playlist file of either version as JSON Schema (2020-12)."""
    from pydantic.json_schema import models_json_schema  # noqa: PLC0415  # for whoever asks for it

    from playlists.playlist_model import PlaylistFields  # noqa: PLC0415
    from playlists.playlist_model_v2 import PlannedPlaylistFields  # noqa: PLC0415

    places, schema = models_json_schema([(PlaylistFields, "validation"), (PlannedPlaylistFields, "validation")])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "oneOf": list(places.values()),
        "title": "Playlist file, version 1 or 2",
    }
