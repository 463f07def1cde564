"""Days without faults equal their plans line by line: the real plan, the real player, time that passes at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from player.clock import ManualClock
from playlists.clock_hours import first_instant_of_day, local_datetime
from playlists.expectation import compare
from playlists.loop import plan_day
from playlists.playlist import Item, Playlist, Slot
from playlists.proof import PlayEnd, PlayStart, Record
from playlists.schedule import Daypart, Precedence, Share, Timetable
from playlists.screen import OpeningHours, Screen
from playlists.timing import DurationMs
from tests.support.live_rehearsal import SLOW, LiveRehearsal, plain_media, whole_frames

pytestmark = pytest.mark.no_cover  # days are planned here by the hundred, which a tracer makes minutes of

DAY = date(2026, 7, 6)
MINUTE_MS = 60_000
LENGTHS = {"a": 171_000, "b": 262_000, "c": 147_503, "d": 420_000, "vi": 240_250, "lo": 240_250, "km": 199_000}
HALF_HOURS = dict.fromkeys(("vi", "lo", "km"), 31 * MINUTE_MS)
"""Of a set of these, versions begin an hour and more after the hour of the first."""
DAYPARTS = (
    Daypart("early", "Sáng", time(5), time(9, 20)),
    Daypart("noon", "Trưa", time(11), time(11, 40)),
    Daypart("night", "Đêm", time(22), time(1)),
)
PACES = replace(SLOW, watch=1_000_000_000)
TOLERANCE = timedelta(milliseconds=2400)
"""A start takes two seconds here; opening hours are looked at once a second; a crossfade begins before its cut."""
WHOLE_DAY = ()
DAYTIME = (OpeningHours(time(6), time(21, 30)),)
TWICE = (OpeningHours(time(6, 7, 13), time(11, 31, 7)), OpeningHours(time(13), time(23, 0, 41)))


@dataclass(frozen=True)
class Case:
    """A playlist made of the items above, and the hours and zone of its screen."""

    slots: Callable[[dict[str, Item]], tuple[Slot, ...]]
    hours: tuple[OpeningHours, ...] = DAYTIME
    shares: tuple[tuple[str, float], ...] = ()
    zone: str = "Asia/Ho_Chi_Minh"
    day: date = DAY
    lengths: Mapping[str, int] = field(default_factory=lambda: LENGTHS)


def plain(items: dict[str, Item]) -> tuple[Slot, ...]:
    return tuple(Slot(item.id, item) for item in items.values())


def only_sets(items: dict[str, Item]) -> tuple[Slot, ...]:
    return tuple(Slot(name, items[name]) for name in ("vi", "lo", "km"))


def shared(items: dict[str, Item]) -> tuple[Slot, ...]:
    share = {"a": Share(percent=20), "b": Share(most_per_hour=1), "c": Share(weight=4, spacing=DurationMs(400_000))}
    return tuple(Slot(item.id, item, share=share.get(item.id, Share())) for item in items.values())


def dated(items: dict[str, Item]) -> tuple[Slot, ...]:
    """Everything has its hours, and between them is nothing."""
    parts = {"a": "early", "b": "early", "c": "noon", "d": "night"}
    return tuple(
        Slot(item.id, item, timetable=Timetable(dayparts=(parts.get(item.id, "noon"),))) for item in items.values()
    )


def with_priority(items: dict[str, Item]) -> tuple[Slot, ...]:
    first = Slot("first", items["d"], precedence=Precedence.PRIORITY, share=Share(spacing=DurationMs(1_200_000)))
    return (*plain(items), first)


def fading(items: dict[str, Item]) -> tuple[Slot, ...]:
    return tuple(
        replace(slot, crossfade=DurationMs(fade)) for slot, fade in zip(plain(items), (800, 0, 3000) * 3, strict=False)
    )


CASES = {
    "plain, around the clock": Case(plain, WHOLE_DAY),
    "sets that outlast hours": Case(only_sets, lengths=HALF_HOURS),
    "sets, cut short by closings": Case(only_sets, TWICE),
    "shares": Case(shared, TWICE, (("vi", 15.0),)),
    "dated": Case(dated, WHOLE_DAY),
    "priority": Case(with_priority, TWICE),
    "crossfades": Case(fading),
    "half an hour of summer time": Case(shared, WHOLE_DAY, (), "Australia/Lord_Howe", date(2026, 4, 5)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_day_without_faults_equals_its_plan_line_by_line(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    zone = ZoneInfo(case.zone)
    begins, ends = (
        local_datetime(zone, first_instant_of_day(zone, day)).astimezone(UTC)
        for day in (case.day, case.day + timedelta(days=1))
    )
    screen = Screen("tuong-1", "bo-y", "cum-1", shares=dict(case.shares), hours=case.hours, time_zone=case.zone)
    clock = ManualClock(begins)
    kiosk = LiveRehearsal(tmp_path / "state", screen, clock, whole_frames(case.lengths), paces=PACES)
    media, items = plain_media(kiosk.agent, tmp_path, case.lengths)
    versions = {"vi", "lo", "km"}
    made = {
        item.id: replace(item, message="m", languages=(item.id,)) if item.id in versions else item for item in items
    }
    playlist = Playlist("p", "Bờ Y", case.slots(made), planned=True, dayparts=DAYPARTS)
    kiosk.agent.publish(playlist, media, screen)
    kiosk.boot()
    kiosk.play((ends - begins) // timedelta(milliseconds=1) + 10 * MINUTE_MS)
    kiosk.run.stop()

    rotas = plan_day(playlist, screen, case.day)
    edges = begins - TOLERANCE, ends - TOLERANCE
    compared = compare(
        rotas, _within(kiosk.all_records(), *edges), ends, DurationMs(TOLERANCE // timedelta(milliseconds=1))
    )
    assert compared.faultless
    assert [line for line in compared.lines if not line.alike][:1] == []
    assert compared.alike
    assert len(compared.lines) == sum(len(rota.turns) for rota in rotas) >= 10
    assert kiosk.faults() == []


def _within(records: list[Record], begins: datetime, ends: datetime) -> list[Record]:
    """The rows of plays that were planned to begin within a span."""
    plays = [row for row in records if isinstance(row, PlayStart)]
    wanted = {play.play for play in plays if begins <= datetime.fromisoformat(play.planned_start.wall) < ends}
    return [row for row in records if isinstance(row, PlayStart | PlayEnd) and row.play in wanted]
