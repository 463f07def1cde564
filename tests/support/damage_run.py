"""Watches a player that is being hurt: its processes, what they cost, and every change of the picture on its screen."""

import contextlib
import mmap
import os
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

import av

from tests.bench.costs import look, thread_time, tree_of
from tests.support.player_process import PlayerRun, PlayLog
from tests.support.screen import Colour, near
from tests.support.xserver import XServer

PLAYER: Final = "signage-player"
WARDEN: Final = "signage-warden"
DECODER: Final = "signage-decode"
EXAMINER: Final = "signage-examine"
SLATE_TOP: Final[Colour] = (16, 42, 78)
"""The slate's ground in its upper corners."""
COLOURS: Final[dict[str, Colour]] = {
    "1-red.mp4": (200, 40, 40),
    "2-green.mp4": (40, 160, 60),
    "3-blue.mp4": (60, 90, 220),
    "4-yellow.mp4": (210, 190, 50),
}
"""The clips of :func:`make_coloured_clips`, by the colour their centre has."""
_SAMPLE_S: Final = 0.004
_COST_EVERY: Final = 100
_BAND_ROWS: Final = 6


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture that came to the screen: the monotonic second it was first seen, its fingerprint, what it is."""

    at: float
    fingerprint: int
    black: bool
    slate: bool
    centre: Colour


@dataclass
class Watch:
    """What was seen of one screen, and of the processes of the player on it, while it was watched."""

    sights: list[Sight] = field(default_factory=list)
    processor_s: float = 0.0
    """Processor seconds of the player and all below it, to the last look."""
    peak_pss: int = 0
    """Bytes of memory of all of them together, at the worst look."""
    until: float = 0.0

    def longest_hold(self, since: float, until: float | None = None) -> float:
        """The longest time in seconds one picture stood, of what lies between two monotonic seconds."""
        end = self.until if until is None else min(until, self.until)
        marks = [since, *(sight.at for sight in self.sights if since < sight.at < end), end]
        return max(after - before for before, after in pairwise(marks))

    def moving_after(self, moment: float, quiet_s: float = 0.1) -> float | None:
        """Seconds from ``moment`` to the first picture after a pause of ``quiet_s`` seconds; None when none came."""
        last = moment
        for sight in self.sights:
            if sight.at > moment:
                if sight.at - last >= quiet_s:
                    return sight.at - moment
                last = sight.at
        return None

    def colours(self, since: float, until: float) -> list[str]:
        """Which of :data:`COLOURS` stood in the centre, in order, between two monotonic seconds."""
        found: list[str] = []
        for sight in self.sights:
            if since < sight.at <= until and not sight.slate:
                name = next((name for name, colour in COLOURS.items() if near(sight.centre, colour, 24)), None)
                if name is not None and found[-1:] != [name]:
                    found.append(name)
        return found

    def first_clip_after(self, moment: float) -> float | None:
        """Seconds from ``moment`` to the first picture that is of :data:`COLOURS`, moving or not; None for none."""
        for sight in self.sights:
            if sight.at > moment and any(near(sight.centre, colour, 24) for colour in COLOURS.values()):
                return sight.at - moment
        return None

    def black_s(self, since: float) -> float:
        """Seconds the screen was black."""
        ends = [*(sight.at for sight in self.sights[1:]), self.until]
        return sum(
            max(0.0, end - max(since, sight.at)) for sight, end in zip(self.sights, ends, strict=False) if sight.black
        )

    def slate_at(self, since: float) -> float | None:
        """The monotonic second of the first slate after ``since``."""
        return next((sight.at for sight in self.sights if sight.slate and sight.at >= since), None)


def make_coloured_clips(folder: Path, frames: int = 100, names: tuple[str, ...] = tuple(COLOURS)) -> Path:
    """Write clips of one colour each, 25 frames a second, over which a white bar moves without ever standing still."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        _make_coloured_clip(folder / name, COLOURS[name], frames)
    return folder


