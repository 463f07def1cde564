"""``signage-agent enrol``: hand in an enrolment ticket, show the key's fingerprint, wait for a human at the hub."""

import sys
from argparse import Namespace
from pathlib import Path

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode, SiteError, UsageError
from sync.agent.cli_options import add_settings, settings_of

_WAIT_SECONDS = 600


def add_command(commands: Commands) -> None:
    """Add ``enrol``."""
    parser = command(commands, "enrol", _run, "đăng ký máy này với trung tâm bằng phiếu đăng ký")
    parser.operands.add_argument("ticket", type=Path, metavar="PHIẾU", help="tệp phiếu đăng ký do trung tâm cấp")
    add_settings(parser)
    parser.choices.add_argument("--root", type=Path, metavar="TỆP", help="gốc tin cậy mang theo, thay vì tải về")
    parser.choices.add_argument("--code", metavar="MÃ", help="mã đăng ký, nếu khác mã trong phiếu")
    parser.choices.add_argument(
        "--wait", type=int, metavar="GIÂY", default=_WAIT_SECONDS, help="chờ trung tâm xác nhận bao lâu (mặc định: 600)"
    )


def _run(options: Namespace) -> ExitCode:
    settings = settings_of(options)

    from sync.agent.agent_folder import AgentFolder  # noqa: PLC0415 - heavy
    from sync.agent.enrolment import await_confirmation, enrol  # noqa: PLC0415
    from sync.agent.identity import Identity  # noqa: PLC0415
    from sync.agent.lock import agent_lock  # noqa: PLC0415
    from sync.agent.machine_clock import MachineClock  # noqa: PLC0415
    from sync.protocol import State, Ticket  # noqa: PLC0415

    ticket = Ticket.read(_content(options.ticket))
    if options.code is not None:
        ticket = ticket.model_copy(update={"code": options.code})
    if options.wait < 0:
        message = "--wait: số giây không được âm"
        raise UsageError(message)
    root = None if options.root is None else _content(options.root)
    folder = AgentFolder(settings.state)
    identity = Identity(folder.identity)
    with agent_lock(folder.path):
        told = enrol(folder, ticket, MachineClock().now(), root)
        key = identity.make_key()
        sys.stdout.write(f"Màn hình: {told.gate}/{told.screen}\n")
        sys.stdout.write(f"Dấu vân tay của máy: {key.fingerprint}\n")
        sys.stdout.write("Đọc dấu vân tay này cho người ở trung tâm để so và xác nhận.\n")
        sys.stdout.flush()
        state = told.state
        if state is State.PENDING and options.wait:
            state = await_confirmation(identity, options.wait)
    if state is State.CONFIRMED:
        sys.stdout.write("Trung tâm đã xác nhận máy này.\n")
        return ExitCode.OK
    if state is State.PENDING:
        sys.stdout.write("Trung tâm chưa xác nhận; máy sẽ tự hỏi lại khi chạy.\n")
        return ExitCode.OK
    message = "Trung tâm không chấp nhận máy này."
    raise SiteError(message)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"Không đọc được {path}: {error.strerror}"
        raise UsageError(message) from error
