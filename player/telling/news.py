"""What is going on, told by the rows of the play log as they are submitted: pure, so that all who ask hear the same."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from player.telling.messages import Level, Message
from playlists.proof import ClockStep, Closed, Display, Fault, Outcome, PlayEnd, PlayStart, Record
from playlists.status import MOST_FAULTS, FaultNote, Playing, Showing, Status
from playlists.timing import Moment, MonotonicNs

LEFT_FOR: Final = frozenset({"stop", "rounds"})
"""The reasons of a ``closed`` row that mean that the player has ended."""
_STARTING_NS: Final = 5_000_000_000


@dataclass(frozen=True, slots=True)
class News:
    """What the rows so far have told."""

    started: Moment
    under_way: tuple[PlayStart, ...] = ()
    """Plays without an end, in the order they were announced."""
    idle_since: Moment | None = None
    closed: Closed | None = None
    plays: int = 0
    frames_shown: int = 0
    frames_lost: int = 0
    faults: tuple[FaultNote, ...] = ()
    """The newest first."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What no row tells."""

    now: Moment
    screen: str
    software: str
    display: Display
    plugged: bool | None
    volume: int
    release: str | None
    maintenance: Moment | None
    """Since when somebody looks at the maintenance page."""
    log_trouble: str | None


def heard(news: News, record: Record) -> News:
    """Take in a row."""
    match record:
        case PlayStart():
            return replace(news, under_way=(*news.under_way, record))
        case PlayEnd():
            return _ended(news, record)
        case Closed():
            return replace(news, under_way=(), closed=record)
        case _:
            note = _note(record)
            return news if note is None else _noted(news, note)


def _ended(news: News, end: PlayEnd) -> News:
    rest = tuple(play for play in news.under_way if play.play != end.play)
    after = replace(
        news,
        under_way=rest,
        idle_since=news.idle_since if rest else end.end or end.at,
        closed=None if end.start is not None else news.closed,
        plays=news.plays + (end.outcome is Outcome.COMPLETED),
        frames_shown=news.frames_shown + (end.frames_shown or 0),
        frames_lost=news.frames_lost + (end.frames_lost or 0),
    )
    if end.outcome is not Outcome.FAILED:
        return after
    return _noted(after, FaultNote(end.at.wall, "play-failed", end.reason or "", _item(news, end)))


def _note(record: Record) -> FaultNote | None:
    match record:
        case Fault():
            return FaultNote(record.at.wall, record.code, record.detail, record.item)
        case ClockStep():
            return FaultNote(record.at.wall, "clock-step", f"{record.step_ms} ms")
        case _:
            return None


def playing(news: News, now: MonotonicNs) -> PlayStart | None:
    """The play that is on the screen: the last announced whose time has come."""
    come = [play for play in news.under_way if play.planned_start.monotonic <= now]
    return come[-1] if come else None


def status(news: News, seen: Circumstances) -> Status:
    """The status file's content."""
    now = seen.now
    play = playing(news, now.monotonic)
    showing, since = _showing(news, seen, play)
    shown = play if showing is Showing.ITEM else None
    return Status(
        at=now.wall,
        screen=seen.screen,
        software=seen.software,
        started=news.started.wall,
        showing=showing,
        since=since.wall,
        playing=_playing(shown) if shown is not None else None,
        plays=news.plays,
        frames_shown=news.frames_shown,
        frames_lost=news.frames_lost,
        release=seen.release,
        display=seen.display,
        plugged=seen.plugged,
        clock_trusted=now.synchronised,
        volume=seen.volume,
        log_trouble=seen.log_trouble,
        faults=news.faults,
    )


def _showing(news: News, seen: Circumstances, play: PlayStart | None) -> tuple[Showing, Moment]:
    if seen.maintenance is not None:
        return Showing.MAINTENANCE, seen.maintenance
    if play is not None:
        return Showing.ITEM, play.planned_start
    if news.closed is not None:
        left = news.closed.reason in LEFT_FOR
        return (Showing.LEFT if left else Showing.CLOSED), news.closed.at
    if news.idle_since is None and seen.now.monotonic - news.started.monotonic < _STARTING_NS:
        return Showing.STARTING, news.started
    return Showing.SLATE, news.idle_since or news.started


def _playing(play: PlayStart) -> Playing:
    return Playing(play.play, play.item, play.title, play.planned_start.wall, play.slot, play.playlist)


def _item(news: News, end: PlayEnd) -> str | None:
    return next((play.item for play in news.under_way if play.play == end.play), None)


def _noted(news: News, note: FaultNote) -> News:
    return replace(news, faults=(note, *news.faults)[:MOST_FAULTS])


def spoken(current: Status, offset: timedelta) -> str:
    """The status as one Vietnamese line for ``systemctl status``; ``offset`` is the local one from UTC."""
    since = (datetime.fromisoformat(current.since) + offset).strftime("%H:%M")
    match current.showing:
        case Showing.ITEM if current.playing is not None:
            line = f"Đang phát “{current.playing.title}” từ {since}"
        case Showing.CLOSED:
            line = f"Ngoài giờ mở cửa từ {since}, màn hình tắt"
        case Showing.MAINTENANCE:
            line = f"Đang bảo trì từ {since}"
        case Showing.STARTING:
            line = "Đang khởi động"
        case Showing.LEFT:
            line = "Đã dừng"
        case _:
            line = f"Không có nội dung phát được từ {since}, đang hiện bảng chờ"
    if current.plugged is False:
        line += "; chưa cắm màn hình"
    if current.log_trouble is not None:
        line += "; không ghi được nhật ký phát"
    return line


def message(record: Record, news: News) -> Message | None:
    """What the journal hears of a row; ``news`` is as it was before it."""
    match record:
        case PlayEnd(outcome=Outcome.FAILED):
            fields = {"item": _item(news, record) or "", "play": record.play}
            return Message(Level.WARNING, "play-failed", f"A play failed: {record.reason}", fields)
        case PlayEnd():
            fields = {
                "item": _item(news, record) or "",
                "play": record.play,
                "frames_shown": str(record.frames_shown),
                "frames_lost": str(record.frames_lost),
            }
            return Message(Level.DEBUG, f"play-{record.outcome.value}", f"A play ended: {record.outcome.value}", fields)
        case Fault():
            fields = {"item": record.item} if record.item else {}
            return Message(Level.ERROR, record.code, record.detail, fields)
        case ClockStep():
            fields = {"step_ms": str(record.step_ms)}
            return Message(Level.WARNING, "clock-step", f"The wall clock moved by {record.step_ms} ms", fields)
        case Closed():
            return Message(Level.INFO, "closed", f"Nothing is shown from here on: {record.reason}")
        case _:
            return None


def gives_way(news: News, now: MonotonicNs, patience_ns: int) -> bool:
    """Whether what is on the screen still gives way in the end: no play outstays its planned length by so much.

    A picture that stands within its time is no standstill, however long.
    """
    play = playing(news, now)
    if play is None or play.planned is None:
        return True
    return now - play.planned_start.monotonic - play.planned * 1_000_000 < patience_ns
