"""Options that several commands of ``signage-hub`` share: the hub's folder, the online key's password."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def new_password_of(options: Namespace, prompt: str) -> str:
    """A password for a key to be made; where it is asked for, twice. Raises ``UsageError``."""
    password = password_of(options, prompt)
    asked = options.password_file is None and PASSWORD_VARIABLE not in os.environ
    if asked and getpass("Nhập lại mật khẩu: ") != password:
        message = "hai lần nhập mật khẩu không giống nhau"
        raise UsageError(message)
    return password


def add_dry_run(parser: Parser) -> None:
    """Take ``options.dry_run``."""
    parser.choices.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra và nói sẽ làm gì, không làm")


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error that counts bytes; none where that is no terminal."""
    from tqdm import tqdm  # noqa: PLC0415  # only who waits needs it

    with tqdm(total=total, desc=what, unit="B", unit_scale=True, disable=None, file=sys.stderr) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        yield advance
