"""libxcb for those that ask the X server on a thread of their own, and may wait for its answer."""

import ctypes as c
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

Prototype = tuple[type | None, Sequence[type]]
"""What a function gives, and what it takes."""


class Cookie(c.Structure):
    """xcb's receipts are structures of one number, handed over by value."""

    _fields_ = (("sequence", c.c_uint),)


class _Screens(c.Structure):
    _fields_ = (("data", c.c_void_p), ("rem", c.c_int), ("index", c.c_int))


_PROTOTYPES: Final[Mapping[str, Prototype]] = {
    "xcb_connect": (c.c_void_p, [c.c_char_p, c.POINTER(c.c_int)]),
    "xcb_connection_has_error": (c.c_int, [c.c_void_p]),
    "xcb_disconnect": (None, [c.c_void_p]),
    "xcb_get_setup": (c.c_void_p, [c.c_void_p]),
    "xcb_setup_roots_iterator": (_Screens, [c.c_void_p]),
    "xcb_screen_next": (None, [c.POINTER(_Screens)]),
}
_free = c.CDLL(None).free
_free.restype, _free.argtypes = None, [c.c_void_p]


def library(name: str, prototypes: Mapping[str, Prototype]) -> c.CDLL:
    """A library with the prototypes of what is used of it.

    Raises:
        OSError: it is not installed.

    """
    loaded = c.CDLL(name)
    for function, (result, arguments) in prototypes.items():
        entry = getattr(loaded, function)
        entry.restype, entry.argtypes = result, list(arguments)
    return loaded


def free(reply: object) -> None:
    """Give a reply's memory back."""
    _free(reply)


class Connection:
    """A connection for a few questions: opened, used and closed by one thread."""

    def __init__(self) -> None:
        """Connect to the display of the environment.

        Raises:
            OSError: there is none.

        """
        self._xcb = library("libxcb.so.1", _PROTOTYPES)
        number = c.c_int(0)
        self.handle: int = self._xcb.xcb_connect(None, c.byref(number))
        if self._xcb.xcb_connection_has_error(self.handle):
            self._xcb.xcb_disconnect(self.handle)
            msg = "no X server answers"
            raise OSError(msg)
        screens = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self.handle))
        for _ in range(number.value):
            self._xcb.xcb_screen_next(c.byref(screens))
        self.root = c.cast(screens.data, c.POINTER(c.c_uint32))[0]

    @property
    def broken(self) -> bool:
        """Whether the server has hung up."""
        return bool(self._xcb.xcb_connection_has_error(self.handle))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._xcb.xcb_disconnect(self.handle)
