"""The stage: one window on X that shows exactly what it is given, at once."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import shiboken6
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QBackingStore,
    QCloseEvent,
    QExposeEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QRegion,
    QResizeEvent,
    QScreen,
    QTransform,
    QWindow,
)

from player.fitting import Size
from player.performance import Picture
from player.stage.direct import DirectPainter


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the window goes: a geometry in pixels, or the whole of a screen."""

    screen: QScreen
    geometry: tuple[int, int, int, int] | None
    """x, y, width, height."""
    rotate: int
    kiosk: bool


class Layer(Protocol):
    """Something drawn over the picture, at a place on the canvas."""

    @property
    def image(self) -> QImage:
        """What."""

    @property
    def position(self) -> QPoint:
        """The canvas pixel of its upper left corner."""


@dataclass(slots=True)
class _Shown:
    """What is on the window now, kept to paint it again."""

    picture: Picture | None = None
    image: QImage | None = None
    at: QPoint = field(default_factory=QPoint)
    layers: Sequence[Layer] = ()


class StageWindow(QWindow):
    """A frameless window without a cursor, painted by the processor, for there may be nothing else."""

    def __init__(self, placement: Placement, on_leave: Callable[[], None], on_resize: Callable[[], None]) -> None:
        super().__init__(placement.screen)
        self._placement = placement
        self._on_leave, self._on_resize = on_leave, on_resize
        self._shown = _Shown()
        self._layers: Sequence[Layer] = ()
        self._direct: DirectPainter | None = None
        self.setSurfaceType(QWindow.SurfaceType.RasterSurface)
        self.setFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setTitle("signage-player")
        self._store = QBackingStore(self)
        if placement.geometry is not None:
            self.setGeometry(QRect(*placement.geometry))
        else:
            self.setGeometry(placement.screen.geometry())
        self._store.resize(self.size())

    def appear(self) -> None:
        """Map the window."""
        if self._placement.geometry is None:
            self.showFullScreen()
        else:
            self.show()
        self.requestActivate()
        with contextlib.suppress(OSError):
            self._direct = DirectPainter(self.winId())

    def vanish(self) -> None:
        """Take the window away; its backing store first, for Python would free the two in any order."""
        if self._direct is not None:
            self._direct.close()
        shiboken6.delete(self._store)
        self.destroy()

    @property
    def canvas(self) -> Size:
        """The size to compose for: the window's, upright as the viewer sees it."""
        return Size(self.width(), self.height()).turned(self._placement.rotate)

    def show_picture(self, picture: Picture) -> None:
        """Put a picture on the screen now; it is released when the next one has taken its place."""
        width, height = picture.size.width, picture.size.height
        image = QImage(picture.pixels, width, height, picture.stride, QImage.Format.Format_RGB32)
        canvas = self.canvas
        at = QPoint((canvas.width - width) // 2, (canvas.height - height) // 2)
        self._take(_Shown(picture, image, at, self._layers))

    def show_image(self, image: QImage) -> None:
        """Put an image of the canvas's size on the screen."""
        self._take(_Shown(None, image))

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Draw these over the next picture, or at the next refresh."""
        self._layers = layers

    def refresh_layers(self) -> None:
        """Draw the layers over the picture that stands."""
        if self._shown.image is not None:
            before = self._shown.layers
            self._shown.layers = self._layers
            self._paint(_bounds(before).united(_bounds(self._layers)))

    def _take(self, shown: _Shown) -> None:
        before, self._shown = self._shown, shown
        if self._put(before, shown):
            pass
        elif self._area(before) == self._area(shown):
            self._paint(self._area(shown).united(_bounds(before.layers)).united(_bounds(shown.layers)))
        else:
            self._paint(self._whole())
        if before.picture is not None:
            before.picture.release()

    def _put(self, before: _Shown, shown: _Shown) -> bool:
        """Show a bare, upright picture by the direct way, if there is one."""
        picture = shown.picture
        bare = not (before.layers or shown.layers or self._placement.rotate)
        if self._direct is None or picture is None or picture.ring is None or not bare or not self.isExposed():
            return False
        bars: list[tuple[int, int, int, int]] = []
        if self._area(before) != self._area(shown):
            bars = _around(self._whole(), self._area(shown))
        return self._direct.put(picture.ring, picture.slot, (shown.at.x(), shown.at.y()), bars)

    def _whole(self) -> QRect:
        canvas = self.canvas
        return QRect(0, 0, canvas.width, canvas.height)

    def _area(self, shown: _Shown) -> QRect:
        return QRect(shown.at, shown.image.size() if shown.image is not None else QSize())

    def _paint(self, area: QRect) -> None:
        """Paint a part of the canvas and hand it to the X server."""
        area = area.intersected(self._whole())
        if not self.isExposed() or area.isEmpty():
            return
        turn = self._turn()
        region = QRegion(turn.mapRect(area))
        self._store.beginPaint(region)
        painter = QPainter(self._store.paintDevice())
        if self._placement.rotate:
            painter.setTransform(turn)
            painter.setClipRect(area)
        picture_area = self._area(self._shown)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        if not picture_area.contains(area):
            painter.fillRect(area, Qt.GlobalColor.black)
        if self._shown.image is not None:
            painter.drawImage(self._shown.at, self._shown.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        for layer in self._shown.layers:
            painter.drawImage(layer.position, layer.image)
        painter.end()
        self._store.endPaint()
        self._store.flush(region)

    def _turn(self) -> QTransform:
        """From the canvas to the window."""
        turn = QTransform()
        match self._placement.rotate:
            case 90:
                turn.translate(self.width(), 0)
            case 180:
                turn.translate(self.width(), self.height())
            case 270:
                turn.translate(0, self.height())
        return turn.rotate(self._placement.rotate)

    # Qt's own words for what happens to a window.

    def exposeEvent(self, _event: QExposeEvent) -> None:  # noqa: N802 - Qt's name
        """Something uncovered the window."""
        self._paint(self._whole())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The screen changed."""
        self._store.resize(event.size())
        self._on_resize()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves, except in a kiosk."""
        if event.key() == Qt.Key.Key_Escape and not self._placement.kiosk:
            self._on_leave()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """A window manager's close button, likewise."""
        event.ignore()
        if not self._placement.kiosk:
            self._on_leave()


def _bounds(layers: Sequence[Layer]) -> QRect:
    bounds = QRect()
    for layer in layers:
        bounds = bounds.united(QRect(layer.position, layer.image.size()))
    return bounds


def _around(whole: QRect, area: QRect) -> list[tuple[int, int, int, int]]:
    """What of ``whole`` is not under ``area``: x, y, width and height of up to four bars."""
    inner = area.intersected(whole)
    below, right = inner.y() + inner.height(), inner.x() + inner.width()
    bars = (
        (0, 0, whole.width(), inner.y()),
        (0, below, whole.width(), whole.height() - below),
        (0, inner.y(), inner.x(), inner.height()),
        (right, inner.y(), whole.width() - right, inner.height()),
    )
    return [bar for bar in bars if bar[2] > 0 and bar[3] > 0]
