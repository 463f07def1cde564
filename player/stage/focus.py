"""Who has the keyboard's focus on the X server, and taking it back.

Qt asks for the focus with the time of the last event it saw; the server passes over whoever is earlier than the one who
took it. We ask with the server's own time.
"""

import contextlib
import ctypes as c
from collections.abc import Mapping
from typing import Final

from player.stage.xcb import Connection, Cookie, Prototype, free, library

_CLASS: Final = 67
_STRING: Final = 31
"""WM_CLASS and STRING, which every X server has by these numbers."""
OUR_CLASS: Final = b"signage-player"
_TO_PARENT: Final = 2
_NOW: Final = 0


class _Focus(c.Structure):
    _fields_ = (("head", c.c_uint8 * 8), ("window", c.c_uint32))


_POINTER, _U32 = c.c_void_p, c.c_uint32
_PROTOTYPES: Final[Mapping[str, Prototype]] = {
    "xcb_get_input_focus": (Cookie, [_POINTER]),
    "xcb_get_input_focus_reply": (c.POINTER(_Focus), [_POINTER, Cookie, _POINTER]),
    "xcb_set_input_focus": (Cookie, [_POINTER, c.c_uint8, _U32, _U32]),
    "xcb_flush": (c.c_int, [_POINTER]),
    "xcb_get_property": (Cookie, [_POINTER, c.c_uint8, _U32, _U32, _U32, _U32, _U32]),
    "xcb_get_property_reply": (_POINTER, [_POINTER, Cookie, _POINTER]),
    "xcb_get_property_value": (_POINTER, [_POINTER]),
    "xcb_get_property_value_length": (c.c_int, [_POINTER]),
}


class FocusWatch:
    """A connection that asks; opened at the first question."""

    def __init__(self) -> None:
        self._xcb = library("libxcb.so.1", _PROTOTYPES)
        self._connection: Connection | None = None

    def take(self, window: int) -> None:
        """Give the focus to a window that is mapped."""
        with contextlib.suppress(OSError):
            handle = self._handle()
            self._xcb.xcb_set_input_focus(handle, _TO_PARENT, window, _NOW)
            self._xcb.xcb_flush(handle)

    def is_with_a_player(self) -> bool:
        """Whether the window with the focus is a player's, ours or another screen's; two quick round trips."""
        try:
            handle = self._handle()
        except OSError:
            return False
        focus = self._xcb.xcb_get_input_focus_reply(handle, self._xcb.xcb_get_input_focus(handle), None)
        if not focus:
            return False
        window = focus.contents.window
        free(focus)
        asked = self._xcb.xcb_get_property(handle, 0, window, _CLASS, _STRING, 0, 64)
        reply = self._xcb.xcb_get_property_reply(handle, asked, None)
        if not reply:
            return False
        length = self._xcb.xcb_get_property_value_length(reply)
        value = c.string_at(self._xcb.xcb_get_property_value(reply), length)
        free(reply)
        return OUR_CLASS in value.split(b"\0")

    def _handle(self) -> int:
        """The connection's handle; a new one where the server has been started anew."""
        if self._connection is not None and self._connection.broken:
            self.close()
        self._connection = self._connection or Connection()
        return self._connection.handle

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
