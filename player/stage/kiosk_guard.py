"""What makes a window a kiosk's: nothing above it, no cursor, the keyboard's focus, and every key and click swallowed.

No window manager is the normal case; where there is one, the window is none of its business (override-redirect).
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QWindow

from player.stage.focus import FocusWatch

KeyHeard = Callable[[str, frozenset[str], bool], None]
"""A key's name, the modifiers held, and whether it went down."""
TouchHeard = Callable[[float, float, bool], None]
"""Window pixels, and whether a finger or a button went down."""

_NAMES: Final = {
    Qt.Key.Key_Control: "Ctrl",
    Qt.Key.Key_Alt: "Alt",
    Qt.Key.Key_Shift: "Shift",
    Qt.Key.Key_Meta: "Meta",
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "Return",
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Backtab",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_Insert: "Insert",
    **{Qt.Key(Qt.Key.Key_A.value + index): chr(ord("A") + index) for index in range(26)},
    **{Qt.Key(Qt.Key.Key_0.value + index): str(index) for index in range(10)},
    **{Qt.Key(Qt.Key.Key_F1.value + index): f"F{index + 1}" for index in range(12)},
}
_MODIFIERS: Final = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
    (Qt.KeyboardModifier.MetaModifier, "Meta"),
)
_KEYS: Final = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_BUTTONS: Final = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease})
_SWALLOWED: Final = frozenset(
    {
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.ContextMenu,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletRelease,
        QEvent.Type.Drop,
        QEvent.Type.Close,
        QEvent.Type.ShortcutOverride,
    }
)


class KioskGuard(QObject):
    """Guards one window; what it swallows it tells to whoever listens."""

    def __init__(self, window: QWindow, on_key: KeyHeard, on_touch: TouchHeard) -> None:
        super().__init__()
        self._window = window
        self._on_key, self._on_touch = on_key, on_touch
        self._focus = FocusWatch()
        window.setFlags(window.flags() | Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.WindowStaysOnTopHint)
        window.installEventFilter(self)

    def hold(self) -> None:
        """See that the window is above all others and has the focus; to be called now and then.

        Another screen's player may keep the focus: two that take it from one another would never let a key through.
        """
        if not self._window.isVisible():
            return
        self._window.raise_()
        if QGuiApplication.focusWindow() is not self._window and not self._focus.is_with_a_player():
            self.take_focus()

    def take_focus(self) -> None:
        """Have the keyboard, whoever has it."""
        self._focus.take(int(self._window.winId()))

    def close(self) -> None:
        """Guard no more."""
        self._window.removeEventFilter(self)
        self._focus.close()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Swallow what a hand does; everything else goes its way."""
        kind = event.type()
        if kind in _KEYS and isinstance(event, QKeyEvent):
            if not event.isAutoRepeat():
                self._key(event, down=kind is QEvent.Type.KeyPress)
            return True
        if kind in _BUTTONS and isinstance(event, QMouseEvent):
            down = kind is QEvent.Type.MouseButtonPress
            if down:
                self.take_focus()
            at: QPointF = event.position()
            self._on_touch(at.x(), at.y(), down)
            return True
        return kind in _SWALLOWED

    def _key(self, event: QKeyEvent, *, down: bool) -> None:
        name = _NAMES.get(Qt.Key(event.key()), "?")
        held = {word for flag, word in _MODIFIERS if event.modifiers() & flag}
        # Shift and Alt together are Meta on some keyboards, but only as a key: the state still says Alt.
        if name in {"Ctrl", "Alt", "Shift"}:
            held = held | {name} if down else held - {name}
        self._on_key(name, frozenset(held), down)
