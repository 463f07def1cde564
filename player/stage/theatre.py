"""The stage as the conductor knows it: the window, the captions over it, what runs beside it, and the slate."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from player.captioning import Shown
from player.clock import Clock
from player.fitting import Size
from player.performance import Picture
from player.reactor import Cancellable, Reactor
from player.stage.side_zones import SideZones
from player.stage.slate import load_fonts, slate
from player.stage.window import StageWindow
from playlists.playlist import TickerText
from playlists.timing import MonotonicNs

if TYPE_CHECKING:
    from player.stage.banner import BannerZone
    from player.stage.captions import CaptionPainter

_MINUTE_CHECK_NS = 1_000_000_000


class Theatre:
    """Shows pictures, captions and the slate in one window."""

    def __init__(  # noqa: PLR0913 - what a stage is made of
        self,
        window: StageWindow,
        reactor: Reactor,
        clock: Clock,
        local_time: Callable[[], datetime],
        languages: Sequence[str],
        *,
        sides: SideZones | None = None,
        banner: "BannerZone | None" = None,
    ) -> None:
        self._window = window
        self._banner = banner
        self._sides = sides
        self._captions: Shown = ()
        self._reactor = reactor
        self._time = clock
        self._local_time = local_time
        self._slate_minute: tuple[int, int, int, int] | None = None
        self._fonts_loaded = False
        self._clock: Cancellable | None = None
        self._painter = _caption_painter(languages)

    @property
    def canvas(self) -> Size:
        """The size to compose for."""
        return self._window.canvas

    def show_picture(self, picture: Picture) -> None:
        """Put a picture on the screen now."""
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        self._window.show_picture(picture)

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        """Show ``above`` over ``below``, ``share`` of it; None stands for the one shown before."""
        self._window.show_mixed(below, above, share)

    def show_slate(self) -> None:
        """Show the slate and keep its clock right."""
        self._slate_minute = None
        self._refresh_slate()

    def open(self) -> None:
        """Begin to paint beside the main zone."""
        if self._sides is not None:
            self._sides.lay_out()
        if self._banner is not None:
            self._banner.open()

    def close(self) -> None:
        """Paint no more."""
        if self._clock is not None:
            self._clock.cancel()
        if self._sides is not None:
            self._sides.close()
        if self._banner is not None:
            self._banner.close()

    def set_banner(self, text: str | None) -> None:
        """Have this stand in a strip over the picture, None: nothing; a text that stands already stays as it is."""
        if self._banner is not None:
            self._banner.show(text)

    def set_ticker(self, texts: Sequence[TickerText]) -> None:
        """Have the tickers go on with these texts."""
        if self._sides is not None:
            self._sides.set_ticker(texts)

    def heed(self, *, urgent: bool, bare: bool = False) -> None:
        """Have the tickers stand still while something urgent is read; no banner lies over that or what is bare."""
        if self._banner is not None:
            self._banner.allow(allowed=not (urgent or bare))
        if self._sides is None:
            return
        if urgent:
            self._sides.pause()
        else:
            self._sides.resume()

    def canvas_changed(self) -> None:
        """The window has another size: lay everything out anew; what runs is scaled by the window to its end."""
        if self._sides is not None:
            self._sides.lay_out()
        if self._clock is not None:
            self._clock.cancel()
            self.show_slate()
        if self._captions:
            self.set_captions(self._captions)
            self.refresh_captions()
        if self._banner is not None:
            self._banner.canvas_changed()

    def set_captions(self, shown: Shown) -> None:
        """Draw these with the next picture, or at the next refresh."""
        self._captions = shown
        if self._painter is not None:
            standing = any(captions for _language, captions in shown)
            overlays = self._painter.render(shown, self._caption_canvas()) if standing else ()
            self._window.set_layers(overlays)

    def prepare_captions(self, shown: Shown) -> Iterator[None]:
        """Draw them in memory, a little at each step."""
        if self._painter is None or not any(captions for _language, captions in shown):
            return iter(())
        return self._painter.prepare(shown, self._caption_canvas())

    def refresh_captions(self) -> None:
        """Draw what was set over the picture that stands."""
        self._window.refresh_layers()

    def _caption_canvas(self) -> QSize:
        return QSize(self._window.clear.width, self._window.clear.height)

    def _refresh_slate(self) -> None:
        if not self._fonts_loaded:
            load_fonts()
            self._fonts_loaded = True
        local = self._local_time()
        minute = (local.day, local.hour, local.minute, self.canvas.pixels)
        if minute != self._slate_minute:
            self._slate_minute = minute
            self._window.show_image(slate(QSize(self.canvas.width, self.canvas.height), local))
        again = MonotonicNs(self._time.monotonic() + _MINUTE_CHECK_NS)
        self._clock = self._reactor.call_at(again, self._refresh_slate)


def _caption_painter(languages: Sequence[str]) -> "CaptionPainter | None":
    if not languages:
        return None
    # Fonts for captions and ICU are loaded only where captions are drawn.
    from player.stage.captions import CaptionPainter

    return CaptionPainter(languages)
