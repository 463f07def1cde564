"""The figures of the rules, each with the day from which it holds and the words for where it comes from.

A later row supersedes an earlier one of the same name from its day on. Configuration adds rows of its own: a province's
list of issuers, other hours of quiet, a law that changed. Where nobody found a public figure the source says that the
house decided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from typing import Final

from playlists.errors import ContentError
from playlists.screen import VolumeStep

Value = float | int | tuple[str, ...] | tuple[VolumeStep, ...]


class ThresholdError(ContentError):
    """A row names no threshold, or its value is of the wrong kind."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One row of the table: from ``begins`` on, ``name`` (a field of :class:`Thresholds`) has ``value``."""

    name: str
    begins: date
    value: Value
    source_vi: str
    source_en: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The figures in force on one day.

    ``foreign_letters`` is the greatest height of foreign letters for one of the Vietnamese; contrasts are WCAG ratios;
    ``flashes_hz`` the most flashes a second. ``loudness_lufs`` and ``peak_dbfs`` bound a sound track. ``volume_limits``
    are the greatest volume from each local time on, over the day and past midnight. ``issuers`` may issue urgent items;
    none listed means that the list is missing, not that nobody may. ``siren`` is the least part of a sound, 0 to 1,
    that must sweep for it to count as siren-like. ``flag_aspect`` is width over height, ``flag_tolerance`` the greatest
    deviation, as a part of it.
    """

    foreign_letters: float
    contrast: float
    contrast_large: float
    flashes_hz: float
    loudness_lufs: float
    peak_dbfs: float
    volume_limits: tuple[VolumeStep, ...]
    approvals: int
    urgent_approvals: int
    issuers: tuple[str, ...]
    siren: float
    flag_aspect: float
    flag_tolerance: float


_START: Final = date(2024, 1, 1)
_LAW: Final = (
    "luật quảng cáo (chưa đối chiếu với sửa đổi năm 2025); quy định nội bộ đối với nội dung khác",
    "advertising law (not compared with the amendments of 2025); a house rule elsewhere",
)
_SHEET: Final = ("bảng quy tắc của dự án", "the project's rule sheet")
_HOUSE: Final = (
    "quy định nội bộ; chưa tìm thấy con số công khai nào",
    "house decision; no public figure was found",
)
_DATA: Final = ("do cấu hình cung cấp", "supplied by configuration")
QUIET_BEGINS: Final = time(21)
QUIET_ENDS: Final = time(6)

BUILT_IN: Final[tuple[Threshold, ...]] = (
    Threshold("foreign_letters", _START, 0.75, *_LAW),
    Threshold("contrast", _START, 4.5, *_SHEET),
    Threshold("contrast_large", _START, 3.0, *_SHEET),
    Threshold("flashes_hz", _START, 3.0, *_SHEET),
    Threshold("loudness_lufs", _START, -16.0, *_HOUSE),
    Threshold("peak_dbfs", _START, -1.0, *_HOUSE),
    Threshold("volume_limits", _START, (VolumeStep(QUIET_ENDS, 100), VolumeStep(QUIET_BEGINS, 0)), *_SHEET),
    Threshold("approvals", _START, 1, *_SHEET),
    Threshold("urgent_approvals", _START, 2, *_SHEET),
    Threshold("issuers", _START, (), *_DATA),
    Threshold("siren", _START, 0.1, *_HOUSE),
    Threshold("flag_aspect", _START, 1.5, *_SHEET),
    Threshold("flag_tolerance", _START, 0.01, *_HOUSE),
)
"""The house's table. Before its first day the first row of a name holds: a kiosk's clock may stand anywhere."""

_NUMBERS: Final = frozenset(
    row.name for row in BUILT_IN if isinstance(row.value, float | int) and not isinstance(row.value, bool)
)


def in_force(on: date, rows: Sequence[Threshold] = ()) -> Thresholds:
    """Give the figures in force on a day.

    :param rows: configuration's own, added to the built-in table; of two rows of one day the later in order holds.
    :raises ThresholdError: for a row that names no threshold or has a value of the wrong kind.
    """
    table = [*BUILT_IN, *map(_checked, rows)]
    values = {name: _newest((row for row in table if row.name == name), on) for name in threshold_names()}
    return Thresholds(**values)  # type: ignore[arg-type]  # each value was checked against the built-in one of its name


def threshold_names() -> tuple[str, ...]:
    """The names of all thresholds, in the order of the table."""
    return tuple(field.name for field in fields(Thresholds))


def _newest(rows: Iterable[Threshold], on: date) -> Value:
    # Sorting is stable, so of two rows of one day the later one wins.
    ordered = sorted(rows, key=lambda row: row.begins)
    begun = [row for row in ordered if row.begins <= on]
    return (begun[-1] if begun else ordered[0]).value


def _checked(row: Threshold) -> Threshold:
    kinds = {"issuers": str, "volume_limits": VolumeStep}
    value = row.value
    if row.name in _NUMBERS:
        good = isinstance(value, float | int) and not isinstance(value, bool)
    elif row.name in kinds:
        good = isinstance(value, tuple) and all(isinstance(one, kinds[row.name]) for one in value)
        good = good and (bool(value) or row.name == "issuers")
    else:
        message = f"There is no threshold “{row.name}”; known are {', '.join(threshold_names())}"
        raise ThresholdError(message)
    if not good:
        message = f"The threshold “{row.name}” has a value of the wrong kind: {value!r}"
        raise ThresholdError(message)
    return row
