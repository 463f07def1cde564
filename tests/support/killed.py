"""Work that is killed by SIGKILL just before its n-th call that changes a file."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_CHANGES = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "shutil.rmtree"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def killed_at(number: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do the work in a process of its own; whether it was killed and did not come to its end."""
    child = os.fork()
    if child == 0:
        try:
            _kill_at(number, str(folder))
            work()
        except BaseException:  # noqa: BLE001  # a forked test must not go on as a second pytest
            os._exit(2)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _kill_at(number: int, folder: str) -> None:
    left = number

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        changes = event in _CHANGES
        if event == "open" and len(arguments) > 2:
            flags = arguments[2]
            changes = isinstance(flags, int) and bool(flags & _WRITING)
        if changes and any(str(argument).startswith(folder) for argument in arguments):
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    sys.addaudithook(hook)
