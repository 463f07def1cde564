"""What the conductor asks of the world around it: a stage, a programme, a display, and wishes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from player.bill import Bill
from player.fitting import Size
from player.performance import Picture, Sound
from playlists.playlist import Slot
from playlists.timing import DurationMs, Moment

STILL_FOR: Final = DurationMs(10_000)


class Stage(Protocol):
    """Where pictures go."""

    @property
    def canvas(self) -> Size:
        """The size to compose for."""

    def show_picture(self, picture: Picture) -> None:
        """Put a picture on the screen now."""

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        """Show two pictures as one; see :mod:`player.crossfade`."""

    def heed(self, *, urgent: bool, bare: bool = False) -> None:
        """Something urgent is on the screen, or no longer: what runs beside it stands still meanwhile.

        No banner lies over that, nor over what has to be ``bare``.
        """

    def show_slate(self) -> None:
        """Say, in the place of content, that there is none."""


class Programme(Protocol):
    """What there is to play; reading it must not cost the stage a frame, so the answer comes by callback."""

    def read(self, begins: Moment, then: Callable[[Bill], None]) -> None:
        """Hand over what there is to show in a slot that ``begins`` then."""

    def path_of(self, slot: Slot) -> str:
        """Where the slot's file lies."""

    @property
    def locate(self) -> Callable[[str], str] | None:
        """Where any file lies that an item names; None: in the folder of its own."""


class Opening(Protocol):
    """When the screen is open, and its display lit."""

    def is_open(self, now: Moment) -> bool:
        """Whether anything is shown now."""

    def light(self, *, lit: bool) -> None:
        """Switch the display on or off; not to be waited for."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The play a player was in when it ended, by ids."""

    slot: str
    item: str
    play: str
    position: int
    """Milliseconds."""


class Bookmark(Protocol):
    """Where a player that dies finds the play it was in."""

    def keep(self, slot: Slot, play: str, position: DurationMs) -> None:
        """Keep that this play of a slot is on the screen, so far in; nobody waits for it."""

    def remove(self) -> None:
        """Nothing is to be resumed."""


class NoBookmark:
    """The ``Bookmark`` of a player that begins anew every time."""

    def keep(self, slot: Slot, play: str, position: DurationMs) -> None:
        """Keep nothing."""

    def remove(self) -> None:
        """There is nothing to remove."""


class AlwaysOpen:
    """The ``Opening`` of a screen without hours; its display is nobody's to switch."""

    def is_open(self, _now: Moment) -> bool:
        """Yes."""
        return True

    def light(self, *, lit: bool) -> None:
        """Leave it."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for."""

    rounds: int | None = None
    still_for: DurationMs = STILL_FOR
    sound: Sound = field(default_factory=Sound)


@dataclass(frozen=True, slots=True)
class Paces:
    """How often what has no time of its own is looked at, in nanoseconds."""

    watch: int = 250_000_000
    """The watchmen, the slate, the opening hours."""
    clock: int = 1_000_000_000
    beat: int = 60_000_000_000
    """Heartbeats in the log."""
