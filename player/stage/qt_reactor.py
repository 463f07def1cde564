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


class _Bell:
    """A timer that is used again and again: making and connecting one costs more than a frame's other bookkeeping."""

    def __init__(self, owner: QObject, idle: "list[_Bell]") -> None:
        self._idle = idle
        self._callback: Callable[[], None] | None = None
        self._timer = QTimer(owner)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ring)

    def set(self, milliseconds: int, callback: Callable[[], None]) -> None:
        """Ring once, after so long."""
        self._callback = callback
        self._timer.start(milliseconds)

    def release(self) -> None:
        """Be quiet, and ready for the next."""
        self._timer.stop()
        self._callback = None
        self._idle.append(self)

    def _ring(self) -> None:
        callback = self._callback
        if callback is not None:
            callback()


class _Alarm:
    """One ringing of a bell."""

    def __init__(self, bell: _Bell) -> None:
        self._bell: _Bell | None = bell

    def cancel(self) -> None:
        """Do not ring; harmless when it has rung."""
        bell, self._bell = self._bell, None
        if bell is not None:
            bell.release()


class QtReactor:
    """Calls back on Qt's main thread, by precise timers: a coarse one is five per cent off."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._owner = QObject()
        self._idle: list[_Bell] = []
        # Qt's connection to a Python method keeps nothing alive: a bell nobody else holds would be collected unrung.
        self._bells: list[_Bell] = []

    def watch(self, source: Pollable, callback: Callable[[], None]) -> Cancellable:
        """Call whenever ``source`` can be read."""
        notifier = QSocketNotifier(source.fileno(), QSocketNotifier.Type.Read, self._owner)
        notifier.activated.connect(lambda _socket: callback())
        return _Watch(notifier)

    def call_at(self, moment: MonotonicNs, callback: Callable[[], None]) -> Cancellable:
        """Call once, at ``moment`` or up to a millisecond later."""
        bell = self._idle.pop() if self._idle else self._new_bell()
        alarm = _Alarm(bell)

        def ring() -> None:
            alarm.cancel()
            callback()

        bell.set(max(0, -((self._clock.monotonic() - moment) // 1_000_000)), ring)
        return alarm

    def _new_bell(self) -> _Bell:
        bell = _Bell(self._owner, self._idle)
        self._bells.append(bell)
        return bell
