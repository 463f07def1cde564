"""How a command gets at the register: beside a running server, in short transactions."""

import re
from argparse import Namespace
from typing import Final

from django.db import Error as DatabaseError

from playlists.errors import SiteError, UsageError
from sync.hub.cli_options import hub_of
from sync.hub.database import open_database
from sync.hub.folder import HubFolder
from sync.hub.server_settings import ServerSettings, read_server_settings

_NAME: Final = r"[a-z0-9][a-z0-9._-]{0,99}"
_SCREEN: Final = re.compile(rf"({_NAME})/({_NAME})")


def open_register(options: Namespace) -> tuple[HubFolder, ServerSettings]:
    """The hub that was named, its database open. Raises ``HubRefusalError`` or ``SiteError``."""
    hub = hub_of(options)
    settings = read_server_settings(hub)
    try:
        open_database(hub.root, settings.database)
    except DatabaseError as error:
        message = f"không mở được cơ sở dữ liệu: {str(error).strip()}"
        raise SiteError(message) from error
    return hub, settings


def screen_name(told: str) -> tuple[str, str]:
    """Gate and screen of ``GATE/SCREEN``. Raises ``UsageError``."""
    found = _SCREEN.fullmatch(told)
    if found is None:
        message = f"“{told}” không phải tên màn hình; hãy gõ CỬA_KHẨU/MÀN_HÌNH, ví dụ bo-y/tuong-1"
        raise UsageError(message)
    return found[1], found[2]
