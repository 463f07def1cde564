"""Walls that the kernel keeps: which system calls a prisoner may make and which files it may open.

Depth, not the first line: libVLC gets a descriptor and a demuxer, never a name. Whoever breaks a codec all the same
finds a process without network, without programs to start, without processes to signal, and with nothing to read but
the libraries it is made of. Two features of the kernel, each doing quietly nothing where it is missing:

* **seccomp**: a list of forbidden calls. No socket is made (by the speaker, which parses nothing: local ones, for it
  has to reach the sound server), nothing executed, no process started (threads are), nobody traced or signalled.
* **Landlock**: of all files those may be read that libraries need. Media come as open descriptors.

And where root plays, its capabilities go, but for the two that reach the files and the sound server of other users.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import player
import playlists
from player.decoding.sound_server import runtime_folders, settings_paths
from player.decoding.syscalls import FORBIDDEN, Architecture, architecture

_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000
_EPERM: Final = 1
_ENOSYS: Final = 38
_EAFNOSUPPORT: Final = 97
_AF_UNIX: Final = 1
_CLONE_THREAD: Final = 0x00010000
_CAPABILITY_VERSION: Final = 0x20080522
_CAP_DAC_OVERRIDE: Final = 1 << 1
_CAP_DAC_READ_SEARCH: Final = 1 << 2
_FOREIGN_ABI: Final = 0x40000000
"""Set in the numbers of x86-64's x32 calls, which would walk past the list."""

# Classic BPF over struct seccomp_data: nr, arch, instruction pointer, six 64-bit arguments (little-endian on both).
_LOAD: Final = 0x20
_RETURN: Final = 0x06
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_IF_ANY_BIT: Final = 0x45
_NUMBER: Final = 0
_ARCH: Final = 4
_ARGUMENT: Final = 16
"""The low half of the first argument; the kernel itself reads no more of those that are looked at here."""

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in range(4))
_REMOVE_FILE: Final = 1 << 5
_MAKE_REG: Final = 1 << 8
_TRUNCATE: Final = 1 << 14
_IOCTL_DEVICE: Final = 1 << 15
_READ: Final = _READ_FILE | _READ_DIR
_WRITE: Final = _READ | _WRITE_FILE | _TRUNCATE
_FILE_ONLY: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_RIGHTS_BY_ABI: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each Landlock knows; later ones know as many as the last."""
_BEFORE_NETWORK: Final = 4
_BEFORE_SCOPES: Final = 6
_NETWORK: Final = 0b11
_SCOPES: Final = 0b11
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULESET_VERSION: Final = 1
_PATH_BENEATH: Final = 1

_SYSTEM_FOLDERS: Final = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/proc", "/sys")
_GRAPHICS: Final = ("/dev/dri", "/dev/nvidiactl", "/dev/nvidia0", "/dev/nvidia-uvm")

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Walls:
    """What the kernel keeps for this process from now on."""

    seccomp: bool
    landlock: int
    """The version of Landlock in force; 0 for none."""


def put_up(*, hardware: bool = False, sound: bool = False) -> Walls:
    """Put the walls round the calling thread and all it starts, for good.

    ``hardware`` leaves it the graphics devices, ``sound`` the way to the sound server. Needs ``PR_SET_NO_NEW_PRIVS``,
    and a process that has no other threads yet.
    """
    walls = Walls(landlock=_bind_to_files(hardware=hardware, sound=sound), seccomp=_filter_calls(sound=sound))
    _drop_capabilities()
    return walls


def _drop_capabilities() -> None:
    kept = _CAP_DAC_OVERRIDE | _CAP_DAC_READ_SEARCH if os.geteuid() == 0 else 0
    # Header: version, this thread. Twice (for 32 bits each) effective, permitted and inheritable.
    _libc.capset(struct.pack("=Ii", _CAPABILITY_VERSION, 0), struct.pack("=6I", kept, kept, 0, 0, 0, 0))


# Which calls.


def _filter_calls(*, sound: bool) -> bool:
    machine = architecture(platform.machine())
    if machine is None:
        return False
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program(machine, os.getpid(), sound=sound))
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a count, then (after padding) a pointer.
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


Instruction = tuple[int, int, int, int]
"""Operation, steps to skip when true, when false, and its constant."""


def program(machine: Architecture, pid: int, *, sound: bool) -> Iterator[Instruction]:
    """The filter for process ``pid``, as classic BPF; ``sound`` allows local sockets."""
    yield (_LOAD, 0, 0, _ARCH)
    yield (_IF_EQUAL, 1, 0, machine.audit)
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_IF_AT_LEAST, 0, 1, _FOREIGN_ABI)
    yield (_RETURN, 0, 0, _ERRNO | _EPERM)
    for name in FORBIDDEN:
        if name in machine.numbers:
            yield from _refuse(machine.numbers[name], _EPERM)
    # Its flags lie in memory, where no filter can look; told that there is none, the C library uses clone.
    yield from _refuse(machine.numbers["clone3"], _ENOSYS)
    yield from _refuse_unless(machine.numbers["clone"], _IF_ANY_BIT, _CLONE_THREAD, _EPERM)
    yield from _refuse_unless(machine.numbers["tgkill"], _IF_EQUAL, pid, _EPERM)  # abort() signals the process itself
    for name in ("socket", "socketpair"):
        if sound:
            yield from _refuse_unless(machine.numbers[name], _IF_EQUAL, _AF_UNIX, _EAFNOSUPPORT)
        else:
            yield from _refuse(machine.numbers[name], _EAFNOSUPPORT)
    if not sound:
        yield from _refuse(machine.numbers["connect"], _EPERM)
    yield (_RETURN, 0, 0, _ALLOW)


def _refuse(number: int, error: int) -> Iterator[Instruction]:
    yield (_IF_EQUAL, 0, 1, number)
    yield (_RETURN, 0, 0, _ERRNO | error)


def _refuse_unless(number: int, test: int, operand: int, error: int) -> Iterator[Instruction]:
    """Refuse the call but where its first argument passes."""
    yield (_IF_EQUAL, 0, 4, number)
    yield (_LOAD, 0, 0, _ARGUMENT)
    yield (test, 0, 1, operand)
    yield (_RETURN, 0, 0, _ALLOW)
    yield (_RETURN, 0, 0, _ERRNO | error)


# Which files.


def landlock_version() -> int:
    """The version of Landlock this kernel has; 0 for none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, _RULESET_VERSION)))


