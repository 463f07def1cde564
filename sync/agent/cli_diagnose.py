"""``signage-agent diagnose``: looks at everything that may be wrong, says what to do, and leaves a file for a stick."""

import sys
from argparse import Namespace

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.agent.cli_options import add_settings, settings_of


def add_command(commands: Commands) -> None:
    """Add ``diagnose``."""
    add_settings(command(commands, "diagnose", _run, "kiểm tra đồng hồ, đĩa, mạng, chữ ký, khóa và chương trình phát"))


def _run(options: Namespace) -> ExitCode:
    settings = settings_of(options)

    from sync.agent import diagnosis  # noqa: PLC0415 - heavy
    from sync.agent.inspection import inspected  # noqa: PLC0415
    from sync.agent.machine_clock import MachineClock  # noqa: PLC0415
    from sync.agent.outfit import fitted_out  # noqa: PLC0415
    from sync.durable import write_durably  # noqa: PLC0415

    outfit, clock = fitted_out(settings), MachineClock()
    outfit.folder.path.mkdir(exist_ok=True)
    findings = []
    for finding in inspected(outfit, clock):
        findings.append(finding)
        sys.stdout.write(diagnosis.printed([finding]))
        sys.stdout.flush()
    write_durably(outfit.folder.diagnosis, diagnosis.written(findings, clock.now().wall.isoformat(timespec="seconds")))
    return diagnosis.exit_code(findings)
