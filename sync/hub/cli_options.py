"""Options that several commands of ``signage-hub`` share: the hub's folder, the online key's password."""

import os
import sys
from argparse import Namespace
from getpass import getpass
from pathlib import Path
from typing import Final

from playlists.cli_parser import Parser
from playlists.errors import UsageError
from sync.hub.folder import HubFolder, open_hub

HUB_VARIABLE: Final = "SIGNAGE_HUB"
PASSWORD_VARIABLE: Final = "SIGNAGE_HUB_PASSWORD"  # noqa: S105  # the name of a variable, no password


def add_hub(parser: Parser) -> None:
    """Take the hub's folder, as ``options.hub``."""
    parser.choices.add_argument(
        "--hub",
        type=Path,
        metavar="THƯ_MỤC",
        default=Path(os.environ.get(HUB_VARIABLE, ".")),
        help=f"thư mục của trung tâm (mặc định: biến {HUB_VARIABLE}, hoặc thư mục hiện tại)",
    )


def hub_of(options: Namespace) -> HubFolder:
    """The hub that was named. Raises ``HubRefusalError``."""
    return open_hub(options.hub)


def add_password(parser: Parser) -> None:
    """Take the place of a password, as ``options.password_file``."""
    parser.choices.add_argument(
        "--password-file",
        type=Path,
        metavar="TỆP",
        help=f"đọc mật khẩu khóa từ dòng đầu của tệp (nếu không: biến {PASSWORD_VARIABLE}, hoặc hỏi trên màn hình)",
    )


def password_of(options: Namespace, prompt: str) -> str:
    """The password: from the file that was named, the environment, or asked for. Raises ``UsageError``."""
    if options.password_file is not None:
        try:
            lines = options.password_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            message = f"không đọc được tệp mật khẩu “{options.password_file}”"
            raise UsageError(message) from None
        return lines[0] if lines else ""
    told = os.environ.get(PASSWORD_VARIABLE)
    if told is not None:
        return told
    if not sys.stdin.isatty():
        message = f"cần mật khẩu: dùng --password-file, hoặc biến {PASSWORD_VARIABLE}"
        raise UsageError(message)
    return getpass(f"{prompt}: ")
