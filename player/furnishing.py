"""The furnishing of a screen: its layout, looks and logo, brought to whoever paints with them.

They come with a release and change with it; a screen without a file of its own keeps what the command line said. What
is the same as before moves nothing on the screen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from player.bulletins.dress import Dress
from player.bulletins.wanted import DEFAULT_LOOK
from player.fitting import Size
from player.logo import Logo
from player.performance import Picture, Renderer
from playlists.screen import Layout, Screen


class House(Protocol):
    """What is laid out."""

    @property
    def ground(self) -> int:
        """The colour behind a logo, 0xRRGGBB."""

    @property
    def logo_size(self) -> Size | None:
        """The pixels there are for a logo; None where no zone is for one."""

    def set_layout(self, layout: Layout) -> None:
        """Lay the zones out anew."""

    def show_logo(self, picture: Picture | None) -> None:
        """Hang a picture up as the logo; None takes it down."""


@dataclass(slots=True)
class Furnishing:
    """Furnishes one house; ``dress`` tells whoever sets bulletins, ``on_finding`` hears why a logo cannot be shown."""

    house: House
    renderer: Renderer
    dress: Callable[[Dress], None]
    on_finding: Callable[[str], None]
    logo_path: str | None = None
    _logo: Logo | None = field(default=None)
    _hung: tuple[str, Size, int] | None = field(default=None)
    _worn: Dress | None = field(default=None)

    def furnish(self, screen: Screen, look: str | None, logo_path: str | None) -> None:
        """Take a screen's layout and looks; ``look`` is the playlist's own, before the screen's."""
        self.logo_path = logo_path
        layout = screen.layout
        worn = Dress(look or screen.look or DEFAULT_LOOK, layout.colours, logo_path, screen.time_zone)
        if worn != self._worn or dict(worn.colours) != dict(self._worn.colours):
            self._worn = worn
            self.dress(worn)
        self.house.set_layout(layout)
        self.hang_logo()

    def hang_logo(self) -> None:
        """Have the logo made for the size and the ground there are now, unless it hangs there."""
        size = self.house.logo_size
        wanted = None if self.logo_path is None or size is None else (self.logo_path, size, self.house.ground)
        if wanted == self._hung:
            return
        self._hung = wanted
        if self._logo is not None:
            self._logo.call_off()
            self._logo = None
        if wanted is None:
            self.house.show_logo(None)
            return
        path, space, ground = wanted
        self._logo = Logo(self.renderer, path, ground, self.house.show_logo, self.on_finding)
        self._logo.prepare(space)
