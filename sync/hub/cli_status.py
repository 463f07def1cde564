"""``signage-hub status``: what is published and until when, who still has to sign what, what should be done."""

import sys
from argparse import Namespace
from datetime import UTC, datetime

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_hub, hub_of


def add_command(commands: Commands) -> None:
    """Add ``status``."""
    parser = command(commands, "status", _status, "đang phát hành gì, còn hạn bao lâu, ai còn phải ký, cần làm gì")
    add_hub(parser)
    parser.choices.add_argument("--screens", action="store_true", help="các màn hình và thiết bị, dạng JSON")


def _status(options: Namespace) -> ExitCode:
    from sync.hub.status import read_status, status_lines  # noqa: PLC0415  # python-tuf is heavy for a line of help

    if options.screens:
        return _screens(options)
    now = datetime.now(UTC)
    sys.stdout.writelines(f"{line}\n" for line in status_lines(read_status(hub_of(options), now), now))
    return ExitCode.OK


def _screens(options: Namespace) -> ExitCode:
    from sync.hub.register_access import open_register  # noqa: PLC0415  # the database only where it is asked

    hub, settings = open_register(options)
    from sync.hub.screens_status import screens_status  # noqa: PLC0415  # models only once Django is set up

    sys.stdout.write(f"{screens_status(hub, settings, datetime.now(UTC))}\n")
    return ExitCode.OK
