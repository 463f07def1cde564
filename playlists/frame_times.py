"""When each frame of a clip is shown, worked out from what a demuxer says of its packets."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from statistics import median_low
from typing import Final

_DEFAULT_RATE: Final = Fraction(25)
_GRID_TOLERANCE_NS: Final = 1_000_000
NS_PER_S: Final = 1_000_000_000


@dataclass(slots=True)
class PacketTimes:
    """The times of a stream's packets in the order they were read, in ticks of the stream's time base.

    ``None`` where the container gives none; a duration of 0 means the same.
    """

    pts: list[int | None] = field(default_factory=list)
    dts: list[int | None] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)

    def add(self, pts: int | None, dts: int | None, duration: int | None) -> None:
        """Append one packet."""
        self.pts.append(pts)
        self.dts.append(dts)
        self.durations.append(duration or 0)


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """``pts_ns``, ``end_ns`` and ``constant_rate`` as in VideoFacts; ``origin`` is the first frame's time in ticks."""

    origin: int
    pts_ns: "array[int]"
    end_ns: int
    constant_rate: bool


def frame_times(
    packets: PacketTimes, time_base: Fraction, rate: Fraction | None, first_shown: int | None
) -> FrameTimes | None:
    """Turn packet times into frame times.

    :param time_base: seconds per tick.
    :param rate: frames per second as the container claims them, None or 0 where it claims nothing.
    :param first_shown: time in ticks of the first frame a decoder gives out. Packets before it belong to pictures that
        lack what they refer to, at the start of a recording, and are never shown. None where it is not known.
    :returns: None where no frame is left.
    """
    ticks_per_frame = 1 / (time_base * (rate or _DEFAULT_RATE))
    shown = _in_display_order(packets, ticks_per_frame, first_shown)
    if not shown:
        return None
    times = [time for time, _ in shown]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    usual = median_low(gaps) if gaps else 0
    last = shown[-1][1]
    # A stored duration of less than half a usual frame is a guess gone wrong: half frames, a track cut by a muxer.
    if last <= 0 or last * 2 < usual:
        last = usual or max(1, round(ticks_per_frame))
    scale = time_base * NS_PER_S
    origin = times[0]
    pts_ns = array("q", (_scaled(time - origin, scale) for time in times))
    tolerance = _scaled(1, scale) + _GRID_TOLERANCE_NS
    return FrameTimes(origin, pts_ns, _scaled(times[-1] + last - origin, scale), _is_even(pts_ns, tolerance))


def _in_display_order(
    packets: PacketTimes, ticks_per_frame: Fraction, first_shown: int | None
) -> list[tuple[int, int]]:
    """Pairs of time and duration, in ticks."""
    times = [pts for pts in packets.pts if pts is not None]
    if len(times) < len(packets.pts):
        times = [dts for dts in packets.dts if dts is not None]
        first_shown = None
        if len(times) < len(packets.dts):
            times = [round(number * ticks_per_frame) for number in range(len(packets.dts))]
    pairs = sorted(zip(times, packets.durations, strict=True), key=lambda pair: pair[0])
    return pairs if first_shown is None else [pair for pair in pairs if pair[0] >= first_shown]


def _scaled(ticks: int, scale: Fraction) -> int:
    """``ticks * scale`` rounded to the nearest, in whole numbers: a Fraction for each frame would take seconds."""
    return (2 * ticks * scale.numerator + scale.denominator) // (2 * scale.denominator)


def _is_even(pts_ns: Sequence[int], tolerance: int) -> bool:
    """Whether the times stand on a straight line, each within ``tolerance`` nanoseconds."""
    steps = len(pts_ns) - 1
    span = pts_ns[-1]
    return all(abs(time * steps - number * span) <= tolerance * steps for number, time in enumerate(pts_ns))


def is_shown(codec: str, payload: memoryview) -> bool:
    """Whether a packet holds a frame that is shown. VP8 and VP9 have hidden ones, for others to refer to."""
    if not payload:
        return False
    first = payload[0]
    if codec == "vp8":
        return bool(first & 0x10)
    if codec == "vp9" and payload[-1] & 0xE0 != _SUPERFRAME:
        # show_existing_frame or show_frame; profile 3 has one reserved bit before them.
        return bool(first & (0x05 if first & 0x30 == _VP9_PROFILE_3 else 0x0A))
    return True


_SUPERFRAME: Final = 0xC0
_VP9_PROFILE_3: Final = 0x30
