"""What a player's processes cost together: processor time and proportional memory, read from the system."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_GROUPS: Final = (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup"))
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """One look at a process tree: monotonic seconds, processor seconds so far, PSS in bytes, processes alive."""

    moment: float
    processor: float
    pss: int
    processes: int


class ControlGroup:
    """A control group that counts the processor time of everything ever in it, also of processes that died.

    Raises OSError where this user may not make one.
    """

    def __init__(self, name: str) -> None:
        root = _GROUPS[0] if _GROUPS[0].is_dir() else _GROUPS[1]
        self._path = root / name
        self._path.mkdir()

    @property
    def door(self) -> Path:
        """Write a process id here and it is in, with all children to come."""
        return self._path / "cgroup.procs"

    def processor(self) -> float:
        """Processor seconds used so far."""
        old = self._path / "cpuacct.usage"
        if old.exists():
            return int(old.read_text()) / 1e9
        fields = dict(line.split() for line in (self._path / "cpu.stat").read_text().splitlines())
        return int(fields["usage_usec"]) / 1e6

    def members(self) -> list[int]:
        """Ids of the processes in it now."""
        return [int(line) for line in self.door.read_text().split()]

    def close(self) -> None:
        """Remove the empty group; one that still has members stays."""
        with contextlib.suppress(OSError):
            self._path.rmdir()


def tree_of(root: int) -> list[int]:
    """The living process `root` and all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int(_stat(int(entry.name))[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, ahead = [], [root]
    while ahead:
        process = ahead.pop()
        found.append(process)
        ahead.extend(children.get(process, ()))
    return found


def look(root: int, group: ControlGroup | None) -> Cost:
    """What `root` and its descendants have used and hold.

    Without a group the times of living processes and of the children they have waited for are added up.
    """
    members = group.members() if group else tree_of(root)
    pss = sum(_pss(process) for process in members)
    processor = group.processor() if group else sum(_times(process) for process in members)
    return Cost(time.monotonic(), processor, pss, len(members))


def thread_time(process: int) -> float:
    """Processor seconds of a process' living threads, exact to the scheduler's nanoseconds; 0 when it is gone."""
    total = 0
    with contextlib.suppress(OSError):
        for task in (_PROC / str(process) / "task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def named(processes: list[int], word: str) -> list[int]:
    """Those whose title, command line or name contains `word`."""
    found = []
    for process in processes:
        with contextlib.suppress(OSError):
            folder = _PROC / str(process)
            texts = (folder / "cmdline").read_bytes(), (folder / "comm").read_bytes()
            if any(word.encode() in text for text in texts):
                found.append(process)
    return found


def _stat(process: int) -> list[str]:
    """Fields of /proc/N/stat from the state on; the name before it may hold spaces."""
    return (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()


def _times(process: int) -> float:
    try:
        return sum(map(int, _stat(process)[11:15])) / _TICKS
    except OSError:
        return 0.0


def _pss(process: int) -> int:
    try:
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def kill(process: int) -> float:
    """SIGKILL a process; the monotonic moment just before."""
    moment = time.monotonic()
    os.kill(process, signal.SIGKILL)
    return moment
