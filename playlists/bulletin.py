"""A bulletin: a message written in one or more languages, shown as text, picture, page or sound."""

from dataclasses import dataclass, field
from datetime import datetime

from playlists.proof import Rendition


@dataclass(frozen=True, slots=True)
class BulletinText:
    """The message in one language (BCP 47), NFC. Paragraphs of ``body`` are separated by a line feed."""

    language: str
    title: str
    body: str = ""
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Urgency:
    """What every urgent bulletin says of itself, always on the screen; its moments carry an offset from UTC."""

    issuer: str
    area: str
    issued: datetime
    expires: datetime
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The content of a bulletin item.

    ``texts`` stand in reading order. ``rendition`` is text, image, page or sound. ``picture`` and ``sound`` are paths
    relative to the playlist's folder: the picture beside a text, or the whole of an image or page rendition; the
    recording of a sound rendition, which shows its text or its picture meanwhile. ``link`` is what the QR code holds.
    ``issued`` carries an offset from UTC. The digests are those the files must have, None where nobody said.
    """

    texts: tuple[BulletinText, ...]
    rendition: Rendition = Rendition.TEXT
    issuer: str | None = None
    issued: datetime | None = None
    picture: str | None = None
    sound: str | None = None
    link: str | None = None
    urgency: Urgency | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    picture_sha256: str | None = None
    sound_sha256: str | None = None
