"""An Xorg with the dummy driver: an X server whose screen can be unplugged and has several resolutions."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.xscreen import Screen, ScreenError
from tests.support.screen import Screenshot
from tests.support.xserver import NoXServerError, answers, free_displays

DRIVER = "xorg/modules/drivers/dummy_drv.so"
OUTPUT = "DUMMY0"
_PATIENCE_S = 20.0
_CONFIGURATION = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0 - 1000.0
  VertRefresh 5.0 - 200.0
  Modeline "640x360" 18.00 640 656 720 800 360 361 364 374
  Modeline "800x600" 40.00 800 840 968 1056 600 601 605 628
  Modeline "360x640" 18.50 360 376 416 480 640 641 644 660
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "640x360" "800x600" "360x640"
    Virtual 800 640
  EndSubSection
EndSection
"""


def installed() -> bool:
    """Whether this machine has the server, the driver, xrandr and a console, and this user may start them."""
    driver = (Path("/usr/lib") / DRIVER).exists() or any(Path("/usr/lib").glob(f"*/{DRIVER}"))
    programs = shutil.which("Xorg") is not None and shutil.which("xrandr") is not None
    return driver and programs and os.geteuid() == 0 and Path("/dev/tty0").exists()


class DummyScreen:
    """A running Xorg."""

    def __init__(self, display: str) -> None:
        self.display = display

    def look(self) -> Screenshot:
        """What the screen shows now."""
        with Screen(self.display) as screen:
            strip = screen.strip(0, 0, screen.width, screen.height)
            strip.look()
            return Screenshot(screen.width, screen.height, screen.width * 4, bytes(strip.pixels))

    def randr(self, *words: str) -> None:
        """Have xrandr do something to the output."""
        environment = {"DISPLAY": self.display, "PATH": os.environ["PATH"]}
        subprocess.run(["xrandr", "--output", OUTPUT, *words], env=environment, check=True, capture_output=True)


@contextmanager
def dummy_screen(folder: Path) -> Iterator[DummyScreen]:
    """Run one with 640 x 360 pixels; its configuration and its log are in ``folder``.

    :raises NoXServerError: it does not start.
    """
    configuration, log = folder / "xorg.conf", folder / "xorg.log"
    configuration.write_text(_CONFIGURATION, encoding="ascii")
    number = next(free_displays())
    command = [
        *("Xorg", f":{number}", "-config", str(configuration), "-logfile", str(log)),
        *("-noreset", "-nolisten", "tcp", "-novtswitch", "-sharevts", "vt7", "-nocursor"),
    ]
    with (folder / "xorg.out").open("wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        _wait_for(number, process, log)
        yield DummyScreen(f":{number}")
    finally:
        process.terminate()
        process.wait()


def _wait_for(number: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        if answers(number, process.pid):
            try:
                with Screen(f":{number}"):
                    return
            except ScreenError:
                pass
        time.sleep(0.05)
    message = f"Xorg with the dummy driver does not start; see {log}"
    raise NoXServerError(message)
