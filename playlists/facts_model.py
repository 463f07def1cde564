"""The fields of a facts file, format version 1. What is left out or null was not measured."""

from typing import Annotated, Final, Literal

from pydantic import Field

from playlists.fields import MAX_ITEMS, Digest, Fields, OneALanguage, Tag, Text

FORMAT_VERSION: Final = 1

Pixels = Annotated[float, Field(gt=0, le=100_000)]
Decibels = Annotated[float, Field(ge=-200, le=50)]
Cluster = Annotated[str, Field(min_length=1, max_length=32)]


class LettersFields(Fields):
    """How tall the letters of one language stand, in pixels."""

    language: Tag
    drawn_px: Pixels
    nominal_px: Pixels | None = None
    part: Text = "body"


class ContrastFields(Fields):
    """A contrast ratio of text to its ground."""

    ratio: Annotated[float, Field(ge=1, le=21)]
    large: bool = False
    part: Text = "body"


class LoudnessFields(Fields):
    """Gated loudness and peak of a whole sound track."""

    lufs: Decibels
    peak_dbfs: Decibels


class FlagFields(Fields):
    """How a national flag was drawn; ``aspect`` is width over height."""

    aspect: Annotated[float | None, Field(gt=0, le=1000)] = None
    cropped: bool | None = None
    covered: bool | None = None


class FactsFields(Fields):
    """What was measured of one item."""

    of: Annotated[Digest | None, Field(description="digest of the content that was measured")] = None
    measured_by: Annotated[
        dict[str, Text], Field(max_length=100, description="the tool, by the field that it filled")
    ] = {}
    letters: Annotated[list[LettersFields] | None, Field(max_length=1000)] = None
    missing_glyphs: Annotated[
        dict[Tag, Annotated[list[Cluster], Field(max_length=10_000)]] | None,
        Field(description="by language, what no shipped font can draw"),
        OneALanguage,
    ] = None
    normal_text: Annotated[bool | None, Field(description="whether caption files are NFC")] = None
    contrasts: Annotated[list[ContrastFields] | None, Field(max_length=1000)] = None
    flash_hz: Annotated[float | None, Field(ge=0, le=1000, description="most flashes in any second")] = None
    loudness: LoudnessFields | None = None
    siren: Annotated[float | None, Field(ge=0, le=1, description="part of the sound that sweeps")] = None
    spoken: Annotated[list[Tag] | None, Field(max_length=100, description="in the order heard")] = None
    sounding: Annotated[bool | None, Field(description="whether there is any sound")] = None
    captions: Annotated[bool | None, Field(description="whether the picture itself shows the speech")] = None
    flag: FlagFields | None = None


class MeasurementsFields(Fields):
    """What was measured of the items of a playlist."""

    format_version: Literal[1]
    screen: Annotated[Text | None, Field(description="id of the screen whose canvas was drawn for")] = None
    items: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=4096)], FactsFields],
        Field(max_length=MAX_ITEMS, description="by the id of the item; ticker/N for message N of the ticker, from 0"),
    ]
