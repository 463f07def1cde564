"""The port of trials: opening a file before anybody wants to play it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from player.fitting import Size
from player.performance import Picture

Stamp = tuple[int, int, int]
"""Size in bytes, time of the last change in nanoseconds, inode: an untouched file is known again by it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What opening a file told: what is wrong with it, or its digest and how to know the file again."""

    flaw: str | None = None
    digest: str | None = None
    stamp: Stamp | None = None


class Laboratory(Protocol):
    """Opens a file in a prison of its own, beside whatever plays."""

    def try_out(self, path: str, *, moving: bool, then: Callable[[Finding], None]) -> None:
        """Look into a clip or a picture, decode its first frame, take its digest; ``then`` is called once, later."""

    def paint(self, path: str, canvas: Size, then: Callable[[Picture | None], None]) -> None:
        """Make pixels of a still picture; None where it is none. ``then`` is called once, later."""
