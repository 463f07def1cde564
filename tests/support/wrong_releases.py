"""What the agent may write into a state folder that is wrong in a way nothing else can be wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.playlist import Item, ItemKind, Slot
from playlists.release import (
    MediaFile,
    Release,
    UrgentBulletin,
    read_release,
    read_urgent,
    read_withdrawn,
    write_release,
    write_urgent,
)
from playlists.schedule import Precedence

_ISSUED = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
URGENCY = Urgency("Ban Chỉ huy", "Bờ Y", _ISSUED, _ISSUED + timedelta(hours=6))


def urgent_slot(urgency: Urgency | None, precedence: Precedence) -> Slot:
    bulletin = Bulletin((BulletinText("vi", "Lũ quét"),), urgency=urgency)
    return Slot("lu", Item("lu", "", ItemKind.BULLETIN, "Lũ quét", ("vi",), bulletin=bulletin), precedence=precedence)


def wrong_releases() -> Iterator[tuple[Callable[[bytes], object], bytes]]:
    """What reads each of them, and its bytes."""
    playlist = MediaFile("a.playlist.json", "c" * 64, 300)
    yield read_release, write_release(replace(Release(7, playlist, ()), slate="other.png"))
    yield read_withdrawn, b'{"format_version": 1, "items": [{}]}'
    yield read_urgent, write_urgent(UrgentBulletin("lu", urgent_slot(URGENCY, Precedence.ORDINARY)), "x")
    yield read_urgent, write_urgent(UrgentBulletin("lu", urgent_slot(None, Precedence.URGENT)), "x")
