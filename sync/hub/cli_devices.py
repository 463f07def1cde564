"""``signage-hub devices``: kiosks that enrolled; a human compares the fingerprint and confirms, refuses or revokes."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from playlists.cli_parser import Commands, Parser, command
from playlists.errors import ExitCode, UsageError
from sync.hub.cli_options import add_hub
from sync.protocol import State, fingerprint

if TYPE_CHECKING:
    from sync.hub.register.models import Device


def add_command(commands: Commands) -> None:
    """Add ``devices`` with its own commands."""
    parser = command(commands, "devices", _list, "các thiết bị đã đăng ký: xem, xác nhận, từ chối, thu hồi")
    choices = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True, prog=parser.prog)
    add_hub(command(choices, "list", _list, "liệt kê thiết bị, dãy số nhận dạng khóa và điều đáng ngờ"))
    confirming = _deciding(command(choices, "confirm", _confirm, "xác nhận thiết bị sau khi so dãy số nhận dạng"))
    confirming.choices.add_argument(
        "--fingerprint", metavar="DÃY_SỐ", help="dãy số đọc trên màn hình của thiết bị (nếu không: hỏi trên màn hình)"
    )
    confirming.choices.add_argument("--replace", action="store_true", help="thay thiết bị đang dùng của màn hình này")
    for name, run, what in (
        ("refuse", _refuse, "từ chối thiết bị đang chờ"),
        ("revoke", _revoke, "thu hồi thiết bị đang dùng: từ lần gọi kế tiếp trung tâm không nhận nó nữa"),
    ):
        parser = _deciding(command(choices, name, run, what))
        parser.choices.add_argument("--reason", metavar="LÝ_DO", default="", help="lý do, thiết bị cũng được biết")


def _deciding(parser: Parser) -> Parser:
    parser.operands.add_argument("device", metavar="THIẾT_BỊ", help="mã thiết bị (phần đầu là đủ) hoặc tên màn hình")
    add_hub(parser)
    return parser


def _list(options: Namespace) -> ExitCode:
    from sync.hub.register_access import open_register

    open_register(options)
    from sync.hub.register.doubts import DOUBTS_VI
    from sync.hub.register.models import Device

    for device in Device.objects.select_related("screen").prefetch_related("suspicions"):
        sys.stdout.write(f"{_line(device)}\n")
        for one in device.suspicions.all():
            sys.stdout.write(
                f"  ! {DOUBTS_VI[one.kind]}: {one.detail} ({one.times} lần, gần nhất {_when(one.latest)})\n"
            )
    return ExitCode.OK


def _confirm(options: Namespace) -> ExitCode:
    device = _found(options)
    shown = fingerprint(bytes(device.public_key))
    told = options.fingerprint
    if told is None:
        if not sys.stdin.isatty():
            message = "cần dãy số đọc trên màn hình của thiết bị: --fingerprint"
            raise UsageError(message)
        told = input(f"{_line(device)}\nGõ dãy số đang hiện trên màn hình của thiết bị: ")
    if _digits(told) != _digits(shown):
        message = "dãy số không khớp với khóa đã đăng ký; không xác nhận. Nếu gõ đúng, hãy từ chối thiết bị này"
        raise UsageError(message)
    from sync.hub.register.enrolment import decide

    decide(device, State.CONFIRMED, datetime.now(UTC), replace=options.replace)
    sys.stdout.write(f"đã xác nhận thiết bị {device.pk[:8]} của màn hình {device.screen}\n")
    return ExitCode.OK


def _refuse(options: Namespace) -> ExitCode:
    return _end(options, State.REFUSED, "đã từ chối")


def _revoke(options: Namespace) -> ExitCode:
    return _end(options, State.REVOKED, "đã thu hồi")


def _end(options: Namespace, state: State, done: str) -> ExitCode:
    device = _found(options)
    from sync.hub.register.enrolment import decide

    decide(device, state, datetime.now(UTC), reason=options.reason)
    sys.stdout.write(f"{done} thiết bị {device.pk[:8]} của màn hình {device.screen}\n")
    return ExitCode.OK


def _found(options: Namespace) -> "Device":
    from sync.hub.register_access import open_register

    open_register(options)
    from sync.hub.register.enrolment import find_device

    return find_device(options.device)


def _line(device: "Device") -> str:
    from sync.hub.register.enrolment import STATES_VI

    seen = "chưa gọi lần nào" if device.seen is None else f"gọi gần nhất {_when(device.seen)}"
    state = STATES_VI[State(device.state)]
    return f"{device.pk[:8]}  {device.screen}  {state}  {fingerprint(bytes(device.public_key))}  {seen}"


def _when(at: datetime) -> str:
    return at.astimezone().strftime("%H:%M %d/%m/%Y")


def _digits(told: str) -> str:
    return "".join(letter for letter in told if letter.isdigit())
