"""The stage: one window on X that shows exactly what it is given, at once."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import shiboken6
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QBackingStore,
    QCloseEvent,
    QColor,
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

from player.fitting import Fit, Size, fitted, made_for
from player.performance import Picture
from player.stage.board import Board, Glass
from player.stage.direct import DirectPainter, Rectangle
from player.stage.mixing import Layered, Mixer, box_of
from player.zoning import Box, floorplan, left_over, turned
from playlists.screen import Layout


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


@dataclass(frozen=True, slots=True)
class Banner:
    """A strip on a board as it is turned, and where it lies on the canvas: over the main zone and no other."""

    board: Board
    box: Box


@dataclass(slots=True)
class _Shown:
    """What is in the main zone now, kept to paint it again; ``area`` is where, in pixels of the canvas."""

    picture: Picture | None = None
    image: QImage | None = None
    area: QRect = field(default_factory=QRect)
    layers: Sequence[Layer] = ()


class StageWindow(QWindow):
    """A frameless window without a cursor, painted by the processor, for there may be nothing else.

    Items are shown in the layout's main zone, and their pictures touch no pixel of another zone.
    """

    def __init__(
        self,
        placement: Placement,
        on_leave: Callable[[], None],
        on_resize: Callable[[], None],
        layout: Layout | None = None,
        ground: str = "#000000",
    ) -> None:
        super().__init__(placement.screen)
        self._placement = placement
        self._on_leave, self._on_resize = on_leave, on_resize
        self.on_uncovered: Callable[[], None] = lambda: None
        """Whoever paints beside the main zone has to paint again."""
        self._layout = layout or Layout()
        self._ground = QColor(ground)
        self._shown = _Shown()
        self._given: Sequence[Layer] = ()
        self._layers: Sequence[Layer] = ()
        self._banner: Banner | None = None
        self._glasses: list[Glass] = []
        self._clip: tuple[Sequence[Layer], tuple[Rectangle, ...] | None] | None = None
        self._below: Layered | None = None
        self._above: Layered | None = None
        self._mixer: Mixer | None = None
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
        self.base = self.plan = floorplan(self._layout, self.whole)
        """Who owns which pixels of the canvas: ``base`` without, ``plan`` with what the banner takes."""

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
    def whole(self) -> Size:
        """The size of the canvas: the window's, upright as the viewer sees it."""
        return Size(self.width(), self.height()).turned(self._placement.rotate)

    @property
    def canvas(self) -> Size:
        """The size to compose items for: the main zone's."""
        return self.plan.main.box.size

    @property
    def clear(self) -> Size:
        """The size of the part of the main zone that no other zone runs through."""
        return self.plan.clear.size

    @property
    def rotation(self) -> int:
        """How far the canvas is turned in the window, in degrees clockwise."""
        return self._placement.rotate

    def show_picture(self, picture: Picture) -> None:
        """Put a picture on the screen now; it is released when the next one has taken its place."""
        self._unmix()
        placed = self._placed(picture)
        self._take(_Shown(picture, placed.image, placed.area, self._layers))

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        """Put ``above`` over ``below`` on the screen, ``share`` of it; None stands for the one shown before.

        The first ``below`` is what stands. With a share of 1 ``above`` alone is left.
        """
        if self._below is None:
            if self._shown.image is None or share >= 1:
                if above is not None:
                    self.show_picture(above)
                return
            self._below = Layered(self._shown.picture, self._shown.image, self._shown.area)
            self._shown = replace(self._shown, picture=None)
        if below is not None:
            self._below.release()
            self._below = self._placed(below)
        if above is not None:
            if self._above is not None:
                self._above.release()
            self._above = self._placed(above)
        if share < 1:
            self._show_mixture(share)
            return
        last, self._above = self._above, None
        if last is not None:
            self._take(_Shown(last.picture, last.image, last.area, self._layers))
        self._unmix()

    def show_image(self, image: QImage) -> None:
        """Put an image of the main zone's size on the screen."""
        self._unmix()
        self._take(_Shown(None, image, QRect(*self.plan.main.box.edges)))

    def set_layers(self, layers: Sequence[Layer]) -> None:
        """Draw these over the next picture, or at the next refresh; their places count from the clear part's corner.

        One that a banner would cover steps aside.
        """
        self._given, corner = layers, QPoint(self.plan.clear.x, self.plan.clear.y)
        panes = (_Pane(layer.image, layer.position + corner) for layer in layers)
        self._layers = [pane if self._banner is None else _aside(pane, self._banner.box, self.whole) for pane in panes]

    def refresh_layers(self) -> None:
        """Draw the layers over the picture that stands."""
        if self._shown.image is not None:
            before, self._shown = self._shown, replace(self._shown, layers=self._layers)
            if not self._put(before, self._shown):
                self._paint(_bounds(before.layers).united(_bounds(self._layers)))

    def show_banner(self, banner: Banner | None) -> None:
        """Put a banner over the main zone, or take it away; pictures are shown around it as long as it stands."""
        before, self._banner = self._banner, banner
        if (before and before.box) != (banner and banner.box):
            self.plan = self.base if banner is None else self.base.beneath(banner.box)
            self._clip = None
            self.set_layers(self._given)
            self._shown = replace(self._shown, layers=self._layers)
            if not self._put(_Shown(), self._shown):
                self._paint(QRect(*self.plan.main.box.edges))
        self._paint_banner()

    def _paint_banner(self) -> None:
        if self._banner is None or not self.isExposed():
            return
        board, size = self._banner.board, self._banner.board.size
        part = (Box(0, 0, size.width, size.height), self.in_window(self._banner.box))
        if self._placement.rotate:
            self._draw_parts(board, [part])  # after the pictures, which go the same way: the server keeps their order
        else:
            self.show_parts(board, [part])

    def show_parts(self, board: Board, parts: Sequence[tuple[Box, Box]]) -> None:
        """Put parts of a board on the screen now: where in the board, and where in the window, both as it is turned."""
        if not self.isExposed():
            return
        if self._direct is not None:
            done = [self._direct.part(board.ring, source.edges, (at.x, at.y)) for source, at in parts]
            if all(done) and self._direct.send(watched=False):
                return
        self._draw_parts(board, parts)

    def _draw_parts(self, board: Board, parts: Sequence[tuple[Box, Box]]) -> None:
        region = QRegion()
        for _source, at in parts:
            region += QRect(*at.edges)
        self._store.beginPaint(region)
        painter = QPainter(self._store.paintDevice())
        for source, at in parts:
            painter.drawImage(QPoint(at.x, at.y), board.image, QRect(*source.edges))
        painter.end()
        self._store.endPaint()
        self._store.flush(region)

    def _placed(self, picture: Picture) -> Layered:
        size = picture.size
        image = QImage(picture.pixels, size.width, size.height, picture.stride, QImage.Format.Format_RGB32)
        return Layered(picture, image, self._place_of(size))

    def _show_mixture(self, share: float) -> None:
        main = QRect(*self.plan.main.box.edges)
        if self._mixer is None or self._mixer.main != main:
            self._mixer = Mixer(main)
        if self._below is not None and (mixed := self._mixer.mixed(self._below, self._above, share)) is not None:
            placed = self._placed(mixed)
            self._take(_Shown(mixed, placed.image, placed.area, self._layers))

    def _unmix(self) -> None:
        """Give the pictures of a mixture back."""
        for layered in (self._below, self._above):
            if layered is not None:
                layered.release()
        self._below = self._above = None

    def _take(self, shown: _Shown) -> None:
        before, self._shown = self._shown, shown
        if self._put(before, shown):
            pass
        elif before.area == shown.area:
            self._paint(shown.area.united(_bounds(before.layers)).united(_bounds(shown.layers)))
        else:
            self._paint(QRect(*self.plan.main.box.edges))
        if before.picture is not None:
            before.picture.release()

    def _put(self, before: _Shown, shown: _Shown) -> bool:
        """Show an upright picture and what lies over it by the direct way, if there is one."""
        picture, direct = shown.picture, self._direct
        if direct is None or picture is None or picture.ring is None or not self.isExposed():
            return False
        if self._placement.rotate or shown.area.size() != QSize(picture.size.width, picture.size.height):
            return False
        bars: list[Rectangle] = []
        if before.area != shown.area or before.layers is not shown.layers:
            bars = _around(self.plan.main.box, box_of(shown.area))
        direct.settle()
        at = (shown.area.x(), shown.area.y())
        return (
            direct.picture(picture.ring, picture.slot, at, bars, self._clip_around(shown.layers))
            and self._put_layers(direct, shown)
            and direct.send()
        )

    def _clip_around(self, layers: Sequence[Layer]) -> tuple[Rectangle, ...] | None:
        """What of the window a picture may touch beside these layers; None for all of it."""
        if self._clip is None or self._clip[0] is not layers:
            left = left_over(self.plan.main.visible, (box_of(_bounds([layer])) for layer in layers))
            everything = left == (Box(0, 0, self.whole.width, self.whole.height),)
            self._clip = layers, None if everything else tuple(box.edges for box in left)
        return self._clip[1]

    def _put_layers(self, direct: DirectPainter, shown: _Shown) -> bool:
        done = True
        for place, layer in enumerate(shown.layers):
            if shown.image is None:
                continue
            box = box_of(_bounds([layer]))
            glass = self._glass(place, box.size)
            glass.mix(shown.image, layer.position - shown.area.topLeft(), layer.image)
            for part in (box.common(visible) for visible in self.plan.main.visible):
                if not part.empty:
                    source = (part.x - box.x, part.y - box.y, part.width, part.height)
                    done = direct.part(glass.board.ring, source, (part.x, part.y)) and done
        return done

    def _glass(self, place: int, size: Size) -> Glass:
        """The glass of the first or second layer, a larger one where this does not fit."""
        if place == len(self._glasses):
            self._glasses.append(Glass(size))
        elif not self._glasses[place].takes(size):
            known = self._glasses[place].board.size
            self._glasses[place] = Glass(Size(max(known.width, size.width), max(known.height, size.height)))
        return self._glasses[place]

    def _place_of(self, picture: Size) -> QRect:
        """Where a picture goes: in the middle of the main zone, scaled where it was made for another one."""
        main = self.plan.main.box
        size = picture if made_for(picture, main.size) else fitted(picture, main.size, Fit.CONTAIN)
        left, top = main.x + (main.width - size.width) // 2, main.y + (main.height - size.height) // 2
        return QRect(left, top, size.width, size.height)

    def _paint(self, area: QRect) -> None:
        """Paint what of a part of the canvas belongs to the main zone, and hand it to the X server."""
        boxes = [box.common(box_of(area)) for box in self.plan.main.visible]
        region, canvas_region = QRegion(), QRegion()
        for box in boxes:
            canvas_region += QRect(*box.edges)
            region += QRect(*self.in_window(box).edges)
        if not self.isExposed() or region.isEmpty():
            return
        self._store.beginPaint(region)
        painter = QPainter(self._store.paintDevice())
        if self._placement.rotate:
            painter.setTransform(self._turn())
        painter.setClipRegion(canvas_region)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        if not self._shown.area.contains(canvas_region.boundingRect()):
            painter.fillRect(area, Qt.GlobalColor.black)
        if self._shown.image is not None:
            painter.drawImage(self._shown.area, self._shown.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        for layer in self._shown.layers:
            painter.drawImage(layer.position, layer.image)
        painter.end()
        self._store.endPaint()
        self._store.flush(region)

    def _paint_ground(self) -> None:
        """Paint what belongs to no zone."""
        rectangles = [QRect(*self.in_window(box).edges) for box in self.plan.ground]
        region = QRegion()
        for rectangle in rectangles:
            region += rectangle
        if self.isExposed() and not region.isEmpty():
            self._store.beginPaint(region)
            painter = QPainter(self._store.paintDevice())
            for rectangle in rectangles:
                painter.fillRect(rectangle, self._ground)
            painter.end()
            self._store.endPaint()
            self._store.flush(region)

    def in_window(self, box: Box) -> Box:
        """Where a box of the canvas lies in the window."""
        return turned(box, self.whole, self._placement.rotate)

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

    def _repaint(self) -> None:
        self._paint(QRect(*self.plan.main.box.edges))
        self._paint_ground()
        self._paint_banner()
        if self.isExposed():
            self.on_uncovered()

    # Qt's own words for what happens to a window.

    def exposeEvent(self, _event: QExposeEvent) -> None:  # noqa: N802 - Qt's name
        """Something uncovered the window."""
        self._repaint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The screen changed: every zone has another place, and what stands is scaled into the new one."""
        self._store.resize(event.size())
        self._plan_anew()

    def set_layout(self, layout: Layout, ground: str) -> None:
        """Have other zones, on a ground of this colour."""
        self._layout, self._ground = layout, QColor(ground)
        self._plan_anew()

    def _plan_anew(self) -> None:
        plan = floorplan(self._layout, self.whole)
        if plan == self.base:
            return
        self.base = self.plan = plan
        self._banner, self._clip, self._given, self._layers = None, None, (), ()
        if self._shown.image is not None:
            size = self._shown.image.size()
            area = self._place_of(Size(size.width(), size.height()))
            self._shown = replace(self._shown, area=area, layers=())
        self._on_resize()
        self._repaint()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves, except in a kiosk."""
        if event.key() == Qt.Key.Key_Escape and not self._placement.kiosk:
            self._on_leave()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """A window manager's close button, likewise."""
        event.ignore()
        if not self._placement.kiosk:
            self._on_leave()


@dataclass(frozen=True, slots=True)
class _Pane:
    """A layer by its place on the whole canvas."""

    image: QImage
    position: QPoint


def _aside(pane: _Pane, banner: Box, canvas: Size) -> _Pane:
    """A layer where a banner does not cover it: above one in the lower half of the canvas, below one in the upper."""
    bounds, gap = QRect(pane.position, pane.image.size()), banner.height // 8
    if not bounds.intersects(QRect(*banner.edges).adjusted(0, -gap, 0, gap)):
        return pane
    if 2 * banner.y < canvas.height:
        bounds.moveTop(banner.bottom + gap)
    else:
        bounds.moveBottom(banner.y - gap - 1)
    return _Pane(pane.image, bounds.topLeft())


def _bounds(layers: Sequence[Layer]) -> QRect:
    bounds = QRect()
    for layer in layers:
        bounds = bounds.united(QRect(layer.position, layer.image.size()))
    return bounds


def _around(whole: Box, area: Box) -> list[Rectangle]:
    """What of ``whole`` is not under ``area``: x, y, width and height of up to four bars."""
    return [bar.edges for bar in whole.without(area)]
