"""A decoder: the prisoner that runs libVLC, one file at a time.

A file is *opened* up to its first picture and stands there, is *resumed* at a moment given in advance, and *finished*.
Every picture after that goes into the ring with the time libVLC held it due; which frame it is the stage tells by its
own index of the file.
"""

import contextlib
import os
import select
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, integer, text
from player.decoding.libvlc import LibVlc, Planes, Playback, Source
from player.decoding.pace import RESUME_NS
from player.decoding.pcm import PcmRing
from player.decoding.sound_track import SoundTrack
from player.decoding.swscale import Converter, is_hd
from player.decoding.track_flags import bytes_to_enable
from player.ring import Ring
from playlists.containers import Container

NAME: Final = "signage-decode"
SLOTS: Final = 12
"""Room for 60 frames a second; the lowest free slot is painted first, so what is not needed costs no memory."""
_REPEAT_NS: Final = 45_000_000
"""libVLC shows a picture again 57 ms after it when the next is not due by then; nearer pictures are new ones."""
REHEARSED: Final = 3
"""Pictures a rehearsal waits for: the first comes at once, the third at its time."""
_LONGEST_HOLD_NS: Final = 3_000_000_000
_WARM_UP: Final = Path(__file__).with_name("warm_up.mp4")
_WARM_UP_S: Final = 0.5
_STEP_S: Final = 0.02
_SETTLE_S: Final = 0.18
"""After a pause at frame 0 exactly one more picture slips past; if none has by now, none will."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an opened file needs of its process: libVLC, the stage, and a pipe that wakes the control thread."""

    engine: LibVlc
    channel: Channel
    wake: int


@dataclass(frozen=True, slots=True)
class Approach:
    """How a file is opened: for a rehearsal or in earnest, and what an earlier rehearsal taught."""

    offset_ns: int | None
    rehearsal: bool


class Opened:
    """One opened file: its playback, its ring, and what libVLC's video thread knows of it."""

    def __init__(self, order: Message, file: int, surroundings: Surroundings, approach: Approach) -> None:
        self._channel = surroundings.channel
        self._wake = surroundings.wake
        self._target = (integer(order, "out_width"), integer(order, "out_height"))
        self._size = (integer(order, "width"), integer(order, "height"))
        slots = order.get("slots")
        self.ring = Ring.create(*self._target, slots if isinstance(slots, int) and 0 < slots < SLOTS else SLOTS)
        self._converter: Converter | None = None
        self._last_at = 0
        self._guarded = 0
        self.distinct = 0
        self.resumed = False
        self.ended = False
        self.times: list[int] = []
        """When the first pictures came."""
        self._offset = approach.offset_ns
        self._rehearsal = rehearsal = approach.rehearsal
        self.sound: SoundTrack | None = None
        track = order.get("audio_track")
        if track is not None and not rehearsal:
            self.sound = SoundTrack(PcmRing.create(), integer(order, "volume"), self.hold_ns, self._tell_sound)
        os.lseek(file, 0, os.SEEK_SET)  # libVLC reads on from where the last opening left it
        heard = track if isinstance(track, int) and not rehearsal else None
        self.playback: Playback = surroundings.engine.play(
            Source(
                fd=file,
                demux=text(order, "demux"),
                width=self._size[0],
                height=self._size[1],
                audio_track=heard,
                volume=integer(order, "volume"),
                stand_at_end=integer(order, "frames") >= REHEARSED,
                start_ns=integer(order, "start"),
                patches=_patches(file, heard) if text(order, "demux") == Container.MP4 else {},
            ),
            self,
        )

    def hold_ns(self, paused_at: int) -> int:
        """How long after a resume libVLC would show frame 0, when it was paused at ``paused_at``."""
        if self._offset is None or not self.times:
            return RESUME_NS
        return max(0, self._offset - (paused_at - self.times[0]))

    def resume_at(self, moment_ns: int) -> None:
        """Let it run from the given monotonic moment on."""
        while (left := moment_ns - time.monotonic_ns()) > 0:
            time.sleep(left / 1e9)
        self._guarded = 3
        self.resumed = True
        if self.sound is not None:
            self.sound.resumed(time.monotonic_ns())
        self.playback.resume()

    def hold(self) -> int:
        """Stand still from now on; gives the monotonic moment."""
        self.resumed = False
        at = time.monotonic_ns()
        self.playback.pause()
        return at

    def close(self) -> None:
        """Stop, and free what it held."""
        self.playback.close()
        if self._converter is not None:
            self._converter.close()

    # What follows runs in threads of libVLC: no call into it, no exception out of it.

    def on_event(self, event: str) -> None:
        """Wake the control thread."""
        os.write(self._wake, {"ended": b"e", "paused": b"n"}.get(event, b"f"))

    def on_sound(self, samples: bytes, due_ns: int) -> None:
        """Into the ring with them."""
        if self.sound is not None:
            self.sound.take(samples, due_ns)

    def on_pause(self, at_ns: int) -> None:
        """What was due after that comes later."""
        if self.sound is not None:
            self.sound.paused(at_ns)

    def _tell_sound(self, after_ns: int) -> None:
        with contextlib.suppress(ChannelClosedError):
            self._channel.send({"is": "sound", "after": after_ns})

    def on_picture(self, picture: Planes, previous: Planes) -> None:
        """Take a picture in, unless it is only shown again."""
        at = time.monotonic_ns()
        with contextlib.suppress(ChannelClosedError):
            self._take_in(picture, previous, at)

    def _take_in(self, picture: Planes, previous: Planes, at: int) -> None:
        if not self._is_new(picture, previous, at):
            if self.resumed:
                self._channel.send({"is": "same", "at": at})
            return
        self.distinct += 1
        if len(self.times) < REHEARSED:
            self.times.append(at)
        if self._rehearsal:
            if self.distinct == REHEARSED:
                os.write(self._wake, b"r")
            return
        if self._converter is None:
            self._converter = Converter(
                self._size, self._target, full_range=picture.full_range, bt709=is_hd(self._size[1])
            )
        slot = self.ring.take()
        if slot is None:
            self._channel.send({"is": "dropped", "at": at})
            return
        self._converter.convert(picture, self.ring.address(slot), self.ring.stride)
        self._channel.send({"is": "frame", "slot": slot, "at": at})
        if not self.resumed:
            os.write(self._wake, b"p")

    def _is_new(self, picture: Planes, previous: Planes, at: int) -> bool:
        """Tell a new picture from one shown again, by the whole picture, where libVLC may do that."""
        suspicious = not self.resumed or self._guarded > 0 or at - self._last_at > _REPEAT_NS
        self._guarded -= self.resumed and self._guarded > 0
        self._last_at = at
        if self.distinct == 0 or not suspicious:
            return True
        return not picture.looks_like(previous)


