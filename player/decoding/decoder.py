"""A decoder: the prisoner that runs libVLC, one file at a time.

A file is *opened* up to its first picture and stands there, is *resumed* at a moment given in advance, and *finished*.
Every picture after that goes into the ring with the time libVLC held it due; which frame it is the stage tells by its
own index of the file.
"""

import contextlib
import os
import select
import time
from typing import Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, integer, text
from player.decoding.libvlc import LibVlc, Planes, Playback, Source
from player.decoding.ring import Ring
from player.decoding.swscale import Converter, is_hd

NAME: Final = "signage-decode"
SLOTS: Final = 12
"""Room for 60 frames a second; the lowest free slot is painted first, so what is not needed costs no memory."""
_REPEAT_NS: Final = 45_000_000
"""libVLC shows a picture again 57 ms after it when the next is not due by then; nearer pictures are new ones."""
_SETTLE_S: Final = 0.18
"""After a pause at frame 0 exactly one more picture slips past; if none has by now, none will."""
_TAIL_S: Final = 0.16
"""How long after the last picture the end of the sound may come."""


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
        os.lseek(file, 0, os.SEEK_SET)  # libVLC reads on from where the last opening left it
        track = order.get("audio_track")
        self.playback: Playback = engine.play(
            Source(
                fd=file,
                demux=text(order, "demux"),
                width=self._size[0],
                height=self._size[1],
                audio_track=track if isinstance(track, int) else None,
                aout=text(order, "aout"),
                volume=integer(order, "volume"),
                audio_delay_us=integer(order, "audio_delay_us"),
            ),
            self._on_picture,
            self._on_event,
        )

    def resume_at(self, moment_ns: int) -> None:
        """Let it run from the given monotonic moment on."""
        while (left := moment_ns - time.monotonic_ns()) > 0:
            time.sleep(left / 1e9)
        self._guarded = 3
        self.resumed = True
        self.playback.resume()

    def close(self) -> None:
        """Stop, and free what it held."""
        self.playback.close()
        if self._converter is not None:
            self._converter.close()

    # What follows runs in threads of libVLC: no call into it, no exception out of it.

    def _on_event(self, event: str) -> None:
        os.write(self._wake, b"e" if event == "ended" else b"f")

    def _on_picture(self, picture: Planes, previous: Planes) -> None:
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
                self._opened.playback.settle_sound()
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
                self._finish(fade_ms=integer(order, "fade_ms"))
            case "volume" if self._opened is not None:
                self._opened.playback.set_volume(integer(order, "volume"))

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
        ring = self._opened.ring
        self._channel.send({"is": "opened", "width": ring.width, "height": ring.height, "slots": ring.slots}, [ring.fd])

    def _finish(self, *, fade_ms: int) -> None:
        opened = self._opened
        if opened is not None and not opened.ended:
            if fade_ms:
                opened.playback.fade_out(fade_ms)
            else:
                select.select([self._wake_read], [], [], _TAIL_S)
        self._let_go()
        self._channel.send({"is": "idle", "memory": prison.anonymous_bytes()})

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
