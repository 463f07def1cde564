"""What the commands of ``signage-agent`` have in common: where the settings are, and who works on the state folder."""

import sys
from argparse import Namespace
from pathlib import Path

from playlists.cli_parser import Parser
from playlists.errors import SiteError
from sync.agent.settings import DEFAULT_PATH, Settings, read_settings


def add_settings(parser: Parser) -> None:
    """Take the settings file, as ``options.settings``."""
    parser.choices.add_argument(
        "--settings",
        type=Path,
        metavar="TỆP",
        default=DEFAULT_PATH,
        help=f"tệp cài đặt của máy này (mặc định: {DEFAULT_PATH})",
    )


def settings_of(options: Namespace) -> Settings:
    """Read them. Raises ``SiteError`` or ``SettingsError``."""
    path: Path = options.settings
    try:
        return read_settings(path.read_bytes())
    except OSError as error:
        message = f"Không đọc được tệp cài đặt {path}: {error.strerror}."
        raise SiteError(message) from error


class Log:
    """Lines for the journal, on stderr; the same one twice in a row is told once."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, line: str) -> None:
        """Tell a line."""
        if line != self._last:
            self._last = line
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
