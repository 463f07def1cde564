"""What the commands of both ends share: finding them, running one, and telling what went wrong in Vietnamese.

A command NAME is the module ``cli_NAME.py`` in the package of its program, with ``add_command(commands)``; being there
is all it takes. Only the module of the command that was typed is loaded, and it imports what is heavy when it runs.
"""

import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Final

from playlists.cli_parser import Parser
from playlists.errors import ExitCode, SignageError, in_vietnamese
from playlists.findings import FileError
from sync.refusals import RefusalError

_PREFIX: Final = "cli_"
_NO_COMMANDS: Final = frozenset({"cli_options"})


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its name, the package its commands lie in, and what it is for, in Vietnamese."""

    name: str
    package: str
    purpose: str

    def main(self, argv: Sequence[str] | None = None) -> int:
        """Run one command; returns the exit code of the shared table."""
        arguments = list(sys.argv[1:] if argv is None else argv)
        try:
            options = self._parser(arguments).parse_args(arguments)
            code: ExitCode = options.run(options)
            sys.stdout.flush()
        except SignageError as error:
            self._complain(error.exit_code, _in_vietnamese(error))
            return error.exit_code
        except BrokenPipeError:  # whoever read us has read enough; what is still buffered must not complain at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.OK
        except OSError as error:
            self._complain(ExitCode.SITE, f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
            return ExitCode.SITE
        except KeyboardInterrupt:
            self._complain(ExitCode.USAGE, "đã dừng theo yêu cầu; chạy lại lệnh là làm tiếp được.")
            return ExitCode.USAGE
        return code

    def command_names(self) -> Iterator[str]:
        """The commands there are, in alphabetical order."""
        for module in pkgutil.iter_modules(import_module(self.package).__path__):
            if module.name.startswith(_PREFIX) and module.name not in _NO_COMMANDS:
                yield module.name.removeprefix(_PREFIX).replace("_", "-")

    def _parser(self, arguments: Sequence[str]) -> Parser:
        """The parser; where a command is named it knows that one alone, else all."""
        parser = Parser(prog=self.name, description=self.purpose)
        shown = f"{self.name} {version('border-gate-signage')}"
        parser.choices.add_argument("--version", action="version", version=shown, help="hiện phiên bản rồi thoát")
        commands = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True, prog=self.name)
        known = list(self.command_names())
        wanted = [name for name in known if arguments[:1] == [name]] or known
        for name in wanted:
            import_module(f"{self.package}.{_PREFIX}{name.replace('-', '_')}").add_command(commands)
        return parser

    def _complain(self, code: ExitCode, told: str) -> None:
        sys.stderr.write(f"{self.name}: {in_vietnamese(code)}: {told}\n")


def _in_vietnamese(error: SignageError) -> str:
    if isinstance(error, RefusalError):
        return error.vi
    return error.sentence_vi if isinstance(error, FileError) else str(error)
