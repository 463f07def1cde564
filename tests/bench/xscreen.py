"""The X screen through libxcb and MIT-SHM, by ctypes: seeing a strip of it, and painting on it. Nothing else."""

import ctypes
from types import TracebackType
from typing import Any, Final, Self

_LIBC: Final = ctypes.CDLL("libc.so.6", use_errno=True)
_LIBC.shmat.restype = ctypes.c_void_p
_LIBC.shmat.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_LIBC.shmget.argtypes = (ctypes.c_int, ctypes.c_size_t, ctypes.c_int)
_LIBC.shmdt.argtypes = (ctypes.c_void_p,)
_LIBC.free.argtypes = (ctypes.c_void_p,)

_IPC_CREAT: Final = 0o1000
_IPC_RMID: Final = 0
_Z_PIXMAP: Final = 2
_BYTES_A_PIXEL: Final = 4


class ScreenError(Exception):
    """The X server cannot be reached or refuses; the text says what."""


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _ScreenRecord(ctypes.Structure):
    """The head of xcb_screen_t."""

    _fields_ = (
        ("root", ctypes.c_uint32),
        ("default_colormap", ctypes.c_uint32),
        ("white_pixel", ctypes.c_uint32),
        ("black_pixel", ctypes.c_uint32),
        ("current_input_masks", ctypes.c_uint32),
        ("width", ctypes.c_uint16),
        ("height", ctypes.c_uint16),
        ("width_millimetres", ctypes.c_uint16),
        ("height_millimetres", ctypes.c_uint16),
        ("min_installed_maps", ctypes.c_uint16),
        ("max_installed_maps", ctypes.c_uint16),
        ("root_visual", ctypes.c_uint32),
        ("backing_stores", ctypes.c_uint8),
        ("save_unders", ctypes.c_uint8),
        ("root_depth", ctypes.c_uint8),
        ("allowed_depths_len", ctypes.c_uint8),
    )


class _ScreenIterator(ctypes.Structure):
    _fields_ = (("data", ctypes.POINTER(_ScreenRecord)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class Rectangle(ctypes.Structure):
    """xcb_rectangle_t, in pixels."""

    _fields_ = (("x", ctypes.c_int16), ("y", ctypes.c_int16), ("width", ctypes.c_uint16), ("height", ctypes.c_uint16))


def _libraries() -> tuple[Any, Any]:
    xcb, shm = ctypes.CDLL("libxcb.so.1"), ctypes.CDLL("libxcb-shm.so.0")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    xcb.xcb_get_setup.restype = ctypes.c_void_p
    xcb.xcb_setup_roots_iterator.restype = _ScreenIterator
    xcb.xcb_setup_roots_iterator.argtypes = (ctypes.c_void_p,)
    xcb.xcb_get_input_focus.restype = xcb.xcb_map_window.restype = _Cookie
    xcb.xcb_get_input_focus_reply.restype = ctypes.c_void_p
    xcb.xcb_get_input_focus_reply.argtypes = (ctypes.c_void_p, _Cookie, ctypes.c_void_p)
    for name in ("xcb_get_setup", "xcb_connection_has_error", "xcb_flush", "xcb_disconnect", "xcb_generate_id"):
        getattr(xcb, name).argtypes = (ctypes.c_void_p,)
    xcb.xcb_get_input_focus.argtypes = (ctypes.c_void_p,)
    shm.xcb_shm_attach.restype = shm.xcb_shm_get_image.restype = _Cookie
    shm.xcb_shm_get_image_reply.restype = ctypes.c_void_p
    shm.xcb_shm_get_image_reply.argtypes = (ctypes.c_void_p, _Cookie, ctypes.c_void_p)
    return xcb, shm


class Screen:
    """A connection to the first screen of an X display; leave it as a context manager.

    Raises ScreenError when there is no such display.
    """

    def __init__(self, display: str) -> None:
        self._xcb, self._shm = _libraries()
        number = ctypes.c_int()
        self._link = ctypes.c_void_p(self._xcb.xcb_connect(display.encode(), ctypes.byref(number)))
        if self._xcb.xcb_connection_has_error(self._link):
            msg = f"no X server at {display}"
            raise ScreenError(msg)
        self._record = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._link)).data.contents
        self.width = int(self._record.width)
        self.height = int(self._record.height)
        self._window = 0
        self._pens: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._xcb.xcb_disconnect(self._link)

    def strip(self, x: int, y: int, width: int, height: int) -> "Strip":
        """A rectangle of the screen to look at again and again."""
        return Strip(self, x, y, width, height)

    def park_pointer(self) -> None:
        """Put the pointer in the bottom right corner, away from the code."""
        self._xcb.xcb_warp_pointer(
            self._link, 0, self._record.root, *map(ctypes.c_int16, (0, 0, 0, 0, self.width - 1, self.height - 1))
        )
        self._round_trip()

    def open_canvas(self) -> int:
        """Map a black window over the whole screen, to paint on; its id. It goes with this connection."""
        self._window = int(self._xcb.xcb_generate_id(self._link))
        override_redirect_and_back = (1 << 1) | (1 << 9)
        values = (ctypes.c_uint32 * 2)(0, 1)
        place = map(ctypes.c_int16, (0, 0, self.width, self.height, 0))
        self._xcb.xcb_create_window(
            self._link, ctypes.c_uint8(0), self._window, self._record.root, *place, ctypes.c_uint16(1),
            self._record.root_visual, override_redirect_and_back, values,
        )  # fmt: skip
        self._xcb.xcb_map_window(self._link, self._window)
        for colour in (0x000000, 0xFFFFFF, 0x808080):
            self._pens[colour] = int(self._xcb.xcb_generate_id(self._link))
            foreground = (ctypes.c_uint32 * 1)(colour)
            self._xcb.xcb_create_gc(self._link, self._pens[colour], self._window, 1 << 2, foreground)
        self._round_trip()
        return self._window

    def paint(self, layers: list[tuple[int, list[Rectangle]]]) -> None:
        """Fill rectangles, colour by colour (0x000000, 0xFFFFFF or 0x808080), and wait until the server did it."""
        for colour, rectangles in layers:
            array = (Rectangle * len(rectangles))(*rectangles)
            self._xcb.xcb_poly_fill_rectangle(self._link, self._window, self._pens[colour], len(rectangles), array)
        self._round_trip()

    def _round_trip(self) -> None:
        reply = self._xcb.xcb_get_input_focus_reply(self._link, self._xcb.xcb_get_input_focus(self._link), None)
        if not reply:
            msg = "the X server went away"
            raise ScreenError(msg)
        _LIBC.free(reply)


