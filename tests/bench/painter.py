"""A painter with known timing, to prove the camera by: `python -m tests.bench.painter DISPLAY FILE`.

It paints the code of each step of a script with faults of known size and writes a film of its own: what it painted
when, by its own clock. The camera's film, judged by the same functions, must say the same.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from tests.bench.blockcode import BLOCKS, Mark, block_centres, blocks_of
from tests.bench.film import Run, Sight, line_of
from tests.bench.xscreen import Rectangle, Screen

FRAME: Final = 0.040
CLIP_FRAMES: Final = 25
CLIPS: Final = 4
ROUNDS: Final = 3
_WHITE: Final = 0xFFFFFF
_NO_COLOUR: Final = 0x000000

Step = tuple[float, Mark | None]
"""Seconds this stands on the screen, and the mark shown, or None for black."""


def script() -> Iterator[Step]:
    """Twelve clips: every second cut carries a fault of known size.

    In turn: the last frame stands 60 ms longer; 80 ms of black; the last and the first frame left out and one inside.
    """
    for play in range(CLIPS * ROUNDS):
        clip, fault = play % CLIPS, play % 6
        for frame in range(CLIP_FRAMES):
            last = frame == CLIP_FRAMES - 1
            if (fault == 5 and (last or frame == CLIP_FRAMES // 2)) or (fault == 0 and play and frame == 0):
                continue
            yield FRAME + (0.060 if fault == 1 and last else 0), Mark(clip, frame)
        if fault == 3:
            yield 0.080, None


def paint(display: str, out: TextIO) -> None:
    """Paint the script, each step at its time, and write what was done when."""
    with Screen(display) as screen:
        screen.open_canvas()
        whole = Rectangle(0, 0, screen.width, screen.height)
        centres = block_centres(screen.width, screen.height)
        width = (centres[-1] - centres[0]) // (BLOCKS - 1)
        height = screen.height // 12
        due = time.monotonic() + 0.5
        before: tuple[float, Mark | None] | None = None
        for seconds, mark in (*script(), (0.2, None)):
            white = [] if mark is None else [
                Rectangle(x - width // 2, (screen.height - height) // 2, width, height)
                for x, block in zip(centres, blocks_of(mark), strict=True) if block
            ]  # fmt: skip
            time.sleep(max(0.0, due - time.monotonic()))
            screen.paint([(_NO_COLOUR, [whole]), (_WHITE, white)])
            now = time.monotonic()
            if before is not None:
                out.write(line_of(Run(before[0], now, Sight.MARK if before[1] else Sight.BLACK, before[1])) + "\n")
            before, due = (now, mark), due + seconds
        time.sleep(0.2)


def main() -> int:
    """Paint on the display named first, write into the file named second."""
    with Path(sys.argv[2]).open("w", encoding="ascii") as out:
        paint(sys.argv[1], out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
