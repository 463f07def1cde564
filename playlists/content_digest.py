"""What an approval is bound to: the digest of an item's content.

A file's content is its bytes. A bulletin has no file of its own; its content is one JSON object (RFC 8259) in UTF-8,
keys sorted by code point, no spaces, nothing escaped that need not be, with every field that has a value, unknown ones
too: whoever changes a letter, a picture or the hour of expiry needs a new approval. Times are ISO 8601 with their
offset. The object is::

    {"format":1,"issued":…,"issuer":…,"link":…,"picture":…,"picture_sha256":…,"rendition":…,"sound":…,
     "sound_sha256":…,"texts":[{"body":…,"language":…,"title":…}],
     "urgency":{"area":…,"expires":…,"issued":…,"issuer":…}}
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.playlist import Item, TickerText

FORMAT: Final = 1
_encode: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def item_digest(item: Item) -> str | None:
    """The digest of what an item shows: of its bulletin, else of its file; None where nobody wrote that down."""
    return item.sha256 if item.bulletin is None else content_digest(item.bulletin)


def content_digest(bulletin: Bulletin) -> str:
    """The sha256 of a bulletin's canonical bytes, 64 hexadecimal digits."""
    return sha256(canonical_bytes(bulletin)).hexdigest()


def canonical_bytes(bulletin: Bulletin) -> bytes:
    """A bulletin's content in the only way it is written."""
    known = {
        "format": FORMAT,
        "issued": _moment(bulletin.issued),
        "issuer": bulletin.issuer,
        "link": bulletin.link,
        "picture": bulletin.picture,
        "picture_sha256": bulletin.picture_sha256,
        "rendition": bulletin.rendition.value,
        "sound": bulletin.sound,
        "sound_sha256": bulletin.sound_sha256,
        "texts": [_text(text) for text in bulletin.texts],
        "urgency": None if bulletin.urgency is None else _urgency(bulletin.urgency),
    }
    return _encode(_known_first(known, bulletin.extra)).encode()


def ticker_bulletin(text: TickerText) -> Bulletin:
    """One message of the ticker as a bulletin, which is how it is approved, read and checked."""
    return Bulletin(texts=(BulletinText(text.language, text.text, extra=text.extra),))


def _text(text: BulletinText) -> dict[str, object]:
    return _known_first({"body": text.body, "language": text.language, "title": text.title}, text.extra)


def _urgency(urgency: Urgency) -> dict[str, object]:
    known = {
        "area": urgency.area,
        "expires": _moment(urgency.expires),
        "issued": _moment(urgency.issued),
        "issuer": urgency.issuer,
    }
    return _known_first(known, urgency.extra)


def _known_first(known: Mapping[str, object], extra: Mapping[str, object]) -> dict[str, object]:
    """Join fields with unknown ones; a field of the format always stands for itself."""
    return {name: value for name, value in {**extra, **known}.items() if value is not None}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
