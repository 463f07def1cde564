"""A prisoner made as the warden makes them, which tries what a broken codec would try, and tells.

Run as a program with the name of a file it may not read and with an open descriptor of a file it was given; prints
one JSON object: each attempt's name with ``ok`` or the error's symbol. ``speaker`` tries the same behind the walls of
a speaker, ``free`` without any.
"""

import ctypes
import errno
import json
import os
import platform
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from player.decoding import decoder, prison, syscalls

FAMILIES = ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_UNIX")
CALLS = ("ptrace", "process_vm_readv", "mount", "kexec_load", "bpf", "io_uring_setup", "unshare", "clone3", "kill")
_X32 = 0x40000000
_GETPID = 39


def attempt(deed: Callable[[], object]) -> str:
    try:
        deed()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "ok"


def system_call(number: int, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *(ctypes.c_long(argument) for argument in arguments)) < 0:
        raise OSError(ctypes.get_errno(), "")


def start_a_thread() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def attempts(canary: Path, given: int) -> dict[str, str]:
    parent = Path("/proc") / str(os.getppid())
    deeds: dict[str, Callable[[], object]] = {
        "read the canary": canary.read_bytes,
        "list its folder": lambda: list(canary.parent.iterdir()),
        "write beside it": lambda: canary.with_name("written").write_bytes(b""),
        "reopen what was given": lambda: os.open(f"/proc/self/fd/{given}", os.O_RDONLY),
        "read what was given": lambda: os.pread(given, 1, 0),
        "read a library": lambda: Path(decoder.__file__).read_bytes(),
        "read the parent's memory": lambda: (parent / "mem").open("rb"),
        "make memory": lambda: os.ftruncate(os.memfd_create("test"), 4096),
        "start a thread": start_a_thread,
        "execute": lambda: os.execv("/proc/self/nothing", ["nothing"]),  # noqa: S606
        "fork": lambda: os.fork() or os._exit(0),
    }
    for name in FAMILIES:
        deeds[name] = partial(socket.socket, getattr(socket, name), socket.SOCK_DGRAM)
    deeds["socketpair"] = socket.socketpair
    deeds["shared memory"] = partial(os.open, "/dev/shm", os.O_RDONLY)  # noqa: S108 - where libpulse shares
    machine = syscalls.architecture(platform.machine())
    if machine is not None:
        for name in CALLS:
            deeds[name] = partial(system_call, machine.numbers[name], 1, 0, 0, 0, 0, 0)
    if platform.machine() == "x86_64":
        deeds["x32"] = lambda: system_call(_X32 | _GETPID)
    return {name: attempt(deed) for name, deed in deeds.items()}


def main() -> None:
    canary, given, kind = sys.argv[1:]
    pipe_read, pipe_write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(pipe_write)
        with os.fdopen(pipe_read, encoding="utf-8") as findings:
            sys.stdout.write(findings.read())
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    if kind != "free":
        prison.lock_up("test-inmate", sound=kind == "speaker")
    os.write(pipe_write, json.dumps(attempts(Path(canary), int(given))).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
