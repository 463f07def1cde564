"""The demo's sound: speech by espeak-ng over a soft bamboo tune that we play ourselves, 48 kHz stereo."""

import io
import math
import shutil
import subprocess
from array import array
from typing import Final, TypeAlias

import av
from storyboard import Clip, Narration

from playlists.errors import ContentError, SiteError

RATE: Final = 48_000
_VOICES: Final = {"vi": "vi", "en": "en-gb"}
_SPEED: Final = {"vi": "150", "en": "165"}
"""Words a minute."""
_PEAK: Final = 10 ** (-5.0 / 20)
"""The loudest sample before AAC, which may add up to a decibel or two: below -3 dBFS after it."""
_SILENCE: Final = 0.004
_FADE_IN: Final = 0.03
_FADE_OUT: Final = 0.35
_SCALE: Final = (293.66, 329.63, 369.99, 440.00, 493.88, 587.33)
"""A pentatonic scale on D, in hertz."""

Samples: TypeAlias = "array[float]"


def speak(text: str, language: str) -> Samples:
    """Return `text` spoken, mono, from -1 to 1. Raises SiteError when espeak-ng is missing."""
    program = shutil.which("espeak-ng")
    if program is None:
        message = "espeak-ng is missing: install the package espeak-ng"
        raise SiteError(message)
    command = [program, "-v", _VOICES[language], "-s", _SPEED[language], "-g", "2", "--stdout", text]
    wave = subprocess.run(command, check=True, capture_output=True).stdout
    spoken = array("f")
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(io.BytesIO(wave), "r") as container:
        for decoded in (*container.decode(audio=0), None):
            for frame in resampler.resample(decoded):
                spoken.frombytes(bytes(frame.planes[0])[: frame.samples * 4])
    return spoken


def narrate(clip: Clip, narration: Narration) -> tuple[Samples, list[tuple[float, float]]]:
    """Return the speech of one track, as long as the clip, and for each sentence its start and end in seconds.

    Raises ContentError when a sentence runs into the next one or past the end.
    """
    track = array("f", bytes(4 * samples_of(clip)))
    spans: list[tuple[float, float]] = []
    ends = [sentence.start for sentence in narration.sentences[1:]] + [clip.seconds - 0.2]
    for sentence, limit in zip(narration.sentences, ends, strict=True):
        spoken = trimmed(speak(sentence.text, narration.language))
        end = sentence.start + len(spoken) / RATE
        if end > limit:
            message = f"{clip.name}: spoken until {end:.2f} s, must end by {limit:.2f} s: {sentence.text}"
            raise ContentError(message)
        first = round(sentence.start * RATE)
        for number, value in enumerate(spoken, first):
            track[number] += value
        spans.append((sentence.start, end))
    return track, spans


def samples_of(clip: Clip) -> int:
    """Return how many samples a clip's sound has: exactly as long as its picture."""
    return round(clip.seconds * RATE)


def trimmed(spoken: Samples) -> Samples:
    """Return speech without the silence around it."""
    loud = [number for number in range(0, len(spoken), 48) if abs(spoken[number]) > _SILENCE]
    return spoken[max(0, loud[0] - 480) : loud[-1] + 2400] if loud else spoken


def tune(clip: Clip) -> tuple[Samples, Samples]:
    """Return a quiet tune for the left and the right, as on a t'rưng, with a soft chord below it."""
    count = samples_of(clip)
    left, right = _chord(count, (73.42, 146.83, 220.0)), _chord(count, (73.42, 146.83, 220.6))
    beat = clip.seconds / (len(clip.melody) * 2 + 1)
    for number, step in enumerate(clip.melody * 2):
        _pluck(left, right, number * beat + 0.12, _SCALE[step], 0.5 + 0.3 * math.sin(number * 2.1))
    return left, right


def _chord(count: int, notes: tuple[float, ...]) -> Samples:
    turn = math.tau / RATE
    swell = math.tau / count
    return array(
        "f",
        (
            sum(math.sin(note * turn * n) for note in notes) * (0.016 - 0.006 * math.cos(swell * 2 * n))
            for n in range(count)
        ),
    )


def _pluck(left: Samples, right: Samples, start: float, note: float, place: float) -> None:
    first, turn = round(start * RATE), math.tau * note / RATE
    for number in range(min(round(1.4 * RATE), len(left) - first)):
        fall = math.exp(-number / (0.30 * RATE)) * min(1.0, number / 140)
        knock = math.exp(-number / (0.035 * RATE)) * math.sin(turn * 3.93 * number) * 0.35
        value = 0.085 * fall * (math.sin(turn * number) + 0.18 * math.sin(turn * 2 * number) + knock)
        left[first + number] += value * (1 - place)
        right[first + number] += value * place


def mix(speech: Samples, music: tuple[Samples, Samples]) -> tuple[Samples, Samples]:
    """Return left and right: speech in front, music behind it, faded at both ends, no sample above the peak."""
    loudest = max(map(abs, speech), default=0.0) or 1.0
    gain = 0.5 / loudest
    sides = []
    for side in music:
        mixed = array("f", (said * gain + played for said, played in zip(speech, side, strict=True)))
        _fade(mixed)
        sides.append(mixed)
    peak = max(max(map(abs, side)) for side in sides)
    if peak > _PEAK:
        sides = [array("f", (value * _PEAK / peak for value in side)) for side in sides]
    return sides[0], sides[1]


def _fade(side: Samples) -> None:
    for seconds, backwards in ((_FADE_IN, False), (_FADE_OUT, True)):
        count = round(seconds * RATE)
        for number in range(count):
            share = 0.5 - 0.5 * math.cos(math.pi * number / count)
            side[-1 - number if backwards else number] *= share
