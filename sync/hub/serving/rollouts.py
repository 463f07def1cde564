"""When a roll-out is confirmed: every canary has played the release for the time it set, without fault. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from playlists.errors import ContentError
from playlists.release import Release
from sync.protocol import StatusReport
from sync.publication import Rollout, rollout_of

FRESH: Final = timedelta(minutes=20)
"""A canary that was not heard of for longer says nothing."""
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """The last report of a screen's device, and when it came."""

    report: StatusReport
    at: datetime


def pending(releases: Iterable[tuple[str, Release]], confirmed: frozenset[int]) -> Iterator[tuple[int, Rollout]]:
    """The roll-outs that wait, by sequence; releases that go to all at once have none."""
    seen = set(confirmed)
    for _, release in releases:
        if release.sequence in seen:
            continue
        seen.add(release.sequence)
        try:
            rollout = rollout_of(release)
        except ContentError:
            continue
        if rollout is not None:
            yield release.sequence, rollout


def is_good(sequence: int, rollout: Rollout, heard: Mapping[str, Heard], now: datetime) -> bool:
    """Whether every canary, there must be one, plays the sequence and has for the hold time, by fresh reports."""
    return bool(rollout.canary) and all(
        _plays_well(sequence, rollout.hold_minutes, heard.get(screen), now) for screen in rollout.canary
    )


def _plays_well(sequence: int, hold_minutes: int, heard: Heard | None, now: datetime) -> bool:
    if heard is None or now - heard.at > FRESH or heard.report.rolled_back == sequence:
        return False
    running = heard.report.running
    return (
        running is not None
        and running.sequence == sequence
        and running.confirmed
        and running.good_seconds >= hold_minutes * _SECONDS
    )
