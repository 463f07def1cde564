"""What a text, a tag, a path, a day, a share is in the files we read, and the rule each of them keeps on its own."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Final, LiteralString, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from playlists.folder_items import CAPTION_SUFFIXES, IMAGE_SUFFIXES, SOUND_SUFFIXES
from playlists.languages import normal_tag

MAX_ITEMS: Final = 10_000
MAX_DURATION_MS: Final = 24 * 60 * 60 * 1000
UNKNOWN_LANGUAGE: Final = "und"
"""Holds the place of a sound track whose language nobody wrote down."""
CUSTOM_CODES: Final = (
    *("text", "body", "language", "repeated-language", "repeated-entry", "path", "caption-kind", "picture-kind"),
    *("sound-kind", "link", "colour", "string", "day", "clock-time", "local-moment", "moment", "time-zone"),
)
"""Every code that the rules below refuse with; each has its sentences in :mod:`playlists.findings`."""

_HAS_PATHS_OF_WINDOWS: Final = ("\\", "://")
_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK_TIME: Final = r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"
_MOMENT: Final = rf"{_DAY}T{_CLOCK_TIME}(\.[0-9]{{3}}([0-9]{{3}})?)?"
_OFFSET: Final = r"(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)"
_LINK: Final = r"(https?://[^\s/]\S*|tel:\+?[0-9]{3,15})"
_TIME_ZONE: Final = r"[A-Za-z]+(/[A-Za-z0-9_+-]+)*"

_V = TypeVar("_V", date, time, datetime)


class Fields(BaseModel):
    """What nobody knows yet is kept, so that a newer file survives an older program."""

    # Built when first used: of the models of a file only the outermost is.
    model_config = ConfigDict(extra="allow", strict=True, frozen=True, defer_build=True)


def _refuse(code: LiteralString, **values: object) -> NoReturn:
    raise PydanticCustomError(code, code, values)


def _has_control_characters(text: str, but: str = "") -> bool:
    return any(unicodedata.category(letter) == "Cc" and letter not in but for letter in text)


def _text(value: str) -> str:
    text = unicodedata.normalize("NFC", value)
    if not text.strip() or _has_control_characters(text):
        _refuse("text")
    return text


def _body(value: str) -> str:
    text = unicodedata.normalize("NFC", value)
    if _has_control_characters(text, but="\n"):
        _refuse("body")
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


def _all_different(entries: list[object]) -> list[object]:
    for place, entry in enumerate(entries):
        if entry in entries[:place]:
            _refuse("repeated-entry", entry=str(entry))
    return entries


def _languages_once_each(value: object) -> object:
    """Refuse two ways of writing one language, of which pydantic would keep the last."""
    if isinstance(value, Mapping):
        _once_each([tag for key in value if isinstance(key, str) and (tag := normal_tag(key)) is not None])
    return value


def _path(value: str) -> str:
    """Take a path as it is: a file name is bytes, and normalising it could name another file."""
    path = PurePosixPath(value)
    escapes = path.is_absolute() or ".." in path.parts or not path.parts
    foreign = any(sign in value for sign in _HAS_PATHS_OF_WINDOWS) or PureWindowsPath(value).drive
    if escapes or foreign or _has_control_characters(value):
        _refuse("path")
    return value


def _suffix(code: LiteralString, allowed: frozenset[str]) -> AfterValidator:
    def check(value: str) -> str:
        if PurePosixPath(value).suffix.lower() not in allowed:
            _refuse(code)
        return value

    return AfterValidator(check)


def _matching(code: LiteralString, pattern: str) -> AfterValidator:
    shape = re.compile(pattern)

    def check(value: str) -> str:
        if shape.fullmatch(value) is None:
            _refuse(code)
        return value

    return AfterValidator(check)


def _parsed(code: LiteralString, pattern: str, parse: Callable[[str], _V]) -> PlainValidator:
    """Take a string of one shape only: ``fromisoformat`` alone takes many more."""
    shape = re.compile(pattern)

    def check(value: object) -> _V:
        if not isinstance(value, str):
            _refuse("string")
        if shape.fullmatch(value) is None:
            _refuse(code)
        try:
            return parse(value)
        except ValueError:
            _refuse(code)

    return PlainValidator(check)


def _shaped(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "examples": [example]})


def _time_zone(value: str) -> str:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only a screen's file names a zone

    if re.fullmatch(_TIME_ZONE, value) is None:
        _refuse("time-zone", zone=value)
    try:
        return ZoneInfo(value).key
    except (ValueError, OSError, KeyError):
        # OSError: a folder of zones, such as Asia; KeyError: zoneinfo's own for a zone that is not there.
        _refuse("time-zone", zone=value)


Text = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_text)]
Body = Annotated[
    str, Field(max_length=20_000, description="paragraphs separated by a line feed"), AfterValidator(_body)
]
Tag = Annotated[str, Field(description="BCP 47, such as vi or jra-Latn"), AfterValidator(_tag)]
TrackTag = Annotated[str, Field(description="BCP 47, or und where nobody knows"), AfterValidator(_track_tag)]
SourcePath = Annotated[
    str,
    Field(min_length=1, max_length=4096, description="relative to the playlist file's folder, within it, with /"),
    AfterValidator(_path),
]
CaptionPath = Annotated[SourcePath, _suffix("caption-kind", CAPTION_SUFFIXES)]
PicturePath = Annotated[SourcePath, _suffix("picture-kind", IMAGE_SUFFIXES)]
SoundPath = Annotated[SourcePath, _suffix("sound-kind", SOUND_SUFFIXES)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Link = Annotated[str, Field(max_length=500, description="http, https or tel"), _matching("link", _LINK)]
Colour = Annotated[str, Field(description="#rrggbb"), _matching("colour", "#[0-9A-Fa-f]{6}"), AfterValidator(str.lower)]
TimeZone = Annotated[str, Field(description="of the IANA database"), AfterValidator(_time_zone)]

Day = Annotated[date, _parsed("day", _DAY, date.fromisoformat), _shaped(_DAY, "2026-11-30")]
ClockTime = Annotated[time, _parsed("clock-time", _CLOCK_TIME, time.fromisoformat), _shaped(_CLOCK_TIME, "06:30")]
LocalMoment = Annotated[
    datetime,
    _parsed("local-moment", _MOMENT, datetime.fromisoformat),
    _shaped(_MOMENT, "2026-11-30T06:30"),
]
MomentWithOffset = Annotated[
    datetime,
    _parsed("moment", _MOMENT + _OFFSET, datetime.fromisoformat),
    _shaped(_MOMENT + _OFFSET, "2026-11-30T06:30+07:00"),
]

Duration = Annotated[int, Field(ge=1, le=MAX_DURATION_MS)]
Percent = Annotated[float, Field(gt=0, le=100)]
Weekday = Annotated[int, Field(ge=1, le=7)]
Weekdays = Annotated[list[Weekday], Field(max_length=7, description="ISO, 1 is Monday"), AfterValidator(_all_different)]
Languages = Annotated[list[Tag], Field(max_length=20), AfterValidator(_once_each)]
Names = Annotated[list[Text], Field(max_length=1000), AfterValidator(_all_different)]
Days = Annotated[list[Day], Field(max_length=1000), AfterValidator(_all_different)]
OneALanguage = BeforeValidator(_languages_once_each)
"""For mappings by language."""


class PictureSizeFields(Fields):
    """Pixels as they are to be shown."""

    width: Annotated[int, Field(ge=1, le=65_535)]
    height: Annotated[int, Field(ge=1, le=65_535)]
