"""The fields of a playlist file, format version 1."""

from typing import Annotated, Final, Literal

from pydantic import Field

from playlists.fields import (
    MAX_DURATION_MS,
    MAX_ITEMS,
    CaptionPath,
    Digest,
    Fields,
    Languages,
    SourcePath,
    Tag,
    Text,
    TrackTag,
)

FORMAT_VERSION: Final = 1


class CaptionFields(Fields):
    """A caption file of one language."""

    language: Tag
    source: CaptionPath


class ItemFields(Fields):
    """A clip, a picture or a page of a leaflet."""

    id: Text
    kind: Literal["clip", "image", "page"]
    source: SourcePath
    title: Text
    languages: Annotated[Languages, Field(description="of the picture, in reading order")] = []
    sound: Annotated[list[TrackTag], Field(max_length=32, description="of the sound tracks, in their order")] = []
    captions: Annotated[list[CaptionFields], Field(max_length=20)] = []
    duration_ms: Annotated[
        int | None,
        Field(ge=1, le=MAX_DURATION_MS, description="how long a picture stands, or where a clip is cut short"),
    ] = None
    sha256: Digest | None = None


class SlotFields(Fields):
    """A place in the loop and the item it shows."""

    id: Text
    item: Text


class PlaylistFields(Fields):
    """A loop of clips, pictures and pages."""

    format_version: Literal[1]
    id: Text
    title: Text
    items: Annotated[list[ItemFields], Field(min_length=1, max_length=MAX_ITEMS)]
    slots: Annotated[
        list[SlotFields] | None,
        Field(
            min_length=1,
            max_length=MAX_ITEMS,
            description="the order of showing, where it is not simply each item once",
        ),
    ] = None
