"""What is told of the rows of a play log: status, Vietnamese line, journal, watchdog; and the forms it is told in."""

import io
import json
import os
import socket
import struct
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.journal import later
from player.telling import news, notify
from player.telling.faults_file import MOST, FaultsFile, merged, read_faults, write_faults
from player.telling.files import keep_newest, read_file, replace_file
from player.telling.journald import Logbook
from player.telling.messages import (
    A_MINUTE_NS,
    OF_A_KIND,
    Level,
    Message,
    Quota,
    admitted,
    datagram,
    line,
)
from player.telling.news import Circumstances, News
from player.telling.notify_socket import NotifySocket
from player.telling.screenshots import MOST_PICTURES, Photographer, first_open, wants_screenshot
from playlists.proof import (
    ClockStep,
    Closed,
    Display,
    Fault,
    Heartbeat,
    Outcome,
    PlayEnd,
    PlayStart,
    Record,
    Rendition,
)
from playlists.status import MOST_FAULTS, FaultNote, Showing, Status
from playlists.timing import DurationMs, Moment, MonotonicNs

BOOT = Moment(MonotonicNs(60_000_000_000), "2026-11-24T01:00:00.000+00:00", "b" * 36, synchronised=True)
HANOI = timedelta(hours=7)


def at(seconds: float) -> Moment:
    return later(BOOT, MonotonicNs(BOOT.monotonic + round(seconds * 1e9)))


def start(play: str, seconds: float, planned_ms: int | None = 10_000) -> PlayStart:
    planned = None if planned_ms is None else DurationMs(planned_ms)
    return PlayStart(
        play, at(seconds - 1), at(seconds), planned, "s", f"item-{play}", f"Mục {play}", None, Rendition.VIDEO
    )


def end(play: str, seconds: float, outcome: Outcome = Outcome.COMPLETED, reason: str | None = None) -> PlayEnd:
    shown = at(seconds - 10) if outcome is not Outcome.NOT_SHOWN else None
    until = at(seconds) if shown is not None else None
    return PlayEnd(play, at(seconds), outcome, reason, shown, until, None, None, 250, 2)


def told(*records: Record, begun: float = 0.0) -> News:
    state = News(at(begun))
    for record in records:
        state = news.heard(state, record)
    return state


def seen(state: News, seconds: float, **changes: object) -> Status:
    fields: dict[str, object] = {
        "now": at(seconds),
        "screen": "s",
        "software": "0",
        "display": Display.ON,
        "plugged": True,
        "volume": 70,
        "release": None,
        "maintenance": None,
        "log_trouble": None,
    }
    return news.status(state, Circumstances(**(fields | changes)))  # type: ignore[arg-type]


def test_a_play_is_on_the_screen_from_its_planned_start_to_its_end() -> None:
    state = told(start("a", 1), start("b", 11))
    assert seen(state, 0.5).showing is Showing.STARTING
    first = seen(state, 10.9).playing
    assert first is not None
    assert (first.item, first.title, first.since) == ("item-a", "Mục a", at(1).wall)
    second = seen(state, 11).playing  # the end of the one before is written after the cut
    assert second is not None
    assert second.item == "item-b"
    state = news.heard(state, end("a", 11))
    status = seen(state, 12)
    assert (status.plays, status.frames_shown, status.frames_lost) == (1, 250, 2)
    assert status.playing == second


def test_nothing_played_is_a_slate_and_since_when() -> None:
    assert (seen(told(), 6).showing, seen(told(), 6).since) == (Showing.SLATE, BOOT.wall)
    state = told(start("a", 1), end("a", 11))
    assert (seen(state, 12).showing, seen(state, 12).since) == (Showing.SLATE, at(11).wall)


def test_closed_is_not_left_and_a_play_that_was_shown_opens_again() -> None:
    closed = told(start("a", 1), Closed(at(5), "hours"))
    assert (seen(closed, 6).showing, seen(closed, 6).since) == (Showing.CLOSED, at(5).wall)
    assert seen(told(Closed(at(5), "stop")), 6).showing is Showing.LEFT
    opened = news.heard(closed, start("b", 20))
    assert seen(opened, 19).showing is Showing.CLOSED
    assert seen(opened, 21).showing is Showing.ITEM
    assert seen(news.heard(opened, end("b", 30)), 31).showing is Showing.SLATE
    assert seen(news.heard(opened, end("b", 30, Outcome.NOT_SHOWN)), 31).showing is Showing.CLOSED


