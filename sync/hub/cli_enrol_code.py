"""``signage-hub enrol-code``: a one-time code, and the ticket that a technician carries to the kiosk."""

import sys
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from playlists.cli_parser import Commands, command
from playlists.errors import ContentError, ExitCode, UsageError
from sync import feed
from sync.durable import write_durably
from sync.hub.cli_options import add_hub
from sync.protocol import Ticket, printed_code

if TYPE_CHECKING:
    from sync.hub.folder import HubFolder

_MOST_HOURS = 30 * 24


def add_command(commands: Commands) -> None:
    """Add ``enrol-code``."""
    parser = command(commands, "enrol-code", _run, "tạo mã đăng ký dùng một lần cho thiết bị của một màn hình")
    parser.operands.add_argument("screen", metavar="CỬA_KHẨU/MÀN_HÌNH", help="ví dụ bo-y/tuong-1")
    add_hub(parser)
    parser.choices.add_argument("--hours", type=int, metavar="GIỜ", default=72, help="mã có hạn bao lâu (mặc định: 72)")
    parser.choices.add_argument(
        "--address", metavar="URL", help="địa chỉ trung tâm mà màn hình gọi tới (mặc định: “address” trong hub.json)"
    )
    parser.choices.add_argument("--ticket", type=Path, metavar="TỆP", help="nơi ghi phiếu đăng ký")


def _run(options: Namespace) -> ExitCode:
    from sync.hub.register_access import open_register, screen_name

    gate, name = screen_name(options.screen)
    if not 1 <= options.hours <= _MOST_HOURS:
        message = f"--hours: từ 1 đến {_MOST_HOURS}"
        raise UsageError(message)
    hub, settings = open_register(options)
    address = options.address or settings.address
    if address is None or not address.startswith(("https://", "http://")):
        message = "chưa biết địa chỉ trung tâm: thêm --address https://…, hoặc “address” vào hub.json"
        raise UsageError(message)
    root, ca = _first_root(hub), settings.ca_text()

    from sync.hub.register.enrolment import make_code

    now = datetime.now(UTC)
    life = timedelta(hours=options.hours)
    code = make_code(gate, name, life, now)
    expires = (now + life).isoformat(timespec="seconds")
    ticket = Ticket(
        hub=address.rstrip("/"), ca=ca, root_sha256=root, gate=gate, screen=name, code=code, expires=expires
    )
    path = options.ticket or Path(f"enrol-{gate}-{name}.json")
    write_durably(path, ticket.write() + b"\n")
    path.chmod(0o600)
    sys.stdout.write(f"mã đăng ký: {printed_code(code)}\n")
    sys.stdout.write(f"dùng một lần cho màn hình {gate}/{name}, đến {expires}\n")
    sys.stdout.write(f"phiếu đăng ký: {path}\n")
    return ExitCode.OK


def _first_root(hub: "HubFolder") -> str:
    path = hub.published(feed.metadata_name("root", 1))
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        message = "trung tâm chưa phát hành gì: chưa có gốc tin cậy để ghi vào phiếu đăng ký"
        raise ContentError(message) from error
