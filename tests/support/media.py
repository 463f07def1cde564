"""Makes tiny real media files for tests, with the codecs PyAV brings along; no program is started."""

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

SAMPLE_RATE = 48000
_SAMPLES_A_FRAME = 960
_MILLISECOND = Fraction(1, 1000)

_FAST: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast", "x264-params": "bframes=2:keyint=10:log-level=none"},
    "libx265": {"preset": "ultrafast", "x265-params": "bframes=2:keyint=10:log-level=none:pools=1:frame-threads=1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx": {"deadline": "good", "cpu-used": "5", "auto-alt-ref": "1", "lag-in-frames": "16"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
    "mpeg4": {"bf": "2", "g": "10"},
    "mpeg2video": {"bf": "2", "g": "10"},
}
"""Quick settings with B-frames or hidden frames wherever the codec has them: they are what probes stumble over."""

_SOUND_CODECS = {
    "mp4": "aac",
    "mov": "aac",
    "matroska": "aac",
    "webm": "libopus",
    "ogg": "libopus",
    "mpegts": "mp2",
    "vob": "mp2",
    "avi": "mp2",
}
FORMATS = {
    ".mp4": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
    ".webm": "webm",
    ".ts": "mpegts",
    ".m2ts": "mpegts",
    ".mpg": "vob",
    ".avi": "avi",
    ".ogv": "ogg",
}
"""The muxer a suffix stands for."""


@dataclass(frozen=True)
class Tone:
    """A sound track: a sine of ``hertz`` for ``seconds``, beginning ``delay`` seconds after the picture."""

    seconds: float
    language: str = ""
    hertz: float = 440.0
    delay: float = 0.0


@dataclass(frozen=True)
class Clip:
    """What a clip shall be like.

    ``times`` gives each frame's time in milliseconds for a variable rate (the last frame then stands as long as the one
    before); otherwise ``frames`` frames at ``rate``. ``options`` overrides the codec's quick settings. ``rotation`` is
    clockwise, in degrees.
    """

    codec: str = "libx264"
    size: tuple[int, int] = (64, 48)
    rate: Fraction = Fraction(25)
    frames: int = 25
    times: tuple[int, ...] = ()
    sound: tuple[Tone, ...] = ()
    aspect: Fraction = Fraction(1)
    rotation: int = 0
    options: dict[str, str] = field(default_factory=dict)
    muxer: dict[str, str] = field(default_factory=dict)
    second_picture: bool = False
    """Whether another video track comes behind the first, all of one frame."""
    movement: int = 1
    """How many luma steps the picture changes a frame; 0 makes it stand."""


def make_clip(path: Path, clip: Clip = Clip()) -> Path:
    """Write ``clip`` to ``path``, the container told by the suffix."""
    container_format = FORMATS[path.suffix]
    options = dict(clip.muxer)
    if path.suffix == ".m2ts":
        options["mpegts_m2ts_mode"] = "1"
    with av.open(str(path), "w", format=container_format, options=options) as container:
        video = _add_video(container, clip) if clip.frames or clip.times else None
        sounds = [_add_sound(container, _SOUND_CODECS[container_format], tone) for tone in clip.sound]
        extra = _add_video(container, clip) if clip.second_picture else None
        if video is not None:
            for frame in _pictures(clip):
                container.mux(video.encode(frame))
            container.mux(video.encode(None))
        if extra is not None:
            container.mux(extra.encode(_picture(clip.size, 0, 0)))
            container.mux(extra.encode(None))
        for stream, tone in zip(sounds, clip.sound, strict=True):
            for sound in _waves(tone):
                container.mux(stream.encode(sound))
            container.mux(stream.encode(None))
    return path


def make_picture(path: Path, size: tuple[int, int] = (32, 24)) -> Path:
    """Write a still picture, its format told by the suffix (png, jpg, webp, bmp, gif)."""
    codec = {".png": "png", ".jpg": "mjpeg", ".webp": "libwebp", ".bmp": "bmp", ".gif": "gif"}[path.suffix]
    pixel_format = {"mjpeg": "yuvj420p", "libwebp": "yuv420p", "bmp": "bgr24", "gif": "rgb8"}.get(codec, "rgb24")
    context = av.CodecContext.create(codec, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height = size
    context.pix_fmt = pixel_format
    context.time_base = Fraction(1, 25)
    picture = _picture(size, 0, 0)
    packets = [*context.encode(picture.reformat(format=pixel_format)), *context.encode(None)]
    if codec == "gif":
        # The encoder writes frames without the file around them.
        with av.open(str(path), "w", format="gif") as container:
            stream = container.add_stream("gif", rate=25)
            stream.width, stream.height, stream.pix_fmt = *size, pixel_format
            container.mux(stream.encode(picture.reformat(format=pixel_format)))
            container.mux(stream.encode(None))
    else:
        path.write_bytes(b"".join(bytes(packet) for packet in packets))
    return path


def _add_video(container: OutputContainer, clip: Clip) -> VideoStream:
    variable = bool(clip.times)
    stream = container.add_stream(
        clip.codec, rate=None if variable else clip.rate, options=_FAST.get(clip.codec, {}) | clip.options
    )
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = clip.size
    stream.pix_fmt = "yuv420p"
    stream.thread_count = 1
    stream.codec_context.sample_aspect_ratio = clip.aspect
    stream.codec_context.time_base = _MILLISECOND if variable else 1 / clip.rate
    if clip.rotation:
        stream.set_display_rotation(-clip.rotation)
    return stream


def _add_sound(container: OutputContainer, codec: str, tone: Tone) -> AudioStream:
    stream = container.add_stream(codec, rate=SAMPLE_RATE, layout="mono")
    assert isinstance(stream, AudioStream)
    if tone.language:
        stream.metadata["language"] = tone.language
    return stream


def _pictures(clip: Clip) -> Iterator[av.VideoFrame]:
    for number in range(len(clip.times) or clip.frames):
        frame = _picture(clip.size, number, clip.movement)
        frame.pts = clip.times[number] if clip.times else number
        frame.time_base = _MILLISECOND if clip.times else 1 / clip.rate
        yield frame


def _picture(size: tuple[int, int], number: int, movement: int) -> av.VideoFrame:
    """Draw a diagonal ramp that moves with ``number``."""
    frame = av.VideoFrame(*size, "yuv420p")
    for index, plane in enumerate(frame.planes):
        if index:
            plane.update(bytes([128]) * plane.buffer_size)
            continue
        ramp = bytes((16 + (x + number * movement) % 220) for x in range(plane.line_size + plane.height))
        plane.update(b"".join(ramp[y : y + plane.line_size] for y in range(plane.height)))
    return frame


def _waves(tone: Tone) -> Iterator[av.AudioFrame]:
    first = round(tone.delay * SAMPLE_RATE)
    step = math.tau * tone.hertz / SAMPLE_RATE
    for start in range(0, round(tone.seconds * SAMPLE_RATE), _SAMPLES_A_FRAME):
        frame = av.AudioFrame("s16", "mono", _SAMPLES_A_FRAME)
        wave = array("h", (round(8000 * math.sin(step * (start + k))) for k in range(_SAMPLES_A_FRAME)))
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate = SAMPLE_RATE
        frame.pts = first + start
        frame.time_base = Fraction(1, SAMPLE_RATE)
        yield frame
