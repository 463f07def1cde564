"""A clock that stands where a real one is put back: the plainest telling of what has been reached when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.clock_hours import InstantMs, instant_ms


def reached(zone: ZoneInfo, begins: datetime, minutes: int) -> Iterator[tuple[datetime, InstantMs]]:
    """Yield, minute by minute, the latest local time that was shown so far, and the instant.

    It looks a few hours back first: what was shown before ``begins`` was reached too.
    """
    latest = datetime.min  # noqa: DTZ901 - a local time
    for minute in range(-240, minutes):
        at = begins.astimezone(UTC) + timedelta(minutes=minute)
        latest = max(latest, at.astimezone(zone).replace(tzinfo=None, fold=0))
        if minute >= 0:
            yield latest, instant_ms(at)
