"""What ``hub.json`` says to the server and to those who look at its database; every field may be missing.

============================== ================================================================================
``database``                   a ``postgresql://`` address; else SQLite in the hub's folder
``address``                    the hub's address as kiosks reach it, ``https://host[:port][/prefix]``
``ca``                         PEM file of the authority that issued the hub's certificate, where no system knows it
``online_key_password_file``   a file whose first line is the password of the online keys
============================== ================================================================================

Paths are taken from the hub's folder on.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playlists.errors import SiteError
from sync.hub.cli_options import PASSWORD_VARIABLE
from sync.hub.folder import HubFolder

_FIELDS: Final = ("database", "address", "ca", "online_key_password_file")


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The fields as they stand."""

    hub: Path
    database: str | None = None
    address: str | None = None
    ca: str | None = None
    online_key_password_file: str | None = None

    def ca_text(self) -> str | None:
        """The authority's certificate. Raises ``SiteError``."""
        return None if self.ca is None else _text(self.hub / self.ca)

    def online_password(self) -> str | None:
        """The online keys' password, from the file or the environment; None where nobody gave one.

        Raises ``SiteError`` where the file cannot be read.
        """
        if self.online_key_password_file is None:
            return os.environ.get(PASSWORD_VARIABLE)
        lines = _text(self.hub / self.online_key_password_file).splitlines()
        return lines[0] if lines else None


def read_server_settings(hub: HubFolder) -> ServerSettings:
    """Read ``hub.json``. Raises ``SiteError`` naming the field that is no text."""
    try:
        told = json.loads(hub.settings.read_bytes())
    except (OSError, ValueError) as error:
        message = f"không đọc được {hub.settings}"
        raise SiteError(message) from error
    fields = {name: told.get(name) for name in _FIELDS}
    for name, value in fields.items():
        if value is not None and not isinstance(value, str):
            message = f"{hub.settings}: “{name}” phải là một chuỗi"
            raise SiteError(message)
    return ServerSettings(hub.root, **fields)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"không đọc được tệp {path}"
        raise SiteError(message) from error
