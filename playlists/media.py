"""What a media file is like, as values: the answer of a probe."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from playlists.containers import Container, Picture
from playlists.errors import ContentError


class Flaw(StrEnum):
    """Why a media file cannot be shown: a stable word for logs and for translation."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    UNKNOWN_FORMAT = "unknown-format"
    DAMAGED = "damaged"
    UNKNOWN_CODEC = "unknown-codec"
    NO_PICTURE = "no-picture"
    NO_SOUND = "no-sound"
    TOO_LARGE = "too-large"
    TOO_LONG = "too-long"


_SENTENCES: Final = {
    Flaw.EMPTY: ("Tệp rỗng.", "The file is empty."),
    Flaw.UNREADABLE: ("Không đọc được tệp từ ổ đĩa.", "The file cannot be read from the disk."),
    Flaw.UNKNOWN_FORMAT: (
        "Tệp không chứa loại video hay ảnh nào phát được.",
        "The file holds no kind of video or picture that is played.",
    ),
    Flaw.DAMAGED: (
        "Tệp bị hỏng hoặc bị cắt cụt, không hiển thị được gì.",
        "The file is damaged or cut off, and nothing of it can be shown.",
    ),
    Flaw.UNKNOWN_CODEC: (
        "Hình được mã hóa theo cách không giải mã được.",
        "The picture is coded in a way that cannot be decoded.",
    ),
    Flaw.NO_PICTURE: ("Không giải mã được hình nào của video.", "No picture of the video can be decoded."),
    Flaw.NO_SOUND: ("Tệp không có đường tiếng nào.", "The file has no sound track."),
    Flaw.TOO_LARGE: ("Hình có quá nhiều điểm ảnh.", "The picture has too many pixels."),
    Flaw.TOO_LONG: ("Tệp có quá nhiều luồng hoặc khung hình.", "The file has too many streams or frames."),
}


class MediaError(ContentError):
    """A media file that cannot be shown; its text is one English sentence, ``vi`` the Vietnamese one.

    ``flaw`` is the stable word for it.
    """

    def __init__(self, flaw: Flaw) -> None:
        self.vi, self.en = _SENTENCES[flaw]
        super().__init__(self.en)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The moving picture of a clip.

    ``width`` and ``height`` are in stored pixels, before ``rotation`` and the sample aspect ratio ``sar_num/sar_den``.
    ``rotation`` is how far to turn the stored picture clockwise to show it: 0, 90, 180 or 270 degrees.
    ``pts_ns`` holds the time of every shown frame in display order, in nanoseconds after the first, which is 0; it
    never decreases. ``end_ns`` is when the last frame gives way. ``constant_rate``: the frames stand on an even grid.
    ``keys`` are the indices of the frames that decoding can begin with, in order.
    """

    codec: str
    width: int
    height: int
    sar_num: int
    sar_den: int
    rotation: int
    pts_ns: "array[int]" = field(repr=False)
    end_ns: int
    constant_rate: bool
    keys: "array[int]" = field(default_factory=lambda: array("q"), repr=False)

    @property
    def frame_count(self) -> int:
        """How many frames are shown."""
        return len(self.pts_ns)

    def key_before(self, time_ns: int) -> int:
        """The index of the key frame at or before a time; 0 where there is none, for every clip can begin there."""
        shown = bisect_right(self.pts_ns, time_ns) - 1
        place = bisect_right(self.keys, shown) - 1
        return self.keys[place] if place >= 0 else 0


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """A sound track.

    ``index`` counts the audio tracks of the file from 0; ``id`` is the container's own number for it (track id, PID).
    ``language`` is BCP 47 or None where the file does not say. Times are in nanoseconds after the video's first frame
    (after the first sound where there is no video); ``start_ns`` may be negative.
    """

    index: int
    id: int
    codec: str
    language: str | None
    channels: int
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a clip is like. ``video`` is None for a file with sound only; subtitle tracks are not looked at.

    ``complete`` is False where the file ended before its own table of contents does, or had damaged packets: the frames
    that are counted may then still fail to decode.
    """

    container: Container
    video: VideoFacts | None
    audio: tuple[AudioTrack, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What a still picture is like; ``width`` and ``height`` in stored pixels, told from its header alone."""

    picture: Picture
    width: int
    height: int