def _make_coloured_clip(path: Path, colour: Colour, frames: int) -> None:
    width, height = 160, 90
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast", "x264-params": "log-level=none"}
        stream = container.add_stream("libx264", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame(width, height, "rgb24")
            bar = 6 * number % (width - 20)
            row = bytes(colour) * bar + bytes([255] * 3) * 20 + bytes(colour) * (width - 20 - bar)
            plain = bytes(colour) * width
            frame.planes[0].update(
                b"".join(
                    (row if y < height // 3 else plain).ljust(frame.planes[0].line_size, b"\0") for y in range(height)
                )
            )
            yuv = frame.reformat(format="yuv420p")
            yuv.pts, yuv.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(yuv))
        container.mux(stream.encode(None))


@contextmanager
def watching(server: XServer, player: int | None = None) -> Iterator[Watch]:
    """Sample the screen every few milliseconds, and the cost of the process ``player`` now and then."""
    watch, over = Watch(), threading.Event()
    thread = threading.Thread(target=_watch, args=(server, player, watch, over))
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def _watch(server: XServer, player: int | None, watch: Watch, over: threading.Event) -> None:
    stride, rounds = 4 * server.width, 0
    with server.framebuffer.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as screen:
        pixels = len(screen) - stride * server.height
        bands = [pixels + stride * (server.height * part // 6) for part in (1, 3, 5)]
        corner = pixels + 4 * 4 * server.width + 16
        centre = pixels + stride * (server.height // 2) + stride // 2
        last = None
        while not over.wait(_SAMPLE_S):
            data = b"".join(screen[band : band + _BAND_ROWS * stride] for band in bands)
            fingerprint = zlib.crc32(data)
            watch.until = time.monotonic()
            if fingerprint != last:
                last = fingerprint
                blue, green, red = screen[corner : corner + 3]
                bright = max(data[0::4]) > 24 or max(data[1::4]) > 24 or max(data[2::4]) > 24
                slate = near((red, green, blue), SLATE_TOP, 6)
                blue, green, red = screen[centre : centre + 3]
                watch.sights.append(Sight(watch.until, fingerprint, not bright, slate, (red, green, blue)))
            if player is not None and rounds % _COST_EVERY == 0:
                _look_at_costs(player, watch)
            rounds += 1


def _look_at_costs(player: int, watch: Watch) -> None:
    with contextlib.suppress(OSError):
        cost = look(player, None)
        watch.processor_s = max(watch.processor_s, cost.processor)
        watch.peak_pss = max(watch.peak_pss, cost.pss)


def name_of(process: int) -> str:
    """The name a process gave itself; empty when it is gone or a zombie."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return ""
    return "" if "State:\tZ" in status else status.split("\n", 1)[0].removeprefix("Name:\t")


def prisoners(run: PlayerRun, name: str) -> list[int]:
    """The living processes of that name below the player."""
    return [process for process in tree_of(run.process.pid) if name_of(process) == name]


def playing_decoder(run: PlayerRun, over_s: float = 0.15) -> int:
    """The decoder that is at work, told by the processor time it takes."""
    before = {process: thread_time(process) for process in prisoners(run, DECODER)}
    time.sleep(over_s)
    return max(before, key=lambda process: thread_time(process) - before[process])


def idle_decoder(run: PlayerRun) -> int:
    """A decoder that is not at work."""
    busy = playing_decoder(run)
    return next(process for process in prisoners(run, DECODER) if process != busy)


def kill(process: int) -> float:
    """Kill a process for good and see that it died; the monotonic second before."""
    at = time.monotonic()
    os.kill(process, signal.SIGKILL)
    until = at + 10
    while name_of(process):
        assert time.monotonic() < until, "a process outlived SIGKILL"
        time.sleep(0.001)
    return at


def gone(processes: list[int], within_s: float = 5.0) -> bool:
    """Whether none of them lives any more, or stops living in time."""
    until = time.monotonic() + within_s
    while any(name_of(process) for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def check_plays(log: PlayLog, *, open_plays: int = 0) -> None:
    """See that every START has one END, none twice, and that no more than ``open_plays`` are still open."""
    starts = [start["play"] for start in log.of("play_start")]
    ends = [end["play"] for end in log.of("play_end")]
    assert len(set(starts)) == len(starts), "a START is there twice"
    assert len(set(ends)) == len(ends), "an END is there twice"
    assert set(ends) <= set(starts), "an END without a START"
    assert len(starts) - len(ends) <= open_plays, "a START without an END"
    for end in log.of("play_end"):
        if end["outcome"] not in ("completed", "interrupted"):
            assert end["reason"], "a play that was no play, without a reason"
