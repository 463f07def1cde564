"""Putting decoded pictures on the window without a copy of ours: the X server reads the decoder's ring itself.

MIT-SHM 1.2 takes a memory file by its descriptor. What goes through Qt's backing store instead is copied once there,
which at 720p25 costs as much as all our other work for a frame together. Where the server cannot (an old one, one on
another machine, a window of unusual depth), Qt paints.

What lies over or beside a picture (captions, ticker, clock) is left out of it by the server's clip: nothing is ever
painted over and then painted again, so nothing flickers.
"""

import ctypes as c
import os
import weakref
from collections.abc import Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from player.ring import Ring

Rectangle = tuple[int, int, int, int]
"""x, y, width, height in window pixels."""

_DEPTH: Final = 24
_Z_PIXMAP: Final = 2
_GC_FOREGROUND: Final = 1 << 2
_GC_CLIP_MASK: Final = 1 << 19
_NO_CLIP: Final = 0
_UNSORTED: Final = 0
_WITH_DESCRIPTORS: Final = (1, 2)


class _Version(c.Structure):
    """The server's answer to ShmQueryVersion, as far as it is needed."""

    _fields_ = (
        ("response_type", c.c_uint8),
        ("shared_pixmaps", c.c_uint8),
        ("sequence", c.c_uint16),
        ("length", c.c_uint32),
        ("major", c.c_uint16),
        ("minor", c.c_uint16),
    )


class _Geometry(c.Structure):
    _fields_ = (("response_type", c.c_uint8), ("depth", c.c_uint8))


class _Cookie(c.Structure):
    """xcb's receipts are structures of one number, handed over by value."""

    _fields_ = (("sequence", c.c_uint),)


class _Rectangle(c.Structure):
    _fields_ = (("x", c.c_int16), ("y", c.c_int16), ("width", c.c_uint16), ("height", c.c_uint16))


def _libraries() -> tuple[Any, Any]:
    xcb, shm = c.CDLL("libxcb.so.1"), c.CDLL("libxcb-shm.so.0")
    pointer, u32, u16, i16, u8 = c.c_void_p, c.c_uint32, c.c_uint16, c.c_int16, c.c_uint8
    xcb.xcb_connect.restype = pointer
    prototypes: tuple[tuple[Any, str, Any, list[Any]], ...] = (
        (xcb, "xcb_connection_has_error", c.c_int, [pointer]),
        (xcb, "xcb_disconnect", None, [pointer]),
        (xcb, "xcb_flush", c.c_int, [pointer]),
        (xcb, "xcb_generate_id", u32, [pointer]),
        (xcb, "xcb_create_gc", _Cookie, [pointer, u32, u32, u32, pointer]),
        (xcb, "xcb_change_gc", _Cookie, [pointer, u32, u32, pointer]),
        (xcb, "xcb_set_clip_rectangles", _Cookie, [pointer, u8, u32, i16, i16, u32, pointer]),
        (xcb, "xcb_get_geometry", _Cookie, [pointer, u32]),
        (xcb, "xcb_get_geometry_reply", c.POINTER(_Geometry), [pointer, _Cookie, pointer]),
        (xcb, "xcb_get_input_focus", _Cookie, [pointer]),
        (xcb, "xcb_get_input_focus_reply", pointer, [pointer, _Cookie, pointer]),
        (xcb, "xcb_request_check", pointer, [pointer, _Cookie]),
        (xcb, "xcb_poly_fill_rectangle", _Cookie, [pointer, u32, u32, u32, pointer]),
        (shm, "xcb_shm_query_version", _Cookie, [pointer]),
        (shm, "xcb_shm_query_version_reply", c.POINTER(_Version), [pointer, _Cookie, pointer]),
        (shm, "xcb_shm_attach_fd_checked", _Cookie, [pointer, u32, c.c_int32, u8]),
        (shm, "xcb_shm_detach", _Cookie, [pointer, u32]),
        (shm, "xcb_shm_put_image", _Cookie, [pointer, u32, u32, *[u16] * 6, i16, i16, u8, u8, u8, u32, u32]),
    )
    for library, name, result, arguments in prototypes:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return xcb, shm


_free = c.CDLL(None).free
_free.argtypes = [c.c_void_p]


