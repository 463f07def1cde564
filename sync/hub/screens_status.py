"""``signage-hub status --screens``: every screen and what is known of it, as JSON; what the server itself lacks."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from playlists.errors import SiteError
from sync.hub.folder import HubFolder
from sync.hub.register.overview import screens_overview
from sync.hub.server_settings import ServerSettings
from sync.hub.serving.published import read_standing

_LATE: Final = timedelta(hours=26)
"""A timestamp that is signed anew every day is never older, the server being there."""


def screens_status(hub: HubFolder, settings: ServerSettings, now: datetime) -> str:
    """The JSON text; the database must be open."""
    told = {
        "at": now.isoformat(timespec="seconds"),
        "warnings": list(server_warnings(hub, settings, now)),
        "screens": screens_overview(now),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def server_warnings(hub: HubFolder, settings: ServerSettings, now: datetime) -> Iterator[str]:
    """What keeps the server from signing by itself, as Vietnamese sentences."""
    try:
        if settings.online_password() is None:
            yield (
                "chưa có mật khẩu khóa trực tuyến cho signage-hub serve: dấu thời gian không tự được ký lại hằng ngày;"
                " đặt “online_key_password_file” trong hub.json."
            )
    except SiteError as error:
        yield f"{error}."
    try:
        standing = read_standing(hub.feed)
    except (OSError, ValueError, LookupError):
        return
    if now - standing.issued > _LATE:
        hours = (now - standing.issued) / timedelta(hours=1)
        yield f"dấu thời gian đã {hours:.0f} giờ chưa được ký lại; hãy xem signage-hub serve có đang chạy không."
