"""The days of a recurrence: an RFC 5545 rule, with exceptions and additions."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from dateutil.rrule import rrule, rruleset, rrulestr

from playlists.errors import ContentError
from playlists.schedule import Recurrence

_SAFE_DAY: Final = 28
"""Every month has it: what began on it can be counted from any month."""


def days_of(recurrence: Recurrence, first: date, last: date) -> frozenset[date]:
    """Expand a recurrence between two days, both included.

    :raises ContentError: the rule is none.
    """
    rule = _rule(recurrence.rule, _start(recurrence, first))
    found = rule.between(datetime.combine(first, time.min), datetime.combine(last, time.max), inc=True)
    added = {day for day in recurrence.also_on if first <= day <= last}
    return frozenset(({at.date() for at in found} | added) - set(recurrence.except_on))


@lru_cache(maxsize=1024)
def _rule(text: str, start: date) -> rrule | rruleset:
    try:
        return rrulestr(text, dtstart=datetime.combine(start, time.min))
    except (ValueError, KeyError, AttributeError, TypeError, IndexError) as error:  # whatever its parser trips over
        message = f"quy tắc lặp lại không hợp lệ: {text!r} (ví dụ đúng: FREQ=WEEKLY;BYDAY=MO)"
        raise ContentError(message) from error


def _start(recurrence: Recurrence, first: date) -> date:
    """Begin as late as the rule's own rhythm allows: it is expanded day by day from there.

    A rule that counts its days has to be counted from its beginning.
    """
    parts = dict(part.split("=", 1) for part in recurrence.rule.upper().split(";") if "=" in part)
    begins = recurrence.begins
    if first <= begins or "COUNT" in parts:
        return begins
    every = int(parts.get("INTERVAL", "1")) if parts.get("INTERVAL", "1").isdecimal() else 0
    if every < 1:
        return begins
    match parts.get("FREQ"):
        case "DAILY":
            return begins + timedelta(days=(first - begins).days // every * every)
        case "WEEKLY":
            return begins + timedelta(weeks=(first - begins).days // 7 // every * every)
        case "MONTHLY" if begins.day <= _SAFE_DAY:
            months = (first.year - begins.year) * 12 + first.month - begins.month - 1
            return _months_later(begins, max(0, months // every * every))
        case "YEARLY" if begins.day <= _SAFE_DAY:
            years = first.year - begins.year - 1
            return begins.replace(year=begins.year + max(0, years // every * every))
        case _:
            return begins


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)
