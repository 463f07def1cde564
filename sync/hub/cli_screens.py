"""``signage-hub screens``: the screens there are."""

import sys
from argparse import Namespace

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_hub


def add_command(commands: Commands) -> None:
    """Add ``screens`` with its own commands."""
    parser = command(commands, "screens", _list, "các màn hình của trung tâm: xem, thêm, bỏ")
    choices = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True, prog=parser.prog)
    listing = command(choices, "list", _list, "liệt kê các màn hình")
    adding = command(choices, "add", _add, "thêm một màn hình, hoặc đổi tên hiển thị của nó")
    adding.choices.add_argument("--title", metavar="TÊN", default="", help="tên để người đọc, ví dụ “Tường LED Bờ Y”")
    removing = command(choices, "remove", _remove, "bỏ một màn hình không còn thiết bị")
    for one in (adding, removing):
        one.operands.add_argument("screen", metavar="CỬA_KHẨU/MÀN_HÌNH", help="ví dụ bo-y/tuong-1")
    for one in (listing, adding, removing):
        add_hub(one)


def _list(options: Namespace) -> ExitCode:
    from sync.hub.register_access import open_register

    open_register(options)
    from sync.hub.register.models import Screen
    from sync.protocol import State

    for screen in Screen.objects.all():
        devices = screen.devices.filter(state__in=(State.CONFIRMED, State.PENDING)).count()
        sys.stdout.write(f"{screen}\t{screen.title or '-'}\t{devices} thiết bị\n")
    return ExitCode.OK


def _add(options: Namespace) -> ExitCode:
    from sync.hub.register_access import open_register, screen_name

    gate, name = screen_name(options.screen)
    open_register(options)
    from sync.hub.register.enrolment import add_screen

    add_screen(gate, name, options.title)
    sys.stdout.write(f"đã thêm màn hình {gate}/{name}\n")
    return ExitCode.OK


def _remove(options: Namespace) -> ExitCode:
    from sync.hub.register_access import open_register, screen_name

    gate, name = screen_name(options.screen)
    open_register(options)
    from sync.hub.register.enrolment import remove_screen

    remove_screen(gate, name)
    sys.stdout.write(f"đã bỏ màn hình {gate}/{name}\n")
    return ExitCode.OK
