"""No call on the way of a picture loses a reference to None.

PySide6 6.12.0 on Python 3.11 gives one away at every call of a function without a result, and the process aborts after
some thousand of them: half a minute of playback. Where None is immortal (Python 3.12 and later) its count stands still.
"""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QGuiApplication, QImage

from player.clock import SystemClock
from player.fitting import Size
from player.performance import Picture
from player.stage.qt_reactor import QtReactor
from player.stage.window import Placement, StageWindow
from playlists.timing import MonotonicNs

CALLS = 3000
BATCH = 10
STEPS = 300
"""What may come and go for reasons of Python's own."""
SIZE = Size(64, 36)


class Badge:
    """A caption, as far as a window is concerned."""

    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    position = QPoint(4, 4)


@pytest.fixture
def window(offscreen_qt: QGuiApplication) -> Iterator[StageWindow]:
    """The player's window, exposed, on Qt's screen in memory."""
    placement = Placement(offscreen_qt.primaryScreen(), (0, 0, SIZE.width, SIZE.height), 0, kiosk=False)
    made = StageWindow(placement, lambda: None, lambda: None)
    made.appear()
    for _ in range(50):
        offscreen_qt.processEvents()
    assert made.isExposed(), "nothing would be painted"
    yield made
    made.vanish()


def lost_references(act: Callable[[], None], calls: int = CALLS) -> int:
    """How many references to None fewer there are after so many calls; negative where there are more.

    Stops as soon as that is plain and gives the lost ones back, for without any the process aborts.
    """
    act()
    gc.collect()
    before = sys.getrefcount(None)
    for call in range(calls):
        act()
        if call % BATCH == 0 and before - sys.getrefcount(None) > STEPS:
            break
    gc.collect()
    lost = before - sys.getrefcount(None)
    give = ctypes.pythonapi.Py_IncRef
    give.argtypes = [ctypes.py_object]
    for _ in range(max(0, lost)):
        give(None)
    return lost


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal here: nothing can be lost")
def test_a_lost_reference_would_be_counted() -> None:
    drop = ctypes.pythonapi.Py_DecRef
    drop.argtypes = [ctypes.py_object]
    assert lost_references(lambda: drop(None)) > STEPS


def test_showing_pictures_keeps_none_alive(window: StageWindow) -> None:
    pixels = [memoryview(bytearray(SIZE.pixels * 4)) for _ in range(2)]
    turn = iter(range(10**9))

    def show() -> None:
        window.show_picture(Picture(pixels[next(turn) % 2], SIZE, SIZE.width * 4))

    assert abs(lost_references(show)) < STEPS


def test_changing_captions_and_slates_keeps_none_alive(window: StageWindow) -> None:
    image = QImage(SIZE.width, SIZE.height, QImage.Format.Format_RGB32)
    Badge.image.fill(QColor(200, 20, 20, 90))

    def change() -> None:
        window.show_image(image)
        window.set_layers([Badge()])
        window.refresh_layers()
        window.set_layers(())
        window.refresh_layers()

    assert abs(lost_references(change)) < STEPS


def test_timers_keep_none_alive(offscreen_qt: QGuiApplication) -> None:
    clock = SystemClock()
    reactor = QtReactor(clock)
    rung: list[int] = []

    def ring() -> None:
        reactor.call_at(MonotonicNs(0), lambda: rung.append(1))
        reactor.call_at(MonotonicNs(clock.monotonic() + 10**12), lambda: None).cancel()
        offscreen_qt.processEvents()
        rung.clear()

    assert abs(lost_references(ring, CALLS // 3)) < STEPS


def test_what_is_shown_is_what_was_given(window: StageWindow, offscreen_qt: QGuiApplication) -> None:
    """So that the counting above is known to count painting."""
    pixels = memoryview(bytearray(bytes((30, 140, 250, 255)) * SIZE.pixels))
    window.show_picture(Picture(pixels, SIZE, SIZE.width * 4))
    offscreen_qt.processEvents()
    grabbed = offscreen_qt.primaryScreen().grabWindow(window.winId()).toImage()
    assert grabbed.pixelColor(10, 10) == QColor(250, 140, 30)
