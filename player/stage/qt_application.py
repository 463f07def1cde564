"""Qt itself: the application object, its platform, its screens and its last words."""

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QScreen

from playlists.errors import ExitCode, SiteError


def _on_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Qt aborts after a fatal message; leave with one line and a code that says who can act instead."""
    if kind is QtMsgType.QtFatalMsg:
        line = message.strip().splitlines()[0]
        print(f"signage-player: {line} (are the libxcb packages of deploy/ installed?)", file=sys.stderr)  # noqa: T201
        os._exit(ExitCode.SITE)
    if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg):
        print(f"signage-player: Qt: {message}", file=sys.stderr)  # noqa: T201


def make_application() -> QGuiApplication:
    """A Qt application on X, painted by the processor, at the screen's own pixels."""
    qInstallMessageHandler(_on_message)
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    os.environ["QT_ENABLE_HIGHDPI_SCALING"] = "0"
    os.environ["QT_XCB_GL_INTEGRATION"] = "none"
    os.environ.setdefault("QT_IM_MODULE", "none")
    os.environ["QT_ACCESSIBILITY"] = "0"
    return QGuiApplication(["signage-player"])


def screens(application: QGuiApplication) -> list[tuple[str, int, int, int, int]]:
    """Name, x, y, width and height of every screen."""
    found = []
    for screen in application.screens():
        area = screen.geometry()
        found.append((screen.name(), area.x(), area.y(), area.width(), area.height()))
    return found


def placed_on(application: QGuiApplication, name: str | None) -> QScreen:
    """The screen of that name, or the primary one.

    Raises:
        SiteError: there is none of that name.

    """
    if name is None:
        return application.primaryScreen()
    for screen in application.screens():
        if screen.name() == name:
            return screen
    known = ", ".join(screen.name() for screen in application.screens())
    msg = f"There is no screen {name}; there are: {known}."
    raise SiteError(msg)
