"""``signage-hub urgent``: an urgent bulletin, or its calling off, becomes a draft."""

from argparse import Namespace
from pathlib import Path

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_hub


def add_command(commands: Commands) -> None:
    """Add ``urgent``."""
    parser = command(commands, "urgent", _urgent, "tạo tin khẩn, hoặc thu hồi tin khẩn trước hạn, chờ ký")
    parser.operands.add_argument(
        "file", type=Path, nargs="?", metavar="TỆP", help="tệp *.playlist.json có đúng một tin khẩn"
    )
    parser.choices.add_argument(
        "--screens",
        nargs="+",
        default=[],
        metavar="MÀN_HÌNH",
        help="CỬA_KHẨU/MÀN_HÌNH, CỬA_KHẨU/* (mọi màn hình của cửa khẩu) hoặc all (mọi màn hình)",
    )
    parser.choices.add_argument(
        "--hours", type=int, metavar="GIỜ", help="ban hành từ bây giờ, hiệu lực bấy nhiêu giờ (1 đến 72)"
    )
    parser.choices.add_argument(
        "--thresholds", type=Path, metavar="TỆP", help="danh sách nơi phát hành tin khẩn (.thresholds.json)"
    )
    parser.choices.add_argument("--call-off", metavar="MÃ", help="thu hồi tin khẩn mang mã này")
    parser.choices.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra và in ra đúng những gì sẽ được ký")
    add_hub(parser)


def _urgent(options: Namespace) -> ExitCode:
    from sync.hub.desk import urgent  # noqa: PLC0415  # heavy; loaded for the command that was typed

    return urgent(options)