def _bind_to_files(*, hardware: bool, sound: bool) -> int:
    version = landlock_version()
    if not version:
        return 0
    handled = (1 << _RIGHTS_BY_ABI.get(version, max(_RIGHTS_BY_ABI.values()))) - 1
    attributes = struct.pack("=Q", handled)
    if version >= _BEFORE_NETWORK:
        attributes += struct.pack("=Q", _NETWORK)
    if version >= _BEFORE_SCOPES:
        attributes += struct.pack("=Q", _SCOPES)
    ruleset = _libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return 0
    try:
        for path, rights in _open_paths(hardware=hardware, sound=sound):
            _permit(ruleset, path, rights & handled)
        return version if _libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _open_paths(*, hardware: bool, sound: bool) -> Iterator[tuple[str, int]]:
    """What stays open: libraries and their settings, our own code, and what the work needs."""
    packages = (folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages"))
    plugins = os.environ.get("VLC_PLUGIN_PATH", "")
    yield from ((folder, _READ) for folder in (*_SYSTEM_FOLDERS, sys.prefix, sys.base_prefix, *packages, plugins))
    for package in (player, playlists):
        yield from ((str(Path(folder)), _READ) for folder in package.__path__)
    yield "/dev/null", _READ_FILE | _WRITE_FILE
    yield "/dev/urandom", _READ_FILE
    if sound:
        yield "/dev/shm", _WRITE | _MAKE_REG | _REMOVE_FILE  # noqa: S108 - where libpulse shares its buffers
        # libpulse opens its runtime folder but no file in it; the folder may come with the server: its parent counts.
        yield from ((folder, _READ_DIR) for folder in runtime_folders())
        yield from ((path, _READ) for path in settings_paths())
    if hardware:
        yield from ((device, _WRITE | _IOCTL_DEVICE) for device in _GRAPHICS)


def _permit(ruleset: int, path: str, rights: int) -> None:
    """Add a rule; a path that is not there needs none."""
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not Path(path).is_dir():
            rights &= _FILE_ONLY
        _libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, fd), 0)
    finally:
        os.close(fd)
