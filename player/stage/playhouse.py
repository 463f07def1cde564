"""Builds a stage: a window with its zones, on a screen, as one thing to be opened and closed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from player.clock import Clock
from player.fitting import Size
from player.performance import Picture
from player.reactor import Reactor
from player.stage.screen_follower import ScreenFollower, refresh_rate
from player.stage.side_zones import SideZones, colours_of
from player.stage.theatre import Theatre
from player.stage.window import Placement, StageWindow
from playlists.screen import Layout

if TYPE_CHECKING:
    from player.stage.banner import BannerZone


@dataclass(slots=True)
class Playhouse:
    """Everything that shows, of one screen."""

    application: QGuiApplication
    placement: Placement
    layout: Layout
    languages: tuple[str, ...]
    """Of captions, in reading order."""
    reactor: Reactor
    clock: Clock
    local_time: Callable[[], datetime]
    trusted: Callable[[], bool]
    """Whether the local time may be shown beside the main zone."""
    on_leave: Callable[[], None]
    on_canvas_changed: Callable[[], None] = lambda: None
    """The screen has another resolution or rotation; items are composed for ``theatre.canvas`` from now on."""
    announces: bool = False
    """Whether there is somebody whose banner is shown."""
    window: StageWindow = field(init=False)
    theatre: Theatre = field(init=False)
    _sides: SideZones = field(init=False)
    _follower: ScreenFollower | None = None

    def __post_init__(self) -> None:
        """Make the window, unmapped."""
        colours = colours_of(self.layout.colours)
        self.window = StageWindow(self.placement, self.on_leave, self._resized, self.layout, colours.ground.name())
        self._sides = SideZones(
            *(self.window, self.reactor, self.clock, self._trusted_time, colours),
            lambda: refresh_rate(self.window.screen()),
        )
        self.theatre = Theatre(
            *(self.window, self.reactor, self.clock, self.local_time, self.languages),
            sides=self._sides,
            banner=self._banner() if self.announces else None,
        )

    def _banner(self) -> "BannerZone":
        from player.stage.banner import BannerZone

        return BannerZone(self.window, self.reactor, self.clock)

    @property
    def ground(self) -> int:
        """The colour of what belongs to no zone and behind a logo, 0xRRGGBB."""
        return colours_of(self.layout.colours).ground.rgb() & 0xFFFFFF

    @property
    def logo_size(self) -> Size | None:
        """The pixels there are for a logo; None where the layout has no place for one."""
        return self._sides.logo_size

    def open(self, screen: str | None) -> None:
        """Map the window, on the named screen or the primary one; what is beside the main zone follows at once.

        But not before whoever opens has asked for the first item, which takes others longer than fonts take us.
        """
        self.window.appear()
        if self.placement.geometry is None:
            self._follower = ScreenFollower(self.application, self.window, screen)
        self.reactor.call_at(self.clock.monotonic(), self.theatre.open)

    def set_layout(self, layout: Layout) -> None:
        """Have other zones or colours; what is the same stays as it stands."""
        if layout == self.layout and dict(layout.colours) == dict(self.layout.colours):
            return
        recoloured = dict(layout.colours) != dict(self.layout.colours)
        self.layout, colours = layout, colours_of(layout.colours)
        self._sides.set_colours(colours)
        self.window.set_layout(layout, colours.ground.name())
        if recoloured:
            self.theatre.canvas_changed()

    def show_logo(self, picture: Picture | None) -> None:
        """Hang a picture up in the logo's zone."""
        self._sides.show_logo(picture)

    def close(self) -> None:
        """Take everything away."""
        self._follower = None
        self.theatre.close()
        self.window.vanish()

    def _trusted_time(self) -> datetime | None:
        return self.local_time() if self.trusted() else None

    def _resized(self) -> None:
        self.theatre.canvas_changed()
        self.on_canvas_changed()
