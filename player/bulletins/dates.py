"""Dates and times as Vietnamese writes them. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

_PADDED_MONTHS = 3
"""Official writing pads days below 10 and the months January and February with a zero (Decree 30/2020)."""


def local(moment: datetime, zone: str) -> datetime:
    """The moment by the clocks of ``zone``; one without an offset is local already.

    Raises:
        ZoneInfoNotFoundError: nobody knows the zone.

    """
    return moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone))


def date_text(moment: datetime) -> str:
    """``Ngày 05 tháng 01 năm 2026``."""
    month = f"{moment.month:02d}" if moment.month < _PADDED_MONTHS else f"{moment.month}"
    return f"Ngày {moment.day:02d} tháng {month} năm {moment.year}"


def hour_text(moment: datetime) -> str:
    """``08 giờ 15``."""
    return f"{moment.hour:02d} giờ {moment.minute:02d}"


def moment_text(moment: datetime) -> str:
    """``17 giờ 00, ngày 24/11/2026``."""
    return f"{hour_text(moment)}, ngày {moment.day:02d}/{moment.month:02d}/{moment.year}"
