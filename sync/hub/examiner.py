"""Inside a cell (``python -m sync.hub.examiner``): looks into one media file and tells what it is like, as JSON.

Clips are demuxed whole and their first frames decoded, pictures decoded whole: what a kiosk would stumble over when it
tries a release is found here.
"""

import json
import sys
from fractions import Fraction
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, BinaryIO, Final

import av
import av.subtitles.codeccontext
import av.subtitles.stream
from av.stream import Disposition
from PIL import Image, WebPImagePlugin

from playlists.cli_media import FileFacts, Medium, file_facts
from playlists.media import Flaw, MediaError, MediaFacts, VideoFacts
from playlists.probe import DEFAULT_LIMITS, probe, refuse_to_open
from sync.hub.cell import answer, lock_up, the_file

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer

# Pillow would load its formats when the first picture comes, as PyAV would its subtitles but for the imports above: too
# late in a cell, where our own files may be out of reach.
Image.preinit()
_STILLS: Final = ("PNG", "JPEG", WebPImagePlugin.WebPImageFile.format, "BMP", "GIF")
_NS_PER_S: Final = 1_000_000_000
_FRAMES_LOOKED_AT: Final = 8
_USUAL_RATES: Final = (
    *(Fraction(whole * 1000, 1001) for whole in (24, 30, 60)),
    *map(Fraction, (10, 12, 15, 20, 24, 25, 30, 50, 60)),
)
_ROUNDING: Final = Fraction(4, 10_000)
"""Less than what lies between 29.97 and 30."""
_FIELDS: Final = frozenset({"tt", "bb", "tb", "bt"})
_TRANSFERS: Final = {16: "smpte2084", 18: "arib-std-b67"}
"""libavutil's numbers of those curves that are not shown as they are."""


def examined(file: BinaryIO, medium: Medium) -> dict[str, object]:
    """What a file is like as a medium. Raises ``MediaError``."""
    if medium is Medium.STILL:
        facts = file_facts(file, medium)
        _decode_still(file)
        return {"facts": _told(facts)}
    facts = file_facts(file, medium)
    file.seek(0)
    found = probe(file)
    file.seek(0, 2)
    length = max([0 if found.video is None else found.video.end_ns, *(track.end_ns for track in found.audio)])
    coding: dict[str, object] = {
        "container": found.container.value,
        "length_ms": max(1, length // 1_000_000),
        "byte_count": file.tell(),
        "complete": found.complete,
    }
    file.seek(0)
    return {"facts": _told(facts), "coding": coding | _coding(file, found)}


def peak_rate(video: VideoFacts) -> Fraction:
    """Frames a second: the clip's own where they are even, else where they come fastest."""
    times = video.pts_ns
    if len(times) < 2 or times[-1] <= 0:  # noqa: PLR2004 - a rate is between two
        return Fraction(_NS_PER_S * len(times), max(1, video.end_ns)).limit_denominator(1001)
    if video.constant_rate:
        return _named(Fraction(_NS_PER_S * (len(times) - 1), times[-1]))
    most, first = 1, 0
    for last, at in enumerate(times):
        while at - times[first] >= _NS_PER_S:
            first += 1
        most = max(most, last - first + 1)
    return Fraction(most)


def _named(rate: Fraction) -> Fraction:
    """The usual rate that a container rounded, or the rate as it is."""
    near = min(_USUAL_RATES, key=lambda usual: abs(usual - rate))
    return near if abs(near - rate) <= near * _ROUNDING else rate.limit_denominator(1001)


def _told(facts: FileFacts) -> dict[str, object]:
    picture = None if facts.picture is None else [facts.picture.width, facts.picture.height]
    return {"length": facts.length, "picture": picture, "sound": list(facts.sound)}


def _decode_still(file: BinaryIO) -> None:
    file.seek(0)
    Image.MAX_IMAGE_PIXELS = DEFAULT_LIMITS.picture_pixels
    try:
        with Image.open(file, formats=_STILLS) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError(Flaw.DAMAGED) from error


def _coding(file: BinaryIO, found: MediaFacts) -> dict[str, object]:
    source = SimpleNamespace(read=file.read, seek=file.seek, tell=file.tell)
    try:
        with av.open(
            source,
            mode="r",
            format=found.container.av_format,
            options={"max_pixels": str(DEFAULT_LIMITS.video_pixels)},
            metadata_errors="replace",
            io_open=refuse_to_open,
        ) as opened:
            sounds = [
                {
                    "codec": stream.codec_context.codec.canonical_name,
                    "channels": stream.codec_context.channels,
                    "sample_rate": stream.codec_context.sample_rate,
                }
                for stream in opened.streams.audio
                if stream.codec_context is not None
            ]
            return {"video": None if found.video is None else _video(opened, found.video), "sounds": sounds}
    except av.FFmpegError as error:
        raise MediaError(Flaw.DAMAGED) from error


def _video(opened: "InputContainer", known: VideoFacts) -> dict[str, object]:
    stream = next(one for one in opened.streams.video if not one.disposition & Disposition.attached_pic)
    frames = list(_first_frames(opened, stream))
    context, rate = stream.codec_context, peak_rate(known)
    curves = [int(context.color_trc), *(int(frame.color_trc) for frame in frames)]
    return {
        "codec": known.codec,
        "pixel_format": frames[0].format.name if frames else context.pix_fmt,
        "width": known.width,
        "height": known.height,
        "rate": [rate.numerator, rate.denominator],
        "aspect": [known.sar_num, known.sar_den],
        "rotation": known.rotation,
        "interlaced": str(context.field_order) in _FIELDS or any(frame.interlaced_frame for frame in frames),
        "transfer": next((_TRANSFERS[curve] for curve in curves if curve in _TRANSFERS), "unspecified"),
    }


def _first_frames(opened: "InputContainer", stream: "VideoStream") -> "list[VideoFrame]":
    stream.codec_context.thread_count = 1
    frames: list[VideoFrame] = []
    try:
        for packet in islice(opened.demux(stream), DEFAULT_LIMITS.tries):
            frames += stream.codec_context.decode(packet)
            if len(frames) >= _FRAMES_LOOKED_AT:
                break
    except av.FFmpegError:
        return frames
    return frames


def main() -> None:
    """Answer for the file on standard input; the second argument says as what it is to be played."""
    lock_up()
    try:
        told = examined(the_file(), Medium(sys.argv[2]))
    except MediaError as error:
        told = {"flaw": error.flaw.value}
    answer(json.dumps(told).encode())


if __name__ == "__main__":
    main()
