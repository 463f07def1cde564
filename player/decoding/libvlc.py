"""libVLC: the only module that knows it. One :class:`Playback` plays one file into pictures handed to a callback.

python-vlc carries the library and most calls; the video callbacks have prototypes of our own, for python-vlc's cannot
write the chroma. Nothing is asked of the player inside a callback: ``get_time`` there deadlocks against ``stop``.
"""

import ctypes as c
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from player.decoding.pcm import RATE

# Otherwise python-vlc runs ldconfig, or even a compiler, to find what has one name on every Debian.
os.environ.setdefault("PYTHON_VLC_LIB_PATH", "libvlc.so.5")
c.CDLL(os.environ["PYTHON_VLC_LIB_PATH"])  # where it is missing, python-vlc would say more than we can use
import vlc  # noqa: E402 - after its library was named and found

_LOCK: Final = c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.POINTER(c.c_void_p))
_UNLOCK: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.POINTER(c.c_void_p))
_DISPLAY: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)
_UINTS: Final = c.POINTER(c.c_uint)
_SETUP: Final = c.CFUNCTYPE(c.c_uint, c.POINTER(c.c_void_p), c.c_void_p, _UINTS, _UINTS, _UINTS, _UINTS)
_CLEANUP: Final = c.CFUNCTYPE(None, c.c_void_p)
_PLAY: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_uint, c.c_int64)
_PAUSE: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_int64)
_DRAIN: Final = c.CFUNCTYPE(None, c.c_void_p)

for _name in ("libvlc_video_set_callbacks", "libvlc_video_set_format_callbacks", "libvlc_audio_set_callbacks"):
    getattr(vlc.dll, _name).argtypes = None  # python-vlc's prototypes refuse ours

_ALIGN: Final = 64

_memcmp: Final = c.CDLL(None).memcmp
_memcmp.argtypes = [c.c_void_p, c.c_void_p, c.c_size_t]

_ARGUMENTS: Final = (
    "--quiet",
    "--vout=vmem",
    "--no-video-title-show",
    "--no-osd",
    "--no-spu",
    "--no-sub-autodetect-file",
    "--no-stats",
    "--no-audio-time-stretch",
    "--no-lua",
    "--no-metadata-network-access",
    "--no-mkv-preload-local-dir",
    "--no-xlib",
    # A late picture is the stage's to judge; dropped by the decoder it would be missing without a word.
    "--no-drop-late-frames",
    "--no-skip-frames",
    "--avcodec-threads=1",
)


@dataclass(frozen=True, slots=True)
class Source:
    """What to play: an open descriptor, the demuxer forced on it, the upright picture size, and the sound wanted."""

    fd: int
    demux: str
    width: int
    height: int
    audio_track: int | None
    volume: int
    stand_at_end: bool
    start_ns: int = 0
    """Where to begin, in nanoseconds of the file's time: no picture from before it is shown."""
    patches: Mapping[int, int] = field(default_factory=dict)
    """Offsets of bytes that libVLC shall read as others than they are."""


