"""When a screen's player that ended is started again: pure."""

from dataclasses import dataclass, replace
from typing import Final

from playlists.timing import MonotonicNs

STEADY_NS: Final = 60_000_000_000
"""A player that lived this long has not failed by being started."""
_FIRST_PAUSE_NS: Final = 1_000_000_000
_LONGEST_PAUSE_NS: Final = 30_000_000_000


@dataclass(frozen=True, slots=True)
class Life:
    """How a screen's player has fared: when it was started last, and how many ended early in a row."""

    started: MonotonicNs
    early_ends: int = 0


def ended(life: Life, now: MonotonicNs) -> tuple[Life, MonotonicNs]:
    """It has ended: what is kept of that, and when the next is started.

    At once the first time, after a second the next, doubling up to half a minute, until one lives for a minute.
    """
    if now - life.started >= STEADY_NS:
        life = replace(life, early_ends=0)
    pause = 0 if life.early_ends == 0 else min(_FIRST_PAUSE_NS << min(life.early_ends - 1, 20), _LONGEST_PAUSE_NS)
    return replace(life, early_ends=life.early_ends + 1), MonotonicNs(now + pause)


def started(life: Life, now: MonotonicNs) -> Life:
    """It was started again."""
    return replace(life, started=now)
