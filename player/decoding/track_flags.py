"""Which bytes of an MP4 have to read differently for libVLC to play the tracks that are wanted. Pure.

A track's header says in one bit whether it is enabled. Whoever makes a file of several sound tracks mostly sets it for
the first alone, and libVLC 3 then plays no other, not even one it is told to: nothing is heard at all. Likewise a
picture that is not enabled beside a sound that is. Where no track is enabled libVLC takes all for enabled.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

ReadAt = Callable[[int, int], bytes]
"""Gives so many bytes (the second) from an offset of the file (the first); fewer at its end."""

_ENABLED: Final = 1
_FLAGS: Final = 3
"""Where in a track header's body the lowest byte of its flags is: behind the version and the two higher ones."""
_HANDLER: Final = 8
_MOST_BOXES: Final = 20_000
"""So many are looked at in one file, wherever they are; one of 32 tracks has some hundred before its last header."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class _Track:
    handler: bytes
    place: int
    """Offset of the byte with the bit."""
    flags: int


def bytes_to_enable(read_at: ReadAt, size: int, sound: int | None) -> dict[int, int]:
    """Offsets and the values to read there instead; empty for most files, whose tracks are enabled as wanted.

    ``size`` is the file's, in bytes. ``sound`` counts the sound tracks from 0, None where none is wanted; of pictures
    the first is. Damage is passed over: what cannot be understood is not changed.

    Raises:
        OSError: ``read_at`` does.

    """
    tracks = _tracks(read_at, size)
    if not any(track.flags & _ENABLED for track in tracks):
        return {}
    wanted = [track for track in tracks if track.handler == b"vide"][:1]
    if sound is not None:
        wanted += [track for track in tracks if track.handler == b"soun"][sound : sound + 1]
    return {track.place: track.flags | _ENABLED for track in wanted if not track.flags & _ENABLED}


def _tracks(read_at: ReadAt, size: int) -> list[_Track]:
    reading = _Reading(read_at)
    # A fragmented file has one too, without samples and before all fragments.
    movie = next((box for box in reading.boxes(0, size) if box.kind == b"moov"), None)
    if movie is None:
        return []
    found = (reading.track(box) for box in reading.boxes(movie.body, movie.end) if box.kind == b"trak")
    return [track for track in found if track is not None]


class _Reading:
    """One walk through a file's boxes, of which only headers are read."""

    def __init__(self, read_at: ReadAt) -> None:
        self._read_at = read_at
        self._left = _MOST_BOXES

    def boxes(self, start: int, end: int) -> Iterator[_Box]:
        """The boxes between two offsets; ends where they make no sense."""
        while start + 8 <= end and self._left:
            self._left -= 1
            head = self._read_at(start, 16)
            length, header = int.from_bytes(head[:4]), 8
            if length == 1:
                length, header = int.from_bytes(head[8:16]), 16
            elif length == 0:
                length = end - start
            if length < header or len(head) < header:
                return
            yield _Box(head[4:8], start + header, min(start + length, end))
            start += length

    def track(self, box: _Box) -> _Track | None:
        """What a track says of itself; None where it lacks a header or a handler."""
        place: int | None = None
        handler = b""
        for inner in self.boxes(box.body, box.end):
            if inner.kind == b"tkhd":
                place = inner.body + _FLAGS
            elif inner.kind == b"mdia":
                handler = self._handler(inner)
        flags = b"" if place is None else self._read_at(place, 1)
        return _Track(handler, place, flags[0]) if place is not None and flags else None

    def _handler(self, media: _Box) -> bytes:
        box = next((box for box in self.boxes(media.body, media.end) if box.kind == b"hdlr"), None)
        return b"" if box is None else self._read_at(box.body + _HANDLER, 4)
