"""The camera: a process of its own that looks at the code's place on an X screen and writes down what it sees when.

`python -m tests.bench.camera DISPLAY FILE [WIDTH HEIGHT]`: the pixels the picture fills, from the upper left corner, if
that is not the whole screen. It knows nothing of any player. It ends on SIGTERM.
"""

import contextlib
import os
import signal
import sys
import time
from operator import itemgetter
from pathlib import Path
from typing import Final, TextIO

from tests.bench.blockcode import BLACK, BLOCKS, block_centres, read_blocks
from tests.bench.film import NANOSECONDS, Run, Sight, line_of
from tests.bench.xscreen import Screen, ScreenError

RATE: Final = 250
"""Samples a second."""
_GREEN: Final = 1


class _Reel:
    """Joins equal samples to runs and writes each run when it ends, with one flush a second at most twice."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._levels: tuple[int, ...] = ()
        self._first = self._last = self._gap = self._widest = 0.0
        self._sight = Sight.OTHER
        self._run: Run | None = None

    def add(self, moment: float, levels: tuple[int, ...]) -> bool:
        """Take one sample; True when it is another picture than the one before."""
        step = moment - self._last
        if self._run is not None and levels == self._levels:
            self._widest = max(self._widest, step)
            self._last = moment
            return False
        self.close()
        self._run = _judged(moment, levels, step if self._levels else 0.0)
        self._levels, self._last, self._widest = levels, moment, 0.0
        return True

    def close(self) -> None:
        """Write the run that ends here."""
        if self._run is not None:
            run = self._run
            self._out.write(line_of(Run(run.first, self._last, run.sight, run.mark, run.gap, self._widest)) + "\n")


def _judged(moment: float, levels: tuple[int, ...], gap: float) -> Run:
    mark = read_blocks(levels)
    if mark is not None:
        return Run(moment, moment, Sight.MARK, mark, gap)
    return Run(moment, moment, Sight.BLACK if max(levels) <= BLACK else Sight.OTHER, None, gap)


def film(display: str, out: TextIO, picture: tuple[int, int] | None = None, rate: int = RATE) -> None:
    """Sample until SIGTERM or until the X server is gone.

    Writes a remark with the processor seconds it took at the end. Raises ScreenError when there is no such display.
    """
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    with contextlib.suppress(PermissionError):
        os.nice(-10)  # a camera that waits its turn is a blind one
    with Screen(display) as screen:
        screen.park_pointer()
        width, height = picture or (screen.width, screen.height)
        centres = block_centres(width, height)
        strip = screen.strip(centres[0], height // 2, centres[-1] - centres[0] + 1, 1)
        places = itemgetter(*((x - centres[0]) * 4 + _GREEN for x in centres))
        reel, period, samples = _Reel(out), 1 / rate, 0
        out.write(f"# {BLOCKS} blocks, {rate} Hz, screen {screen.width}x{screen.height}\n")
        out.flush()
        began = due = time.monotonic()
        with contextlib.suppress(ScreenError):
            while not stopped:
                strip.look()
                now = time.monotonic()
                if reel.add(now, places(strip.pixels)):
                    out.flush()
                samples += 1
                due = max(due + period, now)
                time.sleep(max(0.0, due - time.monotonic()))
        reel.close()
        seconds = (time.monotonic_ns() / NANOSECONDS) - began
        out.write(f"# {samples} samples in {seconds:.3f} s, {time.process_time():.3f} s of processor\n")


def main() -> int:
    """Film the display named first into the file named second."""
    display, path, *rest = sys.argv[1:]
    with Path(path).open("w", encoding="ascii") as out:
        film(display, out, (int(rest[0]), int(rest[1])) if rest else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
