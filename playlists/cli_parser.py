"""The parser of ``signage-playlist``: argparse in Vietnamese, and what a command is."""

import re
from argparse import Action, ArgumentParser, HelpFormatter, Namespace, _SubParsersAction
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

from playlists.errors import ExitCode, UsageError

_SENTENCES: Final = (
    (r"^the following arguments are required: (.*)$", r"còn thiếu: \1"),
    (r"^unrecognized arguments: (.*)$", r"không có tùy chọn này: \1"),
    (r"^argument (.*?): invalid choice: (.*) \(choose from (.*)\)$", r"\1: không có \2; hãy chọn một trong: \3"),
    (r"^argument (.*?): expected (one|at least one) argument$", r"\1: còn thiếu giá trị"),
    (r"^argument (.*?): not allowed with argument (.*)$", r"\1: không dùng cùng với \2"),
    (r"^argument (.*?): ", r"\1: "),
)
"""What argparse says, and how we do."""


class _Formatter(HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class Parser(ArgumentParser):
    """Says in Vietnamese what argparse says in English; ``operands`` and ``choices`` take the arguments."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # argparse's own, handed on
        super().__init__(**settings, formatter_class=_Formatter, allow_abbrev=False, add_help=False)
        self.operands = self.add_argument_group("Đối số")
        self.choices = self.add_argument_group("Tùy chọn")
        self.choices.add_argument("-h", "--help", action="help", help="hiện hướng dẫn này rồi thoát")

    def error(self, message: str) -> NoReturn:
        """Raise a usage error instead of leaving."""
        for english, vietnamese in _SENTENCES:
            message = re.sub(english, vietnamese, message)
        line = f"{message} (xem {self.prog} --help)"
        raise UsageError(line)


Commands: TypeAlias = "_SubParsersAction[Parser]"
"""What a module ``playlists.cli_*`` adds its command to, in its ``add_command(commands)``."""


def command(commands: Commands, name: str, run: Callable[[Namespace], ExitCode], what: str) -> Parser:
    """Add a command that runs ``run``; ``what`` says in Vietnamese what it does, in lower case."""
    added = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    added.set_defaults(run=run)
    return added


def add_file(parser: Parser, what: str) -> None:
    """Take one file, as ``options.file``."""
    parser.operands.add_argument("file", type=Path, metavar="TỆP", help=what)
