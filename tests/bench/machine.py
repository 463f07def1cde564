"""What the numbers depend on: the machine, the peers' versions, the commit. No names of machines."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

_PACKAGES = {"mpv": "mpv", "cvlc": "vlc-bin"}


def description(players: Iterable[str]) -> str:
    """One line: system, processor, memory, versions of the peers among the players."""
    model = _value(Path("/proc/cpuinfo"), "model name", ":")
    system = _value(Path("/etc/os-release"), "PRETTY_NAME", "=")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    versions = [
        f"{name} {_output('dpkg-query', '-W', '-f', '${Version}', _PACKAGES[name])}"
        for name in players
        if name in _PACKAGES
    ]
    return ", ".join([f"{system}, {os.cpu_count()} cores ({model}), {memory:.0f} GB, no GPU, Xvfb", *versions])


def commit(repository: Path) -> str:
    """The commit measured, marked when files differ from it."""
    return _output("git", "-C", str(repository), "describe", "--always", "--dirty", "--exclude=*")


def _value(path: Path, key: str, sign: str) -> str:
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(sign)[2].strip().strip('"') for line in lines if line.startswith(key)), "unknown")


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"
