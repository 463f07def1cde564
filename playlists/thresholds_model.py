"""The fields of a thresholds file, format version 1: rows that a configuration adds to the built-in table."""

from typing import Annotated, Final, Literal

from pydantic import Field

from playlists.fields import ClockTime, Day, Fields, Text

FORMAT_VERSION: Final = 1
MAX_ROWS: Final = 1000

FigureName = Literal[
    "foreign_letters",
    "contrast",
    "contrast_large",
    "flashes_hz",
    "loudness_lufs",
    "peak_dbfs",
    "approvals",
    "urgent_approvals",
    "siren",
    "flag_aspect",
    "flag_tolerance",
]


class RowFields(Fields):
    """From when a row holds, and where it comes from."""

    begins: Day
    source_vi: Text = "cấu hình"
    source_en: Text = "configuration"


class FigureFields(RowFields):
    """One figure."""

    name: FigureName
    value: Annotated[float, Field(ge=-200, le=1000)]


class IssuersFields(RowFields):
    """Who may issue urgent items."""

    names: Annotated[list[Text], Field(min_length=1, max_length=1000)]


class LimitFields(Fields):
    """From this local time on, until the next step, the greatest volume, 0 to 100."""

    begins: ClockTime
    percent: Annotated[int, Field(ge=0, le=100)]


class LimitsFields(RowFields):
    """The limits of volume over a day."""

    steps: Annotated[list[LimitFields], Field(min_length=1, max_length=100)]


class ThresholdsFields(Fields):
    """Rows for the figures of the content rules."""

    format_version: Literal[1]
    figures: Annotated[list[FigureFields], Field(max_length=MAX_ROWS)] = []
    issuers: Annotated[list[IssuersFields], Field(max_length=MAX_ROWS)] = []
    volume_limits: Annotated[list[LimitsFields], Field(max_length=MAX_ROWS)] = []
