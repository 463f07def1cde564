"""The online key, opened with the password that the server was given."""

from securesystemslib.signer import Signer

from sync.hub.feed_state import online_key_id
from sync.hub.folder import HubFolder
from sync.hub.keys import open_signer
from sync.hub.server_settings import ServerSettings


def open_online_key(hub: HubFolder, settings: ServerSettings) -> Signer | None:
    """The key that signs timestamps; None where nobody gave its password. Raises ``HubRefusalError``, ``SiteError``."""
    password = settings.online_password()
    if password is None:
        return None
    return open_signer(hub.online_key(online_key_id(hub)), lambda _: password)
