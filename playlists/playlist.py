"""The playlist as a value: what is shown, in which order, when, to whom and in which languages."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from playlists.papers import Papers
from playlists.schedule import EVERYWHERE, NO_LIMITS, Precedence, Share, Target, Timetable
from playlists.timing import DurationMs

if TYPE_CHECKING:
    from playlists.bulletin import Bulletin
    from playlists.schedule import Daypart


EXACT_CUT: Final = DurationMs(0)


class ItemKind(StrEnum):
    """What an item is made of."""

    CLIP = "clip"
    IMAGE = "image"
    PAGE = "page"
    BULLETIN = "bulletin"


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """A caption file of one language; ``source`` is relative to the playlist's folder."""

    language: str
    source: str
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    """Fields this version does not know, kept as they were; likewise below."""


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Pixels as they are to be shown: turned and stretched to square pixels."""

    width: int
    height: int
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Item:
    """What a slot shows.

    ``source`` is a path relative to the playlist's folder and, in a plain folder, also the item's id; it is empty for a
    bulletin that needs no file. ``languages`` are those of the picture in reading order, ``sound`` those of the audio
    tracks in track order (BCP 47). ``duration`` is how long an image, page or bulletin stands, or where a clip is cut
    short; None takes the clip's own length, a bulletin's reading time, or the player's default for stills. ``length``
    is a clip's own length, where the file's maker wrote it down: plans are made with it, nothing is cut by it.
    ``sha256`` is the digest the file must have, None where nobody said. ``message`` names the message that this item
    tells: items of one playlist with the same message are versions of it in several languages, a set that is never
    shown half.
    """

    id: str
    source: str
    kind: ItemKind
    title: str
    languages: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()
    captions: tuple[CaptionFile, ...] = ()
    duration: DurationMs | None = None
    sha256: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    length: DurationMs | None = None
    picture: PictureSize | None = None
    message: str | None = None
    papers: Papers = field(default_factory=Papers)
    bulletin: "Bulletin | None" = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the loop, the item it shows, and when, where and how often it does."""

    id: str
    item: Item
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    precedence: Precedence = Precedence.ORDINARY
    timetable: Timetable = field(default_factory=Timetable)
    target: Target = EVERYWHERE
    share: Share = NO_LIMITS
    crossfade: DurationMs = EXACT_CUT
    """How long this slot fades in over the one before; 0 is the exact cut."""


class Sequence(StrEnum):
    """In which order slots of equal claim come."""

    AS_WRITTEN = "as-written"
    SHUFFLED = "shuffled"
    """Another order every hour, the same for everybody who computes it."""


@dataclass(frozen=True, slots=True)
class TickerText:
    """One message of the ticker, in one language."""

    language: str
    text: str
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    papers: Papers = field(default_factory=Papers)


@dataclass(frozen=True, slots=True)
class Playlist:
    """A loop of slots. ``id`` is empty and ``digest`` None for a plain folder.

    ``digest`` is the sha256 of the playlist file's bytes as they were read. ``planned`` tells whether the loop follows
    a rota (format version 2) or is simply the slots one after the other (a folder, format version 1).
    """

    id: str
    title: str
    slots: tuple[Slot, ...]
    digest: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    planned: bool = False
    sequence: Sequence = Sequence.AS_WRITTEN
    dayparts: "tuple[Daypart, ...]" = ()
    ticker: tuple[TickerText, ...] = ()
    look: str | None = None
    """The design of bulletins, ticker and clock: day, night or ceremony; None leaves it to the screen."""
