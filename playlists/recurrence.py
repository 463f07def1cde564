"""The days of a recurrence: an RFC 5545 rule, with exceptions and additions."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from playlists.schedule import Recurrence

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

_DAYS: Final = {"DAILY": 1, "WEEKLY": 7}
_MONTHS: Final = {"MONTHLY": 1, "YEARLY": 12}
_SAFE_DAY: Final = 28
"""Every month has it: what began on it can be counted from any month."""


def days_of(recurrence: Recurrence, first: date, last: date) -> frozenset[date]:
    """Expand a recurrence between two days, both included; its rule is one that the playlist file's reader let pass."""
    rule = _rule(recurrence.rule, _start(recurrence, first))
    found = rule.between(datetime.combine(first, time.min), datetime.combine(last, time.max), inc=True)
    added = {day for day in recurrence.also_on if first <= day <= last}
    return frozenset(({at.date() for at in found} | added) - set(recurrence.except_on))


@lru_cache(maxsize=1024)
def _rule(text: str, start: date) -> "rrule | rruleset":
    from dateutil.rrule import rrulestr  # noqa: PLC0415  # slow to load, and most playlists recur nowhere

    return rrulestr(text, dtstart=datetime.combine(start, time.min))


def _start(recurrence: Recurrence, first: date) -> date:
    """Begin as late as the rule's own rhythm allows: it is expanded day by day from there.

    A rule that counts its days has to be counted from its beginning.
    """
    parts = dict(part.split("=", 1) for part in recurrence.rule.upper().split(";") if "=" in part)
    begins = recurrence.begins
    every = int(parts.get("INTERVAL", "1"))
    frequency = parts.get("FREQ", "")
    if first <= begins or "COUNT" in parts:
        return begins
    if frequency in _DAYS:
        step = _DAYS[frequency] * every
        return begins + timedelta(days=(first - begins).days // step * step)
    if frequency in _MONTHS and begins.day <= _SAFE_DAY:
        step = _MONTHS[frequency] * every
        passed = (first.year - begins.year) * 12 + first.month - begins.month - 1
        years, month = divmod(begins.month - 1 + max(0, passed // step * step), 12)
        return begins.replace(year=begins.year + years, month=month + 1)
    return begins
