"""One playback stream on PulseAudio or PipeWire, through libpulse's simple interface."""

import ctypes as c
from typing import Any, Final

from player.decoding.pcm import FRAME_BYTES, RATE

_PLAYBACK: Final = 1
_S16LE: Final = 3
_BUFFER_MS: Final = 60
_UNSET: Final = 0xFFFFFFFF


class _SampleSpec(c.Structure):
    _fields_ = (("format", c.c_int), ("rate", c.c_uint32), ("channels", c.c_uint8))


class _BufferAttr(c.Structure):
    _fields_ = tuple((name, c.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


def _library() -> Any:
    lib = c.CDLL("libpulse-simple.so.0")
    text, pointer, error = c.c_char_p, c.c_void_p, c.POINTER(c.c_int)
    lib.pa_simple_new.restype = pointer
    lib.pa_simple_new.argtypes = [text, text, c.c_int, text, text, pointer, pointer, pointer, error]
    lib.pa_simple_write.argtypes = [pointer, c.c_char_p, c.c_size_t, error]
    lib.pa_simple_get_latency.restype = c.c_uint64
    lib.pa_simple_get_latency.argtypes = [pointer, error]
    lib.pa_simple_free.argtypes = [pointer]
    return lib


class PulseStream:
    """A stream that stays open from clip to clip.

    Raises:
        OSError: no libpulse, no server on the socket, or it refuses.

    """

    def __init__(self, socket_path: str) -> None:
        self._lib = _library()
        spec = _SampleSpec(_S16LE, RATE, 2)
        portion = RATE * FRAME_BYTES * _BUFFER_MS // 1000
        attr = _BufferAttr(_UNSET, portion, 0, portion // 4, _UNSET)
        error = c.c_int()
        # A server named by its socket is never started anew by the library.
        self._stream = self._lib.pa_simple_new(
            *(f"unix:{socket_path}".encode(), b"signage-player", _PLAYBACK, None, b"signage"),
            *(c.byref(spec), None, c.byref(attr), c.byref(error)),
        )
        if not self._stream:
            msg = f"the sound server refuses ({error.value})"
            raise OSError(msg)

    def write(self, data: bytes) -> None:
        """Hand samples over; waits until there is room.

        Raises:
            OSError: the server or the device is gone.

        """
        error = c.c_int()
        if self._lib.pa_simple_write(self._stream, data, len(data), c.byref(error)) < 0:
            msg = f"the sound server is gone ({error.value})"
            raise OSError(msg)

    def latency_ns(self) -> int:
        """How long it takes until what is written next is heard."""
        error = c.c_int()
        return int(self._lib.pa_simple_get_latency(self._stream, c.byref(error))) * 1000

    def close(self) -> None:
        """Close the stream; what it still holds is not heard."""
        self._lib.pa_simple_free(self._stream)
