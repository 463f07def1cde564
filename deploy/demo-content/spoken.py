"""The sound bulletin: sentences spoken by espeak-ng, one after the other, without music."""

from array import array
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from programme import SPOKEN
from sound import RATE, Samples, speak, trimmed

_PAUSE: Final = 0.45
"""Seconds of silence before, between and after sentences."""
_LOUDEST: Final = 10 ** (-4.5 / 20)
_PACKET: Final = 1024


def spoken() -> Samples:
    """Return what is said, mono, a whole number of AAC packets long."""
    silence = array("f", bytes(4 * round(_PAUSE * RATE)))
    said = array("f", silence)
    for sentence in SPOKEN:
        said += trimmed(speak(sentence, "vi")) + silence
    said += array("f", bytes(4 * (-len(said) % _PACKET)))
    gain = _LOUDEST / max(map(abs, said))
    return array("f", (value * gain for value in said))


def write_spoken(path: Path) -> None:
    """Write the recording to ``path`` as AAC in an MP4 file."""
    said = spoken()
    with av.open(str(path), "w", format="ipod", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        stream.bit_rate = 64_000
        stream.metadata["language"] = "vie"
        for first in range(0, len(said), _PACKET):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=_PACKET)
            frame.planes[0].update(said[first : first + _PACKET].tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
