"""A virtual machine that loses its power: Debian's kernel under QEMU's software emulation, killed outright.

Its root is a bare Debian with Python and a kernel, made once by mmdebstrap into ``build/vm``; our packages and what the
agent needs lie beside. It runs one script as its first process, which speaks through the serial line.
"""

import os
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("python3", "mount", "kmod", "iproute2", "linux-image-cloud-amd64", "tzdata")
HOST = "10.0.2.2"
"""Where the machine finds this one's loopback."""
_INIT = """#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/road/packages:/road HOME=/tmp
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev 2>/dev/null; mount -t tmpfs tmp /tmp
modprobe virtio_net; modprobe virtio_blk; modprobe ext4
ip link set lo up
link=$(ls /sys/class/net | grep -v lo | head -n 1)
ip link set "$link" up; ip addr add 10.0.2.15/24 dev "$link"; ip route add default via 10.0.2.2
mount -t ext4 /dev/vdb /state || echo "ROAD no state"
python3 -u /road/road.py
echo "ROAD ended $?"
sleep 1000
"""


@dataclass(frozen=True, slots=True)
class Root:
    """What a machine boots: an image of its root, the kernel, and the kernel's first disk."""

    image: Path
    kernel: Path
    first_disk: Path


def built_root(script: str, settings: dict[str, str], place: Path) -> Root:
    """A root with ``script`` as ``/road/road.py`` and ``settings`` as files beside it."""
    base = ROOT / "build" / "vm" / "root.tar"
    if not base.exists():
        base.parent.mkdir(parents=True, exist_ok=True)
        part = base.with_suffix(".part.tar")
        command = ["mmdebstrap", "--variant=apt", f"--include={','.join(PACKAGES)}", "bookworm", str(part)]
        subprocess.run(command, check=True, capture_output=True)
        part.replace(base)
    root = place / "root"
    root.mkdir()
    subprocess.run(["tar", "xf", str(base), "-C", str(root)], check=True, capture_output=True)
    kernel, first_disk = next((root / "boot").glob("vmlinuz-*")), next((root / "boot").glob("initrd.img-*"))
    road = root / "road"
    road.mkdir()
    (root / "state").mkdir()
    for package in ("sync", "playlists"):
        shutil.copytree(ROOT / package, road / package, ignore=shutil.ignore_patterns("__pycache__"))
    _copy_packages(road / "packages")
    (road / "road.py").write_text(script, encoding="utf-8")
    for name, content in settings.items():
        (road / name).write_text(content, encoding="utf-8")
    init = root / "road.sh"
    init.write_text(_INIT, encoding="ascii")
    init.chmod(0o755)
    image = place / "root.img"
    subprocess.run(
        ["mke2fs", "-q", "-t", "ext4", "-d", str(root), str(image), "1200M"], check=True, capture_output=True
    )
    found = Root(image, kernel.rename(place / "kernel"), first_disk.rename(place / "first-disk"))
    shutil.rmtree(root)
    return found


def _copy_packages(place: Path) -> None:
    """What the agent imports; the kiosk's Qt and libVLC stay at home."""
    site = next((ROOT / ".venv" / "lib").glob("python3*")) / "site-packages"
    left_out = ("PySide6", "shiboken6", "av", "av.libs", "icu4py", "icu4py.libs", "mypy", "django", "ruff", "PIL")
    shutil.copytree(
        site,
        place,
        symlinks=True,
        ignore=lambda _, names: [name for name in names if name in (*left_out, "__pycache__")],
    )


def empty_disk(megabytes: int, place: Path) -> bytes:
    """The image of a disk with an empty ext4 on it."""
    image = place / "empty.img"
    subprocess.run(["mke2fs", "-q", "-t", "ext4", str(image), f"{megabytes}M"], check=True, capture_output=True)
    content = image.read_bytes()
    image.unlink()
    return content


class Machine:
    """Boots at once. Its root is only read: what it writes there is forgotten; ``disk`` is its ``/state``."""

    def __init__(self, root: Root, disk: str, log: Path) -> None:
        command = [
            *("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "768"),
            *("-nographic", "-no-reboot", "-nic", "user,model=virtio-net-pci", "-kernel", str(root.kernel)),
            *("-initrd", str(root.first_disk), "-append", "console=ttyS0 root=/dev/vda rw init=/road.sh quiet"),
            *("-drive", f"file={root.image},format=raw,if=virtio,snapshot=on"),
            *("-drive", f"file={disk},format=raw,if=virtio,cache=writeback"),
        ]
        self._log = log.open("ab")
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Run until the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut the power, if that was not done."""
        self.cut()

    def lines(self, seconds: float) -> Iterator[str]:
        """What it says, as it says it. Raises ``TimeoutError`` after ``seconds`` of nothing."""
        while True:
            try:
                line = self._lines.get(timeout=seconds)
            except queue.Empty:
                raise TimeoutError(self._log.name) from None
            if line is None:
                return
            yield line

    def cut(self) -> None:
        """Take its power away."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._log.close()

    def _read(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as said:
            for line in said:
                text = line.decode("utf-8", "replace").rstrip()
                os.write(self._log.fileno(), f"{time.monotonic():.1f} {text}\n".encode())
                self._lines.put(text)
        self._lines.put(None)
