"""``signage-hub withdraw``: takes an item or a file off the screens, or lifts that again."""

from argparse import Namespace

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_hub


def add_command(commands: Commands) -> None:
    """Add ``withdraw``."""
    parser = command(
        commands, "withdraw", _withdraw, "thu hồi một nội dung khỏi màn hình, hoặc bỏ lệnh thu hồi, chờ ký"
    )
    parser.operands.add_argument(
        "what", nargs="?", metavar="NỘI_DUNG", help="mã mục trong danh sách phát, hoặc một tệp, hoặc mã sha256 của tệp"
    )
    parser.choices.add_argument(
        "--screens",
        nargs="+",
        default=[],
        metavar="MÀN_HÌNH",
        help="CỬA_KHẨU/MÀN_HÌNH, CỬA_KHẨU/* (mọi màn hình của cửa khẩu) hoặc all (mọi màn hình)",
    )
    parser.choices.add_argument("--reason", metavar="LÝ_DO", help="vì sao thu hồi; được ký cùng lệnh")
    parser.choices.add_argument("--lift", metavar="TÊN", help="bỏ lệnh thu hồi mang tên này")
    parser.choices.add_argument("--dry-run", action="store_true", help="chỉ in ra đúng những gì sẽ được ký")
    add_hub(parser)


def _withdraw(options: Namespace) -> ExitCode:
    from sync.hub.desk import withdraw  # noqa: PLC0415  # heavy; loaded for the command that was typed

    return withdraw(options)