@dataclass(slots=True)
class Planes:
    """One picture in libVLC's own chroma: three planes one after another in ``memory``."""

    memory: Any
    addresses: tuple[int, int, int]
    pitches: tuple[int, int, int]
    size: int
    full_range: bool

    def looks_like(self, other: "Planes") -> bool:
        """Whether every byte is the same."""
        return bool(_memcmp(self.addresses[0], other.addresses[0], self.size) == 0)

    @classmethod
    def of_size(cls, width: int, height: int, *, full_range: bool) -> "Planes":
        """Room for a 4:2:0 picture of ``width`` x ``height`` pixels."""
        pitch = -(-width // _ALIGN) * _ALIGN
        half_pitch, half_height = pitch // 2, -(-height // 2)
        size = pitch * height + 2 * half_pitch * half_height
        memory = c.create_string_buffer(size + _ALIGN)
        base = -(-c.addressof(memory) // _ALIGN) * _ALIGN
        blue = base + pitch * height
        red = blue + half_pitch * half_height
        return cls(memory, (base, blue, red), (pitch, half_pitch, half_pitch), size, full_range)


class Listener(Protocol):
    """Who wants to know of a playback; called in threads of libVLC, and not allowed to call back into it."""

    def on_picture(self, picture: Planes, previous: Planes) -> None:
        """A picture is due now; with it the one shown before it."""

    def on_sound(self, samples: bytes, due_ns: int) -> None:
        """Samples, due at a monotonic time that the next pause will put off."""

    def on_pause(self, at_ns: int) -> None:
        """Everything due after ``at_ns`` is put off."""

    def on_event(self, event: str) -> None:
        """``ended``, ``failed``, or ``paused``, which it is by our word or at the end."""


class LibVlc:
    """One libVLC instance, of which a prisoner needs no more."""

    def __init__(self, *, hardware: bool) -> None:
        hwdec = "any" if hardware else "none"
        self.instance: Any = vlc.Instance([*_ARGUMENTS, f"--avcodec-hw={hwdec}"])

    def play(self, source: Source, listener: Listener) -> "Playback":
        """Start playing ``source`` at once."""
        return Playback(self.instance, source, listener)


class _PatchedFile:
    """A file that libVLC reads through us, some of its bytes as others than they are."""

    def __init__(self, source: Source) -> None:
        self._fd, self._patches = source.fd, source.patches
        self._place = 0
        calls = vlc.CallbackDecorators
        # Kept for as long as libVLC may call them.
        self._callbacks = (
            calls.MediaOpenCb(self._open),
            calls.MediaReadCb(self._read),
            calls.MediaSeekCb(self._seek),
            calls.MediaCloseCb(lambda _opaque: None),
        )

    def media(self, instance: Any) -> Any:
        """The file for a player of ``instance``."""
        return instance.media_new_callbacks(*self._callbacks, None)

    # What follows runs in threads of libVLC, one at a time.

    def _open(self, _opaque: Any, _datum: Any, size: Any) -> int:
        size[0], self._place = os.fstat(self._fd).st_size, 0
        return 0

    def _read(self, _opaque: Any, buffer: Any, room: int) -> int:
        view = memoryview((c.c_ubyte * room).from_address(c.addressof(buffer.contents))).cast("B")
        try:
            count = os.preadv(self._fd, [view], self._place)
        except OSError:
            return -1
        for offset, value in self._patches.items():
            if self._place <= offset < self._place + count:
                view[offset - self._place] = value
        self._place += count
        return count

    def _seek(self, _opaque: Any, place: int) -> int:
        self._place = place
        return 0


class Playback:
    """One file being played."""

    def __init__(self, instance: Any, source: Source, listener: Listener) -> None:
        self._source = source
        self._listener = listener
        self._planes: tuple[Planes, Planes] | None = None
        self._callbacks = (
            _LOCK(self._lock),
            _UNLOCK(lambda _opaque, _picture, _planes: None),
            _DISPLAY(self._display),
            _SETUP(self._set_up),
            _CLEANUP(lambda _opaque: None),
        )
        self._player = instance.media_player_new()
        lock, unlock, display, setup, cleanup = self._callbacks
        vlc.dll.libvlc_video_set_callbacks(self._player, lock, unlock, display, None)
        vlc.dll.libvlc_video_set_format_callbacks(self._player, setup, cleanup)
        if source.audio_track is not None:
            self._take_sound()
        events = self._player.event_manager()
        events.event_attach(vlc.EventType.MediaPlayerEndReached, lambda _event: listener.on_event("ended"))
        events.event_attach(vlc.EventType.MediaPlayerEncounteredError, lambda _event: listener.on_event("failed"))
        events.event_attach(vlc.EventType.MediaPlayerPaused, lambda _event: listener.on_event("paused"))
        self._patched = _PatchedFile(source) if source.patches else None
        media = self._patched.media(instance) if self._patched is not None else instance.media_new_fd(source.fd)
        for option in self._options():
            media.add_option(option)
        self._player.set_media(media)
        media.release()
        self._player.play()

    def _options(self) -> list[str]:
        options = [f":demux={self._source.demux}", ":file-caching=300", ":no-sub-autodetect-file"]
        if self._source.stand_at_end:
            # Left to end by itself, libVLC often closes its output before the last picture's time has come.
            options.append(":play-and-pause")
        if self._source.start_ns:
            options.append(f":start-time={self._source.start_ns / 1e9:.6f}")
        if self._source.audio_track is None:
            return [*options, ":no-audio"]
        return [*options, f":audio-track={self._source.audio_track}"]

    def _take_sound(self) -> None:
        """Have the sound handed over as samples too; libVLC's own outputs start late and end early at every cut."""
        listener = self._listener
        nothing = _PAUSE(lambda _opaque, _at: None)
        self._sound_callbacks = (
            _PLAY(lambda _o, samples, count, due: listener.on_sound(c.string_at(samples, count * 4), due * 1000)),
            _PAUSE(lambda _opaque, at: listener.on_pause(at * 1000)),
            nothing,
            nothing,
            _DRAIN(lambda _opaque: None),
        )
        vlc.dll.libvlc_audio_set_callbacks(self._player, *self._sound_callbacks, None)
        vlc.dll.libvlc_audio_set_format(self._player, b"S16N", RATE, 2)

    def pause(self) -> None:
        """Stand still."""
        self._player.set_pause(1)

    def step(self) -> None:
        """Show the next picture of a file that stands still."""
        self._player.next_frame()

    def resume(self) -> None:
        """Go on."""
        self._player.set_pause(0)

    def close(self) -> None:
        """Stop and give everything back; may block for as long as libVLC needs."""
        self._player.stop()
        self._player.release()

    # What follows runs in threads of libVLC.

    def _set_up(self, _opaque: Any, chroma: int, width: Any, height: Any, pitches: Any, lines: Any) -> int:
        full_range = c.string_at(chroma, 4) == b"J420"
        if not full_range:
            c.memmove(chroma, b"I420", 4)
        size = (self._source.width, self._source.height)
        planes = Planes.of_size(*size, full_range=full_range)
        width[0], height[0] = self._source.width, self._source.height
        half_height = -(-self._source.height // 2)
        for plane, count in enumerate((self._source.height, half_height, half_height)):
            pitches[plane], lines[plane] = planes.pitches[plane], count
        self._planes = (Planes.of_size(*size, full_range=full_range), planes)
        return 1

    def _lock(self, _opaque: Any, addresses: Any) -> int:
        if self._planes is None:
            return 0
        # Two pictures in turn, so that one shown again can be told from a new one without a copy.
        previous, before = self._planes[1], self._planes[0]
        self._planes = (previous, before)
        addresses[0], addresses[1], addresses[2] = before.addresses
        return 1

    def _display(self, _opaque: Any, _picture: Any) -> None:
        if self._planes is not None:
            self._listener.on_picture(self._planes[1], self._planes[0])
