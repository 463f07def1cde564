"""The reactor on Qt's loop: what was asked for happens, whoever still remembers having asked."""

import gc
import os
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication

from player.clock import SystemClock
from player.stage.qt_reactor import QtReactor
from playlists.timing import MonotonicNs

SOON_NS = 30_000_000


class Pipe:
    """Something to read from."""

    def __init__(self) -> None:
        self.read, self.write = os.pipe2(os.O_NONBLOCK)

    def fileno(self) -> int:
        return self.read


def pass_time(application: QGuiApplication, seconds: float = 0.25, until: Callable[[], bool] | None = None) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not (until is not None and until()):
        application.processEvents()


def test_an_alarm_nobody_holds_rings_in_spite_of_the_garbage_collector(offscreen_qt: QGuiApplication) -> None:
    clock, rung = SystemClock(), list[int]()
    reactor = QtReactor(clock)
    for number in range(5):
        reactor.call_at(MonotonicNs(clock.monotonic() + SOON_NS), partial(rung.append, number))
        gc.collect()
    pass_time(offscreen_qt)
    assert sorted(rung) == [0, 1, 2, 3, 4]


def test_a_chain_of_alarms_goes_on(offscreen_qt: QGuiApplication) -> None:
    clock, rung = SystemClock(), list[int]()
    reactor = QtReactor(clock)

    def again() -> None:
        rung.append(1)
        if len(rung) < 20:
            reactor.call_at(MonotonicNs(clock.monotonic() + 1_000_000), again)
            gc.collect()

    again()
    # Collecting the garbage of a whole test session takes its time.
    pass_time(offscreen_qt, 20.0, lambda: len(rung) >= 20)
    assert len(rung) == 20


def test_a_cancelled_alarm_is_silent_and_others_are_not(offscreen_qt: QGuiApplication) -> None:
    clock, rung = SystemClock(), list[str]()
    reactor = QtReactor(clock)
    soon = MonotonicNs(clock.monotonic() + SOON_NS)
    first = reactor.call_at(soon, lambda: rung.append("first"))
    first.cancel()
    first.cancel()
    second = reactor.call_at(soon, lambda: rung.append("second"))
    first.cancel()
    pass_time(offscreen_qt)
    second.cancel()
    assert rung == ["second"]


def test_a_watch_nobody_holds_goes_on_watching(offscreen_qt: QGuiApplication) -> None:
    reactor, pipe, heard = QtReactor(SystemClock()), Pipe(), list[bytes]()
    reactor.watch(pipe, lambda: heard.append(os.read(pipe.read, 1)))
    gc.collect()
    os.write(pipe.write, b"ab")
    pass_time(offscreen_qt)
    assert heard == [b"a", b"b"]
    os.close(pipe.write)
    os.close(pipe.read)
