"""Everything beside the main zone: tickers, clocks, logos. Each paints its own pixels only, when they change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from player.clock import Clock
from player.fitting import Fit, Size, fitted
from player.performance import Picture
from player.reactor import Cancellable, Reactor
from player.stage.board import Board
from player.stage.clock_face import clock_face
from player.stage.slate import load_fonts
from player.stage.ticker_strip import Colours
from player.stage.window import StageWindow
from player.zoning import Box, PlacedZone, turned
from playlists.playlist import TickerText
from playlists.screen import ZoneKind
from playlists.timing import MonotonicNs

if TYPE_CHECKING:
    from player.stage.ticker_zone import TickerZone
    from player.typesetting import Typeface

COLOURS: Final[Mapping[str, str]] = {"background": "#102a4e", "text": "#ffffff", "accent": "#ffd65c"}
"""Where a layout names none of its own."""
_LOOK_NS: Final = 500_000_000
"""How often a clock is looked at: the minute changes at most so much late on the screen."""


def colours_of(named: Mapping[str, str]) -> Colours:
    """The colours of a layout; one that is no colour gives way to the house's own."""
    found = {name: QColor(named.get(name, usual)) for name, usual in COLOURS.items()}
    text, ground, accent = (
        found[name] if found[name].isValid() else QColor(COLOURS[name]) for name in ("text", "background", "accent")
    )
    return Colours(text, ground, accent)


@dataclass(slots=True)
class _Panel:
    """A zone that stands still: a board as large as the zone."""

    zone: PlacedZone
    board: Board


