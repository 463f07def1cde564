"""Which rules of RFC 5545 a recurrence may have: rules for days, which dateutil accepts and which come to pass."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

YEARS_AHEAD: Final = 12
"""How far a first day is looked for: a 29 February may be eight years off."""

_FREQUENCY: Final = "YEARLY|MONTHLY|WEEKLY|DAILY"
_WEEKDAY: Final = "(?:MO|TU|WE|TH|FR|SA|SU)"
_SHAPES: Final = {
    "FREQ": f"(?:{_FREQUENCY})",
    # dateutil never comes back from an interval of 0.
    "INTERVAL": "[1-9][0-9]{0,3}",
    "COUNT": "[1-9][0-9]{0,4}",
    "UNTIL": "[0-9]{8}",
    "BYDAY": f"(?:[+-]?[1-9][0-9]?)?{_WEEKDAY}(?:,(?:[+-]?[1-9][0-9]?)?{_WEEKDAY})*",
    "WKST": _WEEKDAY,
}
_GREATEST: Final = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_NUMBERS: Final = "[+-]?[1-9][0-9]{0,2}(?:,[+-]?[1-9][0-9]{0,2})*"


@lru_cache(maxsize=1000)
def recurrence_flaw(rule: str, begins: date) -> str | None:
    """Tell what is wrong with a rule that is counted from ``begins``: the code of a finding, or None."""
    parts = _parts(rule)
    if parts is None:
        return "recurrence-rule"
    from dateutil.rrule import rrulestr  # noqa: PLC0415  # slow to load, and most playlists recur nowhere

    horizon = date(min(begins.year + YEARS_AHEAD, date.max.year), 12, 31)
    try:
        until = date.fromisoformat(parts.pop("UNTIL", horizon.isoformat()))
        # The first day is the same however many follow; bounded, since dateutil searches until the year 9999.
        parts.pop("COUNT", None)
        parts["UNTIL"] = f"{min(until, horizon):%Y%m%d}"
        days = rrulestr(";".join(map("=".join, parts.items())), dtstart=datetime.combine(begins, time()))
    except ValueError:
        return "recurrence-rule"
    return "recurrence-never" if next(iter(days), None) is None else None


def _parts(rule: str) -> dict[str, str] | None:
    """Take a rule apart; None where a part is not known, comes twice, or does not go with the others."""
    pairs = [part.partition("=") for part in rule.split(";")]
    parts = {name: value for name, _, value in pairs}
    whole = len(parts) == len(pairs) and "FREQ" in parts
    # RFC 5545 has no end by count and by day at once; dateutil searches long for the nth of a single day.
    contrary = {"COUNT", "UNTIL"} <= parts.keys() or ("BYSETPOS" in parts and parts.get("FREQ") == "DAILY")
    return parts if whole and not contrary and all(_is_right(*pair) for pair in parts.items()) else None


def _is_right(name: str, value: str) -> bool:
    greatest = _GREATEST.get(name)
    if greatest is None:
        return name in _SHAPES and re.fullmatch(_SHAPES[name], value) is not None
    return re.fullmatch(_NUMBERS, value) is not None and all(abs(int(part)) <= greatest for part in value.split(","))
