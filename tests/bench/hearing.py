"""What a recorded track says: beeps against the picture, silence at cuts. Pure: values in, values out.

Both players are heard through the same sink and the same recorder, whose own delay is unknown but the same: offsets
mean something only as a difference between two players of one run.
"""

import bisect
import statistics
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.cuts import Cut
from tests.bench.film import NANOSECONDS, Run
from tests.bench.microphone import HEAD

BLOCK_SECONDS: Final = 0.001
_WINDOW: Final = 500  # chunks whose luckiest read tells the clock
_BEEP_OVER_TONE: Final = 4
_SILENCE_UNDER_TONE: Final = 5
_QUIET_BEFORE_BEEP: Final = 300  # blocks
_NEAR: Final = 0.45


@dataclass(frozen=True, slots=True)
class Track:
    """Loudness (0 to 32768) of each millisecond, and when each began, in seconds of the monotonic clock."""

    levels: Sequence[int]
    times: Sequence[float]

    @property
    def tone(self) -> float:
        """Loudness of the quiet tone under everything; 0 for a silent track."""
        heard = [level for level in self.levels if level > 50]  # dither and rounding
        return statistics.median(heard) if heard else 0.0


@dataclass(frozen=True, slots=True)
class Offset:
    """One beep: when its picture was seen, and how much later it was heard, in seconds."""

    moment: float
    late: float


def track_of(recording: bytes) -> Track:
    """Read a microphone's file; a torn end is passed over.

    A read comes some time after its samples were made and never before: the luckiest of many reads tells the clock.
    """
    levels: array[int] = array("H")
    reads: list[tuple[float, int]] = []
    place = 0
    while place + HEAD.size <= len(recording):
        moment, count = HEAD.unpack_from(recording, place)
        place += HEAD.size
        if place + 2 * count > len(recording):
            break
        levels.frombytes(recording[place : place + 2 * count])
        place += 2 * count
        reads.append((moment / NANOSECONDS, len(levels)))
    times: list[float] = []
    for start in range(0, len(reads), _WINDOW):
        window = reads[start : start + _WINDOW]
        origin = min(moment - count * BLOCK_SECONDS for moment, count in window)
        times.extend(origin + number * BLOCK_SECONDS for number in range(len(times), window[-1][1]))
    return Track(levels, times)


def beeps_in(track: Track) -> list[float]:
    """When each beep begins."""
    limit = track.tone * _BEEP_OVER_TONE
    found, quiet = [], _QUIET_BEFORE_BEEP
    for level, moment in zip(track.levels, track.times, strict=True):
        if level <= limit or limit == 0:
            quiet += 1
            continue
        if quiet >= _QUIET_BEFORE_BEEP:
            found.append(moment)
        quiet = 0
    return found


def offsets_of(runs: Iterable[Run], beeps: Sequence[float], due: Mapping[int, Mapping[int, float]]) -> list[Offset]:
    """How much later than its frame each beep was heard.

    `due[clip][frame]` is the time from that frame's start to the beep, for the frames beeps belong to.
    """
    found = []
    for run in runs:
        wait = due.get(run.mark.clip, {}).get(run.mark.frame) if run.mark else None
        if wait is None:
            continue
        seen = run.first + wait
        place = bisect.bisect(beeps, seen)
        near = [beep for beep in beeps[max(0, place - 1) : place + 1] if abs(beep - seen) < _NEAR]
        if near:
            found.append(Offset(seen, min((beep - seen for beep in near), key=abs)))
    return found


def due_frames(starts: Sequence[float], beeps: Iterable[float]) -> dict[int, float]:
    """The frame each beep of a clip falls into, and the time from its start to the beep."""
    frames = {}
    for beep in beeps:
        frame = bisect.bisect(starts, beep + 0.0015) - 1  # Matroska rounds to milliseconds
        frames[frame] = beep - starts[frame]
    return frames


def drift_of(offsets: Sequence[Offset], seconds: float = 600.0) -> float | None:
    """How far the offset moves in `seconds`, by the least squares line; None with less than two offsets."""
    if len(offsets) < 2:
        return None
    line = statistics.linear_regression([each.moment for each in offsets], [each.late for each in offsets])
    return line.slope * seconds


def silence_at(track: Track, cut: Cut, before: float = 0.4, after: float = 0.6) -> float:
    """Seconds of silence around a cut."""
    limit = track.tone / _SILENCE_UNDER_TONE
    start, end = (bisect.bisect(track.times, cut.moment + shift) for shift in (-before, after))
    return sum(level < limit for level in track.levels[start:end]) * BLOCK_SECONDS
