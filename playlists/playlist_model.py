"""The fields of a playlist file, format version 1, and the rule each of them keeps on its own."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Final, Literal, LiteralString, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from playlists.folder_items import CAPTION_SUFFIXES
from playlists.languages import normal_tag

FORMAT_VERSION: Final = 1
MAX_ITEMS: Final = 10_000
MAX_DURATION_MS: Final = 24 * 60 * 60 * 1000
UNKNOWN_LANGUAGE: Final = "und"
"""Holds the place of a sound track whose language nobody wrote down."""


def _refuse(code: LiteralString, **values: object) -> NoReturn:
    raise PydanticCustomError(code, code, values)


def _has_control_characters(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cc" for letter in text)


def _text(value: str) -> str:
    text = unicodedata.normalize("NFC", value)
    if not text.strip() or _has_control_characters(text):
        _refuse("text")
    return text


def _tag(value: str) -> str:
    tag = normal_tag(value)
    if tag is None:
        _refuse("language", tag=value)
    return tag


def _track_tag(value: str) -> str:
    return value if value == UNKNOWN_LANGUAGE else _tag(value)


def _once_each(tags: list[str]) -> list[str]:
    for place, tag in enumerate(tags):
        if tag in tags[:place]:
            _refuse("repeated-language", tag=tag)
    return tags


def _path(value: str) -> str:
    """Take a path as it is: a file name is bytes, and normalising it could name another file."""
    path = PurePosixPath(value)
    escapes = path.is_absolute() or ".." in path.parts or not path.parts
    foreign = "\\" in value or "://" in value or PureWindowsPath(value).drive
    if escapes or foreign or _has_control_characters(value):
        _refuse("path")
    return value


def _caption_path(value: str) -> str:
    if PurePosixPath(value).suffix.lower() not in CAPTION_SUFFIXES:
        _refuse("caption-kind")
    return value


Text = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_text)]
Tag = Annotated[str, Field(description="BCP 47, such as vi or jra-Latn"), AfterValidator(_tag)]
TrackTag = Annotated[str, Field(description="BCP 47, or und where nobody knows"), AfterValidator(_track_tag)]
SourcePath = Annotated[
    str,
    Field(min_length=1, max_length=4096, description="relative to the playlist file's folder, within it, with /"),
    AfterValidator(_path),
]
CaptionPath = Annotated[SourcePath, AfterValidator(_caption_path)]


class _Fields(BaseModel):
    """What nobody knows yet is kept, so that a newer file survives an older program."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class CaptionFields(_Fields):
    """A caption file of one language."""

    language: Tag
    source: CaptionPath


class ItemFields(_Fields):
    """A clip, a picture or a page of a leaflet."""

    id: Text
    kind: Literal["clip", "image", "page"]
    source: SourcePath
    title: Text
    languages: Annotated[
        list[Tag],
        Field(max_length=20, description="of the picture, in reading order"),
        AfterValidator(_once_each),
    ] = []
    sound: Annotated[list[TrackTag], Field(max_length=32, description="of the sound tracks, in their order")] = []
    captions: Annotated[list[CaptionFields], Field(max_length=20)] = []
    duration_ms: Annotated[
        int | None,
        Field(ge=1, le=MAX_DURATION_MS, description="how long a picture stands, or where a clip is cut short"),
    ] = None
    sha256: Annotated[str | None, Field(pattern="^[0-9a-f]{64}$")] = None


class SlotFields(_Fields):
    """A place in the loop and the item it shows."""

    id: Text
    item: Text


class PlaylistFields(_Fields):
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
