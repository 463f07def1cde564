"""The reactor on Qt's event loop."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer

from player.clock import Clock
from player.reactor import Cancellable, Pollable
from playlists.timing import MonotonicNs


class _Watch:
    def __init__(self, notifier: QSocketNotifier) -> None:
        self._notifier: QSocketNotifier | None = notifier

    def cancel(self) -> None:
        """Stop watching."""
        notifier, self._notifier = self._notifier, None
        if notifier is not None:
            notifier.setEnabled(False)
            notifier.deleteLater()


class _Alarm:
    def __init__(self, timer: QTimer) -> None:
        self._timer: QTimer | None = timer

    def cancel(self) -> None:
        """Stop the timer."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()
            timer.deleteLater()


class QtReactor:
    """Calls back on Qt's main thread, by precise timers: a coarse one is five per cent off."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._owner = QObject()

    def watch(self, source: Pollable, callback: Callable[[], None]) -> Cancellable:
        """Call whenever ``source`` can be read."""
        notifier = QSocketNotifier(source.fileno(), QSocketNotifier.Type.Read, self._owner)
        notifier.activated.connect(lambda _socket: callback())
        return _Watch(notifier)

    def call_at(self, moment: MonotonicNs, callback: Callable[[], None]) -> Cancellable:
        """Call once, at ``moment`` or up to a millisecond later."""
        timer = QTimer(self._owner)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setSingleShot(True)
        alarm = _Alarm(timer)

        def ring() -> None:
            alarm.cancel()
            callback()

        timer.timeout.connect(ring)
        timer.start(max(0, -((self._clock.monotonic() - moment) // 1_000_000)))
        return alarm