def test_while_somebody_looks_at_the_page_nothing_plays() -> None:
    status = seen(told(start("a", 1)), 5, maintenance=at(4))
    assert (status.showing, status.playing, status.since) == (Showing.MAINTENANCE, None, at(4).wall)


def test_faults_are_kept_the_newest_first_and_not_for_ever() -> None:
    state = told(
        start("a", 1),
        end("a", 2, Outcome.FAILED, "decoder-died"),
        Fault(at(3), "captions", "line 3", "item-b"),
        ClockStep(at(4), at(3), -7000),
        Heartbeat(at(5), None, 0, 0, 0),
    )
    assert [(note.code, note.detail, note.item) for note in state.faults] == [
        ("clock-step", "-7000 ms", None),
        ("captions", "line 3", "item-b"),
        ("play-failed", "decoder-died", "item-a"),
    ]
    for number in range(MOST_FAULTS + 5):
        state = news.heard(state, Fault(at(9), "x", str(number)))
    assert len(state.faults) == MOST_FAULTS


@pytest.mark.parametrize(
    ("records", "changes", "line"),
    [
        ((start("a", 1),), {}, "Đang phát “Mục a” từ 08:00"),
        ((), {}, "Không có nội dung phát được từ 08:00, đang hiện bảng chờ"),
        ((Closed(at(1), "hours"),), {}, "Ngoài giờ mở cửa từ 08:00, màn hình tắt"),
        ((Closed(at(1), "stop"),), {}, "Đã dừng"),
        ((), {"maintenance": at(3)}, "Đang bảo trì từ 08:00"),
        ((), {"now": at(1)}, "Đang khởi động"),
        (
            (start("a", 1),),
            {"plugged": False, "log_trouble": "full"},
            "Đang phát “Mục a” từ 08:00; chưa cắm màn hình; không ghi được nhật ký phát",
        ),
    ],
)
def test_the_status_in_a_vietnamese_line(records: tuple[Record, ...], changes: dict[str, object], line: str) -> None:
    assert news.spoken(seen(told(*records), 8, **changes), HANOI) == line


def test_a_play_that_never_gives_way_is_a_player_that_stands_still() -> None:
    patience = 10_000_000_000
    state = told(start("a", 1, 60_000))
    for seconds, alive in ((0, True), (60, True), (70.9, True), (71.1, False)):
        assert news.gives_way(state, at(seconds).monotonic, patience) is alive
    assert news.gives_way(told(start("a", 1, None)), at(10_000).monotonic, patience)
    assert news.gives_way(told(), at(10_000).monotonic, patience)


@pytest.mark.parametrize(
    ("record", "level", "kind"),
    [
        (end("a", 11, Outcome.FAILED, "hang"), Level.WARNING, "play-failed"),
        (end("a", 11), Level.DEBUG, "play-completed"),
        (Fault(at(1), "bug", "oh", "item-a"), Level.ERROR, "bug"),
        (Fault(at(1), "bug", "oh"), Level.ERROR, "bug"),
        (ClockStep(at(4), at(3), 900), Level.WARNING, "clock-step"),
        (Closed(at(1), "hours"), Level.INFO, "closed"),
    ],
)
def test_what_the_journal_hears_of_a_row(record: Record, level: Level, kind: str) -> None:
    said = news.message(record, told(start("a", 1)))
    assert said is not None
    assert (said.level, said.kind) == (level, kind)
    if isinstance(record, PlayEnd):
        assert said.fields["item"] == "item-a"


def test_of_a_start_and_a_heartbeat_the_journal_hears_nothing() -> None:
    assert news.message(start("a", 1), told()) is None
    assert news.message(Heartbeat(at(1), None, 0, 0, 0), told()) is None


# The journal.


