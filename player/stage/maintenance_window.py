"""The window of the maintenance page: above the stage, which goes on undisturbed below it."""

import shiboken6
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QBackingStore, QExposeEvent, QImage, QPainter, QRegion, QResizeEvent, QTransform, QWindow

from player.fitting import Size
from player.maintenance.layout import Layout, key_at, layout
from player.maintenance.page import Page
from player.stage.kiosk_guard import KeyHeard, KioskGuard, TouchHeard
from player.stage.maintenance_painter import painted


class MaintenanceWindow(QWindow):
    """Shows pages over ``stage`` and tells keys and touches, as its guard swallows them."""

    def __init__(self, stage: QWindow, rotate: int, on_key: KeyHeard, on_touch: TouchHeard) -> None:
        super().__init__(stage.screen())
        self._stage, self._rotate = stage, rotate
        self._image: QImage | None = None
        self._page: Page | None = None
        self._places: Layout | None = None
        self.setSurfaceType(QWindow.SurfaceType.RasterSurface)
        self.setFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.setTitle("signage-player maintenance")
        self._store = QBackingStore(self)
        self._guard = KioskGuard(self, on_key, on_touch)

    @property
    def canvas(self) -> Size:
        """The size to lay out for, upright as the viewer sees it."""
        return Size(self.width(), self.height()).turned(self._rotate)

    def appear(self) -> None:
        """Cover the stage and take the keyboard."""
        self._follow()
        self.show()
        self._guard.hold()
        self._guard.take_focus()

    def disappear(self) -> None:
        """Uncover the stage."""
        self.hide()
        self._page = self._image = None

    def hold(self) -> None:
        """Stay above and keep the keyboard; see :class:`KioskGuard`. A stage that has another size is followed."""
        self._follow()
        self._guard.hold()

    def show_page(self, page: Page) -> None:
        """Paint a page; the same one again costs nothing."""
        if page == self._page and self._image is not None and self._image.size() == self._size():
            return
        canvas = self.canvas
        self._page, self._places = page, layout(page, canvas.width, canvas.height)
        self._image = painted(page, self._places, self._size())
        self._paint()

    def key_at(self, x: float, y: float) -> str | None:
        """The button under a point of the window."""
        inverse, possible = self._turn().inverted()
        if not possible or self._page is None or self._places is None:
            return None
        at = inverse.map(QPointF(x, y))
        return key_at(self._page, self._places, at.x(), at.y())

    def vanish(self) -> None:
        """Be gone for good; the backing store first, for Python would free the two in any order."""
        self._guard.close()
        shiboken6.delete(self._store)
        self.destroy()

    def _size(self) -> QSize:
        return QSize(self.canvas.width, self.canvas.height)

    def _follow(self) -> None:
        if self.geometry() != self._stage.geometry():
            self.setGeometry(self._stage.geometry())
            self._store.resize(self.size())

    def _turn(self) -> QTransform:
        """From the canvas to the window."""
        turn = QTransform()
        match self._rotate:
            case 90:
                turn.translate(self.width(), 0)
            case 180:
                turn.translate(self.width(), self.height())
            case 270:
                turn.translate(0, self.height())
        return turn.rotate(self._rotate)

    def _paint(self) -> None:
        if self._image is None or not self.isExposed():
            return
        region = QRegion(QRect(0, 0, self.width(), self.height()))
        self._store.beginPaint(region)
        painter = QPainter(self._store.paintDevice())
        painter.setTransform(self._turn())
        painter.drawImage(0, 0, self._image)
        painter.end()
        self._store.endPaint()
        self._store.flush(region)

    def exposeEvent(self, _event: QExposeEvent) -> None:  # noqa: N802 - Qt's name
        """It has come to the screen."""
        self._paint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The screen changed."""
        self._store.resize(event.size())
