"""What an approval is bound to: the digest of an item's content.

A file's content is its bytes; a bulletin's content is its canonical bytes, which name the digests of its files.
"""

from playlists.bulletin import Bulletin, BulletinText
from playlists.playlist import Item, TickerText
from playlists.playlist_file_v2_writing import bulletin_digest


def item_digest(item: Item) -> str | None:
    """The digest of what an item shows: of its bulletin, else of its file; None where nobody wrote that down."""
    return item.sha256 if item.bulletin is None else bulletin_digest(item.bulletin)


def ticker_bulletin(text: TickerText) -> Bulletin:
    """One message of the ticker as a bulletin, which is how it is approved, read and checked."""
    return Bulletin(texts=(BulletinText(text.language, text.text, extra=text.extra),))
