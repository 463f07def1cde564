"""``signage-hub status``: what is published and until when, who still has to sign what, what should be done."""

import sys
from argparse import Namespace
from datetime import UTC, datetime

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_hub, hub_of


def add_command(commands: Commands) -> None:
    """Add ``status``."""
    add_hub(command(commands, "status", _status, "đang phát hành gì, còn hạn bao lâu, ai còn phải ký, cần làm gì"))


def _status(options: Namespace) -> ExitCode:
    from sync.hub.status import read_status, status_lines  # noqa: PLC0415  # python-tuf is heavy for a line of help

    now = datetime.now(UTC)
    sys.stdout.writelines(f"{line}\n" for line in status_lines(read_status(hub_of(options), now), now))
    return ExitCode.OK
