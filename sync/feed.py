"""The names in a published feed: plain files that any web server, CDN or bucket serves, or a stick carries.

All but ``metadata/timestamp.json`` are immutable: a name is written once and never with other bytes.

=============================== ==================================================
``metadata/timestamp.json``     the only file that is replaced
``metadata/N.ROLE.json``        all other metadata, by version (TUF consistent snapshots)
``targets/DIR/SHA256.NAME``     TUF targets: releases, urgent bulletins, withdrawals
``media/SHA256``                what releases name by digest: clips, pictures, playlists, screens
``pieces/SHA256``               piece lists of media longer than one piece (``sync/pieces.py``)
=============================== ==================================================
"""

from typing import Final
from urllib.parse import quote

METADATA: Final = "metadata/"
TIMESTAMP: Final = f"{METADATA}timestamp.json"


def metadata_name(role: str, version: int) -> str:
    """Where a version of a role's metadata lies; the timestamp has no versions.

    Anything but letters, digits and ``_.-~`` in a role's name is percent-encoded: no name leads out of the folder.
    """
    return TIMESTAMP if role == "timestamp" else f"metadata/{version}.{quote(role, safe='')}.json"


def target_name(path: str, sha256: str) -> str:
    """Where a TUF target lies: its path, with the digest before the last part."""
    folder, slash, name = path.rpartition("/")
    return f"targets/{folder}{slash}{sha256}.{name}"


def media_name(sha256: str) -> str:
    """Where a file lies that a release names by its digest."""
    return f"media/{sha256}"


def pieces_name(sha256: str) -> str:
    """Where a piece list lies, by the digest of the list itself."""
    return f"pieces/{sha256}"
