"""``signage-agent status``: what this kiosk has, shows and waits for, for a technician; changes nothing."""

import shutil
import sys
from argparse import Namespace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from playlists.cli_parser import Commands, command
from playlists.errors import DamageError, ExitCode, SiteError
from sync.agent.cli_options import add_settings, settings_of

if TYPE_CHECKING:
    from playlists.agent_report import AgentReport
    from sync.agent.agent_folder import AgentFolder
    from sync.agent.standing import Standing

VIETNAM = timezone(timedelta(hours=7))
UNKNOWN = "chưa có"


def add_command(commands: Commands) -> None:
    """Add ``status``."""
    add_settings(command(commands, "status", _run, "cho biết máy này đang có gì, phát gì và chờ gì"))


def _run(options: Namespace) -> ExitCode:
    settings = settings_of(options)

    from playlists.agent_report import read_agent_report  # noqa: PLC0415 - heavy
    from sync.agent.account import megabytes, printed  # noqa: PLC0415
    from sync.agent.agent_folder import AgentFolder  # noqa: PLC0415
    from sync.agent.identity import Identity  # noqa: PLC0415

    folder = AgentFolder(settings.state)
    if not folder.path.is_dir():
        message = f"{settings.state} chưa có gì: máy chưa đăng ký hoặc chưa chạy lần nào."
        raise SiteError(message)
    report = read_agent_report(folder.report.read_bytes() if folder.report.is_file() else None)
    enrolment = Identity(folder.identity).enrolment()
    usage = shutil.disk_usage(folder.path)
    place = (settings.gate, settings.screen) if enrolment is None else (enrolment.gate, enrolment.screen)
    rows = [
        ("Màn hình", "/".join(part or UNKNOWN for part in place)),
        ("Trung tâm", settings.feed or settings.hub or UNKNOWN if enrolment is None else enrolment.hub),
        *([] if enrolment is None else [("Đăng ký", _STATES[enrolment.state.value])]),
        *_releases(folder),
        *_said(report),
        ("Chương trình phát", _player(folder)),
        ("Đĩa còn trống", f"{megabytes(usage.free)} / {megabytes(usage.total)}"),
    ]
    sys.stdout.write(printed(rows))
    return ExitCode.OK


_STATES = {
    "pending": "đang chờ trung tâm xác nhận",
    "confirmed": "đã xác nhận",
    "refused": "bị từ chối",
    "revoked": "đã bị thu hồi, không nhận nội dung mới",
}
_SHOWING = {
    "starting": "đang khởi động",
    "item": "đang phát",
    "slate": "không có nội dung phát được, hiện bảng chờ",
    "closed": "ngoài giờ mở cửa",
    "maintenance": "đang bảo trì",
    "left": "đã dừng",
}


def _releases(folder: "AgentFolder") -> list[tuple[str, str]]:
    from playlists.errors import ContentError  # noqa: PLC0415 - heavy
    from playlists.release import read_active  # noqa: PLC0415
    from sync.agent.standing import Standing, read_standing  # noqa: PLC0415

    try:
        active = read_active(folder.active.read_bytes())
    except (OSError, ContentError):
        active = None
    try:
        standing = read_standing(folder.standing.read_bytes())
    except (OSError, DamageError):
        standing = Standing()
    shown = UNKNOWN if active is None else f"{active.sequence}{_proof(standing, active.sequence)}"
    rows = [("Bản phát hành", shown)]
    if standing.previous is not None:
        rows.append(("Bản trước", str(standing.previous.sequence)))
    if standing.bad:
        bad = standing.bad[-1]
        rows.append(("Bản đã phải bỏ", f"{bad.sequence}, {_local(bad.at)} {bad.detail}".rstrip()))
    urgent = sorted(path.stem for path in folder.urgent.glob("*.json"))
    rows.append(("Tin khẩn", ", ".join(urgent) or "không có"))
    return rows


def _proof(standing: "Standing", sequence: int) -> str:
    if standing.trial is not None and standing.trial.active.sequence == sequence:
        return " (đang theo dõi)"
    return " (chạy ổn định)" if standing.good is not None and standing.good.sequence == sequence else ""


def _said(report: "AgentReport | None") -> list[tuple[str, str]]:
    from sync.agent.account import megabytes  # noqa: PLC0415 - heavy

    if report is None:
        return [("Mạng", UNKNOWN)]
    rows = [
        ("Mạng", report.network or UNKNOWN),
        ("Liên lạc cuối", UNKNOWN if report.last_contact is None else _local(report.last_contact)),
    ]
    progress = report.progress
    if progress is not None:
        rows.append(("Đang tải", f"{progress.what}: {megabytes(progress.done)} / {megabytes(progress.total)}"))
    if report.trouble is not None:
        rows.append(("Cần chú ý", report.trouble))
    return rows


def _player(folder: "AgentFolder") -> str:
    from sync.agent.machine_clock import MachineClock  # noqa: PLC0415 - heavy
    from sync.agent.player_watch import PlayerWatch  # noqa: PLC0415

    status, alive = PlayerWatch(folder).status(MachineClock().now())
    if status is None:
        return UNKNOWN
    shown = _SHOWING[status.showing.value]
    if not alive and status.showing.value != "left":
        return f"không chạy (lần cuối {_local(status.at)}: {shown})"
    release = "" if status.release is None else f", bản phát hành {status.release}"
    title = "" if status.playing is None else f": {status.playing.title}"
    return f"{shown}{title}{release}"


def _local(at: str) -> str:
    try:
        return datetime.fromisoformat(at).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return at
