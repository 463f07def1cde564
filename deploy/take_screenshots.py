"""Takes pictures of the X screen named by DISPLAY until told to stop (SIGTERM): ``take_screenshots.py FOLDER SECONDS``.

A picture of one single colour, or the same as the one before, is not kept: what stays is a series that shows
something. Says "ready" when it is. The files are ``FOLDER/screenshot-01.png`` and so on, each whole from the moment it
has its name.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage

SAMPLES_PER_AXIS = 32


def is_blank(picture: QImage) -> bool:
    """Whether a grid of samples over the picture shows one colour only."""
    small = picture.scaled(SAMPLES_PER_AXIS, SAMPLES_PER_AXIS)
    colours = {small.pixel(x, y) for x in range(SAMPLES_PER_AXIS) for y in range(SAMPLES_PER_AXIS)}
    return len(colours) == 1


def main() -> int:
    """Return 0 once stopped, 2 for a wrong argument."""
    if len(sys.argv) != 3:  # noqa: PLR2004  a folder and seconds
        sys.stderr.write(f"usage: {sys.argv[0]} FOLDER SECONDS\n")
        return 2
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    application = QGuiApplication(["take_screenshots", "-platform", "xcb"])
    previous, taken = QImage(), 0
    print("ready", flush=True)
    while not stop.wait(seconds):
        application.processEvents()
        picture = application.primaryScreen().grabWindow(0).toImage()
        if is_blank(picture) or picture == previous:
            continue
        previous, taken = picture, taken + 1
        part = folder / f"screenshot-{taken:02}.png.part"
        picture.save(os.fspath(part), "PNG")  # type: ignore[call-overload]  # the stubs want bytes, the library a str
        part.rename(part.with_suffix(""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
