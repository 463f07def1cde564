"""What has to be set, made ready: texts in their order with breaks marked, dates in words, sizes of pictures. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from player.bulletins.dates import date_text, hour_text, local, moment_text
from playlists.bulletin import Bulletin, BulletinText
from playlists.languages import NAMES_VI
from playlists.line_breaks import with_breaks
from playlists.proof import Rendition
from playlists.screen import DEFAULT_TIME_ZONE

ALERT = "TIN KHẨN CẤP"
_AREA = "Khu vực"
_ISSUED = "Phát lúc"
_EXPIRES = "hết hiệu lực lúc"
_TOGETHER = re.compile(r"(?<=\w) (?=[A-ZĐ](?![\w.]*\w))|(?<=\d) (?=(?:giờ|phút|ngày|tháng|tuổi|đồng|km|kg|m|%)(?!\w))")
"""A space before a name's single capital, or between a figure and its unit."""
_FOREIGN_OF_THE_GATES = frozenset({"lo", "km", "en"})


@dataclass(frozen=True, slots=True)
class Passage:
    """The message in one language; ``lesser`` ones are drawn at three quarters at most of the Vietnamese."""

    language: str
    title: str
    paragraphs: tuple[str, ...]
    lesser: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """What an urgent bulletin says of itself on every page."""

    word: str
    issuer: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything there is to place; pictures by their width in terms of their height."""

    passages: tuple[Passage, ...]
    issuer: str = ""
    date: str = ""
    alarm: Alarm | None = None
    picture: float | None = None
    whole_picture: bool = False
    """The picture is the bulletin, its texts are not drawn."""
    logo: float | None = None
    code: int | None = None
    """Modules on a side of the QR code, without its margin."""
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Insets:
    """Shapes of what is no text: pictures by width / height, the code by its modules on a side."""

    picture: float | None = None
    logo: float | None = None
    code: int | None = None


def is_foreign(language: str) -> bool:
    """Whether a language stands below the Vietnamese: not that itself, nor a minority language of the gates."""
    primary = language.split("-", maxsplit=1)[0].lower()
    return primary in _FOREIGN_OF_THE_GATES or primary not in NAMES_VI


def matter_of(bulletin: Bulletin, insets: Insets, zone: str = DEFAULT_TIME_ZONE) -> Matter:
    """Make a bulletin ready for the screen: Vietnamese first, minority languages beside it as equals, then the others.

    A picture or page rendition whose picture is there shows that alone. Without Vietnamese nobody is the lesser.
    """
    ordered = sorted(bulletin.texts, key=_rank)
    vietnamese = any(_rank(text) == 0 for text in ordered)
    alone = bulletin.rendition in (Rendition.IMAGE, Rendition.PAGE)
    return Matter(
        passages=tuple(_passage(text, lesser=vietnamese and is_foreign(text.language)) for text in ordered),
        issuer="" if bulletin.urgency is not None else _single_line(bulletin.issuer or ""),
        date="" if bulletin.issued is None or bulletin.urgency else date_text(local(bulletin.issued, zone)),
        alarm=_alarm(bulletin, zone),
        picture=insets.picture,
        whole_picture=alone and insets.picture is not None,
        logo=insets.logo,
        code=insets.code,
        sound=bulletin.rendition is Rendition.SOUND,
    )


def _rank(text: BulletinText) -> int:
    if text.language.split("-")[0].lower() == "vi":
        return 0
    return 2 if is_foreign(text.language) else 1


def _passage(text: BulletinText, *, lesser: bool) -> Passage:
    paragraphs = (_single_line(paragraph) for paragraph in text.body.split("\n"))
    return Passage(text.language, _single_line(text.title), tuple(filter(None, paragraphs)), lesser)


def _alarm(bulletin: Bulletin, zone: str) -> Alarm | None:
    urgency = bulletin.urgency
    if urgency is None:
        return None
    issued, expires = local(urgency.issued, zone), local(urgency.expires, zone)
    area = f"{_AREA}: {_single_line(urgency.area)}"
    if issued.date() == expires.date():
        facts: tuple[str, ...] = (area, f"{_ISSUED} {hour_text(issued)}, {_EXPIRES} {moment_text(expires)}")
    else:
        facts = (area, f"{_ISSUED} {moment_text(issued)}", f"{_EXPIRES.capitalize()} {moment_text(expires)}")
    return Alarm(ALERT, _single_line(urgency.issuer), facts)


def _single_line(text: str) -> str:
    """One paragraph with its breaks marked, names and figures kept together: ``Bờ Y``, ``17 giờ``."""
    plain = unicodedata.normalize("NFC", " ".join(text.replace("\n", " ").split(" ")).strip())
    return with_breaks(_TOGETHER.sub("\u00a0", plain))
