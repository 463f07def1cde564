"""What is wanted of a bulletin as JSON bytes, for the prisoner that sets it; files go beside it, open. Pure."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from player.bulletins.wanted import Wanted
from player.fitting import Size
from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.proof import Rendition
from playlists.timing import DurationMs

if TYPE_CHECKING:
    from collections.abc import Mapping


def told(wanted: Wanted) -> bytes:
    """Everything but the files."""
    bulletin = wanted.bulletin
    document = {
        "texts": [[text.language, text.title, text.body] for text in bulletin.texts],
        "rendition": bulletin.rendition.value,
        "issuer": bulletin.issuer,
        "issued": _moment(bulletin.issued),
        "link": bulletin.link,
        "urgency": None if bulletin.urgency is None else _urgency(bulletin.urgency),
        "canvas": [wanted.canvas.width, wanted.canvas.height],
        "look": wanted.look,
        "colours": dict(wanted.colours),
        "zone": wanted.zone,
        "duration": wanted.duration,
        "picture": bulletin.picture,
        "sound": bulletin.sound,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def understood(data: bytes, picture: bytes | None, logo: bytes | None) -> Wanted:
    """What :func:`told` told, and the bytes of the files.

    Raises:
        ValueError: it is not what was told.
        KeyError: likewise.

    """
    document: Mapping[str, Any] = json.loads(data)
    urgency = document["urgency"]
    bulletin = Bulletin(
        texts=tuple(BulletinText(language, title, body) for language, title, body in document["texts"]),
        rendition=Rendition(document["rendition"]),
        issuer=document["issuer"],
        issued=_read_moment(document["issued"]),
        picture=document["picture"],
        sound=document["sound"],
        link=document["link"],
        urgency=None if urgency is None else _read_urgency(urgency),
    )
    duration = document["duration"]
    return Wanted(
        bulletin,
        Size(*document["canvas"]),
        document["look"],
        document["colours"],
        document["zone"],
        None if duration is None else DurationMs(duration),
        picture,
        logo,
    )


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _urgency(urgency: Urgency) -> list[str]:
    return [urgency.issuer, urgency.area, urgency.issued.isoformat(), urgency.expires.isoformat()]


def _read_urgency(fields: list[str]) -> Urgency:
    issuer, area, issued, expires = fields
    return Urgency(issuer, area, datetime.fromisoformat(issued), datetime.fromisoformat(expires))
