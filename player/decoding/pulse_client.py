"""What the sound server says of itself: who it is, and which sink new sound goes to.

Through libpulse, which libVLC's own output needs, so it is there wherever there can be sound. Runs in the player's own
process, for it reads nothing but the sound server's answers.
"""

import ctypes as c
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_NO_AUTOSPAWN: Final = 1
_READY, _FAILED, _TERMINATED = 4, 5, 6
_NORMAL_VOLUME: Final = 0x10000
_MAX_CHANNELS: Final = 32
_STEP_US: Final = 100_000


class _SampleSpec(c.Structure):
    _fields_ = (("format", c.c_int), ("rate", c.c_uint32), ("channels", c.c_uint8))


class _PerChannel(c.Structure):
    """A channel map or a volume: both are a count and 32 numbers."""

    _fields_ = (("channels", c.c_uint8), ("values", c.c_uint32 * _MAX_CHANNELS))


class _ServerInfo(c.Structure):
    """The part of ``pa_server_info`` that is looked at."""

    _fields_ = (
        *((name, c.c_char_p) for name in ("user", "host", "version", "name")),
        ("sample_spec", _SampleSpec),
        ("default_sink", c.c_char_p),
    )


class _SinkInfo(c.Structure):
    """The part of ``pa_sink_info`` that is looked at."""

    _fields_ = (
        ("name", c.c_char_p),
        ("index", c.c_uint32),
        ("description", c.c_char_p),
        ("sample_spec", _SampleSpec),
        ("channel_map", _PerChannel),
        ("owner", c.c_uint32),
        ("volume", _PerChannel),
        ("muted", c.c_int),
    )


_ON_SERVER: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_void_p)
_ON_SINK: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_int, c.c_void_p)


@dataclass(frozen=True, slots=True)
class Sink:
    """Where new sound goes."""

    name: str
    description: str
    muted: bool
    percent: int
    """Its volume, the loudest channel's."""


@dataclass(frozen=True, slots=True)
class SoundServer:
    """A sound server that answered."""

    name: str
    sink: Sink | None


def ask_server(socket_path: str, patience_s: float = 3.0) -> SoundServer | None:
    """What the server on ``socket_path`` says within so many seconds; None when it says nothing.

    Raises:
        OSError: libpulse is not installed.

    """
    question = _Question(socket_path, patience_s)
    try:
        return question.answer()
    finally:
        question.close()


def _library() -> c.CDLL:
    lib = c.CDLL("libpulse.so.0")
    pointer = c.c_void_p
    prototypes: dict[str, tuple[type | None, list[type]]] = {
        "pa_mainloop_new": (pointer, []),
        "pa_mainloop_get_api": (pointer, [pointer]),
        "pa_mainloop_prepare": (c.c_int, [pointer, c.c_int]),
        "pa_mainloop_poll": (c.c_int, [pointer]),
        "pa_mainloop_dispatch": (c.c_int, [pointer]),
        "pa_mainloop_free": (None, [pointer]),
        "pa_context_new": (pointer, [pointer, c.c_char_p]),
        "pa_context_connect": (c.c_int, [pointer, c.c_char_p, c.c_int, pointer]),
        "pa_context_get_state": (c.c_int, [pointer]),
        "pa_context_get_server_info": (pointer, [pointer, _ON_SERVER, pointer]),
        "pa_context_get_sink_info_by_name": (pointer, [pointer, c.c_char_p, _ON_SINK, pointer]),
        "pa_context_disconnect": (None, [pointer]),
        "pa_context_unref": (None, [pointer]),
        "pa_operation_unref": (None, [pointer]),
    }
    for name, (result, arguments) in prototypes.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


class _Question:
    """One connection: who are you, and what is your default sink."""

    def __init__(self, socket_path: str, patience_s: float) -> None:
        self._lib = _library()
        self._until = time.monotonic() + patience_s
        self._server: tuple[str, bytes] | None = None
        self._sink: Sink | None = None
        self._heard_of_sink = False
        # Kept for as long as libpulse may call them.
        self._callbacks = (_ON_SERVER(self._on_server), _ON_SINK(self._on_sink))
        self._loop = self._lib.pa_mainloop_new()
        self._context = self._lib.pa_context_new(self._lib.pa_mainloop_get_api(self._loop), b"signage-player")
        self._lib.pa_context_connect(self._context, f"unix:{socket_path}".encode(), _NO_AUTOSPAWN, None)

    def answer(self) -> SoundServer | None:
        """Ask both questions."""
        if not self._turn(lambda: self._state() == _READY):
            return None
        on_server, on_sink = self._callbacks
        self._unref(self._lib.pa_context_get_server_info(self._context, on_server, None))
        if not self._turn(lambda: self._server is not None) or self._server is None:
            return None
        name, sink = self._server
        if sink:
            self._unref(self._lib.pa_context_get_sink_info_by_name(self._context, sink, on_sink, None))
            self._turn(lambda: self._heard_of_sink)
        return SoundServer(name, self._sink)

    def close(self) -> None:
        """Hang up."""
        self._lib.pa_context_disconnect(self._context)
        self._lib.pa_context_unref(self._context)
        self._lib.pa_mainloop_free(self._loop)

    def _state(self) -> int:
        return int(self._lib.pa_context_get_state(self._context))

    def _unref(self, operation: int | None) -> None:
        if operation:
            self._lib.pa_operation_unref(operation)

    def _turn(self, done: Callable[[], bool]) -> bool:
        """Let libpulse work until ``done()``; whether it came to that."""
        while not done():
            if time.monotonic() > self._until or self._state() in (_FAILED, _TERMINATED):
                return False
            if self._lib.pa_mainloop_prepare(self._loop, _STEP_US) < 0 or self._lib.pa_mainloop_poll(self._loop) < 0:
                return False
            self._lib.pa_mainloop_dispatch(self._loop)
        return True

    def _on_server(self, _context: int, address: int | None, _data: int) -> None:
        if address:
            info = _ServerInfo.from_address(address)
            self._server = (_text(info.name), info.default_sink or b"")

    def _on_sink(self, _context: int, address: int | None, end: int, _data: int) -> None:
        if address and not end:
            info = _SinkInfo.from_address(address)
            loudest = max(info.volume.values[: min(info.volume.channels, _MAX_CHANNELS)], default=0)
            percent = round(100 * loudest / _NORMAL_VOLUME)
            self._sink = Sink(_text(info.name), _text(info.description), bool(info.muted), percent)
        self._heard_of_sink = True


def _text(data: bytes | None) -> str:
    return (data or b"").decode(errors="replace")
