"""``signage-playlist``: write, check, show playlist and screen files. It speaks Vietnamese, in findings English too.

The commands are modules of their own, ``playlists.cli_*``: the only ones of the shared language that touch files.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Final

from playlists import cli_check, cli_new, cli_plan, cli_schema, cli_show
from playlists.cli_parser import Commands, Parser
from playlists.errors import ExitCode, SignageError, in_vietnamese
from playlists.findings import FileError

_PROGRAM: Final = "signage-playlist"
COMMANDS: Final[tuple[Callable[[Commands], None], ...]] = (
    cli_new.add_command,
    cli_check.add_command,
    cli_show.add_command,
    cli_plan.add_command,
    cli_schema.add_command,
)
"""Each adds its own command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code of the shared table."""
    try:
        options = _parser().parse_args(argv)
        code: ExitCode = options.run(options)
        sys.stdout.flush()
    except SignageError as error:
        told = error.sentence_vi if isinstance(error, FileError) else str(error)
        sys.stderr.write(f"{_PROGRAM}: {in_vietnamese(error.exit_code)}: {told}\n")
        return error.exit_code
    except BrokenPipeError:  # whoever read us has read enough; what is still buffered must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    return code


def _parser() -> Parser:
    parser = Parser(prog=_PROGRAM, description="Tạo, kiểm tra và xem tệp danh sách phát, tệp màn hình.")
    shown = f"{_PROGRAM} {version('border-gate-signage')}"
    parser.choices.add_argument("--version", action="version", version=shown, help="hiện phiên bản rồi thoát")
    commands = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True, prog=_PROGRAM)
    for add_command in COMMANDS:
        add_command(commands)
    return parser
