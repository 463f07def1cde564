"""libVLC: the only module that knows it. One :class:`Playback` plays one file into pictures handed to a callback.

python-vlc carries the library and most calls; the video callbacks have prototypes of our own, for python-vlc's cannot
write the chroma. Nothing is asked of the player inside a callback: ``get_time`` there deadlocks against ``stop``.
"""

import ctypes as c
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

# Otherwise python-vlc runs ldconfig, or even a compiler, to find what has one name on every Debian.
os.environ.setdefault("PYTHON_VLC_LIB_PATH", "libvlc.so.5")
import vlc

_LOCK: Final = c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.POINTER(c.c_void_p))
_UNLOCK: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.POINTER(c.c_void_p))
_DISPLAY: Final = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)
_UINTS: Final = c.POINTER(c.c_uint)
_SETUP: Final = c.CFUNCTYPE(c.c_uint, c.POINTER(c.c_void_p), c.c_void_p, _UINTS, _UINTS, _UINTS, _UINTS)
_CLEANUP: Final = c.CFUNCTYPE(None, c.c_void_p)

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
    "--no-inhibit",
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
    aout: str
    volume: int
    audio_delay_us: int


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


OnPicture = Callable[[Planes, Planes], None]
"""Takes a picture and the one shown before it."""


class LibVlc:
    """One libVLC instance, of which a prisoner needs no more."""

    def __init__(self, *, hardware: bool) -> None:
        hwdec = "any" if hardware else "none"
        self.instance: Any = vlc.Instance([*_ARGUMENTS, f"--avcodec-hw={hwdec}"])

    def play(self, source: Source, on_picture: OnPicture, on_event: Callable[[str], None]) -> "Playback":
        """Start playing ``source`` at once.

        ``on_picture`` is called in a thread of libVLC when a picture is due, with it and the one before; ``on_event``
        likewise with ``ended`` or ``failed``. Neither may call back into libVLC.
        """
        return Playback(self.instance, source, on_picture, on_event)


class Playback:
    """One file being played."""

    def __init__(self, instance: Any, source: Source, on_picture: OnPicture, on_event: Callable[[str], None]) -> None:
        self._source = source
        self._on_picture = on_picture
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
        self._player.audio_output_set(source.aout)
        events = self._player.event_manager()
        events.event_attach(vlc.EventType.MediaPlayerEndReached, lambda _event: on_event("ended"))
        events.event_attach(vlc.EventType.MediaPlayerEncounteredError, lambda _event: on_event("failed"))
        media = instance.media_new_fd(source.fd)
        for option in self._options():
            media.add_option(option)
        self._player.set_media(media)
        media.release()
        self._player.play()

    def _options(self) -> list[str]:
        options = [f":demux={self._source.demux}", ":file-caching=300", ":no-sub-autodetect-file"]
        if self._source.audio_track is None:
            return [*options, ":no-audio"]
        return [*options, f":audio-track={self._source.audio_track}", f":audio-desync={self._delay_ms()}"]

    def _delay_ms(self) -> int:
        return round(self._source.audio_delay_us / 1000)

    def settle_sound(self) -> None:
        """Set volume and audio track; to be called once a first picture has shown that the file is open."""
        if self._source.audio_track is None:
            return
        self._player.audio_set_volume(self._source.volume)
        if self._source.audio_track:
            # ":audio-track" is ignored by MP4 files whose other tracks are not marked as default.
            tracks = [number for number, _name in self._player.audio_get_track_description() if number >= 0]
            wanted = self._source.audio_track
            if wanted < len(tracks) and self._player.audio_get_track() != tracks[wanted]:
                self._player.audio_set_track(tracks[wanted])

    def pause(self) -> None:
        """Stand still."""
        self._player.set_pause(1)

    def resume(self) -> None:
        """Go on."""
        self._player.set_pause(0)

    def set_volume(self, volume: int) -> None:
        """Set the volume, 0 to 100."""
        self._player.audio_set_volume(volume)

    def fade_out(self, milliseconds: int) -> None:
        """Bring the sound down in steps too small to click; blocks as long."""
        steps = 8
        for step in range(steps - 1, -1, -1):
            self._player.audio_set_volume(self._source.volume * step // steps)
            time.sleep(milliseconds / steps / 1000)

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
            self._on_picture(self._planes[1], self._planes[0])
