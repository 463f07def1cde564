"""``signage-player --test-sound``: says where sound goes, and plays a tone there, left, right, then both."""

import io
import math
import os
import sys
import wave
from array import array
from typing import Final

from player.decoding.channel import Message, text
from player.decoding.examination import memory_file
from player.decoding.prisoners import Prison, Prisoner
from player.decoding.pulse_client import ask_server
from player.decoding.sound_server import PULSE, server_socket
from player.polling_reactor import PollingReactor
from playlists.errors import ExitCode, SiteError

RATE: Final = 48000
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
_NO_DEVICE: Final = "auto_null"
"""What PulseAudio and PipeWire call the sink they make up where there is no sound device."""


def play_tone(volume: int) -> int:
    """Print one line about the sound server, play the tone at ``volume`` (0 to 100); the exit code.

    Raises:
        SiteError: no sound server, no device behind it, no libVLC, or it cannot play.

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
    """The tone as a WAV file: 2 s, 16-bit stereo at 48 kHz; ``volume`` is 0 to 100."""
    samples = array("h", bytes(4 * round(SECONDS * RATE)))
    for begin, end, *sides in _TONES:
        first, last = round(begin * RATE), round(end * RATE)
        for index in range(first, last):
            fade = min(1.0, (index - first) / (_FADE_S * RATE), (last - index) / (_FADE_S * RATE))
            for side, hertz in enumerate(sides):
                wave_height = math.sin(math.tau * hertz * index / RATE)
                samples[2 * index + side] = round(_LOUDNESS * volume / 100 * fade * wave_height)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(2)
        writer.setsampwidth(samples.itemsize)
        writer.setframerate(RATE)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


class _Listening:
    """How far the decoder has come."""

    def __init__(self) -> None:
        self.over = False
        self.trouble: str | None = None

    def hear(self, message: Message, fds: list[int]) -> None:
        """Take in what the decoder says."""
        for fd in fds:
            os.close(fd)
        if message.get("is") == "failed":
            self.fail(text(message, "why"))
        self.over = self.over or message.get("is") == "ended"

    def fail(self, why: str) -> None:
        """It will not come to the end."""
        self.over, self.trouble = True, self.trouble or why


def _play(data: bytes) -> None:
    """Have a decoder play a WAV file to its end.

    Raises:
        SiteError: it cannot.

    """
    reactor, listening = PollingReactor(), _Listening()
    prison = Prison()
    prison.attend(reactor, lambda: listening.fail(prison.missing or ""))
    decoder = prison.fork("decoder", {"hardware": False})
    try:
        decoder.listen(reactor, listening.hear, lambda: listening.fail("the decoder died"))
        _order(decoder, data)
        if not reactor.run(lambda: listening.over, _PATIENCE_S):
            listening.fail("it never came to the end")
    finally:
        decoder.kill()
        prison.close()
    if listening.trouble is not None:
        msg = f"The test tone cannot be played: {listening.trouble}."
        raise SiteError(msg)


def _order(decoder: Prisoner, data: bytes) -> None:
    file = memory_file(data, "signage-tone")
    # The picture's size has to be something; a sound file has none.
    sizes = dict.fromkeys(("width", "height", "out_width", "out_height"), 16)
    sound = {"audio_track": 0, "aout": PULSE, "volume": 100, "audio_delay_us": 0}
    decoder.tell({"do": "open", "demux": "wav", "frames": 1, **sizes, **sound}, [file])
    os.close(file)
