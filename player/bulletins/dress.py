"""How the bulletins of a screen are dressed, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from player.bulletins.wanted import DEFAULT_LOOK
from playlists.screen import DEFAULT_TIME_ZONE


@dataclass(frozen=True, slots=True)
class Dress:
    """The look's name, a gate's own colours (``#rrggbb`` by use) and logo (a path), and its time zone."""

    look: str = DEFAULT_LOOK
    colours: Mapping[str, str] = field(default_factory=dict, hash=False)
    logo: str | None = None
    zone: str = DEFAULT_TIME_ZONE
