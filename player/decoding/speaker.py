"""The speaker: the process that owns the one stream to the sound server and plays every clip's samples into it.

A stream for each clip, as libVLC's own outputs have, starts late and ends early by a tenth of a second; one stream that
stays open joins clips to the sample. It has no other work, so a full disk or a busy decoder never makes it stutter; and
when the server dies, it dies here alone.
"""

import contextlib
import os
import select
import time
from typing import Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, integer
from player.decoding.pcm import PcmRing
from player.decoding.pulse_stream import PulseStream
from player.decoding.score import Cue, Fader, Score, StreamClock
from player.decoding.sound_server import server_socket
from playlists.timing import MonotonicNs

NAME: Final = "signage-speak"
_AHEAD_NS: Final = 400_000_000
"""How long before a cue the stream is woken."""
_RETRY_S: Final = 1.0
_MEASURE_EVERY: Final = 5


class Speaker:
    """The prisoner's loop."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._score = Score()
        self._fader = Fader()
        self._clock = StreamClock()
        self._stream: PulseStream | None = None
        self._retry_at = 0.0
        self._chunks = 0

    def serve(self) -> None:
        """Play until the stage hangs up."""
        while True:
            self._listen(self._wait_s())
            begin = self._score.next_begin()
            if begin is None or begin - time.monotonic_ns() > _AHEAD_NS:
                self._clock.next_heard = None
                continue
            if self._stream is None:
                self._open()
            if self._stream is None:
                self._score.portion(MonotonicNs(time.monotonic_ns()))  # time passes unheard
                time.sleep(0.02)
                continue
            try:
                self._play(self._stream)
            except OSError:
                self._give_up(self._stream)

    def _wait_s(self) -> float | None:
        """How long nothing has to be played; None for as long as nobody says anything."""
        begin = self._score.next_begin()
        if begin is None:
            return None
        return max(0.0, (begin - _AHEAD_NS - time.monotonic_ns()) / 1e9)

    def _listen(self, seconds: float | None) -> None:
        while select.select([self._channel.fileno()], [], [], seconds)[0]:
            got = self._channel.receive()
            if got is not None:
                self._obey(*got)
            seconds = 0.0

    def _obey(self, order: Message, fds: list[int]) -> None:
        if order.get("do") == "cue":
            ring = PcmRing(fds.pop())
            self._score.add(
                Cue(
                    integer(order, "ticket"),
                    ring,
                    MonotonicNs(integer(order, "begin")),
                    MonotonicNs(integer(order, "since")),
                    MonotonicNs(integer(order, "until")),
                )
            )
        elif order.get("do") == "end":
            self._score.end(integer(order, "ticket"), MonotonicNs(integer(order, "at")))
        elif order.get("do") == "volume":
            self._fader.set(integer(order, "permille") / 1000)
        for fd in fds:
            os.close(fd)

    def _play(self, stream: PulseStream) -> None:
        """One chunk; waits for room in the stream."""
        heard = self._clock.next_heard
        silent = heard is None or self._score.silent(heard)
        if silent or self._chunks % _MEASURE_EVERY == 0:
            self._clock.correct(MonotonicNs(time.monotonic_ns()), stream.latency_ns(), silent=silent)
        self._chunks += 1
        if self._clock.next_heard is not None:
            stream.write(self._fader.faded(self._score.portion(self._clock.next_heard)))
            self._clock.advance()

    def _open(self) -> None:
        now = time.monotonic()
        if now < self._retry_at:
            return
        self._retry_at = now + _RETRY_S
        socket_path = server_socket()
        if socket_path is not None:
            with contextlib.suppress(OSError):
                self._stream = PulseStream(socket_path)
                self._clock.next_heard = None

    def _give_up(self, stream: PulseStream) -> None:
        stream.close()
        self._stream = None


def main(channel: Channel, _request: Message) -> None:
    """Run the speaker over ``channel``; never returns before the stage hangs up."""
    prison.lock_up(NAME, sound=True)
    try:
        Speaker(channel).serve()
    except ChannelClosedError:
        return
