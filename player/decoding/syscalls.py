"""Numbers of system calls, from Linux's ``asm/unistd_64.h`` (x86-64) and ``asm-generic/unistd.h`` (aarch64)."""

from dataclasses import dataclass
from typing import Final

_ABSENT: Final = -1

# The number on x86-64, then on aarch64.
_NUMBERS: Final = {
    "accept": (43, 202),
    "accept4": (288, 242),
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bind": (49, 200),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "connect": (42, 203),
    "delete_module": (176, 106),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fork": (57, _ABSENT),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, _ABSENT),
    "iopl": (172, _ABSENT),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "kill": (62, 129),
    "listen": (50, 201),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, _ABSENT),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vfork": (58, _ABSENT),
    "vhangup": (153, 58),
}

CONDITIONAL: Final = frozenset({"clone", "clone3", "connect", "socket", "socketpair", "tgkill"})
"""Calls that are refused for some arguments only, or with an error of their own."""

FORBIDDEN: Final = tuple(name for name in _NUMBERS if name not in CONDITIONAL)
"""Calls nobody who decodes has a use for."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A processor's system calls."""

    audit: int
    """``AUDIT_ARCH_...``, by which the kernel tells native calls from those of another ABI."""
    numbers: dict[str, int]


def _architecture(audit: int, column: int) -> Architecture:
    return Architecture(audit, {name: row[column] for name, row in _NUMBERS.items() if row[column] != _ABSENT})


_ARCHITECTURES: Final = {"x86_64": _architecture(0xC000003E, 0), "aarch64": _architecture(0xC00000B7, 1)}


def architecture(machine: str) -> Architecture | None:
    """The architecture that ``uname -m`` calls ``machine``; None for one whose numbers are not known here."""
    return _ARCHITECTURES.get(machine)
