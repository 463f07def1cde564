"""The renderer port: what can put an item on the screen, and one item being put there."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from player.fitting import Size
from playlists.playlist import Item
from playlists.timing import NO_TIME, DurationMs, MonotonicNs

if TYPE_CHECKING:
    from player.ring import Ring


class Phase(StrEnum):
    """How far a performance has come."""

    PREPARING = "preparing"
    READY = "ready"
    """The first picture waits."""
    RUNNING = "running"
    FAILED = "failed"
    FINISHED = "finished"


@dataclass(slots=True)
class Picture:
    """Pixels to show: rows of ``stride`` bytes, 32 bits a pixel, valid until :meth:`release`."""

    pixels: memoryview
    size: Size
    stride: int
    ring: "Ring | None" = None
    """Whose slot the pixels are; None for memory that belongs to the picture alone."""
    slot: int = 0

    def release(self) -> None:
        """Give the memory back to whoever paints into it."""
        if self.ring is not None:
            self.ring.free(self.slot)
            self.ring = None


@dataclass(frozen=True, slots=True)
class Sound:
    """How an item may be heard."""

    languages: tuple[str, ...] = ()
    """Wanted languages, best first."""
    volume: int = 100
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What to prepare: an item, where its file lies, the canvas it is for."""

    item: Item
    path: str
    canvas: Size
    still_for: DurationMs
    """How long a still stands when the item does not say."""
    sound: Sound
    start_at: DurationMs = NO_TIME
    """Where in the item to begin; a clip begins at the key frame before."""
    locate: Callable[[str], str] | None = None
    """Where the files lie that the item names; None: in the folder of its own."""
    ground: int = 0
    """The colour behind a still that is transparent somewhere, as 0xRRGGBB."""


@dataclass(slots=True)
class Tally:
    """Frames of one performance so far."""

    shown: int = 0
    lost: int = 0


class Performance(Protocol):
    """One item from its preparation to its last picture."""

    order: Order
    phase: Phase
    reason: str
    """Why it failed: a stable word, then what is known."""
    tally: Tally
    languages_heard: tuple[str, ...]
    lead_ns: int
    """How long before its first picture :meth:`begin` has to be called."""

    @property
    def digest(self) -> str | None:
        """SHA-256 of the file; None until it is known."""

    @property
    def length(self) -> int | None:
        """Planned length in nanoseconds, from its position on; None until it is known."""

    @property
    def position(self) -> int:
        """How far into the item its first picture lies, in nanoseconds; all that is counted here counts from there."""

    def hold(self, now: MonotonicNs) -> bool:
        """Stand still while something urgent has the screen, and become ready to begin with the next picture.

        Everything counts anew from there: position, length, tally. False when this one cannot; it is then over.
        """

    def begin(self, at: MonotonicNs) -> None:
        """Show the first picture at ``at`` and go on from there; to be called ``lead_ns`` before, at the latest."""

    def take_due(self, now: MonotonicNs) -> Picture | None:
        """The picture that should be on the screen at ``now``, if that is a new one; the caller releases it."""

    def next_due(self) -> MonotonicNs | None:
        """When the next picture that has arrived is due; None when none waits."""

    def overdue(self, now: MonotonicNs) -> str | None:
        """A watchman's word when this has stood still for too long, else None."""

    def first_picture(self) -> Picture | None:
        """The waiting first picture, to be shown ahead of its time where nothing else is; not to be released."""

    def kill(self, reason: str) -> None:
        """A watchman ends it: it has failed, with this reason."""

    def finish(self) -> None:
        """End it, sound included; harmless at any time."""

    def missed(self, shown_for: int) -> int:
        """Frames due within ``shown_for`` nanoseconds of the first that were never shown."""

    def shortfall(self) -> str | None:
        """Why a performance that has come to its end was no complete play; None when it was."""


class Audience(Protocol):
    """Who wants to know about a performance."""

    def changed(self, performance: Performance) -> None:
        """Its phase changed, or pictures arrived."""


class Renderer(Protocol):
    """Puts items on the screen."""

    def prepare(self, order: Order, audience: Audience) -> Performance:
        """Open an item and get its first picture ready."""

    def trouble(self) -> str | None:
        """Why nothing can be rendered at all, as one line; None when all is well."""

    def close(self) -> None:
        """Stop everything."""
