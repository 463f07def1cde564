"""``signage-agent once``: ask the feed once, fetch what it names with a bar on the terminal, and make it active."""

import sys
from argparse import Namespace

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.agent.cli_options import Log, add_settings, settings_of


def add_command(commands: Commands) -> None:
    """Add ``once``."""
    add_settings(command(commands, "once", _run, "hỏi trung tâm một lần, tải đủ rồi đổi nội dung, và thoát"))


def _run(options: Namespace) -> ExitCode:
    settings = settings_of(options)

    from sync.agent.account import waiting_sentence  # noqa: PLC0415 - heavy
    from sync.agent.app import Agent  # noqa: PLC0415
    from sync.agent.lock import agent_lock  # noqa: PLC0415
    from sync.agent.machine_clock import MachineClock  # noqa: PLC0415
    from sync.agent.outfit import fitted_out  # noqa: PLC0415
    from sync.agent.progress_bar import progress_bar  # noqa: PLC0415

    outfit = fitted_out(settings)
    with agent_lock(outfit.folder.path), progress_bar() as progress:
        agent = Agent(outfit, MachineClock(), log=Log())
        polled = agent.once(progress)
    active = agent.cycle.releases.active
    sys.stdout.write("Chưa có bản phát hành nào.\n" if active is None else f"Bản phát hành: {active.sequence}\n")
    waiting = waiting_sentence(polled.choice)
    lines = [*([] if waiting is None else [waiting]), *(refusal.vi for refusal in polled.refusals)]
    for line in lines:
        sys.stdout.write(f"{line}\n")
    return ExitCode.SITE if polled.refusals else ExitCode.OK
