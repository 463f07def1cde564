"""The maintenance page as values: lines of words and what they mean, in Vietnamese, for a technician. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from player.maintenance.session import BUTTONS, Button, Session, View, blocked_for
from playlists.agent_report import AgentReport, Progress
from playlists.proof import Display
from playlists.status import FaultNote, Showing, Status
from playlists.timing import MonotonicNs

UNKNOWN: Final = "chưa có"
_NO_SOUND: Final = "Không có thiết bị âm thanh: không nghe được tiếng thử."
_MEGA: Final = 1_000_000
_GIGA: Final = 1_000_000_000
_WHOLE: Final = 100
_SMALL: Final = 10 * _MEGA
_LITTLE: Final = 2 * _GIGA
"""A disk with less room than this soon takes nothing new."""


class Tone(StrEnum):
    """How a line is meant."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of two columns; without a label it runs over both."""

    label: str
    value: str
    tone: Tone = Tone.PLAIN
    share: float | None = None
    """How much of a bar below it is filled, 0 to 1; None: it has none."""


@dataclass(frozen=True, slots=True)
class Key:
    """A button: its id, what is written on it, and whether the keyboard's focus is on it."""

    id: str
    text: str
    focused: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be painted; ``entry`` is how many digits of a PIN stand there, None where none is asked for."""

    view: View
    title: str
    lines: tuple[Line, ...]
    keys: tuple[Key, ...]
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """What the page tells besides the status: where this is, what is on the disk, what the agent says."""

    status: Status
    local: datetime
    """The local time, with its offset."""
    gate: str | None = None
    cluster: str | None = None
    canvas: tuple[int, int] = (0, 0)
    disk_free: int | None = None
    disk_total: int | None = None
    agent: AgentReport | None = None
    faults: tuple[FaultNote, ...] = ()
    """The newest first, over restarts."""
    agent_silent: bool = False
    """Whether the agent has not been heard of lately."""


_TEXTS: Final[Mapping[str, str]] = {
    Button.ERASE: "Xóa",
    Button.OPEN: "Mở",
    Button.LEAVE: "Thoát",
    Button.BACK: "Quay lại",
    Button.FAULTS: "Lỗi gần đây",
    Button.PICTURE: "Hình và tiếng thử",
    Button.RESTART: "Khởi động lại",
    Button.REALLY: "Khởi động lại ngay",
}
_TITLES: Final[Mapping[View, str]] = {
    View.LOCKED: "Bảo trì màn hình",
    View.OVERVIEW: "Tình trạng màn hình",
    View.FAULTS: "Lỗi gần đây",
    View.RESTART: "Khởi động lại chương trình phát?",
    View.PICTURE: "Hình thử",
}
_SHOWING: Final[Mapping[Showing, str]] = {
    Showing.STARTING: "đang khởi động",
    Showing.ITEM: "đang phát",
    Showing.SLATE: "không có nội dung phát được, hiện bảng chờ",
    Showing.CLOSED: "ngoài giờ mở cửa",
    Showing.MAINTENANCE: "đang bảo trì, tạm dừng phát",
    Showing.LEFT: "đã dừng",
}
FAULT_WORDS: Final[Mapping[str, str]] = {
    "play-failed": "Không phát được",
    "clock-step": "Đồng hồ bị chỉnh",
    "log-unwritable": "Không ghi được nhật ký phát",
    "captions": "Phụ đề có lỗi",
    "wrong-pin": "Nhập sai mã PIN bảo trì",
    "release-refused": "Không nhận bản phát hành mới",
    "state-folder": "Tệp do chương trình đồng bộ ghi có lỗi",
    "clock-untrusted": "Đồng hồ chưa đáng tin, mục có hẹn giờ phải chờ",
    "plan": "Không lập được lịch phát",
    "logo": "Không hiện được biểu trưng",
    "log-set-aside": "Nhật ký phát bị hỏng, đã mở nhật ký mới",
    "bug": "Lỗi phần mềm",
}


def page(session: Session, site: Site, now: MonotonicNs) -> Page:
    """The page of a session at ``now``."""
    keys = tuple(
        Key(button, _TEXTS.get(button, button), index == session.focus)
        for index, button in enumerate(BUTTONS[session.view])
    )
    lines: tuple[Line, ...]
    match session.view:
        case View.LOCKED:
            lines = (_lock_line(session, now),)
        case View.OVERVIEW:
            lines = overview(site)
        case View.FAULTS:
            lines = fault_lines(site)
        case View.RESTART:
            lines = (Line("", "Màn hình tối vài giây, sau đó phát lại từ mục đang phát dở."),)
        case View.PICTURE:
            sound = (
                "Không có thiết bị âm thanh: không nghe được tiếng thử."
                if session.mute
                else "Tiếng thử: trái, phải, hai bên."
            )
            width, height = site.canvas
            lines = (Line("", f"{site.status.screen}, {width} x {height}"), Line("", sound))
    entry = len(session.entry) if session.view is View.LOCKED else None
    return Page(session.view, _TITLES[session.view], lines, keys, entry)


def _lock_line(session: Session, now: MonotonicNs) -> Line:
    wait = blocked_for(session, now)
    if wait:
        seconds = -(-wait // 1_000_000_000)
        minutes, rest = divmod(seconds, 60)
        left = f"{minutes} phút {rest} giây" if minutes else f"{rest} giây"
        return Line("", f"Sai mã PIN nhiều lần. Chờ {left} rồi nhập lại.", Tone.BAD)
    if session.checking:
        return Line("", "Đang kiểm tra…")
    if session.wrong:
        return Line("", "Sai mã PIN. Nhập lại.", Tone.BAD)
    return Line("", "Nhập mã PIN bảo trì.")


def overview(site: Site) -> tuple[Line, ...]:
    """The lines of the overview."""
    status, agent = site.status, site.agent
    offset = site.local.utcoffset() or timedelta()
    place = ", ".join(part for part in (site.gate, site.cluster, status.screen) if part)
    lines = [
        Line("Cửa khẩu, màn hình", place or UNKNOWN),
        *_synchronisation(site),
        Line("Chương trình", _SHOWING[status.showing]),
        Line("Bản phát hành", status.release or (agent.release if agent else None) or UNKNOWN),
        Line("Đã phát", f"{_number(status.plays)} lượt từ {_when(status.started, offset)}"),
        _frames(status),
        _display(status),
        Line("Âm lượng", "tắt tiếng" if status.volume == 0 else f"{status.volume} %"),
        _clock(site),
        _disk(site),
        *_network(agent, offset),
    ]
    if status.log_trouble is not None:
        lines.append(Line("Nhật ký phát", f"không ghi được: {status.log_trouble}", Tone.BAD))
    if site.faults:
        first = site.faults[0]
        lines.append(Line("Lỗi mới nhất", f"{_when(first.at, offset)} {fault_text(first)}", Tone.BAD))
    else:
        lines.append(Line("Lỗi mới nhất", "không có", Tone.GOOD))
    lines.append(Line("Phần mềm", status.software))
    return tuple(lines)


def fault_lines(site: Site) -> tuple[Line, ...]:
    """The last faults, the newest first."""
    offset = site.local.utcoffset() or timedelta()
    lines = [Line(_when(note.at, offset), fault_text(note)) for note in site.faults]
    return tuple(lines) or (Line("", "Không có lỗi nào được ghi lại.", Tone.GOOD),)


def fault_text(note: FaultNote) -> str:
    """One fault in a line; what only developers understand stays as it was written."""
    words = FAULT_WORDS.get(note.code, note.code)
    item = f" “{note.item}”" if note.item else ""
    return f"{words}{item}: {note.detail}" if note.detail else f"{words}{item}"


def _frames(status: Status) -> Line:
    shown, lost = status.frames_shown, status.frames_lost
    bad = lost * 100 > shown  # more than one in a hundred is seen
    text = f"{_number(shown)} khung hình, mất {_number(lost)}"
    return Line("Hình", text, Tone.BAD if bad else Tone.PLAIN)


def _display(status: Status) -> Line:
    if status.plugged is False:
        return Line("Màn hình", "chưa cắm", Tone.BAD)
    text = {Display.ON: "đang sáng", Display.OFF: "đang tắt", Display.UNKNOWN: "không rõ sáng hay tắt"}[status.display]
    return Line("Màn hình", text, Tone.GOOD if status.display is Display.ON else Tone.PLAIN)


def _clock(site: Site) -> Line:
    shown = site.local.strftime("%H:%M:%S %d/%m/%Y")
    match site.status.clock_trusted:
        case True:
            return Line("Đồng hồ", f"{shown}, đã đồng bộ", Tone.GOOD)
        case False:
            return Line("Đồng hồ", f"{shown}, chưa đồng bộ", Tone.BAD)
        case _:
            return Line("Đồng hồ", f"{shown}, không rõ có đúng không")


def _disk(site: Site) -> Line:
    if site.disk_free is None or site.disk_total is None:
        return Line("Ổ đĩa", UNKNOWN)
    text = f"còn {_gigabytes(site.disk_free)} trong {_gigabytes(site.disk_total)}"
    return Line("Ổ đĩa", text, Tone.BAD if site.disk_free < _LITTLE else Tone.PLAIN)


def _synchronisation(site: Site) -> list[Line]:
    """What the agent is about and what keeps it from its work: what a technician with a stick waits for."""
    agent, lines = site.agent, []
    if site.agent_silent:
        lines.append(Line("Đồng bộ", "chương trình đồng bộ không trả lời", Tone.BAD))
    if agent is not None and agent.trouble:
        lines.append(Line("", agent.trouble, Tone.BAD))
    if agent is not None and agent.progress is not None:
        lines.append(_progress(agent.progress))
    return lines


def _progress(progress: Progress) -> Line:
    done, total = progress.done, progress.total
    if total <= 0:
        return Line(progress.what, f"{_megabytes(done)} MB")
    share = min(1.0, done / total)
    counted = f"{_megabytes(min(done, total))} / {_megabytes(total)} MB"
    return Line(progress.what, f"{int(share * _WHOLE)} %, {counted}", share=share)


def _network(agent: AgentReport | None, offset: timedelta) -> list[Line]:
    if agent is None:
        return [Line("Mạng", UNKNOWN)]
    known = agent.network or {True: "có kết nối", False: "không có kết nối", None: UNKNOWN}[agent.online]
    tone = {True: Tone.GOOD, False: Tone.BAD, None: Tone.PLAIN}[agent.online]
    contact = _when(agent.last_contact, offset) if agent.last_contact else UNKNOWN
    return [Line("Mạng", known, tone), Line("Liên lạc gần nhất", contact)]


def _when(utc: str, offset: timedelta) -> str:
    """A moment in local time; one that cannot be read as it was written."""
    try:
        return (datetime.fromisoformat(utc).replace(tzinfo=None) + offset).strftime("%H:%M %d/%m")
    except ValueError:
        return utc


def _number(value: int) -> str:
    """With dots between thousands, as Vietnamese is written."""
    return f"{value:,}".replace(",", ".")


def _megabytes(size: int) -> str:
    """Small ones with a decimal, or nothing would seem to move."""
    if size < _SMALL:
        return f"{size / _MEGA:.1f}".replace(".", ",")
    return _number(size // _MEGA)


def _gigabytes(size: int) -> str:
    return f"{size / _GIGA:.1f} GB".replace(".", ",")
