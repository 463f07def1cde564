"""``signage-agent run``: the agent as a service; stays until it is ended."""

import signal
from argparse import Namespace
from pathlib import Path

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.agent.cli_options import Log, add_settings, settings_of


def add_command(commands: Commands) -> None:
    """Add ``run``."""
    parser = command(commands, "run", _run, "chạy thường trực: hỏi trung tâm, tải, kiểm tra và đổi nội dung")
    add_settings(parser)
    parser.choices.add_argument(
        "--sticks",
        type=Path,
        metavar="THƯ_MỤC",
        help="nhận USB được gắn vào các thư mục con của thư mục này, như /media",
    )


def _run(options: Namespace) -> ExitCode:
    settings = settings_of(options)

    from sync.agent.app import Agent  # noqa: PLC0415 - heavy
    from sync.agent.lock import agent_lock  # noqa: PLC0415
    from sync.agent.machine_clock import MachineClock  # noqa: PLC0415
    from sync.agent.outfit import fitted_out  # noqa: PLC0415

    outfit = fitted_out(settings)
    with agent_lock(outfit.folder.path):
        agent = Agent(outfit, MachineClock(), log=Log())
        if options.sticks is not None:
            agent.watch_sticks(options.sticks)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: agent.end())
        agent.run()
    return ExitCode.OK
