"""Errors sorted by who can act on them, and the exit codes every command of the project shares."""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """How a command ends; the table in README.md is made of these values and their comments."""

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