def test_of_one_kind_so_many_a_minute_are_said_and_the_rest_counted() -> None:
    quota, said = Quota(), 0
    for second in range(60):
        quota, words = admitted(quota, Message(Level.INFO, "a", "x"), MonotonicNs(second * 1_000_000_000))
        said += len(words)
    assert said == OF_A_KIND
    assert admitted(quota, Message(Level.INFO, "b", "x"), MonotonicNs(59_000_000_000))[1]
    _, words = admitted(quota, Message(Level.INFO, "a", "x"), MonotonicNs(A_MINUTE_NS))
    assert [word.text for word in words] == ["50 more messages of this kind were left out", "x"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30)), max_size=200))
def test_no_kind_is_ever_said_more_often(steps: list[tuple[str, int]]) -> None:
    quota, now, said = Quota(), 0, dict[str, list[int]]()
    for kind, pause in steps:
        now += pause * 1_000_000_000
        quota, words = admitted(quota, Message(Level.INFO, kind, "x"), MonotonicNs(now))
        said.setdefault(kind, []).extend([now] * any(word.text == "x" for word in words))
    for moments in said.values():
        windows = [sum(first <= moment < first + A_MINUTE_NS for moment in moments) for first in moments]
        assert max(windows, default=0) <= 2 * OF_A_KIND


def test_a_message_in_the_journals_own_form() -> None:
    message = Message(Level.ERROR, "bug", "hai\ndòng", {"item": "x"})
    data = datagram(message, "màn")
    assert b"MESSAGE\n" + struct.pack("<Q", 9) + "hai\ndòng".encode() + b"\n" in data
    assert "SIGNAGE_SCREEN=màn\n".encode() in data
    assert b"PRIORITY=3\n" in data
    assert b"SIGNAGE_ITEM=x\n" in data
    assert line(message) == "<3>signage-player: bug: hai dòng item=x\n"


def test_the_journal_hears_and_without_one_stderr_does(tmp_path: Path) -> None:
    path, errors = str(tmp_path / "journal"), io.StringIO()
    book = Logbook("s", Level.INFO, lambda: MonotonicNs(0), path, errors)
    book.say(Level.INFO, "a", "to stderr")
    book.say(Level.DEBUG, "a", "to nobody")
    assert errors.getvalue() == "<6>signage-player: a: to stderr\n"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
        journal.bind(path)
        book.say(Level.WARNING, "b", "to the journal", item="x")
        assert b"MESSAGE=to the journal\nPRIORITY=4\n" in journal.recv(4096)
        for number in range(2000):  # nobody reads: nothing may wait
            book.say(Level.WARNING, f"c{number}", "x")
    book.close()
    assert errors.getvalue().count("\n") == 1


# systemd.


@pytest.mark.parametrize(
    ("name", "address"),
    [("/run/x", "/run/x"), ("@abstract", "\0abstract"), ("", None), ("vsock:2:1", None)],
)
def test_where_systemd_listens(name: str, address: str | None) -> None:
    assert notify.address(name) == address


