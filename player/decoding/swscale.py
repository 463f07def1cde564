"""Colour conversion and scaling by FFmpeg's libswscale, which libVLC itself depends on.

libVLC's own conversion to RGB knows one colour matrix, that of standard definition, and shows every HD clip with a
green tint; and it would double the memory of the decoder's pictures.
"""

import ctypes as c
from typing import Any, Final

from player.decoding.libvlc import Planes

_SONAMES: Final = ("libswscale.so.6", "libswscale.so.7", "libswscale.so.8", "libswscale.so.9", "libswscale.so.5")
_BT709: Final = 1
_BT601: Final = 5
_BICUBIC: Final = 4
_UNITY: Final = 1 << 16
_HD_LINES: Final = 720

_FourPointers = c.c_void_p * 4
_FourInts = c.c_int * 4


def _library() -> Any:
    for name in _SONAMES:
        try:
            return c.CDLL(name)
        except OSError:
            continue
    msg = "libswscale is not installed"
    raise OSError(msg)


_lib = _library()
_lib.sws_getContext.restype = c.c_void_p
_lib.sws_getContext.argtypes = [c.c_int] * 7 + [c.c_void_p] * 3
_lib.sws_getCoefficients.restype = c.c_void_p
_lib.sws_getCoefficients.argtypes = [c.c_int]
_lib.sws_setColorspaceDetails.argtypes = [c.c_void_p, c.c_void_p, c.c_int, c.c_void_p] + [c.c_int] * 4
_lib.sws_scale.argtypes = [c.c_void_p, c.c_void_p, c.c_void_p, c.c_int, c.c_int, c.c_void_p, c.c_void_p]
_lib.sws_freeContext.argtypes = [c.c_void_p]
_lib.av_get_pix_fmt.argtypes = [c.c_char_p]
_lib.av_log_set_level(-8)


class Converter:
    """Turns 4:2:0 pictures of one size into 32-bit RGB of another."""

    def __init__(self, source: tuple[int, int], target: tuple[int, int], *, full_range: bool, bt709: bool) -> None:
        width, height = source
        self._height = height
        self._context = _lib.sws_getContext(
            width,
            height,
            _lib.av_get_pix_fmt(b"yuv420p"),
            *target,
            _lib.av_get_pix_fmt(b"bgr0"),
            _BICUBIC,
            None,
            None,
            None,
        )
        if not self._context:
            msg = f"libswscale cannot turn {source} into {target}"
            raise OSError(msg)
        matrix = _lib.sws_getCoefficients(_BT709 if bt709 else _BT601)
        _lib.sws_setColorspaceDetails(self._context, matrix, full_range, matrix, 1, 0, _UNITY, _UNITY)

    def convert(self, planes: Planes, target: int, stride: int) -> None:
        """Write the picture to the address ``target``, rows of ``stride`` bytes."""
        _lib.sws_scale(
            self._context,
            _FourPointers(*planes.addresses, None),
            _FourInts(*planes.pitches, 0),
            0,
            self._height,
            _FourPointers(target, None, None, None),
            _FourInts(stride, 0, 0, 0),
        )

    def close(self) -> None:
        """Free the context."""
        _lib.sws_freeContext(self._context)
        self._context = None


def is_hd(height: int) -> bool:
    """Whether a picture that says nothing of its colours is meant in BT.709, as players agree on."""
    return height >= _HD_LINES
