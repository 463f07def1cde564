"""Which bytes of an MP4 have to read differently for libVLC to play the wanted tracks from their beginning. Pure.

A track's header says in one bit whether it is enabled. Whoever makes a file of several sound tracks mostly sets it for
the first alone, and libVLC 3 then plays no other, not even one it is told to: nothing is heard at all. Likewise a
picture that is not enabled beside a sound that is. Where no track is enabled libVLC takes all for enabled.

A sound track's edit list says how much of its beginning is the encoder's own run-up and not to be heard, 21 ms of an
AAC at 48 kHz. libVLC then begins decoding behind it, and its decoder, which says nothing to the first packet it gets,
leaves out the first 21 ms that should be heard. Without the edit list it decodes all, and calls the times too late by
the run-up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

ReadAt = Callable[[int, int], bytes]
"""Gives so many bytes (the second) from an offset of the file (the first); fewer at its end."""

_ENABLED: Final = 1
_FLAGS: Final = 3
"""Where in a track header's body the lowest byte of its flags is: behind the version and the two higher ones."""
_HANDLER: Final = 8
_RUN_UP: Final = 0.1
"""Seconds; what an edit list leaves out beyond that is no run-up, but left out on purpose."""
_NS_PER_S: Final = 1_000_000_000
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
    run_up: "_RunUp | None" = None


@dataclass(frozen=True, slots=True)
class _RunUp:
    """What a track's edit list leaves out at its beginning."""

    ns: int
    place: int
    """Offset of the number that says so, and how many bytes it has."""
    width: int


@dataclass(frozen=True, slots=True)
class ReadOtherwise:
    """What of a file libVLC shall read as something else.

    ``values`` are by offset. ``late_ns`` is how much later than it should libVLC then calls all times of the sound.
    """

    values: dict[int, int] = field(default_factory=dict)
    late_ns: int = 0


def read_otherwise(read_at: ReadAt, size: int, sound: int | None) -> ReadOtherwise:
    """Say what of an MP4 has to be read differently.

    ``size`` is the file's, in bytes. ``sound`` counts the sound tracks from 0, None where none is wanted; of pictures
    the first is. Damage is passed over: what cannot be understood is not changed.

    Raises:
        OSError: ``read_at`` does.

    """
    tracks = _tracks(read_at, size)
    heard = [track for track in tracks if track.handler == b"soun"][sound : sound + 1] if sound is not None else []
    values: dict[int, int] = {}
    if any(track.flags & _ENABLED for track in tracks):
        wanted = [track for track in tracks if track.handler == b"vide"][:1] + heard
        values = {track.place: track.flags | _ENABLED for track in wanted if not track.flags & _ENABLED}
    run_up = heard[0].run_up if heard else None
    if run_up is None:
        return ReadOtherwise(values)
    return ReadOtherwise(values | dict.fromkeys(range(run_up.place, run_up.place + run_up.width), 0), run_up.ns)


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
        edit: tuple[int, int, int] | None = None
        handler, scale = b"", 0
        for inner in self.boxes(box.body, box.end):
            if inner.kind == b"tkhd":
                place = inner.body + _FLAGS
            elif inner.kind == b"edts":
                edit = self._edit(inner)
            elif inner.kind == b"mdia":
                handler, scale = self._media(inner)
        flags = b"" if place is None else self._read_at(place, 1)
        if place is None or not flags:
            return None
        run_up = None
        if edit is not None and 0 < edit[0] <= _RUN_UP * scale:
            run_up = _RunUp(edit[0] * _NS_PER_S // scale, *edit[1:])
        return _Track(handler, place, flags[0], run_up)

    def _media(self, media: _Box) -> tuple[bytes, int]:
        """The kind of a track and its ticks a second; empty and 0 where it does not say."""
        handler, scale = b"", 0
        for box in self.boxes(media.body, media.end):
            if box.kind == b"hdlr":
                handler = self._read_at(box.body + _HANDLER, 4)
            elif box.kind == b"mdhd":
                wide = self._read_at(box.body, 1) == b"\1"
                scale = int.from_bytes(self._read_at(box.body + (20 if wide else 12), 4))
        return handler, scale

    def _edit(self, edits: _Box) -> tuple[int, int, int] | None:
        """Where the only edit of a track begins, in ticks, and offset and width of that number; None where many are."""
        box = next((box for box in self.boxes(edits.body, edits.end) if box.kind == b"elst"), None)
        if box is None:
            return None
        head = self._read_at(box.body, 8)
        width = 8 if head[:1] == b"\1" else 4
        place = box.body + 8 + width
        if int.from_bytes(head[4:]) != 1 or place + width > box.end:
            return None
        return int.from_bytes(self._read_at(place, width), signed=True), place, width
