"""``signage-hub export-usb``: a stick for posts without network."""

import getpass
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_dry_run, add_hub, add_password, hub_of, progress_bar
from sync.hub.cli_publish import online_signer

if TYPE_CHECKING:
    from sync.hub.export_usb import Prepared

_MEGABYTE: Final = 1_000_000


def add_command(commands: Commands) -> None:
    """Add the command."""
    parser = command(commands, "export-usb", _run, "làm USB cho các trạm không có mạng")
    parser.operands.add_argument("folder", type=Path, metavar="USB", help="thư mục của USB (nơi USB được gắn vào)")
    choices = parser.choices
    choices.add_argument(
        "--screens",
        required=True,
        metavar="MÀN_HÌNH",
        help="all, hoặc CỬA_KHẨU/MÀN_HÌNH, CỬA_KHẨU/*, cách nhau bằng dấu phẩy",
    )
    choices.add_argument("--full", action="store_true", help="chép đủ mọi tệp, kể cả tệp màn hình đã có")
    choices.add_argument("--name", default="", metavar="TÊN", help="tên USB, hiện trên màn hình khi cắm (đã ký)")
    add_hub(parser)
    add_password(parser)
    add_dry_run(parser)


def _run(options: Namespace) -> ExitCode:
    from sync.hub.export_usb import Order, export_usb, prepare  # noqa: PLC0415  # python-tuf is heavy for a line of help
    from sync.stick_files import StickFiles  # noqa: PLC0415

    hub = hub_of(options)
    now = datetime.now(UTC)
    name = options.name or f"{options.screens} {now.astimezone():%d/%m/%Y}"
    order = Order(StickFiles(options.folder), options.screens, options.full, name, getpass.getuser())
    prepared = prepare(hub, order, now)
    _say_plan(prepared)
    if options.dry_run:
        _say("Chỉ xem thử: chưa ghi gì lên USB.")
        return ExitCode.OK
    online = online_signer(options, hub)
    with progress_bar("USB", 2 * prepared.plan.bytes) as progress:
        export_usb(hub, order, online, now, progress)
    _say(f"Đã ghi xong và đọc lại đúng USB “{name}”. Có thể rút USB.")
    return ExitCode.OK


def _say_plan(prepared: "Prepared") -> None:
    for screen in prepared.returned:
        _say(f"{screen}: USB mang về báo cáo mới của màn hình này.")
    for share in prepared.plan.shares:
        held = f", bỏ qua {len(share.held)} tệp ({_size(share.held_bytes)}) màn hình đã có" if share.held else ""
        _say(f"{share.screen}: bản {share.sequence}, {len(share.brought)} tệp ({_size(share.brought_bytes)}){held}")
        if share.waits:
            _say(f"{share.screen}: chú ý: bản {share.sequence} còn chờ màn hình thí điểm, màn hình này sẽ chưa nhận.")
    room = prepared.room
    _say(f"Cần ghi {_size(room.needed)}; USB còn trống {_size(room.free)}, xoá được {_size(room.stale)} của bản cũ.")


def _size(length: int) -> str:
    return f"{length / _MEGABYTE:.1f} MB".replace(".", ",")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
