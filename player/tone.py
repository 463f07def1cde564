"""``signage-player --test-sound``: says where sound goes, and plays a tone there, left, right, then both."""

import math
import sys
import time
from array import array
from typing import Final

from player.decoding.loudspeaker import Loudspeaker
from player.decoding.pcm import RATE, PcmRing
from player.decoding.prisoners import Prison
from player.decoding.pulse_client import ask_server
from player.decoding.sound_server import server_socket
from player.polling_reactor import PollingReactor
from playlists.errors import ExitCode, SiteError
from playlists.timing import MonotonicNs

SECONDS: Final = 2.0
# From and to, in seconds, and the tone on either side in hertz.
_TONES: Final = (
    (0.0, 0.6, 440.0, 0.0),
    (0.7, 1.3, 0.0, 660.0),
    (1.4, 2.0, 440.0, 660.0),
)
_LOUDNESS: Final = 8000
"""Peak at full volume, a quarter of the scale: clear, and no fright."""
_FADE_S: Final = 0.02
_PATIENCE_S: Final = 15.0
_LEAD_NS: Final = 800_000_000
"""For the speaker to open its stream."""
_RING_OUT_NS: Final = 300_000_000
_NO_DEVICE: Final = "auto_null"
"""What PulseAudio and PipeWire call the sink they make up where there is no sound device."""


def play_tone(volume: int) -> int:
    """Print one line about the sound server, play the tone at ``volume`` (0 to 100); the exit code.

    Raises:
        SiteError: no sound server, no device behind it, or nothing that could play.

    """
    socket_path = server_socket()
    if socket_path is None:
        msg = "No sound server answers; start PipeWire (with pipewire-pulse) or PulseAudio for this user."
        raise SiteError(msg)
    sys.stdout.write(f"{_described(socket_path)}\n")
    sys.stdout.flush()
    _play(tone(volume))
    return ExitCode.OK


def _described(socket_path: str) -> str:
    """The line about the server.

    Raises:
        SiteError: it takes connections and says nothing, or has no device.

    """
    try:
        server = ask_server(socket_path)
    except OSError as error:
        msg = "libpulse is not installed; run `make demo` once, or install libpulse0."
        raise SiteError(msg) from error
    if server is None:
        msg = f"The sound server on {socket_path} takes connections but does not answer."
        raise SiteError(msg)
    if server.sink is None or server.sink.name == _NO_DEVICE:
        msg = f"Sound server {server.name} on {socket_path} has no sound device."
        raise SiteError(msg)
    state = "MUTED" if server.sink.muted else f"at {server.sink.percent} %"
    return f"Sound: {server.name} on {socket_path}, to {server.sink.description} ({server.sink.name}), {state}"


def tone(volume: int) -> bytes:
    """The tone's samples: 2 s, 16-bit stereo at 48 kHz, left first; ``volume`` is 0 to 100."""
    samples = array("h", bytes(4 * round(SECONDS * RATE)))
    for begin, end, *sides in _TONES:
        first, last = round(begin * RATE), round(end * RATE)
        for index in range(first, last):
            fade = min(1.0, (index - first) / (_FADE_S * RATE), (last - index) / (_FADE_S * RATE))
            for side, hertz in enumerate(sides):
                height = math.sin(math.tau * hertz * index / RATE)
                samples[2 * index + side] = round(_LOUDNESS * volume / 100 * fade * height)
    return samples.tobytes()


def _play(samples: bytes) -> None:
    """Have a speaker play samples to their end, as it plays a clip's.

    Raises:
        SiteError: it cannot.

    """
    reactor, prison = PollingReactor(), Prison()
    try:
        prison.attend(reactor, lambda: None)
        prison.keep_ready("speaker")
        if not reactor.run(lambda: prison.missing is not None or not prison.forking, _PATIENCE_S) or prison.missing:
            msg = f"The test tone cannot be played: {prison.missing or 'no process for it could be started'}."
            raise SiteError(msg)
        ring = PcmRing.create()
        ring.write(samples)
        begin = MonotonicNs(time.monotonic_ns() + _LEAD_NS)
        end = MonotonicNs(begin + round(SECONDS * 1e9))
        loudspeaker = Loudspeaker(prison, reactor)
        loudspeaker.cue(ring, begin, begin, end)
        reactor.run(lambda: False, (end + _RING_OUT_NS - time.monotonic_ns()) / 1e9)
        loudspeaker.close()
    finally:
        prison.close()