class DirectPainter:
    """A connection of its own to the X server, for one window.

    What is shown together is sent together: :meth:`settle`, then any number of pictures and parts, then :meth:`send`.
    """

    def __init__(self, window: int) -> None:
        """Connect.

        Raises:
            OSError: this server or window cannot be painted directly.

        """
        self._xcb, self._shm = _libraries()
        self._window = window
        self._segments: WeakKeyDictionary[Ring, int] = WeakKeyDictionary()
        self._closed = False
        self._pending: _Cookie | None = None
        self._clip: tuple[Rectangle, ...] | None = None
        self._connection = self._xcb.xcb_connect(None, None)
        if self._xcb.xcb_connection_has_error(self._connection) or not self._suits():
            self._xcb.xcb_disconnect(self._connection)
            msg = "no MIT-SHM with descriptors"
            raise OSError(msg)
        self._gc, self._bare_gc = self._graphics_context(), self._graphics_context()

    def _graphics_context(self) -> int:
        context: int = self._xcb.xcb_generate_id(self._connection)
        black = (c.c_uint32 * 1)(0)
        self._xcb.xcb_create_gc(self._connection, context, self._window, _GC_FOREGROUND, black)
        return context

    def _suits(self) -> bool:
        asked = self._shm.xcb_shm_query_version(self._connection)
        version = self._shm.xcb_shm_query_version_reply(self._connection, asked, None)
        asked = self._xcb.xcb_get_geometry(self._connection, self._window)
        geometry = self._xcb.xcb_get_geometry_reply(self._connection, asked, None)
        able = bool(version) and (version.contents.major, version.contents.minor) >= _WITH_DESCRIPTORS
        deep = bool(geometry) and geometry.contents.depth == _DEPTH
        _free(version)
        _free(geometry)
        return able and deep

    def picture(
        self,
        ring: Ring,
        slot: int,
        at: tuple[int, int],
        bars: Sequence[Rectangle],
        clip: tuple[Rectangle, ...] | None = None,
    ) -> bool:
        """Show a slot of a ring with its corner at ``at``, and black ``bars`` beside it; False when it cannot be.

        Nothing outside ``clip``, rectangles that do not overlap, is touched; None stands for the whole window.
        """
        segment = self._segment(ring)
        if segment is None:
            return False
        self._clip_to(clip)
        if bars:
            rectangles = (_Rectangle * len(bars))(*(_Rectangle(*bar) for bar in bars))
            self._xcb.xcb_poly_fill_rectangle(self._connection, self._window, self._gc, len(bars), rectangles)
        self._shm.xcb_shm_put_image(
            *(self._connection, self._window, self._gc),
            *(ring.stride // 4, ring.height, 0, 0, ring.width, ring.height, *at),
            *(_DEPTH, _Z_PIXMAP, 0, segment, ring.offset(slot)),
        )
        return True

    def part(self, board: Ring, source: Rectangle, at: tuple[int, int]) -> bool:
        """Show a part of the only picture of a ring that is kept for good, with its corner at ``at``."""
        segment = self._segment(board)
        if segment is None:
            return False
        self._shm.xcb_shm_put_image(
            *(self._connection, self._window, self._bare_gc),
            *(board.stride // 4, board.height, *source, *at),
            *(_DEPTH, _Z_PIXMAP, 0, segment, board.offset(0)),
        )
        return True

    def send(self, *, watched: bool = True) -> bool:
        """Hand over what was shown; False when the server is gone.

        ``watched`` where memory it lies in is about to be painted again: the next :meth:`settle` waits for it.
        """
        if watched:
            self.settle()
            self._pending = self._xcb.xcb_get_input_focus(self._connection)
        self._xcb.xcb_flush(self._connection)
        return not self._xcb.xcb_connection_has_error(self._connection)

    def settle(self) -> None:
        """See that the server is done with what was sent before, whose memory is about to be given back."""
        if self._pending is not None:
            _free(self._xcb.xcb_get_input_focus_reply(self._connection, self._pending, None))
            self._pending = None

    def _clip_to(self, clip: tuple[Rectangle, ...] | None) -> None:
        if clip == self._clip:
            return
        self._clip = clip
        if clip is None:
            nothing = (c.c_uint32 * 1)(_NO_CLIP)
            self._xcb.xcb_change_gc(self._connection, self._gc, _GC_CLIP_MASK, nothing)
            return
        rectangles = (_Rectangle * len(clip))(*(_Rectangle(*rectangle) for rectangle in clip))
        self._xcb.xcb_set_clip_rectangles(self._connection, _UNSORTED, self._gc, 0, 0, len(clip), rectangles)

    def _segment(self, ring: Ring) -> int | None:
        known = self._segments.get(ring)
        if known is not None:
            return known
        segment = self._attached(ring)
        if segment is not None:
            self._segments[ring] = segment
            weakref.finalize(ring, self._detach, segment)
        return segment

    def _attached(self, ring: Ring) -> int | None:
        segment: int = self._xcb.xcb_generate_id(self._connection)
        # xcb closes the descriptor it is given.
        asked = self._shm.xcb_shm_attach_fd_checked(self._connection, segment, os.dup(ring.fd), 1)
        refused = self._xcb.xcb_request_check(self._connection, asked)
        if refused:
            _free(refused)
            return None
        return segment

    def _detach(self, segment: int) -> None:
        """The server lets go of a ring that nobody paints into any more."""
        if not self._closed:
            self._shm.xcb_shm_detach(self._connection, segment)

    def close(self) -> None:
        """Disconnect."""
        self._closed = True
        self._xcb.xcb_disconnect(self._connection)
