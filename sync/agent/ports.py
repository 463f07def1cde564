"""What the agent asks of the world: places that hold a feed, and a clock. Adapters stand behind these.

The network (``RequestsSource``) and a stick (``FolderSource``) are read through the same port, so both take the same
path through trust, download and store.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from playlists.errors import SiteError


class SourceError(SiteError):
    """The source did not give what was asked for; it may the next time."""


class NotThereError(SourceError):
    """The source answers, and has no file of that name."""


class BusyError(SourceError):
    """The source asks to be left alone; ``retry_after`` is for how many seconds, None where it does not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Source(Protocol):
    """A place that holds a feed; names are those of ``sync/feed.py``."""

    @property
    def online(self) -> bool:
        """Whether it is the live feed, and not a stick."""

    def read(self, name: str, limit: int) -> bytes:
        """A small file whole. Raises ``SourceError``, also where it is longer than ``limit`` bytes."""

    def stream(self, name: str, begins: int, length: int) -> AbstractContextManager[Iterator[bytes]]:
        """A file of ``length`` bytes from offset ``begins`` on, in chunks, and never more than ``length`` bytes in all.

        Raises ``SourceError``, on opening or between two chunks. What came before is good as far as anyone can tell.
        """


@dataclass(frozen=True, slots=True)
class Instant:
    """One reading of the clocks. ``boot_ns`` counts through suspend and never jumps; ``boot`` names this boot."""

    wall: datetime
    boot: str
    boot_ns: int
    synchronised: bool
    """Whether the kernel holds the wall clock synchronised."""


class Clock(Protocol):
    """The machine's clocks."""

    def now(self) -> Instant:
        """Read them."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
