"""Real FAT and exFAT sticks: images with real file systems, mounted by the kernel where it knows them, else by FUSE."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VFAT = "vfat"
EXFAT = "exfat"
KINDS = (VFAT, EXFAT)


@dataclass(frozen=True)
class Disk:
    """An image with a file system on it, and where it is mounted."""

    kind: str
    image: Path
    mounted_at: Path

    @contextmanager
    def plugged_in(self, *, write_protected: bool = False) -> Iterator[Path]:
        """Mount it, and unmount it whatever became of it."""
        self.plug_in(write_protected=write_protected)
        try:
            yield self.mounted_at
        finally:
            self.pull()

    def plug_in(self, *, write_protected: bool = False) -> None:
        self.mounted_at.mkdir(exist_ok=True)
        mode = "ro" if write_protected else "rw"
        if self.kind in _kernel_file_systems():
            _run("mount", "-o", f"loop,{mode}", "-t", self.kind, str(self.image), str(self.mounted_at))
        elif self.kind == VFAT:
            _run("fusefat", "-o", "rw+" if mode == "rw" else "ro", str(self.image), str(self.mounted_at))
        else:
            self._mount_exfat(mode)

    def _mount_exfat(self, mode: str) -> None:
        """By FUSE; whoever still reads what was pulled may hold on to the device for a moment."""
        ends = time.monotonic() + 20
        while True:
            read_only = ["--read-only"] if mode == "ro" else []
            device = _run("losetup", "--find", "--show", *read_only, str(self.image)).strip()
            try:
                _run("mount.exfat-fuse", "-o", mode, device, str(self.mounted_at))
            except subprocess.CalledProcessError:
                subprocess.run(["losetup", "--detach", device], check=False, capture_output=True)
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)
            else:
                return

    def pull(self) -> None:
        """Take it out, at once: whoever has files open on it gets errors from then on, or nothing more."""
        device = _source_of(self.mounted_at)
        if device is None:
            return
        _run("umount", "--lazy", str(self.mounted_at))
        if device.startswith("/dev/loop"):
            subprocess.run(["losetup", "--detach", device], check=False, capture_output=True)

    def check(self) -> None:
        """Fail where the file system is damaged."""
        _run(*(["fsck.vfat", "-n"] if self.kind == VFAT else ["fsck.exfat", "--repair-no"]), str(self.image))


def new_disk(folder: Path, kind: str, megabytes: int) -> Disk:
    """Make a stick of so many MiB, of FAT32 (70 at least) or exFAT."""
    image = folder / f"{kind}-{megabytes}.img"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    if kind == VFAT:
        # Clusters of 1 KiB: FUSE's FAT tells no sizes below.
        _run("mkfs.vfat", "-F", "32", "-s", "2", "-n", "STICK", str(image))
    else:
        _run("mkfs.exfat", "-L", "STICK", str(image))
    return Disk(kind, image, folder / f"{kind}-{megabytes}")


def _kernel_file_systems() -> set[str]:
    return {line.split()[-1] for line in Path("/proc/filesystems").read_text().splitlines()}


def _source_of(mounted_at: Path) -> str | None:
    for line in Path("/proc/self/mounts").read_text().splitlines():
        source, place, *_ = line.split()
        if place == str(mounted_at):
            return source
    return None


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
