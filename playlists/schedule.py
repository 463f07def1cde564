"""When, where and how often a slot is shown, as values."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from playlists.timing import DurationMs


class Precedence(StrEnum):
    """The three classes of the grassroots-information rules, each with one rule."""

    URGENT = "urgent"
    """*khẩn cấp*: interrupts at once and holds what it interrupted."""
    PRIORITY = "priority"
    """*ưu tiên*: comes at the next boundary, ahead of the rest."""
    ORDINARY = "ordinary"
    """*thông thường*: shares the loop."""


@dataclass(frozen=True, slots=True)
class Daypart:
    """A named part of the day, local time; it runs past midnight where ``ends`` is not after ``begins``."""

    id: str
    title: str
    begins: time
    ends: time
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ValidityWindow:
    """From when to when (exclusive) something may be shown: local times of the screen, without an offset, or None."""

    begins: datetime | None = None
    ends: datetime | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def bounded(self) -> bool:
        """Whether a trusted clock is needed to know."""
        return self.begins is not None or self.ends is not None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Days that recur: an RFC 5545 rule such as ``FREQ=MONTHLY;BYMONTHDAY=1``, counted from ``begins``."""

    rule: str
    begins: date
    except_on: tuple[date, ...] = ()
    also_on: tuple[date, ...] = ()
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a slot may be shown: all of these together; an empty one is always."""

    dayparts: tuple[str, ...] = ()
    """Ids of the playlist's dayparts, any of them; none means the whole day."""
    weekdays: frozenset[int] = frozenset()
    """ISO weekdays, 1 is Monday; none means every day."""
    validity: ValidityWindow = field(default_factory=ValidityWindow)
    recurrence: Recurrence | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Which screens a slot is for: any that one of these names; all empty is every screen."""

    screens: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    extra: dict[str, object] = field(default_factory=dict, hash=False)


EVERYWHERE: Final = Target()


@dataclass(frozen=True, slots=True)
class Share:
    """How often a slot is shown within an hour.

    ``weight`` is how many times it comes for one time of a slot of weight 1; ``percent`` its share of voice, of the
    hour's airtime; ``spacing`` the least time from one start of the item to the next; ``most_per_hour`` the most
    starts in a clock hour.
    """

    weight: int = 1
    percent: float | None = None
    spacing: DurationMs | None = None
    most_per_hour: int | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)


NO_LIMITS: Final = Share()
