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
"""A decoder short of time lags too, but never so evenly for so long."""
_STEADY_PART: Final = 0.15
_LAG_PART: Final = 0.75


@dataclass(slots=True)
class FrameTimeline:
    """The frames of one clip: ``pts_ns`` of each after the first, and ``end_ns`` when the last gives way."""

    pts_ns: Sequence[int]
    end_ns: int
    last: int = -1
    """Index of the latest frame that has arrived."""
    _base: int | None = None
    _by_repeat: bool = False
    _lags: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many frames the clip has."""
        return len(self.pts_ns)

    def resumed(self, base: MonotonicNs) -> None:
        """The decoder runs: it holds frame k due at ``base + pts_ns[k]``, give or take ten milliseconds."""
        self._base = base

    def step(self, index: int) -> int:
        """How long frame ``index`` stands, in nanoseconds."""
        following = self.pts_ns[index + 1] if index + 1 < self.count else self.end_ns
        return max(1, following - self.pts_ns[index])

    def arrived(self, at: MonotonicNs) -> int | None:
        """A new picture came: its frame's index; None for one past the end."""
        index = self.last + 1
        if self._base is not None:
            index = self._by_time(index, at - self._base)
        self._by_repeat = False
        if index >= self.count:
            return None
        self.last = index
        return index

    def repeated(self, at: MonotonicNs) -> int | None:
        """The same picture came again: the next frame's index when that is due and looks the same, else None."""
        index = self.last + 1
        if self._base is None or index >= self.count or at - self._base < self.pts_ns[index] - _REPEAT_SLACK_NS:
            return None
        self.last, self._by_repeat = index, True
        return index

    def _by_time(self, index: int, at: int) -> int:
        """Correct the index that order alone gives by the time since the base."""
        if index >= self.count:
            # Frames taken for shown again may have been one too many.
            return self.last if self._by_repeat and at < self.pts_ns[self.last] + self.step(self.last) // 2 else index
        lag = at - self.pts_ns[index]
        if self._by_repeat and lag < -0.6 * self.step(self.last):
            return self.last
        if -_LAG_PART * self.step(index) < lag < 0 and self._base is not None:
            self._base += lag // 4  # the decoder runs earlier than thought
        return max(0, index + self._frames_off(index, lag))

    def _frames_off(self, index: int, lag: int) -> int:
        """How many frames never came, told by a lag that has the length of frames and stays.

        Negative where too many were taken for missing, which a decoder that catches up shows by being early.
        """
        step = self.step(index)
        if abs(lag) < _LAG_PART * step:
            self._lags.clear()
            return 0
        self._lags.append(lag)
        if len(self._lags) < _STEADY_PICTURES:
            return 0
        steady = max(self._lags) - min(self._lags) < _STEADY_PART * step
        self._lags.clear()
        if not steady:
            return 0
        off, due = 0, self.pts_ns[index] + lag
        while index + off + 1 < self.count and self.pts_ns[index + off + 1] <= due + step // 4:
            off += 1
        while index + off > 0 and self.pts_ns[index + off] >= due + 3 * step // 4:
            off -= 1
        return off
