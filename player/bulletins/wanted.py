"""What is wanted when a bulletin is to be shown, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from player.bulletins.looks import LookName
from player.fitting import Size
from playlists.bulletin import Bulletin
from playlists.screen import DEFAULT_TIME_ZONE
from playlists.timing import DurationMs

DEFAULT_LOOK: Final = LookName.DAY


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bulletin, and how it is to be shown.

    ``canvas`` is in pixels as the viewer sees it. ``look`` is the name of one; ``colours`` are a gate's own, written
    ``#rrggbb``, by use. ``duration`` is how long it stands in all, None for its reading time. ``picture`` and ``logo``
    are the bytes of their files.
    """

    bulletin: Bulletin
    canvas: Size
    look: str = DEFAULT_LOOK
    colours: Mapping[str, str] = field(default_factory=dict)
    zone: str = DEFAULT_TIME_ZONE
    duration: DurationMs | None = None
    picture: bytes | None = None
    logo: bytes | None = None
