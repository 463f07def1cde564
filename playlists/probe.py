"""Looks into a media file: what its streams are, and when every frame is due.

The caller opens the file; this reads the stream it is given and nothing else. The demuxer is forced by the first bytes,
it never learns a file name, and whatever it asks to open beyond the stream is refused. Frames are counted by demuxing;
only the first is decoded, for what no container tells reliably. What is read here may be hostile, and libavformat is
large: run it where a crash is survived.
"""

from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn, TypeVar

from playlists.containers import HEAD_BYTES, Container, Picture, sniff
from playlists.frame_times import NS_PER_S, FrameTimes, PacketTimes, Span, TimeRules, frame_times, is_shown
from playlists.languages import normal_tag
from playlists.media import AudioTrack, Flaw, MediaError, MediaFacts, PictureFacts, VideoFacts
from playlists.pictures import picture_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av import AudioStream, Packet, VideoFrame, VideoStream
    from av.container import InputContainer
    from av.stream import Stream


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is looked at.

    ``packets`` counts sound and picture together: some five hours. ``tries`` is how many packets are decoded in search
    of a first frame. ``picture_pixels`` come to 160 MB once decoded; the
    largest pictures in use, leaflets of A3 at 300 dpi, have half as many.
    """

    streams: int = 32
    packets: int = 2_000_000
    tries: int = 300
    video_pixels: int = 8192 * 4352
    picture_pixels: int = 40_000_000


_P = TypeVar("_P")

DEFAULT_LIMITS: Final = Limits()
_RUNNING_CONTAINERS: Final = frozenset({Container.MPEGTS, Container.MPEGPS, Container.OGG})
"""Made to be joined and cut anywhere, with a timestamp every second or so."""
_LONGEST_STILL: Final = Fraction(300)
"""Seconds a frame may stand by its own timestamps; beyond it they are taken for damaged."""
_LONGEST_STILL_RUNNING: Final = Fraction(10)
_READ_BYTES: Final = 256 * 1024
_QUARTER_TURNS: Final = 4


def probe(stream: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> MediaFacts:
    """Look into a clip.

    :param stream: seekable, opened for reading, left open at an arbitrary place.
    :raises MediaError: whatever is wrong with the file, including that it is a picture.
    """
    container = _sniffed(stream)
    if not isinstance(container, Container):
        raise MediaError(Flaw.UNKNOWN_FORMAT)
    import av  # noqa: PLC0415  # slow to load, and most of our processes never need it

    # A bare object: PyAV would hand the name of a file on to libavformat.
    source = SimpleNamespace(read=stream.read, seek=stream.seek, tell=stream.tell)
    try:
        with av.open(
            source,
            mode="r",
            format=container.av_format,
            options={"max_pixels": str(limits.video_pixels)},
            metadata_errors="replace",
            buffer_size=_READ_BYTES,
            io_open=refuse_to_open,
        ) as opened:
            return _facts(container, opened, limits)
    except av.FFmpegError as error:
        raise MediaError(Flaw.DAMAGED) from error
    except OSError as error:
        raise MediaError(Flaw.UNREADABLE) from error


def probe_picture(stream: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> PictureFacts:
    """Tell format and size of a still picture from its header, without decoding it.

    :raises MediaError: it is no picture, has no size, or more pixels than the limit.
    """
    picture = _sniffed(stream)
    if not isinstance(picture, Picture):
        raise MediaError(Flaw.UNKNOWN_FORMAT)
    try:
        size = picture_size(picture, stream)
    except OSError as error:
        raise MediaError(Flaw.UNREADABLE) from error
    if size is None:
        raise MediaError(Flaw.DAMAGED)
    width, height = size
    if width * height > limits.picture_pixels:
        raise MediaError(Flaw.TOO_LARGE)
    return PictureFacts(picture, width, height)


def _sniffed(stream: BinaryIO) -> Container | Picture | None:
    """Leaves the stream at its beginning."""
    try:
        stream.seek(0)
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
    except OSError as error:
        raise MediaError(Flaw.UNREADABLE) from error
    if not head:
        raise MediaError(Flaw.EMPTY)
    return sniff(head)


def refuse_to_open(url: str, flags: int, options: dict[str, str]) -> NoReturn:  # noqa: ARG001  # the signature is PyAV's
    """Answer a demuxer that asks for another file or address."""
    message = "a media file opens nothing else"
    raise PermissionError(message)


def _facts(container: Container, opened: "InputContainer", limits: Limits) -> MediaFacts:
    if len(opened.streams) > limits.streams:
        raise MediaError(Flaw.TOO_LONG)
    video = _moving_picture(opened.streams.video)
    if video is not None and video.width * video.height > limits.video_pixels:
        raise MediaError(Flaw.TOO_LARGE)
    sounds = tuple(opened.streams.audio)
    chosen: tuple[Stream, ...] = (*sounds, video) if video is not None else sounds
    if not chosen:
        raise MediaError(Flaw.NO_PICTURE)
    reading = _Reading(container, video, sounds, limits)
    reading.read(opened, chosen)
    return reading.facts()


def _moving_picture(streams: "Iterable[VideoStream]") -> "VideoStream | None":
    """Find the first video stream that is not a cover picture."""
    from av.stream import Disposition  # noqa: PLC0415

    video = next((stream for stream in streams if not stream.disposition & Disposition.attached_pic), None)
    if video is not None:
        if video.codec_context is None:
            raise MediaError(Flaw.UNKNOWN_CODEC)
        # Threads would hold back the first frame until each had one.
        video.codec_context.thread_count = 1
    return video


def until_damage(packets: "Iterator[_P]", found: list[Exception]) -> "Iterator[_P]":
    """Read on until the end, or the first damage that libavformat cannot step over; that is added to ``found``."""
    import av  # noqa: PLC0415

    try:
        yield from packets
    except (av.FFmpegError, IndexError) as error:
        # IndexError: a stream the file announces in mid-course, which PyAV does not know.
        found.append(error)


class _Reading:
    """One pass through the packets of a clip."""

    def __init__(
        self,
        container: Container,
        video: "VideoStream | None",
        sounds: "tuple[AudioStream, ...]",
        limits: Limits,
    ) -> None:
        self._container = container
        self._limits = limits
        self._running = container in _RUNNING_CONTAINERS
        self._longest_still = _LONGEST_STILL_RUNNING if self._running else _LONGEST_STILL
        self._video = video
        self._codec = "" if video is None else video.codec_context.codec.canonical_name
        self._sounds = sounds
        self._frames = PacketTimes()
        self._first: VideoFrame | None = None
        self._tries = 0
        self._samples = 0
        self._complete = True
        self._damage: list[Exception] = []
        self._spans: dict[int, Span] = {}

    def read(self, opened: "InputContainer", chosen: "tuple[Stream, ...]") -> None:
        from av.stream import Discard  # noqa: PLC0415

        for stream in opened.streams:
            if stream not in chosen:
                stream.discard = Discard.all
        for count, packet in enumerate(until_damage(opened.demux(*chosen), self._damage)):
            if count > self._limits.packets:
                raise MediaError(Flaw.TOO_LONG)
            self._take(packet)

    def _take(self, packet: "Packet[Stream]") -> None:
        is_picture = self._video is not None and packet.stream_index == self._video.index
        if is_picture and self._first is None:
            self._look_for_first_frame(packet)
        if not packet.size:
            return
        self._complete = self._complete and not packet.is_corrupt
        self._samples += is_picture
        if packet.is_discard:
            return
        if not is_picture:
            self._stretch(packet)
        elif is_shown(self._codec, memoryview(packet)):
            self._frames.add(packet.pts, packet.dts, packet.duration, key=packet.is_keyframe)

    def _look_for_first_frame(self, packet: "Packet[Stream]") -> None:
        """Decode until a frame comes out; the empty packet at the end flushes the decoder."""
        import av  # noqa: PLC0415

        self._tries += 1
        if self._tries > self._limits.tries:
            return
        try:
            frames = packet.decode()
        except av.FFmpegError:
            self._complete = False
            return
        self._first = next((frame for frame in frames if isinstance(frame, av.VideoFrame)), None)

    def _stretch(self, packet: "Packet[Stream]") -> None:
        """Widen the span of a sound track by one packet."""
        # A packet without a time counts as if it followed on the last; 0 is as good as any other wrong place.
        time = next((time for time in (packet.pts, packet.dts) if time is not None), 0)
        limit = round(self._longest_still / _time_base(packet.stream))
        span = self._spans.setdefault(packet.stream_index, Span(time, time))
        span.stretch(time, packet.duration or 0, limit)

    def facts(self) -> MediaFacts:
        video, times = self._video_facts()
        if self._video is not None and self._container is Container.MP4 and self._samples < self._video.frames:
            self._complete = False
        origin = None if times is None or self._video is None else times.origin * _time_base(self._video)
        return MediaFacts(self._container, video, self._audio_tracks(origin), self._complete and not self._damage)

    def _video_facts(self) -> tuple[VideoFacts | None, FrameTimes | None]:
        if self._video is None:
            return None, None
        times = None
        if self._first is not None:
            rules = TimeRules(
                _time_base(self._video), self._video.average_rate, self._longest_still, restarts=self._running
            )
            times = frame_times(self._frames, rules, self._first.pts)
        if self._first is None or times is None:
            raise MediaError(Flaw.NO_PICTURE)
        aspect = self._video.sample_aspect_ratio or Fraction(1)
        facts = VideoFacts(
            codec=self._codec,
            width=self._first.width,
            height=self._first.height,
            sar_num=aspect.numerator,
            sar_den=aspect.denominator,
            # libavutil's angle is anticlockwise.
            rotation=round(-self._first.rotation / 90) % _QUARTER_TURNS * 90,
            pts_ns=times.pts_ns,
            end_ns=times.end_ns,
            constant_rate=times.constant_rate,
            keys=times.keys,
        )
        return facts, times

    def _audio_tracks(self, origin: Fraction | None) -> tuple[AudioTrack, ...]:
        """Describe the tracks that hold any sound; ``origin`` is the first frame's time in seconds."""
        starts = [self._spans[s.index].start * _time_base(s) for s in self._sounds if s.index in self._spans]
        if origin is None:
            origin = min(starts, default=Fraction(0))
        return tuple(
            _audio_track(index, sound, self._spans[sound.index], origin)
            for index, sound in enumerate(self._sounds)
            if sound.index in self._spans
        )


def _audio_track(index: int, sound: "AudioStream", span: Span, origin: Fraction) -> AudioTrack:
    start, end = (round((ticks * _time_base(sound) - origin) * NS_PER_S) for ticks in (span.start, span.end))
    context = sound.codec_context
    return AudioTrack(
        index=index,
        id=sound.id,
        codec=context.codec.canonical_name if context is not None else "",
        language=normal_tag(sound.language or ""),
        channels=context.channels if context is not None else 0,
        start_ns=start,
        end_ns=end,
    )


def _time_base(stream: "Stream") -> Fraction:
    """Seconds per tick; a usual frame where the container's answer is none or absurd."""
    base = stream.time_base
    return base if base and base <= _LONGEST_STILL_RUNNING else Fraction(1, 25)