class _WarmUp:
    """Waits for a first picture and wants nothing else."""

    def __init__(self) -> None:
        self.done = threading.Event()

    def on_picture(self, _picture: Planes, _previous: Planes) -> None:
        """It came."""
        self.done.set()

    def on_sound(self, _samples: bytes, _due_ns: int) -> None:
        """Silence."""

    def on_pause(self, _at_ns: int) -> None:
        """Never."""

    def on_event(self, _event: str) -> None:
        """It is over."""
        self.done.set()


def _patches(file: int, sound: int | None) -> dict[int, int]:
    """What of an MP4 libVLC has to read differently to play the wanted tracks."""
    return bytes_to_enable(lambda offset, count: os.pread(file, count, offset), os.fstat(file).st_size, sound)


class Decoder:
    """The prisoner's loop: orders from the stage, events from libVLC."""

    def __init__(self, channel: Channel, *, hardware: bool) -> None:
        self._channel = channel
        self._wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._surroundings = Surroundings(LibVlc(hardware=hardware), channel, wake_write)
        self._opened: Opened | None = None
        self._settle_by: float | None = None
        self._ready = False
        self._repeats = 0
        self._hold = RESUME_NS
        self._offset: int | None = None
        """How long after its first picture libVLC's own count of the clip begins, where that is not at once."""
        self._rehearsing = False
        self._order: Message = {}
        self._file: int | None = None
        """The file being played, and all this process may read of other people's files."""

    def warm_up(self) -> None:
        """Play a twentieth of a second of nothing, so that the first clip does not wait for plug-ins to be loaded."""
        listener = _WarmUp()
        with _WARM_UP.open("rb") as file:
            source = Source(
                file.fileno(), Container.MP4.vlc_demux, 64, 64, audio_track=0, volume=100, stand_at_end=False
            )
            playback = self._surroundings.engine.play(source, listener)
            listener.done.wait(_WARM_UP_S)
            playback.close()

    def serve(self) -> None:
        """Obey until the stage hangs up."""
        while True:
            wait = None if self._settle_by is None else max(0.0, self._settle_by - time.monotonic())
            readable, _, _ = select.select([self._channel.fileno(), self._wake_read], [], [], wait)
            if self._wake_read in readable:
                for event in os.read(self._wake_read, 64):
                    self._hear(chr(event))
            if self._settle_by is not None and time.monotonic() >= self._settle_by:
                self._settled(slipped=False)
            if self._channel.fileno() in readable:
                got = self._channel.receive()
                if got is not None:
                    self._obey(*got)

    def _hear(self, event: str) -> None:
        if self._opened is None:
            return
        if event == "r" or (self._rehearsing and event in "en"):
            self._rehearsed(self._opened.times)
        elif event == "n":
            self._at_the_end(self._opened)
        elif event == "p" and not self._ready:
            if self._settle_by is None:
                self._opened.playback.pause()
                self._hold = self._opened.hold_ns(time.monotonic_ns())
                self._settle_by = time.monotonic() + _SETTLE_S
            elif self._opened.distinct > 1:
                self._settled(slipped=True)
        elif event in "ef":
            self._opened.ended = True
            self._settle_by = None
            self._channel.send({"is": "ended" if event == "e" else "failed", "why": "libVLC cannot play it"})

    def _settled(self, *, slipped: bool) -> None:
        """The opening is over: ready, unless frame 0 may have been missed, which one repetition tells."""
        self._settle_by = None
        if not slipped and self._repeats == 0 and self._order.get("frames") != 1:
            self._repeats += 1
            self._open()
            return
        self._ready = True
        self._channel.send({"is": "ready", "hold": self._hold, "offset": self._offset})

    def _at_the_end(self, opened: Opened) -> None:
        """LibVLC stands still behind the last frame it knows of, which often is not the last it has: show that too."""
        if opened.resumed and not opened.ended:
            opened.playback.step()
            time.sleep(_STEP_S)
            opened.ended = True
            self._channel.send({"is": "ended"})

    def _rehearsed(self, times: list[int]) -> None:
        """A transport or program stream shows its first picture at once and goes on only when its clock says so.

        How much later that is was seen now, unpaused and unheard; the opening proper can take it into account.
        """
        third = self._order.get("third_ns")
        if len(times) == REHEARSED and isinstance(third, int):
            self._offset = min(max(0, times[-1] - third - times[0]), _LONGEST_HOLD_NS)
        self._rehearsing = False
        self._open()

    def _obey(self, order: Message, fds: list[int]) -> None:
        match order.get("do"):
            case "open":
                self._let_go()
                self._order, self._file, self._repeats = order, fds[0], 0
                offset = order.get("offset")
                self._offset = offset if isinstance(offset, int) else None
                self._rehearsing = order.get("rehearse") is True
                self._open()
            case "resume" if self._opened is not None:
                self._opened.resume_at(integer(order, "at") - (0 if order.get("again") is True else self._hold))
            case "hold" if self._opened is not None:
                self._channel.send({"is": "held", "at": self._opened.hold()})
            case "finish":
                self._let_go()
                self._channel.send({"is": "idle", "memory": prison.anonymous_bytes()})

    def _open(self) -> None:
        self._close()
        self._ready = False
        if self._file is None:
            return
        try:
            approach = Approach(self._offset, self._rehearsing)
            self._opened = Opened(self._order, self._file, self._surroundings, approach)
        except OSError as error:
            self._channel.send({"is": "failed", "why": error.strerror or str(error)})
            return
        if self._rehearsing:
            return
        ring, sound = self._opened.ring, self._opened.sound
        fds = [ring.fd] if sound is None else [ring.fd, sound.ring.fd]
        self._channel.send({"is": "opened", "width": ring.width, "height": ring.height, "slots": ring.slots}, fds)

    def _let_go(self) -> None:
        """Close the playback, then the file."""
        self._close()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _close(self) -> None:
        if self._opened is None:
            return
        self._opened.close()
        self._opened = None
        self._settle_by = None
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_read, 64)  # what the closed file still had to say
        prison.trim_heap()


def main(channel: Channel, request: Message) -> None:
    """Run one decoder over ``channel``; never returns before the stage hangs up."""
    hardware = request.get("hardware") is True
    prison.lock_up(NAME, hardware=hardware)
    try:
        decoder = Decoder(channel, hardware=hardware)
        decoder.warm_up()
        decoder.serve()
    except ChannelClosedError:
        return
