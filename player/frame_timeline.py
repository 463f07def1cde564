"""Which frame a picture is, and when it is due: pure bookkeeping for one clip being played.

libVLC says when it held a picture due, not which frame it is. With the file's own frame times known, order and time
together tell: pictures come in order; one shown again comes before the next is due; a frame that could not be decoded
leaves a lag of its own length that stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from playlists.timing import MonotonicNs

_REPEAT_SLACK_NS: Final = 5_000_000
_STEADY_PICTURES: Final = 12
_STEADY_NS: Final = 400_000_000
"""A decoder short of time lags too, but never so evenly for so many pictures and so long."""
_STEADY_PART: Final = 0.15
_JITTER_NS: Final = 5_000_000
_EARLY_PART: Final = 0.6
_ANCHORS: Final = 4
_ANCHOR_NS: Final = 20_000_000
"""So many pictures after the start, each within this time of when it was expected, tell when the decoder began."""
_LAG_PART: Final = 0.75


@dataclass(slots=True)
class FrameTimeline:
    """The frames of one clip: ``pts_ns`` of each after the first, and ``end_ns`` when the last gives way."""

    pts_ns: Sequence[int]
    end_ns: int
    last: int = -1
    """Index of the latest frame that has arrived."""
    _base: int | None = None
    _guessed: int = 0
    """Frames lately taken for shown because the picture before came again when they were due.

    A decoder that stood still looks the same. It shows when it catches up: then its pictures come too early for their
    index, and the guesses are taken back one by one.
    """
    _anchors: int = 0
    _on_time: int = 0
    """Pictures that came since and confirm the guesses."""
    _lags: list[int] = field(default_factory=list)

    @property
    def base(self) -> int | None:
        """When frame 0 was or would have been due to the decoder, as far as is known."""
        return self._base

    @property
    def count(self) -> int:
        """How many frames the clip has."""
        return len(self.pts_ns)

    def resumed(self, base: MonotonicNs) -> None:
        """The decoder runs (again): it holds frame k due at ``base + pts_ns[k]``, give or take ten milliseconds."""
        self._base, self._anchors = base, 0
        self._lags.clear()

    def step(self, index: int) -> int:
        """How long frame ``index`` stands, in nanoseconds."""
        following = self.pts_ns[index + 1] if index + 1 < self.count else self.end_ns
        return max(1, following - self.pts_ns[index])

    def arrived(self, at: MonotonicNs) -> int | None:
        """A new picture came: its frame's index; None for one past the end."""
        index = self.last + 1
        if self._base is not None:
            index = self._by_time(index, at - self._base)
        if index >= self.count:
            return None
        self.last = index
        return index

    def repeated(self, at: MonotonicNs) -> int | None:
        """The same picture came again: the next frame's index when that is due and looks the same, else None."""
        index = self.last + 1
        if self._base is None or index >= self.count or at - self._base < self.pts_ns[index] - _REPEAT_SLACK_NS:
            return None
        self.last, self._guessed, self._on_time = index, self._guessed + 1, 0
        return index

    def _by_time(self, index: int, at: int) -> int:
        """Correct the index that order alone gives by the time since the base."""
        if self._guessed and self._early(index, at):
            self._guessed, self._on_time = self._guessed - 1, 0
            return self.last
        if index >= self.count:
            return index
        lag = at - self.pts_ns[index]
        if self._anchors < _ANCHORS and not self._guessed and abs(lag) <= _ANCHOR_NS:
            self._anchor(lag)
            return index
        if self._guessed:
            self._on_time += 1
            self._guessed = self._guessed if self._on_time < _STEADY_PICTURES else 0
        elif -_LAG_PART * self.step(index) < lag < 0 and self._base is not None:
            self._base += lag // 4  # the decoder runs earlier than thought
        return max(0, index + self._frames_off(index, lag))

    def _anchor(self, lag: int) -> None:
        """Believe the earliest of the first pictures; order alone tells which they are."""
        if self._base is not None and (lag < 0 or not self._anchors):
            self._base += lag
        self._anchors += 1

    def _early(self, index: int, at: int) -> bool:
        """Whether ``at`` is too early for frame ``index``, the one past the end included."""
        due = self.pts_ns[index] if index < self.count else self.end_ns
        return at - due < -_EARLY_PART * self.step(self.last)

    def _frames_off(self, index: int, lag: int) -> int:
        """How many frames never came, told by a lag that has the length of frames and stays.

        Negative where too many were taken for missing, which a decoder that catches up shows by being early.
        """
        step = self.step(index)
        if abs(lag) < _LAG_PART * step:
            self._lags.clear()
            return 0
        self._lags.append(lag)
        if len(self._lags) < max(_STEADY_PICTURES, _STEADY_NS // step):
            return 0
        steady = max(self._lags) - min(self._lags) < max(_STEADY_PART * step, _JITTER_NS)
        self._lags.clear()
        if not steady:
            return 0
        off, due = 0, self.pts_ns[index] + lag
        while index + off + 1 < self.count and self.pts_ns[index + off + 1] <= due + step // 4:
            off += 1
        while index + off > 0 and self.pts_ns[index + off] >= due + 3 * step // 4:
            off -= 1
        return off
