"""``signage-hub release``: a folder with a playlist becomes a draft of a release."""

from argparse import Namespace
from pathlib import Path

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_hub


def add_command(commands: Commands) -> None:
    """Add ``release``."""
    parser = command(commands, "release", _release, "tạo bản phát hành từ một thư mục nội dung, chờ ký")
    parser.operands.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục có tệp *.playlist.json")
    parser.choices.add_argument(
        "--screens",
        nargs="+",
        required=True,
        metavar="MÀN_HÌNH",
        help="CỬA_KHẨU/MÀN_HÌNH, CỬA_KHẨU/* (mọi màn hình của cửa khẩu) hoặc all (mọi màn hình)",
    )
    parser.choices.add_argument(
        "--authority", required=True, metavar="NƠI", help="ai phát hành: department, hoặc unit-TÊN của đơn vị"
    )
    parser.choices.add_argument(
        "--canary", nargs="+", default=[], metavar="MÀN_HÌNH", help="các màn hình phát thử trước (cùng với --hold)"
    )
    parser.choices.add_argument("--hold", type=float, metavar="GIỜ", help="phát thử bao nhiêu giờ không có lỗi")
    parser.choices.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra và in ra đúng những gì sẽ được ký")
    add_hub(parser)


def _release(options: Namespace) -> ExitCode:
    from sync.hub.desk import release  # noqa: PLC0415  # heavy; loaded for the command that was typed

    return release(options)
