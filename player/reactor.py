"""The reactor port: one thread that waits for descriptors and moments and calls back."""

from collections.abc import Callable
from typing import Protocol

from playlists.timing import MonotonicNs


class Cancellable(Protocol):
    """Something that was asked for and can be called off."""

    def cancel(self) -> None:
        """Never call back again; harmless when it has happened already."""


class Pollable(Protocol):
    """Anything with a descriptor."""

    def fileno(self) -> int:
        """The descriptor."""


class Reactor(Protocol):
    """Calls back on the thread that runs it."""

    def watch(self, source: Pollable, callback: Callable[[], None]) -> Cancellable:
        """Call whenever ``source`` can be read."""

    def call_at(self, moment: MonotonicNs, callback: Callable[[], None]) -> Cancellable:
        """Call once, at ``moment`` or up to a millisecond later; at once when it has passed."""
