"""What a kiosk plays: facts of a media file in, what is wrong with it and the ffmpeg command that mends it out.

The kiosk is a small PC of two cores without a graphics processor. libVLC 3 decodes in software, on one thread, into
8-bit 4:2:0; nothing of ours deinterlaces or maps tones. So the profile is what one core decodes in time with room left
for painting, not all that libVLC can open. Frames of uneven length are played as they are and need no mending.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from playlists.containers import Container

LONGEST_SIDE: Final = 4096
"""Pixels; LED walls are wide and low."""
MOST_PIXELS: Final = 1920 * 1088
MOST_PICTURE_PIXELS: Final = 40_000_000
"""Of a still; the player opens no larger one."""
FASTEST: Final = Fraction(60)
"""Frames a second."""
MOST_PIXELS_A_SECOND: Final[Mapping[str, int]] = {
    **dict.fromkeys(("h264", "mpeg2video", "mpeg4", "vp8", "theora"), 1920 * 1088 * 60),
    **dict.fromkeys(("hevc", "vp9", "av1"), 1920 * 1088 * 30),
}
"""By codec, as libavcodec names it: those that tests see the player play, and what one core decodes of them."""
MOST_BITS_A_SECOND: Final = 20_000_000
MOST_BYTES: Final = 1 << 31
"""Of one file: 2 GiB, some 13 minutes at the highest rate, 35 at that of the command below."""
PIXEL_FORMATS: Final = frozenset({"yuv420p", "yuvj420p"})
SOUND_CODECS: Final = frozenset({"aac", "mp3", "mp2", "opus", "vorbis", "ac3", "flac"})
MOST_CHANNELS: Final = 2
SAMPLE_RATES: Final = range(8_000, 48_001)

_HIGH_DYNAMIC_RANGE: Final = frozenset({"smpte2084", "arib-std-b67"})
_HIGH_DEFINITION: Final = 720
"""Lines from which the player takes colours for BT.709."""
_SDR: Final = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
)
_USUAL_PIXELS: Final = 1920 * 1080
_USUAL_RATE: Final = Fraction(30)
_SOUND: Final = ("-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2", "-movflags", "+faststart")
# The capital V passes over cover pictures. Every sound track is a default one, or libVLC would choose by itself.
_STREAMS: Final = ("-map", "0:V:0", "-map", "0:a?", "-sn", "-dn", "-disposition:a", "default")


class Use(StrEnum):
    """What a file is to be played as."""

    CLIP = "clip"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class VideoCoding:
    """How the picture is coded.

    ``width`` and ``height`` are stored pixels, ``aspect`` that of one pixel, ``rotation`` how far to turn the picture
    clockwise (degrees), ``rate`` the frames a second where they come fastest. ``transfer`` is libavutil's name of the
    curve of brightness.
    """

    codec: str
    pixel_format: str
    width: int
    height: int
    rate: Fraction
    aspect: Fraction = Fraction(1)
    rotation: int = 0
    interlaced: bool = False
    transfer: str = "unspecified"

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as a viewer sees them, in square pixels."""
        width = max(1, round(self.width * self.aspect))
        return (width, self.height) if self.rotation in {0, 180} else (self.height, width)


@dataclass(frozen=True, slots=True)
class SoundCoding:
    """How a sound track is coded; ``sample_rate`` in hertz."""

    codec: str
    channels: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Coding:
    """How a file is coded. ``complete`` is False where it ends too early or holds damaged packets."""

    container: Container
    length_ms: int
    byte_count: int
    video: VideoCoding | None = None
    sounds: tuple[SoundCoding, ...] = ()
    complete: bool = True

    @property
    def bits_a_second(self) -> int:
        """On average, over the whole file."""
        return self.byte_count * 8_000 // max(1, self.length_ms)


