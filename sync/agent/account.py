"""What the agent says of itself, as values: to the hub, to the player's maintenance page, to a technician. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic_core import to_json

from playlists.agent_report import AgentReport, Banner, Progress
from playlists.errors import SignageError, SiteError
from playlists.findings import FileError
from playlists.release import Active
from sync.agent.download import Progress as DownloadProgress
from sync.agent.ports import BusyError, Instant, SourceError
from sync.agent.release_choice import Choice, Place, Stay
from sync.agent.standing import Standing
from sync.protocol import Fetching, Refused, Running, StatusReport
from sync.refusals import RefusalError

_MEGABYTE: Final = 1_000_000
_KEPT_FAULTS: Final = 3
"""Of the player's, in a report to the hub: the newest tell enough, and every byte is sent 288 times a day."""
_MOST_OF_PLAYER: Final = 16 * 1024
"""Bytes of a report that are the player's."""
_MOST_REFUSALS: Final = 20
"""In a report, which the hub reads up to ``LONGEST_MESSAGE``."""


@dataclass(frozen=True, slots=True)
class Account:
    """Everything the agent knows of itself at one moment.

    ``timestamp`` is the version trusted; ``error`` why the last poll failed as a whole; ``contact`` when one last did
    not. ``fetching`` is the sequence that is on its way, with how far it is.
    """

    now: Instant
    place: Place
    software: str
    machine: str
    standing: Standing
    active: Active | None = None
    timestamp: int = 0
    choice: Choice | None = None
    fetching: tuple[int, DownloadProgress | None] | None = None
    refusals: tuple[RefusalError, ...] = ()
    error: SignageError | OSError | None = None
    contact: datetime | None = None
    online: bool | None = None
    urgent: tuple[str, ...] = ()
    free_bytes: int | None = None
    player: Mapping[str, object] | None = None
    banner: Banner | None = None
    standing_with_hub: str | None = None
    """A Vietnamese sentence where the hub does not let this device take anything new."""


def report_to_hub(account: Account) -> StatusReport:
    """What is posted to the hub."""
    now, standing = account.now, account.standing
    refusals = [Refused.of(refusal, now.wall) for refusal in account.refusals[:_MOST_REFUSALS]]
    fetching = None
    if account.fetching is not None:
        sequence, progress = account.fetching
        done, total = (0, 0) if progress is None else (progress.got_of_all, progress.length_of_all)
        fetching = Fetching(sequence=sequence, done=done, total=total)
    return StatusReport(
        at=now.wall.astimezone(UTC).isoformat(timespec="seconds"),
        boot=now.boot,
        up_seconds=round(now.boot_ns / 1e9),
        synchronised=now.synchronised,
        machine=account.machine or "unknown",
        software=account.software,
        timestamp=account.timestamp,
        running=_running(account),
        previous=None if standing.previous is None else standing.previous.sequence,
        fetching=fetching,
        refusals=tuple(refusals),
        rolled_back=_rolled_back(account),
        urgent=account.urgent[:100],
        free_bytes=account.free_bytes,
        player=None if account.player is None else dict(account.player),
    )


def told_of_player(content: bytes | None) -> dict[str, object] | None:
    """The player's ``status.json`` as it goes to the hub; None where it is none, or what no report could carry."""
    try:
        found = json.loads(content or b"")
        if not isinstance(found, dict):
            return None
        faults = found.get("faults")
        if isinstance(faults, list):
            found["faults"] = faults[:_KEPT_FAULTS]
        return found if len(to_json(found)) <= _MOST_OF_PLAYER else None
    except (ValueError, RecursionError):
        return None


def substance(report: StatusReport) -> object:
    """What of a report is news when it changes; clocks and counters are not."""
    running = report.running
    return (
        None if running is None else (running.sequence, running.sha256, running.confirmed),
        report.fetching is not None and report.fetching.sequence,
        tuple((one.code, tuple(sorted(one.fields.items()))) for one in report.refusals),
        report.rolled_back,
        report.urgent,
        report.timestamp,
    )


def report_to_player(account: Account) -> AgentReport:
    """What lies in ``agent/status.json``."""
    progress = None
    sequence, came = account.fetching or (0, None)
    if came is not None:
        total = max(came.got_of_all, came.length_of_all)
        progress = Progress(f"Đang tải bản phát hành {sequence}", came.got_of_all, total)
    return AgentReport(
        at=account.now.wall.astimezone(UTC).isoformat(timespec="seconds"),
        network=_network(account),
        online=account.online,
        last_contact=None if account.contact is None else account.contact.astimezone(UTC).isoformat(timespec="seconds"),
        release=None if account.active is None else str(account.active.sequence),
        progress=progress,
        banner=account.banner,
        trouble=_trouble(account),
    )


def sentence(error: BaseException) -> str:
    """An error as a technician reads it."""
    match error:
        case RefusalError():
            told = error.vi
        case BusyError():
            told = "Trung tâm đang bận; máy sẽ tự hỏi lại sau."
        case SourceError():
            told = f"Không lấy được dữ liệu từ trung tâm; hãy kiểm tra dây mạng hoặc 4G. Chi tiết: {error}"
        case FileError():
            told = error.sentence_vi
        case SiteError():
            told = str(error)
        case OSError():
            told = f"Đĩa của máy có lỗi: {error.strerror or error}"
        case _:
            told = f"Lỗi phần mềm: {type(error).__name__}: {error}"
    return told


def waiting_sentence(choice: Choice) -> str | None:
    """Why a release that is there is not taken yet; None where nothing is waiting."""
    match choice.stay:
        case Stay.ON_PROBATION:
            return f"Bản phát hành {choice.waiting} chờ bản đang phát chạy ổn định."
        case Stay.AWAITS_CANARIES:
            return f"Bản phát hành {choice.waiting} chờ các màn hình thử trước."
        case _:
            return None


def printed(rows: Sequence[tuple[str, str]]) -> str:
    """Rows of a name and a value, aligned."""
    width = max((len(name) for name, _ in rows), default=0)
    return "".join(f"{name.ljust(width)}  {value}\n" for name, value in rows)


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / _MEGABYTE:,.0f} MB".replace(",", ".")


def _running(account: Account) -> Running | None:
    active, standing = account.active, account.standing
    if active is None:
        return None
    watched = standing.trial or standing.tenure
    quiet = watched.quiet_ns / 1e9 if watched is not None and watched.active == active else 0.0
    return Running(
        sequence=active.sequence,
        sha256=active.sha256,
        confirmed=standing.good == active,
        good_seconds=round(quiet),
    )


def _rolled_back(account: Account) -> int | None:
    """The release that was taken back, as long as no newer one has taken over."""
    bad, active = account.standing.bad, account.active
    if not bad or (active is not None and active.sequence > bad[-1].sequence):
        return None
    return bad[-1].sequence


def _network(account: Account) -> str:
    if account.online is None:
        return "Chưa liên lạc với trung tâm"
    if account.online:
        return "Liên lạc tốt với trung tâm"
    return "Không liên lạc được với trung tâm" if account.error is None else sentence(account.error)


def _trouble(account: Account) -> str | None:
    if account.standing_with_hub is not None:
        return account.standing_with_hub
    if account.error is not None:
        return sentence(account.error)
    return account.refusals[0].vi if account.refusals else None
