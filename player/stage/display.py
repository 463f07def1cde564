"""Whether the display is lit, keeping it so, and switching it off: DPMS and the screen saver of the X server.

On a connection of its own, so that nothing here waits for Qt or the other way round, and with libxcb alone, which Qt's
X11 platform needs anyway: Xlib would end the process when the server goes away, and libXext may not be installed. DPMS
is three requests of the wire protocol.
"""

import ctypes as c
import select
import time
from collections.abc import Callable
from typing import Final

from player.reactor import Cancellable, Reactor
from playlists.proof import Display
from playlists.timing import MonotonicNs

POLL_NS: Final = 5_000_000_000
_PATIENCE_S: Final = 0.02
"""An X server on this machine answers in a tenth of a millisecond; one that does not may not hold up the stage."""
_CAPABLE, _SET_TIMEOUTS, _ENABLE, _DISABLE, _FORCE_LEVEL, _INFO = 1, 3, 4, 5, 6, 7
_SLEEP: Final = 3
"""DPMS's level of a display that is off."""
_WITH_REPLY: Final = 1
_RESERVED: Final = 2
"""libxcb wants two parts of its own before those of a request."""


class _Extension(c.Structure):
    _fields_ = (("name", c.c_char_p), ("global_id", c.c_int))


class _Request(c.Structure):
    _fields_ = (
        ("parts", c.c_size_t),
        ("extension", c.POINTER(_Extension)),
        ("opcode", c.c_uint8),
        ("is_void", c.c_uint8),
    )


class _Part(c.Structure):
    _fields_ = (("base", c.c_char_p), ("length", c.c_size_t))


_DPMS: Final = _Extension(b"DPMS", 0)
"""libxcb gives it its number, so there is one for the whole process."""


