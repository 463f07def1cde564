"""A decoder: the prisoner that runs libVLC, one file at a time.

A file is *opened* up to its first picture and stands there, is *resumed* at a moment given in advance, and *finished*.
Every picture after that goes into the ring with the time libVLC held it due; which frame it is the stage tells by its
own index of the file.
"""

import contextlib
import os
import select
import time
from array import array
from collections.abc import Callable
from typing import Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, integer, text
from player.decoding.libvlc import LibVlc, Planes, Playback, Source
from player.decoding.pace import RESUME_NS
from player.decoding.pcm import FRAME_BYTES, RATE, PcmRing
from player.decoding.swscale import Converter, is_hd
from player.ring import Ring

NAME: Final = "signage-decode"
SLOTS: Final = 12
"""Room for 60 frames a second; the lowest free slot is painted first, so what is not needed costs no memory."""
_REPEAT_NS: Final = 45_000_000
"""libVLC shows a picture again 57 ms after it when the next is not due by then; nearer pictures are new ones."""
NS_PER_S: Final = 1_000_000_000
_GAP_NS: Final = 30_000_000
_LONGEST_GAP_NS: Final = 10_000_000_000
_FULL_GAIN: Final = 256
_SETTLE_S: Final = 0.18
"""After a pause at frame 0 exactly one more picture slips past; if none has by now, none will."""


class SoundTrack:
    """The sound of one opened file: samples into a ring, and when the first of them belongs.

    Before the pause that ends the opening, libVLC has handed over up to a second of samples, each with the time it was
    due. That time less the moment of the pause is how long after frame 0 it is heard.
    """

    def __init__(self, ring: PcmRing, volume: int, tell: Callable[[int], None]) -> None:
        self.ring = ring
        self._gain = round(256 * (volume / 100) ** 3)  # loudness as libVLC and PulseAudio count it
        self._tell = tell
        self._first: int | None = None
        self._held: int | None = None
        self._expected: int | None = None

    def take(self, samples: bytes, due_ns: int) -> None:
        """Append samples; a gap in their times is a gap in the sound."""
        if self._first is None:
            self._first = due_ns
            self._place()
        if self._expected is not None:
            gap = due_ns - self._expected
            if _GAP_NS < gap < _LONGEST_GAP_NS:
                self.ring.write(bytes(gap * RATE // NS_PER_S * FRAME_BYTES))
        self._expected = due_ns + len(samples) // FRAME_BYTES * NS_PER_S // RATE
        self.ring.write(samples if self._gain == _FULL_GAIN else _softer(samples, self._gain))

    def paused(self, at_ns: int) -> None:
        """The opening has ended; the times that follow are others."""
        if self._held is None:
            self._held = at_ns
            self._place()
        self._expected = None

    def resumed(self, at_ns: int) -> None:
        """It runs; where no sample came before the pause, this is where the count begins."""
        self._expected = None
        if self._first is None:
            self._held = at_ns

    def _place(self) -> None:
        if self._first is not None and self._held is not None:
            self._tell(self._first - self._held - RESUME_NS)


def _softer(samples: bytes, gain: int) -> bytes:
    values = array("h", samples)
    return array("h", [value * gain >> 8 for value in values]).tobytes()


class Opened:
    """One opened file: its playback, its ring, and what libVLC's video thread knows of it."""

    def __init__(self, order: Message, file: int, engine: LibVlc, channel: Channel, wake: int) -> None:
        self._channel = channel
        self._wake = wake
        self._target = (integer(order, "out_width"), integer(order, "out_height"))
        self._size = (integer(order, "width"), integer(order, "height"))
        self.ring = Ring.create(*self._target, SLOTS)
        self._converter: Converter | None = None
        self._last_at = 0
        self._guarded = 0
        self.distinct = 0
        self.resumed = False
        self.ended = False
        self.sound: SoundTrack | None = None
        if order.get("audio_track") is not None:
            self.sound = SoundTrack(PcmRing.create(), integer(order, "volume"), self._tell_sound)
        os.lseek(file, 0, os.SEEK_SET)  # libVLC reads on from where the last opening left it
        track = order.get("audio_track")
        self.playback: Playback = engine.play(
            Source(
                fd=file,
                demux=text(order, "demux"),
                width=self._size[0],
                height=self._size[1],
                audio_track=track if isinstance(track, int) else None,
                volume=integer(order, "volume"),
            ),
            self,
        )

    def resume_at(self, moment_ns: int) -> None:
        """Let it run from the given monotonic moment on."""
        while (left := moment_ns - time.monotonic_ns()) > 0:
            time.sleep(left / 1e9)
        self._guarded = 3
        self.resumed = True
        if self.sound is not None:
            self.sound.resumed(time.monotonic_ns())
        self.playback.resume()

    def close(self) -> None:
        """Stop, and free what it held."""
        self.playback.close()
        if self._converter is not None:
            self._converter.close()

    # What follows runs in threads of libVLC: no call into it, no exception out of it.

    def on_event(self, event: str) -> None:
        """Wake the control thread."""
        os.write(self._wake, b"e" if event == "ended" else b"f")

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
            self._channel.send({"is": "same", "at": at})
            return
        self.distinct += 1
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


class Decoder:
    """The prisoner's loop: orders from the stage, events from libVLC."""

    def __init__(self, channel: Channel, *, hardware: bool) -> None:
        self._channel = channel
        self._engine = LibVlc(hardware=hardware)
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._opened: Opened | None = None
        self._settle_by: float | None = None
        self._ready = False
        self._repeats = 0
        self._order: Message = {}
        self._file: int | None = None
        """The file being played, and all this process may read of other people's files."""

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
        if event == "p" and not self._ready:
            if self._settle_by is None:
                self._opened.playback.pause()
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
        self._channel.send({"is": "ready", "slipped": slipped, "repeats": self._repeats})

    def _obey(self, order: Message, fds: list[int]) -> None:
        match order.get("do"):
            case "open":
                self._let_go()
                self._order, self._file, self._repeats = order, fds[0], 0
                self._open()
            case "resume" if self._opened is not None:
                self._opened.resume_at(integer(order, "at"))
            case "finish":
                self._let_go()
                self._channel.send({"is": "idle", "memory": prison.anonymous_bytes()})

    def _open(self) -> None:
        self._close()
        self._ready = False
        if self._file is None:
            return
        try:
            self._opened = Opened(self._order, self._file, self._engine, self._channel, self._wake_write)
        except OSError as error:
            self._channel.send({"is": "failed", "why": error.strerror or str(error)})
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
        Decoder(channel, hardware=hardware).serve()
    except ChannelClosedError:
        return
