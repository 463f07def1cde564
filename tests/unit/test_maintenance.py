"""The maintenance page as values: chord, PIN, session, lines, and where everything goes."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.clock import ManualClock
from player.maintenance import chord, pin, session
from player.maintenance.chord import DEFAULT_CHORD, Held, parsed_chord
from player.maintenance.layout import key_at, layout
from player.maintenance.lock import Lock
from player.maintenance.page import UNKNOWN, Site, Tone, fault_lines, overview, page
from player.maintenance.pin import FIRST_WAIT_NS, FREE_TRIES, LONGEST_WAIT_NS, PinHashError, Tries
from player.maintenance.session import BUTTONS, Act, Button, Session, View
from playlists.agent_report import AgentReport, Progress
from playlists.proof import Display
from playlists.status import FaultNote, Showing, Status
from playlists.timing import MonotonicNs

CHORD = DEFAULT_CHORD
ALL = frozenset({"Ctrl", "Alt", "Shift"})
NOW = MonotonicNs(60_000_000_000)
AT = "2026-11-24T01:15:00.000+00:00"
STATUS = Status(AT, "bo-y-1", "0.1.0", AT, Showing.MAINTENANCE, AT)
LOCAL = datetime(2026, 11, 24, 8, 15, 3, tzinfo=timezone(timedelta(hours=7)))
KEPT = pin.PinHash(2, 1, 1, b"s" * 16, pin._key("246810", 2, 1, 1, b"s" * 16))  # noqa: SLF001 - a cheap one


def at(seconds: float) -> MonotonicNs:
    return MonotonicNs(NOW + round(seconds * 1e9))


# The chord.


def test_the_chord_is_complete_when_it_was_held_for_long_enough() -> None:
    held = chord.pressed(Held(), CHORD, ALL, "Shift", at(0))
    held = chord.pressed(held, CHORD, ALL, "M", at(1))
    assert chord.complete_at(held, 2_000_000_000) == at(3)
    again = chord.pressed(held, CHORD, ALL, "M", at(2))
    assert chord.complete_at(again, 2_000_000_000) == at(3)


@pytest.mark.parametrize(
    ("modifiers", "key"),
    [(ALL, "N"), (ALL - {"Shift"}, "M"), (ALL | {"Meta"}, "M"), (frozenset[str](), "M")],
    ids=lambda keys: "+".join(sorted(keys)) or "none",
)
def test_anything_else_is_no_chord(modifiers: frozenset[str], key: str) -> None:
    assert chord.complete_at(chord.pressed(Held(), CHORD, modifiers, key, NOW), 1) is None


@pytest.mark.parametrize(
    ("modifiers", "key"), [(ALL, "M"), (ALL - {"Alt"}, "Alt")], ids=lambda keys: "+".join(sorted(keys))
)
def test_letting_go_of_any_key_ends_it(modifiers: frozenset[str], key: str) -> None:
    held = chord.pressed(Held(), CHORD, ALL, "M", NOW)
    assert chord.released(held, CHORD, modifiers, key, NOW).since is None


def test_a_key_more_ends_it() -> None:
    held = chord.pressed(Held(), CHORD, ALL, "M", NOW)
    assert chord.pressed(held, CHORD, ALL, "N", NOW).since is None


@pytest.mark.parametrize("text", ["", "M", "Ctrl", "Ctrl+", "Ctrl+Alt", "Ctrl+M+N", "Ctrl+1", "Hyper+M"])
def test_what_is_no_chord_is_refused(text: str) -> None:
    with pytest.raises(chord.ChordError):
        parsed_chord(text)


def test_a_chord_may_be_written_as_one_likes() -> None:
    assert parsed_chord("ctrl + ALT+shift+m") == CHORD
    assert parsed_chord("Ctrl+F12").key == "F12"


# The PIN.


def test_a_pin_is_known_by_its_hash() -> None:
    kept = pin.hashed("246810", b"x" * 16)
    assert pin.parsed_pin(pin.pin_text(kept)) == kept
    assert pin.matches("246810", kept)
    assert not pin.matches("246811", kept)
    assert "salt" not in repr(kept)


@pytest.mark.parametrize(("text", "good"), [("123456", True), ("12345", False), ("1" * 13, False), ("12345a", False)])
def test_a_pin_has_six_to_twelve_digits(text: str, good: bool) -> None:  # noqa: FBT001
    assert pin.well_formed(text) is good


@given(st.text(max_size=60) | st.just("scrypt:16384:8:1:AAAA:AAAA") | st.just("scrypt:1:8:1:" + "A" * 24 + ":A"))
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(PinHashError):
        pin.parsed_pin(text)


@pytest.mark.parametrize("n", ["1", "3", "1048576", "-2", "x"])
def test_a_hash_that_costs_nothing_or_everything_is_refused(n: str) -> None:
    with pytest.raises(PinHashError):
        pin.parsed_pin(pin.pin_text(pin.hashed("246810", b"x" * 16)).replace("16384", n))


def test_five_tries_are_free_and_then_waits_double() -> None:
    tries, waits = Tries(), []
    for _ in range(FREE_TRIES + 9):
        tries = pin.tried(tries, NOW, "boot")
        waits.append(max(0, pin.next_try_at(tries, "boot") - NOW) // 1_000_000_000)
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert LONGEST_WAIT_NS == 3_600_000_000_000


def test_after_a_restart_of_the_machine_the_wait_begins_again() -> None:
    tries = Tries(FREE_TRIES, MonotonicNs(10**15), "before")
    assert pin.next_try_at(tries, "after") == FIRST_WAIT_NS


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"wrong": "x", "at_ns": 0, "boot_id": ""}', b"\xff", b"null", b"[" * 9999]
)
def test_a_spoiled_file_of_tries_frees_none(content: bytes) -> None:
    assert pin.read_tries(content) == Tries(FREE_TRIES)


@given(st.integers(0, 100), st.integers(0, 10**18), st.text(st.characters(exclude_categories=["Cs"])))
def test_tries_read_as_they_were_written(wrong: int, moment: int, boot: str) -> None:
    tries = Tries(wrong, MonotonicNs(moment), boot)
    assert pin.read_tries(pin.written_tries(tries)) == tries
    assert pin.read_tries(None) == Tries()


def test_the_lock_counts_on_the_disk_over_a_restart_and_in_memory_without_one(tmp_path: Path) -> None:
    clock = ManualClock()
    for path in (tmp_path / "player" / "maintenance.json", tmp_path / "player" / "maintenance.json" / "nowhere", None):
        lock = Lock(KEPT, path)
        for _ in range(FREE_TRIES):
            assert lock.check("111111", clock.moment())[0] is False
        right, until = lock.check("246810", clock.moment())
        assert (right, until - clock.monotonic()) == (False, FIRST_WAIT_NS)
    again = Lock(KEPT, tmp_path / "player" / "maintenance.json")
    assert again.next_try_at(clock.moment()) - clock.monotonic() == FIRST_WAIT_NS
    clock.advance(FIRST_WAIT_NS // 1_000_000)
    assert again.check("246810", clock.moment()) == (True, 0)
    assert Lock(KEPT, again.path).check("111111", clock.moment()) == (False, 0)


# The session.


def typed(visit: Session, *names: str) -> tuple[Session, Act | None]:
    act = None
    for name in names:
        visit, act = session.key(visit, name, NOW)
    return visit, act


def test_digits_are_entered_and_checked_by_the_keyboard_alone() -> None:
    visit, act = typed(Session(NOW), "2", "4", "7", "Backspace", "6", "8", "1", "0", "x", "Return")
    assert (visit.entry, act, visit.checking) == ("246810", Act.CHECK, True)
    assert typed(visit, "Return", "1") == (replace(visit, touched=NOW), None)
    opened = session.answered(visit, NOW, right=True, next_try=MonotonicNs(0))
    assert (opened.view, opened.entry) == (View.OVERVIEW, "")


def test_nothing_is_checked_without_a_digit_and_no_more_than_twelve_are_taken() -> None:
    assert typed(Session(NOW), "Return")[1] is None
    assert typed(Session(NOW), *["1"] * 20)[0].entry == "1" * 12


def test_a_wrong_pin_that_has_to_wait_takes_no_more() -> None:
    visit, _ = typed(Session(NOW), "1")
    refused = session.answered(visit, NOW, right=False, next_try=at(30))
    assert session.blocked_for(refused, at(10)) == 20_000_000_000
    assert typed(refused, "1")[0].entry == ""
    free = session.key(refused, "1", at(31))[0]
    assert free.entry == "1"
    assert session.answered(visit, NOW, right=False, next_try=MonotonicNs(0)).blocked_until is None


@pytest.mark.parametrize("view", list(View))
def test_every_button_is_reached_by_the_keyboard_and_does_what_a_finger_does(view: View) -> None:
    for index, button in enumerate(BUTTONS[view]):
        visit = Session(NOW, view=view, focus=0, entry="1")
        for _ in range(index):
            visit = session.key(visit, "Tab", NOW)[0]
        assert visit.focus == index
        assert session.key(visit, "Return", NOW) == session.press(replace(visit, focus=0), button, NOW)
        assert session.key(visit, "Backtab", NOW)[0].focus == (index - 1) % len(BUTTONS[view])


def test_the_way_through_the_page() -> None:
    visit = Session(NOW, view=View.OVERVIEW, focus=0)
    assert session.press(visit, Button.FAULTS, NOW)[0].view is View.FAULTS
    assert session.press(visit, Button.LEAVE, NOW)[1] is Act.LEAVE
    assert session.press(visit, None, NOW) == (visit, None)
    assert session.press(visit, Button.OPEN, NOW) == (visit, None)
    picture, act = session.press(visit, Button.PICTURE, NOW)
    assert (picture.view, act) == (View.PICTURE, Act.SOUND)
    assert session.key(picture, "x", NOW)[0].view is session.press(picture, None, NOW)[0].view is View.OVERVIEW
    asked = session.press(visit, Button.RESTART, NOW)[0]
    assert asked.view is View.RESTART
    assert session.key(asked, "Escape", NOW)[0].view is View.OVERVIEW
    assert session.press(asked, Button.REALLY, NOW)[1] is Act.RESTART
    assert session.key(visit, "Escape", NOW)[1] is Act.LEAVE
    assert session.key(visit, "x", NOW) == (visit, None)


def test_it_is_over_when_nobody_has_touched_anything() -> None:
    visit = session.key(Session(NOW), "1", at(100))[0]
    assert not session.is_over(visit, at(219), 120_000_000_000)
    assert session.is_over(visit, at(220), 120_000_000_000)


# What stands there.


def words(site: Site) -> dict[str, tuple[str, Tone]]:
    return {line.label: (line.value, line.tone) for line in overview(site)}


def test_the_overview_tells_what_is_known() -> None:
    note = FaultNote(AT, "clock-step", "900 ms")
    status = replace(
        STATUS,
        plays=12345,
        frames_shown=1000,
        frames_lost=11,
        display=Display.ON,
        clock_trusted=True,
        volume=0,
        release="41",
        log_trouble="disk full",
    )
    agent = AgentReport(AT, "4G, yếu", online=True, last_contact=AT)
    told = words(Site(status, LOCAL, "bo-y", "cum-1", (1, 1), 12_300_000_000, 64_000_000_000, agent, (note,)))
    assert told == {
        "Cửa khẩu, màn hình": ("bo-y, cum-1, bo-y-1", Tone.PLAIN),
        "Chương trình": ("đang bảo trì, tạm dừng phát", Tone.PLAIN),
        "Bản phát hành": ("41", Tone.PLAIN),
        "Đã phát": ("12.345 lượt từ 08:15 24/11", Tone.PLAIN),
        "Hình": ("1.000 khung hình, mất 11", Tone.BAD),
        "Màn hình": ("đang sáng", Tone.GOOD),
        "Âm lượng": ("tắt tiếng", Tone.PLAIN),
        "Đồng hồ": ("08:15:03 24/11/2026, đã đồng bộ", Tone.GOOD),
        "Ổ đĩa": ("còn 12,3 GB trong 64,0 GB", Tone.PLAIN),
        "Mạng": ("4G, yếu", Tone.GOOD),
        "Liên lạc gần nhất": ("08:15 24/11", Tone.PLAIN),
        "Nhật ký phát": ("không ghi được: disk full", Tone.BAD),
        "Lỗi mới nhất": ("08:15 24/11 Đồng hồ bị chỉnh: 900 ms", Tone.BAD),
        "Phần mềm": ("0.1.0", Tone.PLAIN),
    }


def test_what_is_not_known_is_said_to_be_missing() -> None:
    told = words(Site(STATUS, LOCAL))
    assert [told[label][0] for label in ("Bản phát hành", "Ổ đĩa", "Mạng")] == [UNKNOWN] * 3
    assert told["Đồng hồ"][0].endswith("không rõ có đúng không")
    assert told["Lỗi mới nhất"] == ("không có", Tone.GOOD)
    offline = words(Site(replace(STATUS, plugged=False, clock_trusted=False), LOCAL, agent=AgentReport(online=False)))
    assert offline["Mạng"] == ("không có kết nối", Tone.BAD)
    assert offline["Màn hình"] == ("chưa cắm", Tone.BAD)
    assert offline["Đồng hồ"][1] is Tone.BAD
    full = words(Site(STATUS, LOCAL, disk_free=1_000_000_000, disk_total=2_000_000_000))
    assert full["Ổ đĩa"] == ("còn 1,0 GB trong 2,0 GB", Tone.BAD)


@pytest.mark.parametrize(
    ("done", "total", "said", "share"),
    [
        (1_234_000_000, 2_015_000_000, "61 %, 1.234 / 2.015 MB", 0.612),
        (0, 5_000_000, "0 %, 0,0 / 5,0 MB", 0.0),
        (9_999_999, 10_000_000, "99 %, 10,0 / 10 MB", 0.9999999),
        (7, 3, "100 %, 0,0 / 0,0 MB", 1.0),
        (12_000_000, 0, "12 MB", None),
    ],
)
def test_what_the_agent_is_about_stands_with_a_bar(done: int, total: int, said: str, share: float | None) -> None:
    agent = AgentReport(progress=Progress("Nhập từ USB", done, total))
    (line,) = [line for line in overview(Site(STATUS, LOCAL, agent=agent)) if line.label == "Nhập từ USB"]
    assert (line.value, line.tone, line.share) == (
        said,
        Tone.PLAIN,
        share if share is None else pytest.approx(share, 1e-3),
    )


def test_what_troubles_the_agent_stands_near_the_top_as_a_sentence_with_room_for_two_lines() -> None:
    agent = AgentReport(progress=Progress("Nhập từ USB", 1, 2), trouble="USB hỏng. Cắm USB khác.")
    site = Site(STATUS, LOCAL, agent=agent)
    lines = overview(site)
    assert (lines[1].label, lines[1].value, lines[1].tone) == ("", "USB hỏng. Cắm USB khác.", Tone.BAD)
    shown = page(Session(NOW, view=View.OVERVIEW), site, NOW)
    boxes = layout(shown, 1920, 1080).lines
    assert boxes[1].height == 2 * boxes[0].height == 2 * boxes[2].height
    assert boxes[1].y == boxes[0].y + boxes[0].height
    assert boxes[2].y == boxes[1].y + boxes[1].height


def test_an_agent_that_has_fallen_silent_is_said_to_be() -> None:
    told = words(Site(STATUS, LOCAL, agent=AgentReport(), agent_silent=True))
    assert told["Đồng bộ"] == ("chương trình đồng bộ không trả lời", Tone.BAD)
    assert "Đồng bộ" not in words(Site(STATUS, LOCAL, agent=AgentReport()))


def test_faults_stand_with_their_time_and_a_spoiled_time_as_it_is() -> None:
    notes = (FaultNote("yesterday", "odd", ""), FaultNote(AT, "play-failed", "late", "clip"))
    lines = fault_lines(Site(STATUS, LOCAL, faults=notes))
    assert [(line.label, line.value) for line in lines] == [
        ("yesterday", "odd"),
        ("08:15 24/11", "Không phát được “clip”: late"),
    ]
    assert fault_lines(Site(STATUS, LOCAL))[0].tone is Tone.GOOD


@pytest.mark.parametrize(
    ("visit", "said"),
    [
        (Session(NOW), "Nhập mã PIN bảo trì."),
        (Session(NOW, checking=True), "Đang kiểm tra…"),
        (Session(NOW, wrong=True), "Sai mã PIN. Nhập lại."),
        (Session(NOW, wrong=True, blocked_until=at(30)), "Sai mã PIN nhiều lần. Chờ 30 giây rồi nhập lại."),
        (Session(NOW, blocked_until=at(61)), "Sai mã PIN nhiều lần. Chờ 1 phút 1 giây rồi nhập lại."),
    ],
)
def test_the_lock_says_how_it_stands(visit: Session, said: str) -> None:
    assert page(visit, Site(STATUS, LOCAL), NOW).lines[0].value == said


def test_a_test_picture_says_when_nothing_is_heard() -> None:
    mute = session.unheard(Session(NOW, view=View.PICTURE), mute=True)
    assert page(mute, Site(STATUS, LOCAL), NOW).lines[1].value.startswith("Không có thiết bị âm thanh")
    assert page(Session(NOW, view=View.PICTURE), Site(STATUS, LOCAL), NOW).lines[1].value.startswith("Tiếng thử")


# Where it stands.


@given(st.sampled_from(View), st.integers(160, 4000), st.integers(160, 4000), st.integers(0, 30), st.booleans())
def test_whatever_the_canvas_nothing_leaves_it_and_no_button_covers_another(
    view: View,
    width: int,
    height: int,
    faults: int,
    troubled: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    notes = tuple(FaultNote(AT, "odd", str(number)) for number in range(faults))
    agent = AgentReport(progress=Progress("Nhập", 1, 2), trouble="Hỏng.") if troubled else None
    shown = page(Session(NOW, view=view), Site(STATUS, LOCAL, agent=agent, faults=notes), NOW)
    places = layout(shown, width, height)
    boxes = [places.title, *places.lines, *places.keys, *([places.entry] if places.entry else [])]
    for box in boxes:
        assert box.width > 0
        assert box.height > 0
        assert 0 <= box.x <= box.x + box.width <= width
        assert 0 <= box.y <= box.y + box.height <= height
    for index, box in enumerate(boxes):
        for other in boxes[:index]:
            beside = box.x >= other.x + other.width or other.x >= box.x + box.width
            assert beside or box.y >= other.y + other.height or other.y >= box.y + box.height
    for key, box in zip(shown.keys, places.keys, strict=True):
        assert key_at(shown, places, box.x + box.width / 2, box.y + box.height / 2) == key.id
    assert key_at(shown, places, -1, -1) is None