class SideZones:
    """Tickers, clocks and logos of one window; laid out anew whenever its canvas changes."""

    def __init__(  # noqa: PLR0913, PLR0917 - the adapters it stands between
        self,
        window: StageWindow,
        reactor: Reactor,
        clock: Clock,
        local_time: Callable[[], datetime | None],
        colours: Colours,
        rate: Callable[[], float],
    ) -> None:
        """``local_time`` gives None while the clock is not trusted; ``rate`` the screen's refreshes a second."""
        self._window, self._reactor, self._clock, self._local_time = window, reactor, clock, local_time
        self._colours, self._rate = colours, rate
        self._texts: Sequence[TickerText] = ()
        self._logo: QImage | None = None
        self._paused = False
        self._tickers: list[TickerZone] = []
        self._clocks: list[_Panel] = []
        self._logos: list[_Panel] = []
        self._minute: tuple[int, ...] | None = None
        self._look: Cancellable | None = None
        self._typeface: Typeface | None = None
        window.on_uncovered = self._repaint

    @property
    def logo_size(self) -> Size | None:
        """The pixels there are for a logo; None where no zone is for one."""
        return next((zone.box.size for zone in self._window.plan.beside if zone.kind is ZoneKind.LOGO), None)

    def set_colours(self, colours: Colours) -> None:
        """Paint in these from the next laying out on."""
        self._colours = colours

    def lay_out(self) -> None:
        """Make the zones of the window's plan and begin to paint them."""
        self.close()
        for zone in self._window.plan.beside:
            match zone.kind:
                case ZoneKind.TICKER:
                    self._tickers.append(self._ticker(zone))
                case ZoneKind.CLOCK:
                    self._clocks.append(self._panel(zone))
                case ZoneKind.LOGO:
                    self._logos.append(self._panel(zone))
        for ticker in self._tickers:
            if self._paused:
                ticker.pause()
            ticker.set_texts(self._texts)
        if self._clocks:
            load_fonts()
            self._look_at_the_clock()
        self._hang_logo()
        self._repaint()

    def close(self) -> None:
        """Stop painting."""
        if self._look is not None:
            self._look.cancel()
        for ticker in self._tickers:
            ticker.close()
        self._tickers, self._clocks, self._logos = [], [], []
        self._minute = self._look = None

    def set_ticker(self, texts: Sequence[TickerText]) -> None:
        """Have the tickers go on with these."""
        self._texts = texts
        for ticker in self._tickers:
            ticker.set_texts(texts)

    def pause(self) -> None:
        """Have the tickers stand still while something urgent is shown."""
        self._paused = True
        for ticker in self._tickers:
            ticker.pause()

    def resume(self) -> None:
        """Have them go on."""
        self._paused = False
        for ticker in self._tickers:
            ticker.resume()

    def show_logo(self, picture: Picture | None) -> None:
        """Hang a picture up as the logo; None takes it down."""
        self._logo = None
        if picture is not None:
            size = picture.size
            image = QImage(picture.pixels, size.width, size.height, picture.stride, QImage.Format.Format_RGB32)
            self._logo = image.copy()
        self._hang_logo()
        for panel in self._logos:
            self._show_panel(panel)

    def _ticker(self, zone: PlacedZone) -> "TickerZone":
        # Loaded only where there is a ticker: its fonts take some milliseconds.
        from player.stage.ticker_zone import TickerZone
        from player.typesetting import Typeface

        self._typeface = self._typeface or Typeface()
        window, corner = self._window, zone.box
        visible = [_from_corner(box, corner) for box in zone.visible]

        def show(board: Board, parts: Sequence[tuple[Box, Box]]) -> None:
            window.show_parts(board, [(source, window.in_window(_on_canvas(at, corner))) for source, at in parts])

        return TickerZone(
            *(zone.box.size, window.rotation, visible, self._colours, self._typeface, self._rate()),
            *(self._clock, self._reactor, show),
        )

    def _panel(self, zone: PlacedZone) -> _Panel:
        board = Board(zone.box.size.turned(self._window.rotation))
        board.image.fill(self._colours.ground)
        return _Panel(zone, board)

    def _look_at_the_clock(self) -> None:
        local = self._local_time()
        minute = (local.year, local.month, local.day, local.hour, local.minute) if local is not None else ()
        if minute != self._minute:
            self._minute = minute
            for panel in self._clocks:
                size = panel.zone.box.size
                face = clock_face(QSize(size.width, size.height), local, self._colours.text, self._colours.ground)
                self._draw(panel, face)
                self._show_panel(panel)
        again = MonotonicNs(self._clock.monotonic() + _LOOK_NS)
        self._look = self._reactor.call_at(again, self._look_at_the_clock)

    def _hang_logo(self) -> None:
        for panel in self._logos:
            zone = panel.zone.box.size
            image = QImage(zone.width, zone.height, QImage.Format.Format_RGB32)
            image.fill(self._colours.ground)
            if self._logo is not None:
                size = fitted(Size(self._logo.width(), self._logo.height()), zone, Fit.CONTAIN)
                scaled = self._logo.scaled(
                    *(size.width, size.height),
                    *(Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation),
                )
                painter = QPainter(image)
                painter.drawImage(QPoint((zone.width - size.width) // 2, (zone.height - size.height) // 2), scaled)
                painter.end()
            self._draw(panel, image)

    def _draw(self, panel: _Panel, image: QImage) -> None:
        """Put an upright image of the zone's size on its board."""
        degrees = self._window.rotation
        painter = QPainter(panel.board.image)
        painter.drawImage(QPoint(0, 0), image.transformed(QTransform().rotate(degrees)) if degrees else image)
        painter.end()

    def _show_panel(self, panel: _Panel) -> None:
        window, zone = self._window, panel.zone
        inner = [_from_corner(box, zone.box) for box in zone.visible]
        sources = [turned(box, zone.box.size, window.rotation) for box in inner]
        parts = [(source, window.in_window(at)) for source, at in zip(sources, zone.visible, strict=True)]
        window.show_parts(panel.board, parts)

    def _repaint(self) -> None:
        for ticker in self._tickers:
            ticker.repaint()
        for panel in self._clocks + self._logos:
            self._show_panel(panel)


def _from_corner(box: Box, corner: Box) -> Box:
    return Box(box.x - corner.x, box.y - corner.y, box.width, box.height)


def _on_canvas(box: Box, corner: Box) -> Box:
    return Box(box.x + corner.x, box.y + corner.y, box.width, box.height)
