"""Errors sorted by who can act on them, and the exit codes every command of the project shares.

==== ======= ===================================================== ======================
code name    meaning                                               who can act
==== ======= ===================================================== ======================
0    OK      all went well
1    BUG     an error nobody foresaw                               whoever mends the code
2    USAGE   a wrong option or argument                            whoever typed it
3    CONTENT missing, empty or unreadable content                  the operator
4    SITE    the machine: no X server, no libVLC, a log in use     the technician
5    DAMAGE  a verification ran to its end and found damage        the department
==== ======= ===================================================== ======================
"""

from enum import IntEnum
from typing import ClassVar, Final


class ExitCode(IntEnum):
    """How a command ends; :func:`exit_code_table` makes the table in README.md of it."""

    OK = 0
    BUG = 1
    """An error nobody foresaw: ours to mend."""
    USAGE = 2
    """A wrong option or argument: whoever typed the command."""
    CONTENT = 3
    """Missing, empty or unreadable content: the operator."""
    SITE = 4
    """The machine: no X server, no libVLC, a log in use, a disk: the technician."""
    DAMAGE = 5
    """A verification ran and found damage: the department."""


_MEANINGS: Final = {
    ExitCode.OK: ("all went well", "nobody needs to", "xong, không có lỗi"),
    ExitCode.BUG: ("an error nobody foresaw; please report it", "us", "lỗi của phần mềm"),
    ExitCode.USAGE: ("a wrong option or argument", "whoever typed the command", "sai cách dùng lệnh"),
    ExitCode.CONTENT: ("missing, empty or unreadable content", "the operator", "lỗi nội dung"),
    ExitCode.SITE: ("the machine: no X server, no libVLC, a log in use, a disk", "the technician", "lỗi máy"),
    ExitCode.DAMAGE: ("a verification ran to its end and found damage", "the department", "dữ liệu bị hỏng"),
}


class SignageError(Exception):
    """An error somebody can act on; its text is one clear line."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG


class UsageError(SignageError):
    """A wrong option or argument."""

    exit_code = ExitCode.USAGE


class ContentError(SignageError):
    """Something about the content that an operator can put right."""

    exit_code = ExitCode.CONTENT


class SiteError(SignageError):
    """Something about the machine that a technician can put right."""

    exit_code = ExitCode.SITE


class DamageError(SignageError):
    """A verification ran to its end and found damage."""

    exit_code = ExitCode.DAMAGE


def exit_code_table() -> str:
    """Render the exit codes as the Markdown table of README.md, one line per code, with a line feed at the end."""
    rows = [f"| {int(code)} | {meaning} | {who} |" for code, (meaning, who, _) in _MEANINGS.items()]
    return "\n".join(["| exit code | meaning | who can act |", "|---|---|---|", *rows]) + "\n"


def in_vietnamese(code: ExitCode) -> str:
    """Say what an exit code means in the few words operators see before the details."""
    return _MEANINGS[code][2]
