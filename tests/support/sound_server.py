"""A PulseAudio server of a test's own, with a sink that nobody hears, and a recorder on that sink."""

import os
import subprocess
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from player.decoding.sound_server import answers

SINK = "silence"
RATE = 48000
_PATIENCE_S = 20.0


@dataclass(frozen=True)
class Recording:
    """What arrived at the sink: 16-bit samples of both sides."""

    left: "array[int]"
    right: "array[int]"

    @property
    def loudest(self) -> int:
        return max((abs(sample) for side in (self.left, self.right) for sample in side), default=0)


@dataclass
class SoundServer:
    """A server with its socket, settings and home under ``folder``."""

    folder: Path
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def socket(self) -> Path:
        return self.folder / "pulse.socket"

    def start(self) -> None:
        """Run it, until it answers."""
        command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
        command += ["--log-level=error", "-L", f"module-null-sink sink_name={SINK} rate={RATE} channels=2"]
        command += ["-L", f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}"]
        home = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder)}
        self._process = subprocess.Popen(command, env=os.environ | home, stderr=subprocess.DEVNULL)
        wait_until(lambda: answers(str(self.socket)))

    def kill(self) -> None:
        """End it without a word to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def environment(self) -> dict[str, str]:
        return {"PULSE_SERVER": f"unix:{self.socket}"}

    @contextmanager
    def recorded(self, path: Path) -> Iterator[None]:
        """Record what arrives while inside, to ``path``."""
        command = ["parec", f"--device={SINK}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=2", "--raw"]
        with path.open("wb") as file:
            process = subprocess.Popen([*command, "--latency-msec=50"], stdout=file, env=os.environ | self.environment)
        try:
            wait_until(lambda: path.stat().st_size > 0)
            yield
            time.sleep(0.3)  # what is on its way
        finally:
            process.terminate()
            process.wait()


def recording(path: Path) -> Recording:
    """What :meth:`SoundServer.recorded` wrote."""
    data = path.read_bytes()
    samples = array("h", data[: len(data) - len(data) % 4])
    return Recording(samples[0::2], samples[1::2])


def wait_until(true: object) -> None:
    """Wait until ``true()`` holds."""
    assert callable(true)
    end = time.monotonic() + _PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


@contextmanager
def private_sound_server(folder: Path) -> Iterator[SoundServer]:
    """Run a server with its socket, settings and home under ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    server = SoundServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
