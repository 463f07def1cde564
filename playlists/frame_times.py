"""When each frame of a clip is shown, worked out from what a demuxer says of its packets."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from statistics import median_low
from typing import Final, TypeAlias

NS_PER_S: Final = 1_000_000_000
_DEFAULT_RATE: Final = Fraction(25)
_GRID_TOLERANCE_NS: Final = 1_000_000
_STEP_BACK: Final = Fraction(1)
"""Seconds by which decoding times must fall back for it to be a new start and no untidiness."""

_Frame: TypeAlias = tuple[int, int, bool]
"""Time and duration in ticks, and whether decoding can begin there."""

_SUPERFRAME: Final = 0xC0
_VP9_PROFILE_3: Final = 0x30


@dataclass(frozen=True, slots=True)
class TimeRules:
    """How to read a stream's times.

    ``time_base``: seconds per tick. ``rate``: frames per second as the container claims, None where it claims nothing.
    ``longest_still``: seconds a frame may stand by its timestamps; beyond it they are taken for damaged. ``restarts``:
    whether times may begin anew in mid-file, as in transport streams joined end to end.
    """

    time_base: Fraction
    rate: Fraction | None
    longest_still: Fraction
    restarts: bool = False

    @property
    def ticks_per_frame(self) -> int:
        """Length of a frame by the claimed rate, or a usual one where that is none or absurd; 1 at least."""
        frame = 1 / (self.rate or _DEFAULT_RATE)
        if frame > self.longest_still:
            frame = 1 / _DEFAULT_RATE
        return max(1, round(frame / self.time_base))

    @property
    def limit(self) -> int:
        """``longest_still`` in ticks."""
        return round(self.longest_still / self.time_base)


@dataclass(slots=True)
class PacketTimes:
    """The times of a stream's packets in the order they were read, in ticks of the stream's time base.

    ``None`` where the container gives none; a duration of 0 means the same.
    """

    pts: list[int | None] = field(default_factory=list)
    dts: list[int | None] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)
    keys: list[bool] = field(default_factory=list)

    def add(self, pts: int | None, dts: int | None, duration: int | None, *, key: bool = True) -> None:
        """Append one packet; ``key`` says whether decoding can begin with it."""
        self.keys.append(key)
        self.pts.append(pts)
        self.dts.append(dts)
        self.durations.append(duration or 0)


@dataclass(slots=True)
class Span:
    """How long a sound track lasts, in ticks; grown packet by packet."""

    start: int
    end: int

    def stretch(self, time: int, duration: int, limit: int) -> None:
        """Add a packet; one further than ``limit`` from its place counts as if it followed on the last."""
        if abs(time - self.end) <= limit:
            self.end = max(self.end, time + duration)
        else:
            self.end += duration


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """The fields of the same names in VideoFacts; ``origin`` is the first frame's time in ticks."""

    origin: int
    pts_ns: "array[int]"
    end_ns: int
    constant_rate: bool
    keys: "array[int]"


def frame_times(packets: PacketTimes, rules: TimeRules, first_shown: int | None) -> FrameTimes | None:
    """Turn packet times into frame times.

    :param first_shown: time in ticks of the first frame a decoder gives out. Packets before it belong to pictures that
        lack what they refer to, at the start of a recording, and are never shown. None where it is not known.
    :returns: None where no frame is left.
    """
    if None in packets.pts:
        # The clock is then another one than the decoder's.
        first_shown = None
    origin: int | None = None
    times: list[int] = []
    keys = array("q")
    end = 0
    for stretch in _stretches(packets, rules):
        shown = [pair for pair in stretch if first_shown is None or pair[0] >= first_shown]
        # Only the first stretch begins with such packets: later ones follow on pictures they can refer to.
        first_shown = None
        if not shown:
            continue
        run = _longest_run(shown, rules.limit)
        origin = run[0][0] if origin is None else origin
        shift = end - run[0][0]
        keys.extend(len(times) + place for place, (_, _, key) in enumerate(run) if key)
        times.extend(time + shift for time, _, _ in run)
        end = times[-1] + _last_duration(run, rules)
    if origin is None:
        return None
    scale = rules.time_base * NS_PER_S
    pts_ns = array("q", (_scaled(time, scale) for time in times))
    even = _is_even(pts_ns, _scaled(1, scale) + _GRID_TOLERANCE_NS)
    return FrameTimes(origin, pts_ns, _scaled(end, scale), even, keys)


def _stretches(packets: PacketTimes, rules: TimeRules) -> Iterator[list[_Frame]]:
    """Yield frames in display order, a list for each new start of the clock."""
    times = [pts for pts in packets.pts if pts is not None]
    if len(times) < len(packets.pts):
        times = [dts for dts in packets.dts if dts is not None]
        if len(times) < len(packets.dts):
            times = [number * rules.ticks_per_frame for number in range(len(packets.dts))]
    cuts = _restarts(packets.dts, rules) if rules.restarts else []
    frames = list(zip(times, packets.durations, packets.keys, strict=True))
    for start, stop in pairwise((0, *cuts, len(frames))):
        yield sorted(frames[start:stop], key=lambda frame: frame[0])


def _restarts(dts: Sequence[int | None], rules: TimeRules) -> list[int]:
    """Find where decoding times, which ought to rise steadily, fall back or leap."""
    back = round(_STEP_BACK / rules.time_base)
    return [
        place
        for place, (before, after) in enumerate(pairwise(dts), start=1)
        if before is not None and after is not None and not before - back <= after <= before + rules.limit
    ]


def _longest_run(pairs: list[_Frame], limit: int) -> list[_Frame]:
    """Leave out frames that stand apart from most by more than ``limit`` ticks: their times are damaged."""
    cuts = [place for place, (one, other) in enumerate(pairwise(pairs), start=1) if other[0] - one[0] > limit]
    runs = (pairs[start:stop] for start, stop in pairwise((0, *cuts, len(pairs))))
    return max(runs, key=len)


def _last_duration(run: list[_Frame], rules: TimeRules) -> int:
    """Tell how long the last frame stands, in ticks."""
    usual = median_low([later[0] - earlier[0] for earlier, later in pairwise(run)] or [0]) or rules.ticks_per_frame
    stored = run[-1][1]
    # Less than half a usual frame is a guess gone wrong: half frames, a track cut by a muxer.
    return stored if usual <= stored * 2 and stored <= rules.limit else usual


def _scaled(ticks: int, scale: Fraction) -> int:
    """Round ``ticks * scale`` to the nearest, in whole numbers: a Fraction for each frame would take seconds."""
    return (2 * ticks * scale.numerator + scale.denominator) // (2 * scale.denominator)


def _is_even(pts_ns: Sequence[int], tolerance: int) -> bool:
    """Tell whether the times stand on a straight line, each within ``tolerance`` nanoseconds."""
    steps = len(pts_ns) - 1
    span = pts_ns[-1]
    return all(abs(time * steps - number * span) <= tolerance * steps for number, time in enumerate(pts_ns))


def is_shown(codec: str, payload: memoryview) -> bool:
    """Tell whether a packet holds a frame that is shown. VP8 and VP9 have hidden ones, for others to refer to."""
    if not payload:
        return False
    first = payload[0]
    if codec == "vp8":
        return bool(first & 0x10)
    if codec == "vp9" and payload[-1] & 0xE0 != _SUPERFRAME:
        # show_existing_frame or show_frame; profile 3 has one reserved bit before them.
        return bool(first & (0x05 if first & 0x30 == _VP9_PROFILE_3 else 0x0A))
    return True
