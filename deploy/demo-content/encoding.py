"""From frames and samples to an MP4 file, through PyAV: no other program is needed."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from canvas import FRAMES_PER_SECOND, HEIGHT, WIDTH
from PySide6.QtGui import QImage
from sound import RATE, Samples

_PER_FRAME: Final = RATE // FRAMES_PER_SECOND
_BT709: Final = 1
"""The number ITU-T H.273 gives BT.709, as primaries, as transfer and as matrix."""
_X264: Final = {
    "preset": "veryslow",
    "crf": "24",
    # A key picture every two seconds, for a decoder that resumes in mid-clip; four reference pictures, for its memory.
    "x264-params": "keyint=50:min-keyint=50:scenecut=0:ref=4:bframes=3:aq-mode=3:level=3.1",
}


@dataclass(frozen=True, slots=True)
class Track:
    """One audio track: its language as MP4 writes it (ISO 639-2), and its two sides."""

    language: str
    left: Samples
    right: Samples


def write_clip(path: Path, title: str, pictures: Iterable[QImage], tracks: tuple[Track, ...]) -> None:
    """Write `pictures` (Format_RGB32) and `tracks` to `path` as H.264 (BT.709, limited range) and AAC."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        container.metadata["title"] = title
        video = _video_stream(container)
        sounds = [_audio_stream(container, track.language) for track in tracks]
        for number, picture in enumerate(pictures):
            container.mux(video.encode(_video_frame(picture, number)))
            for stream, track in zip(sounds, tracks, strict=True):
                container.mux(stream.encode(_audio_frame(track, number)))
        container.mux(video.encode(None))
        for stream in sounds:
            container.mux(stream.encode(None))


def _video_stream(container: OutputContainer) -> VideoStream:
    stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options=_X264)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.codec_context.color_range = ColorRange.MPEG
    stream.codec_context.colorspace = _BT709
    stream.codec_context.color_primaries = _BT709
    stream.codec_context.color_trc = _BT709
    return stream


def _audio_stream(container: OutputContainer, language: str) -> AudioStream:
    stream = container.add_stream("aac", rate=RATE, layout="stereo")
    stream.bit_rate = 112_000
    stream.metadata["language"] = language
    # libVLC chooses an MP4's audio by language only among tracks that are marked as default.
    stream.disposition = Disposition.default
    return stream


def _video_frame(picture: QImage, number: int) -> av.VideoFrame:
    frame = av.VideoFrame(WIDTH, HEIGHT, "bgra")
    frame.planes[0].update(bytes(picture.constBits()))
    made = frame.reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    made.pts, made.time_base = number, Fraction(1, FRAMES_PER_SECOND)
    return made


def _audio_frame(track: Track, number: int) -> av.AudioFrame:
    first = number * _PER_FRAME
    frame = av.AudioFrame(format="fltp", layout="stereo", samples=_PER_FRAME)
    for plane, side in zip(frame.planes, (track.left, track.right), strict=True):
        plane.update(_padded(side[first : first + _PER_FRAME].tobytes(), plane.buffer_size))
    frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
    return frame


def _padded(samples: bytes, size: int) -> bytes:
    return samples.ljust(size, b"\0")


def decoded_peak(path: Path) -> float:
    """Return the largest sample of any audio track of `path` as a player hears it, from 0 to 1 (more is clipping)."""
    return max(max(abs(value) for value in side) for side in _sides(path))


def _sides(path: Path) -> Iterator[Samples]:
    with av.open(str(path)) as container:
        count = len(container.streams.audio)
    for track in range(count):
        with av.open(str(path)) as container:
            for frame in container.decode(audio=track):
                for plane in frame.planes:
                    side = array("f")
                    side.frombytes(bytes(plane)[: frame.samples * 4])
                    yield side
