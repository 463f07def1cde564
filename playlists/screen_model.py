"""The fields of a screen file, format version 1."""

from typing import Annotated, Final, Literal

from pydantic import Field

from playlists.fields import (
    ClockTime,
    Colour,
    Fields,
    Languages,
    Names,
    OneALanguage,
    Percent,
    PicturePath,
    PictureSizeFields,
    Tag,
    Text,
    TimeZone,
    Weekdays,
)
from playlists.screen import DEFAULT_TIME_ZONE

FORMAT_VERSION: Final = 1

Place = Annotated[float, Field(ge=0, le=100, description="per cent of the canvas")]
Extent = Annotated[Percent, Field(description="per cent of the canvas")]


class ZoneFields(Fields):
    """A rectangle of the canvas, from its upper left corner."""

    kind: Literal["main", "ticker", "clock", "logo"]
    x: Place
    y: Place
    width: Extent
    height: Extent


class LayoutFields(Fields):
    """What of the canvas shows what; later zones are painted over earlier ones."""

    zones: Annotated[list[ZoneFields], Field(max_length=20)] = [
        ZoneFields(kind="main", x=0, y=0, width=100, height=100)
    ]
    logo: Annotated[PicturePath | None, Field(description="relative to the screen file's folder")] = None
    colours: Annotated[
        dict[Text, Colour],
        Field(max_length=50, description="over those of the look: background, text, accent"),
    ] = {}


class HoursFields(Fields):
    """One span of opening, past midnight where it does not end after it begins."""

    begins: ClockTime
    ends: ClockTime
    weekdays: Weekdays = []


class VolumeFields(Fields):
    """From this time on, until the next step, sound has at most this volume."""

    begins: ClockTime
    percent: Annotated[int, Field(ge=0, le=100)]


class ScreenFields(Fields):
    """One screen of a cluster at a gate."""

    format_version: Literal[1]
    id: Text
    gate: Text
    cluster: Text
    title: Text | None = None
    tags: Names = []
    canvas: Annotated[PictureSizeFields | None, Field(description="as the viewer sees it, after the rotation")] = None
    rotation: Annotated[Literal[0, 90, 180, 270], Field(description="degrees clockwise")] = 0
    languages: Annotated[Languages, Field(min_length=1)] = ["vi"]
    shares: Annotated[
        dict[Tag, Percent],
        Field(max_length=20, description="the least per cent of an hour in which a language is present"),
        OneALanguage,
    ] = {}
    hours: Annotated[list[HoursFields], Field(max_length=100, description="none is always open")] = []
    volume: Annotated[list[VolumeFields], Field(max_length=100, description="none is silent from 21:00 to 06:00")] = []
    outdoor: bool = False
    armed_forces: bool = False
    time_zone: TimeZone = DEFAULT_TIME_ZONE
    look: Literal["day", "night", "ceremony"] | None = None
    layout: LayoutFields = LayoutFields()
