"""The stage's share in looking after a kiosk: windows in front, the camera, the cables, the test tone."""

from collections.abc import Callable

from PySide6.QtGui import QWindow

from player.maintenance.page import Page
from player.stage.camera import picture_of
from player.stage.kiosk_guard import KeyHeard, KioskGuard, TouchHeard
from player.stage.maintenance_window import MaintenanceWindow
from player.stage.outputs import outputs, plugged


class StageInstruments:
    """What the attendance asks of the stage; ``screen`` is the X server's name for it, None for a part of one."""

    def __init__(
        self, window: QWindow, screen: str | None, tone: Callable[[], bool], leave: Callable[[], None]
    ) -> None:
        self._window, self._screen = window, screen
        self._tone, self._leave = tone, leave
        self._guard: KioskGuard | None = None
        self._maintenance: MaintenanceWindow | None = None

    def guard(self, rotate: int, on_key: KeyHeard, on_touch: TouchHeard) -> None:
        """Make the window a kiosk's; before it appears."""
        self._guard = KioskGuard(self._window, on_key, on_touch)
        self._maintenance = MaintenanceWindow(self._window, rotate, on_key, on_touch)

    def hold_front(self) -> None:
        """Keep the window in front, or the maintenance page while that stands."""
        if self._maintenance is not None and self._maintenance.isVisible():
            self._maintenance.hold()
        elif self._guard is not None:
            self._guard.hold()

    def appear(self) -> None:
        """Cover the stage with the maintenance page."""
        if self._maintenance is not None:
            self._maintenance.appear()

    def disappear(self) -> None:
        """Uncover the stage."""
        if self._maintenance is not None and self._guard is not None:
            self._maintenance.disappear()
            self._guard.hold()

    def show_page(self, page: Page) -> None:
        """Paint a page."""
        if self._maintenance is not None:
            self._maintenance.show_page(page)

    def key_at(self, x: float, y: float) -> str | None:
        """The button at a point."""
        return None if self._maintenance is None else self._maintenance.key_at(x, y)

    def plugged(self) -> bool | None:
        """Whether a screen is plugged in; may wait."""
        return plugged(outputs(), self._screen)

    def camera(self) -> bytes | None:
        """A picture of the screen as PNG; may wait."""
        return picture_of(int(self._window.winId()))

    def sound(self) -> bool:
        """Play the test tone."""
        return self._tone()

    def canvas(self) -> tuple[int, int]:
        """Width and height of the window in pixels."""
        return self._window.width(), self._window.height()

    def restart(self) -> None:
        """Leave, to be started again."""
        self._leave()

    def close(self) -> None:
        """Take what stands in front away."""
        if self._maintenance is not None:
            self._maintenance.vanish()
        if self._guard is not None:
            self._guard.close()