class DisplayWatch:
    """One connection to the X server, open for as long as the player runs; tells nothing where there is none."""

    def __init__(self, name: str | None = None) -> None:
        """Connect to the display ``name``, by default that of the environment."""
        self._pending: int | None = None
        self._next: Cancellable | None = None
        self._capable = False
        self._dark = False
        self._lent = False
        self._connection: int | None = None
        try:
            self._xcb, self._free = _library()
        except OSError:
            return
        self._connection = self._xcb.xcb_connect(None if name is None else name.encode(), None)
        self._capable = self._has_dpms()

    def lit(self) -> Display:
        """Whether the display is lit, as far as DPMS knows; waits 20 ms at most."""
        if not self._capable or not self._alive():
            return Display.UNKNOWN
        if self._pending is None:
            self._pending = self._send(_INFO, _WITH_REPLY)
        reply = self._reply(_PATIENCE_S)
        if reply is None:
            return Display.UNKNOWN
        level = int.from_bytes(reply[8:10], "little")
        return Display.OFF if level else Display.ON

    def keep_awake(self) -> None:
        """Switch the screen saver off, and DPMS, which also wakes a display that sleeps.

        Lasts until the X server ends or somebody switches them on again.
        """
        if not self._alive():
            return
        self._xcb.xcb_set_screen_saver(self._connection, 0, 0, 0, 0)
        self._xcb.xcb_force_screen_saver(self._connection, 0)
        if self._capable:
            self._send(_DISABLE, 0)
        self._xcb.xcb_flush(self._connection)

    def on(self) -> None:
        """Light the display and keep it lit, until :meth:`off`."""
        self._dark = False
        self.keep_awake()

    def off(self) -> None:
        """Switch the display off and keep it off, until :meth:`on`: a key or a touch that wakes it is put right.

        Without DPMS the screen saver blanks the picture.
        """
        self._dark = True
        if not self._lent:
            self._darken()

    def lend(self) -> None:
        """Light the display for a while, whatever it is to be: a technician stands before it."""
        self._lent = True
        self.keep_awake()

    def take_back(self) -> None:
        """Let it be as it is to be again."""
        self._lent = False
        if self._dark:
            self._darken()

    def _darken(self) -> None:
        if not self._alive():
            return
        if self._capable:
            # The server's own timeouts would only switch it again; 0 is never.
            self._send(_SET_TIMEOUTS, 0, bytes(6) + bytes(2))
            self._send(_ENABLE, 0)
            self._send(_FORCE_LEVEL, 0, _SLEEP.to_bytes(2, "little") + bytes(2))
        else:
            self._xcb.xcb_set_screen_saver(self._connection, 0, 0, 1, 1)
            self._xcb.xcb_force_screen_saver(self._connection, 1)
        self._xcb.xcb_flush(self._connection)

    def watch(self, reactor: Reactor, tell: Callable[[Display], object]) -> None:
        """Tell whether the display is lit, now and every 5 s, and put one right that woke by itself."""

        def look() -> None:
            lit = self.lit()
            tell(lit)
            if self._dark and not self._lent and lit is not Display.OFF:
                self._darken()
            self._next = reactor.call_at(MonotonicNs(time.monotonic_ns() + POLL_NS), look)

        look()

    def close(self) -> None:
        """Stop watching, and hang up."""
        if self._next is not None:
            self._next.cancel()
        if self._connection is not None:
            self._xcb.xcb_disconnect(self._connection)
            self._connection, self._capable = None, False

    def _alive(self) -> bool:
        return self._connection is not None and not self._xcb.xcb_connection_has_error(self._connection)

    def _has_dpms(self) -> bool:
        """Whether the server knows DPMS and the display obeys it."""
        if not self._alive():
            return False
        known = self._xcb.xcb_get_extension_data(self._connection, c.byref(_DPMS))
        if not known or not c.string_at(known, 9)[8]:
            return False
        self._pending = self._send(_CAPABLE, _WITH_REPLY)
        reply = self._reply(1.0)
        return reply is not None and bool(reply[8])

    def _send(self, opcode: int, flags: int, arguments: bytes = b"") -> int:
        """Send a DPMS request, its arguments padded to whole words; gives its number."""
        parts = (_Part * (_RESERVED + 1))()
        length = 4 + len(arguments)
        body = c.create_string_buffer(bytes(4) + arguments, length)  # libxcb fills in the header
        parts[_RESERVED] = _Part(c.cast(body, c.c_char_p), length)
        request = _Request(1, c.pointer(_DPMS), opcode, 0 if flags else 1)
        first = c.byref(parts, _RESERVED * c.sizeof(_Part))
        number = int(self._xcb.xcb_send_request(self._connection, flags, first, c.byref(request)))
        self._xcb.xcb_flush(self._connection)
        return number

    def _reply(self, patience_s: float) -> bytes | None:
        """The 32 bytes that answer the pending request; None when none came in time, or the server is gone."""
        descriptor = self._xcb.xcb_get_file_descriptor(self._connection)
        readable, _, _ = select.select([descriptor], [], [], patience_s)
        if not readable:
            return None
        pending, self._pending = self._pending, None
        reply = self._xcb.xcb_wait_for_reply(self._connection, pending, None)
        if not reply:
            return None
        data = c.string_at(reply, 32)
        self._free(reply)
        return data


def _library() -> tuple[c.CDLL, Callable[[int], object]]:
    """Libxcb with prototypes, and the C library's ``free``.

    Raises:
        OSError: it is not installed.

    """
    xcb = c.CDLL("libxcb.so.1")
    connection = c.c_void_p
    prototypes: dict[str, tuple[type | None, list[type]]] = {
        "xcb_connect": (connection, [c.c_char_p, c.c_void_p]),
        "xcb_connection_has_error": (c.c_int, [connection]),
        "xcb_disconnect": (None, [connection]),
        "xcb_flush": (c.c_int, [connection]),
        "xcb_get_file_descriptor": (c.c_int, [connection]),
        "xcb_get_extension_data": (c.c_void_p, [connection, c.c_void_p]),
        "xcb_send_request": (c.c_uint, [connection, c.c_int, c.c_void_p, c.c_void_p]),
        "xcb_wait_for_reply": (c.c_void_p, [connection, c.c_uint, c.c_void_p]),
        "xcb_set_screen_saver": (c.c_uint, [connection, c.c_int16, c.c_int16, c.c_uint8, c.c_uint8]),
        "xcb_force_screen_saver": (c.c_uint, [connection, c.c_uint8]),
    }
    for name, (result, arguments) in prototypes.items():
        function = getattr(xcb, name)
        function.restype, function.argtypes = result, arguments
    free = c.CDLL(None).free
    free.restype, free.argtypes = None, [c.c_void_p]
    return xcb, free