_UNKNOWN: Final = Coding(Container.MP4, 1, 1)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing a kiosk cannot play: a stable word, and a sentence in Vietnamese and in English."""

    code: str
    vi: str
    en: str


_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "codec": (
        "Hình mã hóa kiểu {codec}, máy tại cửa khẩu không giải mã được.",
        "The picture is coded as {codec}, which a kiosk does not decode.",
    ),
    "pixel-format": (
        "Màu lưu kiểu {format}; máy tại cửa khẩu chỉ phát màu 8 bit 4:2:0 (yuv420p).",
        "Colours are stored as {format}; a kiosk plays 8-bit 4:2:0 (yuv420p) only.",
    ),
    "high-dynamic-range": (
        "Video HDR ({transfer}) sẽ bị nhợt màu trên màn hình.",
        "The clip is HDR ({transfer}) and would look washed out.",
    ),
    "interlaced": (
        "Hình quét xen kẽ (interlaced) sẽ bị răng cưa khi chuyển động.",
        "The picture is interlaced and would show combs where it moves.",
    ),
    "size": (
        "Hình {width} x {height} điểm ảnh, lớn hơn mức máy phát kịp ({pixels} điểm ảnh, như 1920 x 1080).",
        "The picture has {width} x {height} pixels, more than a kiosk plays in time ({pixels}, as 1920 x 1080 has).",
    ),
    "rate": (
        "{rate} hình mỗi giây, nhanh hơn mức máy phát kịp ({most}) với cỡ hình và kiểu mã hóa này.",
        "There are {rate} frames a second, more than a kiosk plays in time ({most}) at this size, coded like this.",
    ),
    "bits": (
        "Mỗi giây cần {megabits} Mbit, quá mức {most} Mbit.",
        "It takes {megabits} Mbit a second, more than {most}.",
    ),
    "bytes": (
        "Tệp {megabytes} MB, quá mức {most} MB.",
        "The file has {megabytes} MB, more than {most}.",
    ),
    "incomplete": (
        "Tệp bị cắt cụt hoặc có chỗ hỏng; hãy lấy lại bản gốc, nếu không còn thì lệnh dưới giữ phần còn đọc được.",
        "The file is cut off or damaged; fetch the original again, or keep what can be read by the command below.",
    ),
    "sound-codec": (
        "Đường tiếng {number} mã hóa kiểu {codec}, máy tại cửa khẩu không phát được.",
        "Sound track {number} is coded as {codec}, which a kiosk does not play.",
    ),
    "channels": (
        "Đường tiếng {number} có {channels} kênh; chỉ phát 1 hoặc 2 kênh.",
        "Sound track {number} has {channels} channels; one or two are played.",
    ),
    "sample-rate": (
        "Đường tiếng {number} có tần số lấy mẫu {hertz} Hz; chỉ phát từ 8000 đến 48000 Hz.",
        "Sound track {number} has {hertz} samples a second; 8000 to 48000 are played.",
    ),
}


def shortfalls(coding: Coding, use: Use) -> tuple[Shortfall, ...]:
    """Everything that keeps a kiosk from playing a file; empty where it plays it."""
    found = [] if coding.video is None or use is Use.SOUND else list(_of_picture(coding.video))
    found += [one for number, sound in enumerate(coding.sounds, 1) for one in _of_sound(sound, number)]
    return (*found, *_of_file(coding))


def mending(coding: Coding, use: Use, source: str, target: str) -> list[str]:
    """The ffmpeg command that makes of ``source`` a file that a kiosk plays, as a list of arguments.

    :param source: an absolute path, so that no colon in it is taken for a protocol; ``target`` likewise, ``.mp4`` or,
        for a sound, ``.m4a``.
    """
    if use is Use.SOUND or coding.video is None:
        return [*_begun(source), "-map", "0:a:0", "-vn", "-sn", "-dn", *_SOUND, target]
    return [*_begun(source), *_STREAMS, *_picture_settings(coding.video), *_SOUND, target]


def general_mending(use: Use, source: str, target: str) -> list[str]:
    """The command for a file that tells nothing of itself; what it makes is to be examined like any other."""
    if use is Use.SOUND:
        return mending(_UNKNOWN, use, source, target)
    fitting = "scale=1920:1080:force_original_aspect_ratio=decrease:force_divisible_by=2"
    steps = ["-vf", f"scale=iw*sar:ih,{fitting},setsar=1,format=yuv420p", "-fpsmax", "60"]
    return [*_begun(source), *_STREAMS, *steps, *_coder(_USUAL_RATE), *_SOUND, target]


def picture_mending(source: str, target: str) -> list[str]:
    """The command that makes a still of a size that the player opens; ``target`` ends with ``.png``."""
    size = "scale=3840:3840:force_original_aspect_ratio=decrease:flags=lanczos"
    return [*_begun(source), "-vf", size, "-frames:v", "1", "-update", "1", target]


def _of_picture(video: VideoCoding) -> Iterator[Shortfall]:
    allowed = MOST_PIXELS_A_SECOND.get(video.codec)
    if allowed is None:
        yield _shortfall("codec", codec=video.codec or "?")
    if video.pixel_format not in PIXEL_FORMATS:
        yield _shortfall("pixel-format", format=video.pixel_format or "?")
    if video.transfer in _HIGH_DYNAMIC_RANGE:
        yield _shortfall("high-dynamic-range", transfer=video.transfer)
    if video.interlaced:
        yield _shortfall("interlaced")
    if not _fits(video.width, video.height):
        yield _shortfall("size", width=video.width, height=video.height, pixels=MOST_PIXELS)
        return
    most = min(FASTEST, Fraction(allowed or MOST_PIXELS * 60, video.width * video.height))
    if video.rate > most * Fraction(101, 100):
        yield _shortfall("rate", rate=_figure(video.rate), most=_figure(most))


def _of_sound(sound: SoundCoding, number: int) -> Iterator[Shortfall]:
    if sound.codec not in SOUND_CODECS and not sound.codec.startswith("pcm_"):
        yield _shortfall("sound-codec", number=number, codec=sound.codec or "?")
    if not 0 < sound.channels <= MOST_CHANNELS:
        yield _shortfall("channels", number=number, channels=sound.channels)
    if sound.sample_rate not in SAMPLE_RATES:
        yield _shortfall("sample-rate", number=number, hertz=sound.sample_rate)


def _of_file(coding: Coding) -> Iterator[Shortfall]:
    if coding.bits_a_second > MOST_BITS_A_SECOND and coding.length_ms >= 1000:  # noqa: PLR2004 - no rate within a second
        most = MOST_BITS_A_SECOND // 1_000_000
        yield _shortfall("bits", megabits=coding.bits_a_second // 1_000_000, most=most)
    if coding.byte_count > MOST_BYTES:
        yield _shortfall("bytes", megabytes=coding.byte_count // 1_000_000, most=MOST_BYTES // 1_000_000)
    if not coding.complete:
        yield _shortfall("incomplete")


def _picture_settings(video: VideoCoding) -> list[str]:
    width, height = _fitted(*video.shown)
    steps = ["bwdif=mode=send_frame"] if video.interlaced else []
    if video.transfer in _HIGH_DYNAMIC_RANGE:
        steps.append(_SDR)
    scale = f"scale={width}:{height}:flags=lanczos"
    if video.pixel_format.startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal")):
        # ffmpeg would take the matrix of standard definition whatever the size.
        scale += f":out_color_matrix={'bt709' if height >= _HIGH_DEFINITION else 'bt601'}:out_range=tv"
    steps += [scale, "setsar=1", "format=yuv420p"]
    rate = _target_rate(video.rate)
    return ["-vf", ",".join(steps), "-r", f"{rate.numerator}/{rate.denominator}", *_coder(rate)]


def _coder(rate: Fraction) -> list[str]:
    # A key frame every two seconds: an interrupted clip goes on from one.
    codec = ["-c:v", "libx264", "-profile:v", "high", "-preset", "medium", "-g", str(round(rate * 2))]
    return [*codec, "-crf", "20", "-maxrate", "8M", "-bufsize", "16M"]


def _begun(source: str) -> list[str]:
    # Without -nostdin ffmpeg would swallow the next command of those that are pasted together.
    return ["ffmpeg", "-nostdin", "-y", "-i", source]


def _fits(width: int, height: int) -> bool:
    return width * height <= MOST_PIXELS and max(width, height) <= LONGEST_SIDE


def _fitted(width: int, height: int) -> tuple[int, int]:
    """The largest even size of this shape that fits, and no larger than it is."""
    pixels = width * height if _fits(width, height) else _USUAL_PIXELS
    scale = min(1.0, (pixels / (width * height)) ** 0.5, LONGEST_SIDE / max(width, height))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _target_rate(rate: Fraction) -> Fraction:
    """The clip's own rate, or a half, a third ... of it, so that no frame stands longer than its neighbours."""
    if rate <= 0:
        return _USUAL_RATE
    kept = rate.limit_denominator(1001)
    most = Fraction(MOST_PIXELS_A_SECOND["h264"], MOST_PIXELS) if rate <= FASTEST else _USUAL_RATE
    parts = -(-kept // most)
    return kept / max(1, parts)


def _shortfall(code: str, **values: object) -> Shortfall:
    vi, en = _SENTENCES[code]
    return Shortfall(code, vi.format(**values).replace("  ", " "), en.format(**values))


def _figure(value: Fraction) -> str:
    return f"{float(value):.4g}"
