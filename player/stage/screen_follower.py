"""Keeps a window on its screen: through other resolutions and rotations, and while the screen is unplugged."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QScreen, QWindow


class ScreenFollower:
    """Follows the screen of a name, or the primary one; while that is away, whichever Qt holds for the primary one."""

    def __init__(self, application: QGuiApplication, window: QWindow, name: str | None) -> None:
        self._application, self._window, self._name = application, window, name
        application.screenAdded.connect(self._welcome)
        application.screenRemoved.connect(self._miss)
        application.primaryScreenChanged.connect(self._miss)
        for screen in application.screens():
            screen.geometryChanged.connect(self._follow)

    def _welcome(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._follow)
        self._follow(QRect())

    def _miss(self, _screen: QScreen) -> None:
        self._follow(QRect())

    def _follow(self, _area: QRect) -> None:
        screen = self._wanted()
        if screen is None:
            return
        if self._window.screen() is not screen:
            self._window.setScreen(screen)
        if self._window.geometry() != screen.geometry():
            self._window.setGeometry(screen.geometry())

    def _wanted(self) -> QScreen | None:
        named = [screen for screen in self._application.screens() if screen.name() == self._name]
        return named[0] if named else self._application.primaryScreen()


def refresh_rate(screen: QScreen) -> float:
    """Pictures a second of a screen, as RandR tells it; 60 where it tells nothing that can be."""
    told = screen.refreshRate()
    return told if _SLOWEST <= told <= _FASTEST else _USUAL


_SLOWEST, _USUAL, _FASTEST = 24.0, 60.0, 240.0
