"""What an examiner found, on its way to the stage: facts of a clip as a message and the frame times behind it."""

import os
from array import array
from dataclasses import dataclass

from player.decoding.channel import ChannelClosedError, Message, integer, text
from playlists.containers import Container
from playlists.media import AudioTrack, MediaFacts, VideoFacts

_VIDEO_NUMBERS = ("width", "height", "sar_num", "sar_den", "rotation", "end_ns")
_MAX_DIMENSION = 16384
_MAX_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which bytes a path led to, as far as the file system tells without reading them."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "FileIdentity":
        """From a stat result."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def facts_message(facts: MediaFacts) -> tuple[Message, bytes]:
    """The facts of a clip with a picture, and its frame times and key frames as native 64-bit numbers.

    Raises:
        ValueError: the clip has no picture.

    """
    video = facts.video
    if video is None:
        raise ValueError
    message: Message = {key: getattr(video, key) for key in _VIDEO_NUMBERS}
    message |= {"is": "facts", "container": facts.container.value, "codec": video.codec, "even": video.constant_rate}
    message |= {"frames": video.frame_count, "complete": facts.complete}
    message["audio"] = [
        [track.index, track.id, track.codec, track.language, track.channels, track.start_ns, track.end_ns]
        for track in facts.audio
    ]
    return message, video.pts_ns.tobytes() + video.keys.tobytes()


def facts_of(message: Message, times: bytes) -> MediaFacts:
    """The facts a prisoner sent, checked, for nothing a prisoner says is trusted.

    Raises:
        ChannelClosedError: they make no sense.

    """
    numbers = {key: integer(message, key) for key in _VIDEO_NUMBERS}
    told = array("q")
    told.frombytes(times[: len(times) - len(times) % told.itemsize])
    count = integer(message, "frames")
    pts, keys = told[: max(0, count)], told[max(0, count) :]
    sane = all(0 < numbers[key] <= _MAX_DIMENSION for key in ("width", "height")) and numbers["end_ns"] > 0
    sane = sane and numbers["rotation"] in {0, 90, 180, 270} and len(pts) == count
    sane = sane and all(0 <= key < count for key in keys) and sorted(keys) == list(keys)
    if not (sane and len(pts) and numbers["sar_num"] > 0 and numbers["sar_den"] > 0):
        msg = "facts without sense"
        raise ChannelClosedError(msg)
    even = message.get("even") is True
    video = VideoFacts(codec=text(message, "codec"), pts_ns=pts, constant_rate=even, keys=keys, **numbers)
    tracks = message.get("audio")
    audio = tuple(_track(track) for track in tracks) if isinstance(tracks, list) else ()
    return MediaFacts(Container(text(message, "container")), video, audio, message.get("complete") is True)


def _track(told: object) -> AudioTrack:
    kinds = (int, int, str, str | None, int, int, int)
    if not isinstance(told, list) or len(told) != len(kinds):
        msg = "an audio track without sense"
        raise ChannelClosedError(msg)
    if not all(isinstance(value, kind) for value, kind in zip(told, kinds, strict=True)):
        msg = "an audio track without sense"
        raise ChannelClosedError(msg)
    return AudioTrack(*told)


def memory_file(data: bytes, name: str) -> int:
    """A new memory file holding ``data``; gives its descriptor."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC)
    with open(fd, "wb", closefd=False) as file:
        file.write(data)
    return fd


def contents_of(fd: int) -> bytes:
    """Everything in a memory file, read and not mapped, for its sender may still shrink it.

    Raises:
        ChannelClosedError: it is larger than anything an honest examiner sends.

    """
    size = os.fstat(fd).st_size
    if size > _MAX_BYTES:
        msg = "too much to be frame times"
        raise ChannelClosedError(msg)
    return os.pread(fd, size, 0)