class Strip:
    """A rectangle of the root window with everything above it, copied by the server into shared memory."""

    def __init__(self, screen: Screen, x: int, y: int, width: int, height: int) -> None:
        self._screen = screen
        self._size = width * height * _BYTES_A_PIXEL
        key = _LIBC.shmget(0, self._size, _IPC_CREAT | 0o600)
        address = _LIBC.shmat(key, None, 0)
        if key < 0 or address in (None, ctypes.c_void_p(-1).value):
            msg = "no shared memory segment"
            raise ScreenError(msg)
        self._segment = screen._xcb.xcb_generate_id(screen._link)  # noqa: SLF001  # one connection, one module
        screen._shm.xcb_shm_attach(screen._link, self._segment, key, 0)  # noqa: SLF001
        screen._round_trip()  # noqa: SLF001
        _LIBC.shmctl(key, _IPC_RMID, None)
        self.pixels = memoryview((ctypes.c_uint8 * self._size).from_address(address)).cast("B")
        """width * height pixels of blue, green, red, unused: filled by look()."""
        self._request = (
            ctypes.c_uint32(screen._record.root), ctypes.c_int16(x), ctypes.c_int16(y),  # noqa: SLF001
            ctypes.c_uint16(width), ctypes.c_uint16(height), ctypes.c_uint32(0xFFFFFFFF), ctypes.c_uint8(_Z_PIXMAP),
            ctypes.c_uint32(self._segment), ctypes.c_uint32(0),
        )  # fmt: skip
        self._ask = screen._shm.xcb_shm_get_image  # noqa: SLF001
        self._answer = screen._shm.xcb_shm_get_image_reply  # noqa: SLF001
        self._link = screen._link  # noqa: SLF001

    def look(self) -> None:
        """Copy what the screen shows now into `pixels`. Raises ScreenError when the server is gone."""
        reply = self._answer(self._link, self._ask(self._link, *self._request), None)
        if not reply:
            msg = "the X server went away"
            raise ScreenError(msg)
        _LIBC.free(reply)
