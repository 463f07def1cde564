"""``signage-agent import-usb``: take in one stick by hand, with a bar on the terminal."""

import sys
from argparse import Namespace
from pathlib import Path

from playlists.cli_parser import Commands, command
from playlists.errors import ContentError, ExitCode
from sync.agent.cli_options import add_settings, settings_of

_GOOD = frozenset({"taken", "nothing-new", "waits", "on-probation", "helped", "older-helped"})


def add_command(commands: Commands) -> None:
    """Add ``import-usb``."""
    parser = command(commands, "import-usb", _run, "nhận nội dung từ một USB rồi thoát")
    parser.operands.add_argument("folder", type=Path, metavar="USB", help="thư mục của USB (nơi USB được gắn vào)")
    add_settings(parser)


def _run(options: Namespace) -> ExitCode:
    settings = settings_of(options)

    from sync.agent.app import Agent  # noqa: PLC0415 - heavy
    from sync.agent.lock import agent_lock  # noqa: PLC0415
    from sync.agent.machine_clock import MachineClock  # noqa: PLC0415
    from sync.agent.outfit import fitted_out  # noqa: PLC0415
    from sync.agent.progress_bar import progress_bar  # noqa: PLC0415

    outfit = fitted_out(settings)
    with agent_lock(outfit.folder.path), progress_bar() as progress:
        outcome = Agent(outfit, MachineClock()).import_usb(options.folder, progress)
    if outcome is None:
        message = f"“{options.folder}” không có nội dung dành cho màn hình."
        raise ContentError(message)
    sys.stdout.write(f"{outcome.vi}\n")
    if not outcome.reported:
        sys.stdout.write("Không ghi được báo cáo lên USB (USB đầy hoặc bị khoá ghi).\n")
    return ExitCode.OK if outcome.code in _GOOD else ExitCode.SITE
