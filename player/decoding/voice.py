"""A voice: the prisoner that decodes a recording, for bulletins that are heard rather than seen.

PyAV decodes; the samples go into a ring that the speaker plays and the stage reads the level of. It keeps three
seconds ahead of what is heard and ends with its bulletin.
"""

import contextlib
import hashlib
import os
import select
import time
from collections.abc import Iterator
from io import FileIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, integer
from player.decoding.pcm import FRAME_BYTES, RATE, PcmRing
from player.decoding.sound_track import softer
from playlists.containers import HEAD_BYTES, Container, sniff
from playlists.media import Flaw, MediaError
from playlists.probe import refuse_to_open

if TYPE_CHECKING:
    from av.container import InputContainer

NAME: Final = "signage-voice"
_AHEAD_NS: Final = 3_000_000_000
_FIRST_NS: Final = 1_500_000_000
"""So much is decoded before it is ready."""
_NS_PER_S: Final = 1_000_000_000
_TICK_S: Final = 0.1


class Voice:
    """One recording."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._ring = PcmRing.create()
        self._begin: int | None = None
        """When sample 0 of the ring is heard."""

    def serve(self) -> None:
        """Take the order, decode, keep ahead until the stage hangs up."""
        got = self._channel.receive()
        if got is None:
            return
        order, fds = got
        try:
            with FileIO(fds[0]) as file:
                self._speak(file, integer(order, "volume"), integer(order, "from"))
        except MediaError as error:
            self._flawed(error.flaw, str(error))
        except OSError as error:
            self._flawed(Flaw.UNREADABLE, error.strerror or "")
        while True:
            self._listen(None)

    def _speak(self, file: FileIO, volume: int, start_ns: int) -> None:
        import av

        head = file.read(HEAD_BYTES)
        file.seek(0)
        container = sniff(head)
        if not isinstance(container, Container):
            raise MediaError(Flaw.UNKNOWN_FORMAT)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        source = SimpleNamespace(read=file.read, seek=file.seek, tell=file.tell)
        gain = round(256 * (volume / 100) ** 3)
        try:
            with av.open(
                source, mode="r", format=container.av_format, metadata_errors="replace", io_open=refuse_to_open
            ) as opened:
                if not opened.streams.audio:
                    raise MediaError(Flaw.UNKNOWN_CODEC)
                length = opened.duration * 1000 if opened.duration else 0
                self._channel.send({"is": "voice", "length": length, "sha256": digest}, [self._ring.fd])
                self._write(_samples(opened, start_ns), gain)
        except av.FFmpegError as error:
            raise MediaError(Flaw.DAMAGED) from error

    def _write(self, samples: Iterator[bytes], gain: int) -> None:
        ready = False
        for data in samples:
            self._ring.write(softer(data, gain))
            written = self._ring.written * _NS_PER_S // RATE
            if not ready and written >= _FIRST_NS:
                ready = True
                self._channel.send({"is": "ready"})
            self._listen(0.0)
            while ready and written - self._heard() > _AHEAD_NS - _FIRST_NS:
                self._listen(_TICK_S)
        if not ready:
            self._channel.send({"is": "ready"})
        self._channel.send({"is": "spoken", "length": self._ring.written * _NS_PER_S // RATE})

    def _heard(self) -> int:
        """How much of the ring has been heard, in nanoseconds."""
        return 0 if self._begin is None else max(0, time.monotonic_ns() - self._begin)

    def _listen(self, seconds: float | None) -> None:
        if select.select([self._channel.fileno()], [], [], seconds)[0]:
            got = self._channel.receive()
            if got is not None and got[0].get("do") == "begin":
                self._begin = integer(got[0], "at")

    def _flawed(self, flaw: Flaw, sentence: str) -> None:
        with contextlib.suppress(ChannelClosedError):
            self._channel.send({"is": "flawed", "why": flaw.value, "sentence": sentence})


def _samples(opened: "InputContainer", start_ns: int) -> Iterator[bytes]:
    """16-bit stereo at 48 kHz from ``start_ns`` on."""
    import av

    resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
    skip = start_ns * RATE // _NS_PER_S
    for frame in opened.decode(audio=0):
        for made in resampler.resample(frame):
            data = bytes(made.planes[0])[: made.samples * FRAME_BYTES]
            if skip >= made.samples:
                skip -= made.samples
                continue
            yield data[skip * FRAME_BYTES :]
            skip = 0
    for made in resampler.resample(None):
        yield bytes(made.planes[0])[: made.samples * FRAME_BYTES]


def main(channel: Channel, _request: Message) -> None:
    """Run one voice over ``channel``; never returns before the stage hangs up."""
    prison.lock_up(NAME)
    os.nice(2)
    try:
        Voice(channel).serve()
    except ChannelClosedError:
        return
