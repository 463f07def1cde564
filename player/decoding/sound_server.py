"""Where the sound server answers, if there is one.

A kiosk runs PipeWire or PulseAudio. A plain ALSA device is not used: nobody else could open it while we play.
"""

import os
import socket
from pathlib import Path


def _sockets() -> list[str]:
    server = os.environ.get("PULSE_SERVER", "")
    if server:
        return [server.removeprefix("unix:")] if server.startswith(("unix:", "/")) else []
    runtime = os.environ.get("PULSE_RUNTIME_PATH") or f"{os.environ.get('XDG_RUNTIME_DIR', '')}/pulse"
    return [f"{runtime}/native", "/run/pulse/native", "/var/run/pulse/native"]


def runtime_folders() -> list[str]:
    """Folders a client of the sound server opens, or which hold those it opens, although it needs no file in them."""
    return [os.environ[name] for name in ("PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR") if os.environ.get(name)]


def settings_paths() -> list[str]:
    """Where a client of the sound server keeps its settings and the cookie by which the server knows it."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    paths = [config / "pulse", home / ".pulse", home / ".pulse-cookie"]
    paths += [Path(os.environ[name]) for name in ("PULSE_COOKIE", "PULSE_CLIENTCONFIG") if os.environ.get(name)]
    return [str(path) for path in paths]


def server_socket() -> str | None:
    """The socket on which a sound server answers; None where there is none.

    A connection on a local socket is made or refused at once, so this never waits.
    """
    return next((path for path in _sockets() if answers(path)), None)


def answers(path: str) -> bool:
    """Whether somebody takes connections on the local socket ``path``."""
    if not Path(path).is_socket():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as probe:
        return probe.connect_ex(path) == 0
