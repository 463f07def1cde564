"""The peer of an urgent bulletin: mpv, told over its socket to show a picture that was drawn before."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol


class Watching(Protocol):
    """Who looks at the screen."""

    def urgent(self) -> bool:
        """Whether the picture is there."""
        ...

    def mark(self) -> object | None:
        """What clip is there."""
        ...


def told_mpv(display: str, folder: Path, files: list[Path], picture: Path, times: int, eyes: Watching) -> list[float]:
    """Milliseconds from the command to the pixels; nothing where mpv is missing."""
    program = shutil.which("mpv")
    if program is None:
        return []
    path = folder / "mpv.socket"
    command = [
        *(program, "--no-config", "--vo=x11", "--hwdec=no", "--fs", "--ao=null", "--loop-file=inf", "--no-osc"),
        *("--really-quiet", "--image-display-duration=inf", f"--input-ipc-server={path}", str(files[0])),
    ]
    environment = {"DISPLAY": display, "HOME": str(folder), "PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    try:
        _until(lambda: path.exists() and eyes.mark() is not None)
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as link:
            link.connect(str(path))
            return [_shown(link, files[0], picture, eyes, number) for number in range(times)]
    finally:
        process.terminate()
        process.wait()


def _shown(link: socket.socket, clip: Path, picture: Path, eyes: Watching, number: int) -> float:
    _load(link, clip)
    _until(lambda: eyes.mark() is not None)
    time.sleep(0.5 + number % 7 * 0.083)
    begun = time.monotonic()
    _load(link, picture)
    _until(eyes.urgent)
    return (time.monotonic() - begun) * 1000


def _load(link: socket.socket, file: Path) -> None:
    link.sendall(json.dumps({"command": ["loadfile", str(file), "replace"]}).encode() + b"\n")


def _until(condition: Callable[[], bool], patience_s: float = 15.0) -> None:
    until = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < until, "mpv showed nothing"
        time.sleep(0.002)
