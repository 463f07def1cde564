"""A kiosk in accelerated time: a day that equals its plan, releases that come and go, and what goes wrong with them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from player.clock import ManualClock
from player.rehearsal import Script
from playlists import loop
from playlists.playlist import Playlist, Slot
from playlists.proof import Closed
from playlists.rota import Rota
from playlists.schedule import Precedence, Share, Timetable, ValidityWindow
from playlists.screen import OpeningHours, Screen
from playlists.timing import DurationMs
from tests.support.conductor_laws import broken_laws
from tests.support.live_rehearsal import LiveRehearsal, plain_media, whole_frames

pytestmark = pytest.mark.no_cover  # days are planned here by the hundred, which a tracer makes minutes of

if TYPE_CHECKING:
    from player.bill import Bill

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 7, 6)
SCREEN = Screen("tuong-1", "bo-y", "cum-1", hours=(OpeningHours(time(6), time(21, 30)),))
LENGTHS = {"a": 31_000, "b": 62_000, "c": 47_500, "d": 120_000, "lo": 40_000, "vi": 40_000}


def clock_at(hour: int, minute: int = 0, day: date = DAY) -> ManualClock:
    return ManualClock(datetime.combine(day, time(hour, minute), HANOI).astimezone(UTC))


def kiosk_at(path: Path, clock: ManualClock, screen: Screen = SCREEN) -> tuple[LiveRehearsal, Playlist]:
    """A kiosk that has not booted, and the playlist of its first release, with a set and a slot that comes often."""
    kiosk = LiveRehearsal(path / "state", screen, clock, whole_frames(LENGTHS))
    media, items = plain_media(kiosk.agent, path, LENGTHS)
    changed = [replace(item, message="m", languages=(item.id,)) if item.id in {"lo", "vi"} else item for item in items]
    slots = [Slot(item.id, item) for item in changed]
    slots[0] = replace(slots[0], share=Share(weight=3, spacing=DurationMs(90_000)))
    playlist = Playlist("p", "Bờ Y", tuple(slots), planned=True)
    kiosk.agent.publish(playlist, media, screen)
    return kiosk, playlist


def expected(rotas: tuple[Rota, ...]) -> list[tuple[str, datetime]]:
    return [
        (turn.slot.item.id, (rota.hour + timedelta(milliseconds=turn.offset)).astimezone(UTC))
        for rota in rotas
        for turn in rota.turns
    ]


def test_a_day_without_faults_equals_its_plan_line_by_line(tmp_path: Path) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(5, 30))
    kiosk.boot()
    kiosk.play(17 * 3_600_000)
    kiosk.run.stop()
    plan = expected(loop.plan_day(playlist, SCREEN, DAY))
    shown = kiosk.shown()
    assert [play.item for play in shown] == [item for item, _at in plan]
    assert len(plan) > 900
    late = [(play.begins - at).total_seconds() for play, (_item, at) in zip(shown, plan, strict=True)]
    assert min(late) >= 0
    assert max(late) < 1
    assert {play.outcome for play in shown} == {"completed"}
    assert [record.reason for record in kiosk.all_records() if isinstance(record, Closed)] == ["hours", "hours", "stop"]
    assert [lit for _at, lit in kiosk.power.told] == [False, True, False]
    assert kiosk.faults() == []


def test_a_kiosk_that_joins_late_fits_its_last_turn_into_the_opening_hours(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(21, 20))
    kiosk.boot()
    kiosk.play(3_600_000)
    kiosk.run.stop()
    last = kiosk.shown()[-1]
    assert (last.outcome, last.reason) == ("completed", None)
    closing = datetime.combine(DAY, time(21, 30), HANOI)
    assert abs((last.begins + timedelta(milliseconds=last.end.actual or 0)) - closing) < timedelta(seconds=1)


@pytest.mark.parametrize("swaps", [40, pytest.param(500, marks=pytest.mark.long)])
def test_swaps_of_releases_lose_no_frame(tmp_path: Path, swaps: int) -> None:
    clock = clock_at(8)
    kiosk = LiveRehearsal(tmp_path / "state", SCREEN, clock, {name: [Script(length=30_000)] for name in "abc"})
    media, items = plain_media(kiosk.agent, tmp_path, dict.fromkeys("abc", 30_000))
    slots = [Slot(item.id, item) for item in items]
    kiosk.agent.publish(Playlist("p", "0", tuple(slots), planned=True), media, SCREEN)
    kiosk.boot()
    for number in range(swaps):
        kiosk.play(58_000 + number % 7 * 1_700)
        order = slots[number % 3 :] + slots[: number % 3]
        kiosk.agent.publish(Playlist("p", str(number), tuple(order), planned=True), media, SCREEN)
        kiosk.deliver()
    kiosk.play(70_000)
    kiosk.run.stop()
    shown = kiosk.shown()
    releases = {play.start.release for play in shown}
    assert len(releases) >= swaps, "every release was shown"
    assert sum(play.end.frames_lost or 0 for play in shown) == 0
    begins = [play.end.start.monotonic for play in shown[1:] if play.end.start is not None]
    assert {after - before for before, after in pairwise(begins)} == {30_000_000_000}, "no cut was late"
    assert {play.outcome for play in shown[:-1]} == {"completed"}
    assert broken_laws(kiosk.run) == []
    assert len(kiosk.laboratory.tried) == 3, "known media are not opened again"


def test_a_release_takes_over_at_the_next_boundary_after_it_was_tried(tmp_path: Path) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.boot()
    kiosk.play(300_000)
    new = tmp_path / "new"
    new.mkdir()
    media, items = plain_media(kiosk.agent, new, {"new": 30_000})
    changed = replace(playlist, slots=(Slot("new", items[0], precedence=Precedence.PRIORITY), *playlist.slots))
    everything, _items = plain_media(kiosk.agent, new, LENGTHS)
    kiosk.agent.publish(changed, [*everything, *media], SCREEN)
    kiosk.deliver()
    arrived = kiosk.clock.moment().wall
    kiosk.play(400_000)
    kiosk.run.stop()
    after = [play for play in kiosk.shown() if play.start.planned_start.wall > arrived]
    assert after[0].start.release == "2"
    assert after[0].item == "new", "a new priority slot comes at the next boundary"
    assert {play.start.release for play in after} == {"2"}
    assert "interrupted" not in {play.outcome for play in kiosk.shown()[:-1]}


@pytest.mark.parametrize("broken", ["flaw", "missing", "torn", "empty", "json", "foreign"])
def test_a_release_that_cannot_be_played_is_refused_and_the_last_good_one_plays_on(tmp_path: Path, broken: str) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.boot()
    kiosk.play(60_000)
    new = tmp_path / "new"
    new.mkdir()
    media, items = plain_media(kiosk.agent, new, {"new": 30_000} | LENGTHS)
    changed = replace(playlist, slots=(Slot("new", items[0]), *playlist.slots))
    if broken == "flaw":
        kiosk.flaws[media[0].sha256] = "damaged: no picture"
    active = kiosk.agent.publish(changed, media, SCREEN)
    place_of = {
        "missing": kiosk.agent.folder.media(media[0].sha256),
        "torn": kiosk.agent.folder.release(2) / "release.json",
        "json": kiosk.agent.folder.release(2) / "playlist.json",
        "empty": kiosk.agent.folder.media(media[0].sha256),
    }
    if broken == "foreign":
        kiosk.agent.activate(replace(active, sha256="0" * 64))
    elif broken == "missing":
        place_of[broken].unlink()
    elif broken != "flaw":
        content = place_of[broken].read_bytes()
        place_of[broken].write_bytes(b"" if broken == "empty" else content[: len(content) // 2])
    kiosk.deliver()
    kiosk.play(600_000)
    kiosk.deliver()
    kiosk.play(60_000)
    kiosk.run.stop()
    (fault,) = kiosk.faults()
    assert fault.code == "release-refused"
    assert kiosk.programme.refused is not None
    assert kiosk.programme.refused[0] == 2
    assert {play.start.release for play in kiosk.shown()} == {"1"}
    assert {play.outcome for play in kiosk.shown()[:-1]} == {"completed"}
    kiosk.agent.publish(playlist, plain_media(kiosk.agent, tmp_path, LENGTHS)[0], SCREEN)
    assert kiosk.agent.sequence == 3


def test_the_last_good_release_plays_after_a_restart_without_being_tried_again(tmp_path: Path) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.boot()
    kiosk.play(60_000)
    tried = len(kiosk.laboratory.tried)
    assert tried == len(LENGTHS)
    kiosk.agent.publish(playlist, [], SCREEN)  # names media it does not list
    kiosk.deliver()
    kiosk.play(60_000)
    kiosk.cut_power(5_000, "00000000-0000-4000-8000-000000000002")
    kiosk.play(60_000)
    kiosk.run.stop()
    assert kiosk.laboratory.tried == []
    assert {play.start.release for play in kiosk.shown()} == {"1"}
    assert [fault.code for fault in kiosk.faults()] == ["release-refused"] * 2, "told anew by the new player"


def test_a_player_that_died_resumes_its_item_and_then_the_rota_of_the_hour(tmp_path: Path) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.scripts = kiosk.scripts | {"d": [Script(length=120_000, frame=1000)]}
    kiosk.boot()
    kiosk.play(10 * 60_000)
    while (playing := kiosk.run.conductor.playing) is None or playing.slot.id != "d":
        kiosk.play(1_000)
    kiosk.play(70_000)  # past a heartbeat within a long item
    last = kiosk.run.starts()[-1]
    kiosk.cut_power(20_000, "00000000-0000-4000-8000-000000000002")
    kiosk.play(30 * 60_000)
    kiosk.run.stop()
    resumed = next(start for start in kiosk.run.starts())
    assert (resumed.item, resumed.continues) == ("d", last.play)
    assert (resumed.planned or 0) < 120_000
    died = next(play for play in kiosk.shown() if play.start.play == last.play)
    assert (died.outcome, died.reason) == ("interrupted", "power")
    plan = dict.fromkeys(item for item, _at in expected(loop.plan_day(playlist, SCREEN, DAY)))
    assert set(plan) == {play.item for play in kiosk.shown()}


def test_what_is_withdrawn_while_the_programme_is_read_is_not_in_the_plan_it_hands_over(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.boot()
    kiosk.play(20_000)
    bills: list[Bill] = []
    kiosk.programme.read(kiosk.clock.moment(), bills.append)
    kiosk.agent.withdraw("d")
    kiosk.deliver()
    kiosk.play(100)
    (bill,) = bills
    planned = {turn.slot.id for rota in bill.agenda.plan.rotas for turn in rota.turns}
    assert planned == {slot.id for slot in bill.playlist.slots} == set(LENGTHS) - {"d"}


def test_a_start_waits_for_nothing_but_its_release(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.boot()
    begun = kiosk.clock.monotonic()
    kiosk.play(5_000)
    kiosk.run.stop()
    first = kiosk.shown()[0].end.start
    assert first is not None
    assert first.monotonic - begun < 300_000_000


def test_what_is_urgent_at_a_start_is_shown_once_and_then_what_the_last_player_was_in(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.boot()
    kiosk.play(20_000)
    playing = kiosk.run.starts()[-1]
    picture = tmp_path / "flood.png"
    picture.write_bytes(b"picture")
    kiosk.agent.urge("lu", kiosk.agent.bring(picture), 4, kiosk_time(kiosk))
    kiosk.scripts = kiosk.scripts | {"lu": [Script(ready=50, length=4_000)]}
    kiosk.cut_power(5_000, "00000000-0000-4000-8000-000000000002")
    kiosk.play(60_000)
    kiosk.run.stop()
    after = [play for play in kiosk.shown() if play.start.play != playing.play]
    assert [play.item for play in after][:2] == ["lu", playing.item]
    assert [play.item for play in after].count("lu") == 1
    assert after[1].start.continues == playing.play


def test_an_untrusted_clock_plays_what_is_not_dated_and_the_log_says_so_once(tmp_path: Path) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(3))  # at night: nobody knows that
    kiosk.clock.synchronised = False
    dated = replace(playlist.slots[1], timetable=Timetable(validity=ValidityWindow(datetime(2026, 1, 1))))  # noqa: DTZ001 - local
    media = plain_media(kiosk.agent, tmp_path, LENGTHS)[0]
    kiosk.agent.publish(replace(playlist, slots=(*playlist.slots[:1], dated, *playlist.slots[2:])), media, SCREEN)
    kiosk.boot()
    kiosk.play(3_600_000)
    assert [fault.code for fault in kiosk.faults()] == ["clock-untrusted"]
    items = {play.item for play in kiosk.shown()}
    assert dated.item.id not in items
    assert len(items) == len(LENGTHS) - 1
    kiosk.clock.step(5 * 3_600_000)
    kiosk.clock.synchronised = True
    kiosk.play(3_600_000)
    assert dated.item.id in {play.item for play in kiosk.shown()}
    kiosk.clock.synchronised = False
    kiosk.play(3_600_000)
    kiosk.run.stop()
    assert [fault.code for fault in kiosk.faults()] == ["clock-untrusted"], "it was right once since the boot"


@pytest.mark.parametrize("step_min", [-300, -47, -1, 1, 13, 59, 61, 240])
def test_a_clock_that_jumps_stalls_nothing_and_repeats_nothing(tmp_path: Path, step_min: int) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(12))
    kiosk.boot()
    kiosk.play(17 * 60_000)
    kiosk.clock.step(step_min * 60_000)
    kiosk.play(2 * 3_600_000)
    kiosk.run.stop()
    shown = kiosk.shown()[:-1]
    assert {play.outcome for play in shown} == {"completed"}
    begins = [(play.end.start.monotonic, play.end.actual or 0) for play in shown if play.end.start is not None]
    gaps = {round((after - before) / 1e6) - actual for (before, actual), (after, _) in pairwise(begins)}
    assert gaps <= {0, -1, 1}, "nothing stalls"
    assert all(one.item != other.item for one, other in pairwise(shown)), "nothing repeats"
    assert {play.end.actual for play in shown[1:]} <= set(LENGTHS.values())


def test_a_failing_item_is_left_out_and_the_rota_goes_on(tmp_path: Path) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.scripts = kiosk.scripts | {"c": [Script(fails="damaged: no picture")]}
    kiosk.boot()
    kiosk.play(3 * 3_600_000)
    kiosk.run.stop()
    shown = [play for play in kiosk.shown()[:-1] if play.outcome == "completed"]
    plan = [item for item, at in expected(loop.plan_day(playlist, SCREEN, DAY)) if at.hour in {1, 2, 3} and item != "c"]
    hourly = [[play.item for play in shown if play.begins.hour == hour] for hour in (1, 2, 3)]
    assert [len(hour) for hour in hourly] == pytest.approx([len(plan) / 3] * 3, rel=0.3)
    planned = set(plan)
    assert {play.item for play in shown} == planned
    begins = [play.begins for play in shown]
    assert max(after - before for before, after in pairwise(begins)) < timedelta(minutes=2, seconds=1)


def test_a_withdrawn_item_leaves_the_plan_and_an_urgent_one_comes_between(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.scripts = kiosk.scripts | {"lu": [Script(ready=50, length=10_000, frame=10_000)]}
    kiosk.boot()
    kiosk.play(10 * 60_000)
    picture = tmp_path / "flood.png"
    picture.write_bytes(b"picture")
    kiosk.agent.urge("lu", kiosk.agent.bring(picture), 10, kiosk_time(kiosk) - timedelta(minutes=48))
    kiosk.deliver()
    asked = kiosk.clock.monotonic()
    kiosk.play(20 * 60_000)
    kiosk.agent.withdraw("d")
    kiosk.deliver()
    withdrawn = kiosk_time(kiosk)
    kiosk.play(3_600_000)
    kiosk.run.stop()
    urgent = [play for play in kiosk.shown() if play.item == "lu"]
    assert len(urgent) == 3, "at once, and again after five minutes and ten"
    assert urgent[0].end.start is not None
    assert 0 < urgent[0].end.start.monotonic - asked <= 300_000_000
    assert not [play for play in kiosk.shown() if play.item == "d" and play.begins > withdrawn]
    assert [play.reason for play in kiosk.shown() if play.outcome == "interrupted"].count("urgent") == 1


def kiosk_time(kiosk: LiveRehearsal) -> datetime:
    return datetime.fromisoformat(kiosk.clock.moment().wall)


URGENT = {"lu": [Script(ready=50, length=20_000)], "lu2": [Script(ready=50, length=20_000)]}


def urged(path: Path, kiosk: LiveRehearsal, name: str = "lu", *, over_in: timedelta = timedelta(minutes=50)) -> None:
    """An urgent bulletin of twenty seconds arrives."""
    picture = path / f"{name}.png"
    picture.write_bytes(b"picture")
    kiosk.agent.urge(name, kiosk.agent.bring(picture), 20, kiosk_time(kiosk) - timedelta(hours=1) + over_in)
    kiosk.deliver()


def test_whoever_opens_the_maintenance_page_in_an_urgent_bulletin_gives_back_both(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.scripts = {name: [Script(length=length)] for name, length in LENGTHS.items()} | URGENT
    kiosk.boot()
    kiosk.play(5_000)
    held = kiosk.run.starts()[-1]
    urged(tmp_path, kiosk)
    kiosk.play(3_000)
    kiosk.run.conductor.give_way()
    urged(tmp_path, kiosk, "lu2")
    kiosk.play(30_000)
    kiosk.run.conductor.come_back()
    kiosk.play(120_000)
    kiosk.run.stop()
    shown = [(play.item, play.reason) for play in kiosk.shown()]
    assert shown[:2] == [(held.item, "urgent"), ("lu", "operator")]
    assert [item for item, _reason in shown[2:5]] == ["lu2", "lu", held.item]
    assert broken_laws(kiosk.run) == []


def test_a_release_that_comes_in_an_urgent_bulletin_takes_what_it_no_longer_has(tmp_path: Path) -> None:
    kiosk, playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.scripts = {name: [Script(length=length)] for name, length in LENGTHS.items()} | URGENT
    kiosk.boot()
    kiosk.play(5_000)
    held = kiosk.run.starts()[-1]
    urged(tmp_path, kiosk)
    kiosk.play(3_000)
    kept = tuple(slot for slot in playlist.slots if slot.item.id != held.item)
    kiosk.agent.publish(replace(playlist, slots=kept), plain_media(kiosk.agent, tmp_path, LENGTHS)[0], SCREEN)
    kiosk.deliver()
    kiosk.play(100_000)
    kiosk.run.stop()
    assert [play.start.release for play in kiosk.shown()][-1] == "2"
    assert [play.item for play in kiosk.shown()].count(held.item) == 1, "it is in no release any more"
    assert broken_laws(kiosk.run) == []


def test_what_expires_while_it_is_held_does_not_come_back(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(8))
    kiosk.scripts = {name: [Script(length=length)] for name, length in LENGTHS.items()} | URGENT
    kiosk.boot()
    kiosk.play(5_000)
    urged(tmp_path, kiosk, over_in=timedelta(seconds=30))
    kiosk.play(5_000)
    kiosk.run.conductor.give_way()
    kiosk.play(60_000)
    kiosk.run.conductor.come_back()
    kiosk.play(60_000)
    kiosk.run.stop()
    assert [play.item for play in kiosk.shown()].count("lu") == 1


def test_closing_time_that_the_clock_jumps_over_closes(tmp_path: Path) -> None:
    kiosk, _playlist = kiosk_at(tmp_path, clock_at(21, 10))
    kiosk.boot()
    kiosk.play(60_000)
    kiosk.clock.step(30 * 60_000)
    kiosk.play(10_000)
    assert kiosk.run.conductor.playing is None
    kiosk.clock.step(-40 * 60_000)
    kiosk.play(30_000)
    assert kiosk.run.conductor.playing is not None
    kiosk.run.stop()
    assert [lit for _at, lit in kiosk.power.told] == [False, True]
    assert broken_laws(kiosk.run) == []