@pytest.mark.parametrize(
    ("environment", "patience"),
    [
        ({"WATCHDOG_USEC": "2000000"}, 2_000_000_000),
        ({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"}, 2_000_000_000),
        ({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "x"}, None),
        ({}, None),
    ],
)
def test_how_long_systemd_waits(environment: dict[str, str], patience: int | None) -> None:
    assert notify.watchdog_ns(environment, 7) == patience


def test_a_message_is_one_datagram_and_vietnamese_survives() -> None:
    name = "\0signage-test-notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ears:
        ears.bind(name)
        manager = NotifySocket({"NOTIFY_SOCKET": f"@{name[1:]}"})
        manager.tell(notify.ready(), notify.status("Đang phát\n“Bờ Y”"), notify.alive())
        heard = notify.parsed(ears.recv(4096))
    assert heard == {"READY": "1", "STATUS": "Đang phát “Bờ Y”", "WATCHDOG": "1"}
    manager.tell(notify.stopping())  # nobody listens any more
    manager.close()
    manager.tell(notify.alive())
    nobody = NotifySocket({})
    nobody.tell(notify.ready())
    nobody.close()


# Files.


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "status.json"
    assert replace_file(path, b"one") is None
    assert replace_file(path, b"two") is None
    assert read_file(path) == b"two"
    assert [kept.name for kept in path.parent.iterdir()] == ["status.json"]
    blocked = path / "below"
    trouble = replace_file(blocked, b"x")
    assert trouble is not None
    assert str(blocked) in trouble
    assert read_file(blocked) is None


def test_the_faults_file_outlives_the_player(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    first = (FaultNote("t2", "b", "x"), FaultNote("t1", "a", "x", "i"))
    assert FaultsFile(path).keep(first) is None
    later_on = FaultsFile(path)
    assert later_on.keep((FaultNote("t3", "c", "x"),)) is None
    assert [note.at for note in read_faults(path.read_bytes())] == ["t3", "t2", "t1"]
    before = path.stat().st_ino
    assert later_on.keep((FaultNote("t3", "c", "x"),)) is None
    assert path.stat().st_ino == before  # nothing new, nothing written
    assert later_on.keep(()) is None


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b"[" * 100_000, b'{"format": 2, "faults": []}', b'{"format": 1, "faults": [1]}']
)
def test_a_spoiled_faults_file_holds_nothing(content: bytes | None) -> None:
    assert read_faults(content) == ()


@given(st.integers(0, 150), st.integers(0, 150))
def test_faults_are_merged_without_doubles_and_bounded(kept: int, recent: int) -> None:
    notes = [FaultNote(f"{number:03}", "x", "") for number in range(300, 0, -1)]
    found = merged(notes[recent // 2 : recent // 2 + kept], notes[:recent])
    assert len(set(found)) == len(found) <= MOST
    assert list(found) == sorted(found, key=lambda note: note.at, reverse=True)
    assert read_faults(write_faults(found)) == found


# Screenshots.


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b'{"format": 1, "want": "screenshot"}', True),
        (b'{"format": 2, "want": "screenshot"}', False),
        (b'{"format": 1, "want": "reboot"}', False),
        (b"[]", False),
        (b"[" * 4096, False),
        (b"", False),
        (None, False),
    ],
)
def test_what_asks_for_a_picture(content: bytes | None, wanted: bool) -> None:  # noqa: FBT001
    assert wants_screenshot(content) is wanted


def test_names_that_would_lead_elsewhere_are_passed_over() -> None:
    assert first_open(["..", ".hidden", "a b", "x" * 65, "b-2.x", "b-1"], ["b-1"]) == "b-2.x"
    assert first_open([], []) is None


def test_requests_are_answered_one_at_a_time_once_and_pictures_do_not_pile_up(tmp_path: Path) -> None:
    requests, pictures, taken = tmp_path / "requests", tmp_path / "pictures", list[int]()

    def camera() -> bytes | None:
        taken.append(1)
        return b"png"

    photographer = Photographer(requests, pictures, camera)
    assert photographer.answer_one() is None
    requests.mkdir()
    for number in range(MOST_PICTURES + 5):
        (requests / f"r{number:02}.json").write_text('{"format": 1, "want": "screenshot"}', encoding="ascii")
    (requests / "q.json").write_text("nonsense", encoding="ascii")
    for _ in range(MOST_PICTURES + 20):
        assert photographer.answer_one() is None
    assert len(taken) == MOST_PICTURES + 5
    assert len(list(pictures.glob("*.png"))) == MOST_PICTURES
    assert (pictures / "r24.png").read_bytes() == b"png"
    assert not (pictures / "q.png").exists()


def test_a_camera_that_cannot_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps({"format": 1, "want": "screenshot"}), encoding="ascii")
    assert Photographer(tmp_path, tmp_path / "p", lambda: None).answer_one() == "no picture of the screen can be taken"


def test_only_the_oldest_are_deleted(tmp_path: Path) -> None:
    for number in range(5):
        path = tmp_path / f"{number}.png"
        path.touch()
        os.utime(path, ns=(number, number))
    (tmp_path / "x.txt").touch()
    keep_newest(tmp_path, ".png", 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3.png", "4.png", "x.txt"]
