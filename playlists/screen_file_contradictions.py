"""What the fields of a screen cannot show one by one."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from playlists.findings import Finding, finding
from playlists.languages import serves
from playlists.screen_model import HoursFields, LayoutFields, ScreenFields, ZoneFields

_WHOLE: Final = 100 + 1e-6
"""Per cent, and what zones may be rounded up by."""
_TOUCHING: Final = 1e-6
_DAY: Final = 24 * 60 * 60
_WEEK: Final = 7 * _DAY


def contradictions(fields: ScreenFields) -> Iterator[Finding]:
    """Find all contradictions, each with its place."""
    yield from _zones(fields.layout)
    for tag in fields.shares:
        if not any(serves(tag, language) for language in fields.languages):
            yield finding(("shares", tag), "unspoken-share", tag=tag)
    yield from _hours(fields.hours)
    times = [step.begins for step in fields.volume]
    for place, (earlier, later) in enumerate(pairwise(times), start=1):
        if later <= earlier:
            yield finding(("volume", place, "begins"), "volume-order")


def _zones(layout: LayoutFields) -> Iterator[Finding]:
    main = [zone for zone in layout.zones if zone.kind == "main"]
    if len(main) != 1:
        yield finding(("layout", "zones"), "not-one-main")
    for place, zone in enumerate(layout.zones):
        at = ("layout", "zones", place)
        if zone.x + zone.width > _WHOLE or zone.y + zone.height > _WHOLE:
            yield finding(at, "zone-outside")
        if zone.kind == "main":
            continue
        yield from _among_others(zone, layout.zones[:place], at)
        if len(main) == 1:
            yield from _beside_main(zone, main[0], at, painted_first=place < layout.zones.index(main[0]))
    if layout.logo is None:
        for place, zone in enumerate(layout.zones):
            if zone.kind == "logo":
                yield finding(("layout", "zones", place), "no-logo")


def _among_others(zone: ZoneFields, earlier: Sequence[ZoneFields], at: tuple[str | int, ...]) -> Iterator[Finding]:
    for other in earlier:
        if other.kind == zone.kind:
            yield finding(at, "second-zone", kind=zone.kind)
        elif other.kind != "main" and _shared_area(zone, other) > _TOUCHING:
            yield finding(at, "zones-overlap", kind=other.kind)


def _beside_main(
    zone: ZoneFields, main: ZoneFields, at: tuple[str | int, ...], *, painted_first: bool
) -> Iterator[Finding]:
    shared = _shared_area(zone, main)
    if painted_first and shared > _TOUCHING:
        yield finding(at, "zone-under-main")
    elif shared > main.width * main.height / 2:
        yield finding(at, "zone-over-main")


def _shared_area(one: ZoneFields, other: ZoneFields) -> float:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(width, 0) * max(height, 0)


def _hours(hours: Sequence[HoursFields]) -> Iterator[Finding]:
    """Find spans that overlap another, on any day of the week and past midnight too."""
    taken: list[tuple[int, int]] = []
    for place, span in enumerate(hours):
        seconds = [moment.hour * 3600 + moment.minute * 60 + moment.second for moment in (span.begins, span.ends)]
        length = (seconds[1] - seconds[0]) % _DAY or _DAY
        starts = [(day - 1) * _DAY + seconds[0] for day in span.weekdays or range(1, 8)]
        mine = [(start, start + length) for start in starts]
        if any(_overlap(one, other) for number, one in enumerate(mine) for other in (*taken, *mine[:number])):
            yield finding(("hours", place), "hours-overlap")
        taken += mine


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans of a week share time; the last may run into the next week."""
    return any(one[0] + shift < other[1] and other[0] < one[1] + shift for shift in (-_WEEK, 0, _WEEK))
