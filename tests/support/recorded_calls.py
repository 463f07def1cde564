"""The calls by which a program changes files, recorded by strace and read back as values.

``strace -f -y -xx`` prints every string in hexadecimal, so a line splits safely at quotes, and puts the path of each
descriptor beside it. Only what changes a file or a folder below one root is kept, in the order in which it returned.
"""

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

TRACED = (
    "open,openat,openat2,creat,close,read,pread64,readv,lseek,write,pwrite64,writev,pwritev,truncate,ftruncate,fallocate,"
    "fsync,fdatasync,sync_file_range,sync,syncfs,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,"
    "rmdir,symlink,symlinkat,sendfile,copy_file_range,dup,dup2,dup3,fcntl,mmap"
)
CHANGING = (
    *("open", "openat", "write", "pwrite64", "truncate", "ftruncate", "fallocate", "fsync", "fdatasync"),
    *("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
)
"""The calls that change files: openings only where they are for writing."""
_WITH_NAMES = frozenset(CHANGING) - {"write", "pwrite64", "ftruncate", "fallocate", "fsync", "fdatasync"}
_UNTOLD = frozenset(("writev", "pwritev", "sendfile", "copy_file_range", "symlink", "symlinkat", "openat2", "creat"))
_LINE = re.compile(r"^(?P<thread>\d+) +(?P<call>\w+)\((?P<rest>.*)$")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"^(?P<thread>\d+) +<\.\.\. \w+ resumed>(?P<rest>.*)$")
_PARTS = re.compile(r'"(?:\\x[0-9a-f]{2})*"|<(?:\\x[0-9a-f]{2})*>|[^"<>]+|[<>]')


@dataclass(frozen=True, slots=True)
class Call:
    """One call below the root; paths are relative to it.

    ``ordinal`` counts the calls of this name by which the same thread touched the path, as strace counts them.
    ``kind`` is ``open`` (for writing; ``data`` is ``b"truncate"`` where it empties the file), ``write``, ``truncate``,
    ``allocate``, ``sync``, ``rename``, ``link``, ``unlink``, ``mkdir`` or ``rmdir``.
    """

    kind: str
    path: str
    data: bytes = b""
    offset: int = 0
    """Of a write; of ``truncate`` and ``allocate`` the length in bytes."""
    other: str = ""
    """Where a rename or a link leads."""
    name: str = ""
    ordinal: int = 0


class UntoldCallError(Exception):
    """The program changed a file in a way that this reader does not know; a replay would be wrong."""


def record(command: Sequence[str], trace: Path, root: Path, **options: object) -> list[Call]:
    """Run a program to its end under strace; what it changed below ``root``. Raises if it does not end with 0."""
    run = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "16000000",
        "-e",
        f"trace={TRACED}",
        "-e",
        "signal=none",
        "-o",
        str(trace),
    ]
    subprocess.run([*run, *command], check=True, **options)  # type: ignore[call-overload]
    return list(read_calls(trace.read_text(encoding="ascii"), root))


def killed_at(call: Call, command: Sequence[str], root: Path, **options: object) -> bool:
    """Run a program that is killed as it enters a call which ``record`` saw; whether it came there.

    Before one call is after the one before it, so that killing at every call is killing before and after every call.
    """
    place = str(root.resolve() if call.path == "." else root.resolve() / call.path)
    where = ("-P", place, "-e", f"trace={call.name}", "-e", f"inject={call.name}:signal=KILL:when={call.ordinal}")
    run = ["strace", "-f", "-qqq", "-o", "/dev/null", *where, *command]
    ended = subprocess.run(run, check=False, **options)  # type: ignore[call-overload]
    return bool(ended.returncode in (-9, 137))


def read_calls(trace: str, root: Path) -> Iterator[Call]:
    """What a trace says was changed below ``root``."""
    base = str(root.resolve())
    reader = _Reader(base)
    for line in _whole_lines(trace):
        call = reader.read(line)
        if call is not None:
            yield call


def _whole_lines(trace: str) -> Iterator[str]:
    """Join what another thread cut in two."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        if line.endswith(_UNFINISHED):
            begun[line.split(" ", 1)[0]] = line.removesuffix(_UNFINISHED)
        elif (resumed := _RESUMED.match(line)) is not None:
            yield begun.pop(resumed["thread"], "") + resumed["rest"]
        else:
            yield line


def _text(part: str) -> bytes:
    return bytes.fromhex(part[1:-1].replace("\\x", ""))


@dataclass(slots=True)
class _Line:
    """A line in its parts: ``words`` outside of strings and descriptors' paths, one between any two of these."""

    thread: str
    call: str
    strings: list[bytes]
    paths: list[str]
    words: str
    """All that is neither, strings shown as ``$`` and paths as ``@``."""
    failed: bool

    @property
    def arguments(self) -> list[str]:
        return [word.strip() for word in self.words.rsplit(")", 1)[0].split(",")]

    @property
    def result(self) -> int:
        found = re.match(r"-?\d+", self.words.rsplit("= ", 1)[1])
        return -1 if found is None else int(found[0])


class _Reader:
    def __init__(self, base: str) -> None:
        self._base = base
        self._offsets: dict[int, int] = {}
        self._appending: set[int] = set()
        self._counts: dict[tuple[str, str, str], int] = {}

    def read(self, text: str) -> Call | None:
        line = _split(text)
        if line is None:
            return None
        for path in self._touched(line):
            counted = line.thread, path, line.call
            self._counts[counted] = self._counts.get(counted, 0) + 1
        call = None if line.failed else self._meaning(line)
        if call is None:
            return None
        return replace(call, name=line.call, ordinal=self._counts[line.thread, call.path, line.call])

    def _touched(self, line: _Line) -> set[str]:
        """What strace takes the call to access, be it that it failed."""
        named = self._full(line, 2) if line.call in _WITH_NAMES else []
        return {path for path in map(self._below, (*named, *line.paths)) if path is not None}

    def _below(self, path: str) -> str | None:
        path = path.removesuffix(" (deleted)")
        if path == self._base:
            return "."
        return path.removeprefix(self._base + "/") if path.startswith(self._base + "/") else None

    def _meaning(self, line: _Line) -> Call | None:
        if line.call in ("open", "openat"):
            return self._opened(line)
        if line.call in ("rename", "renameat", "renameat2", "link", "linkat"):
            return self._named_anew(line)
        if line.call in ("unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"):
            return self._named(line)
        return self._on_descriptor(line)

    def _opened(self, line: _Line) -> Call | None:
        path = self._below(line.paths[-1]) if line.paths else None
        if path is None:
            return None
        flags = line.arguments[1 if line.call == "open" else 2]
        self._offsets[line.result] = 0
        self._appending.discard(line.result)
        if "O_APPEND" in flags:
            self._appending.add(line.result)
        if "O_WRONLY" not in flags and "O_RDWR" not in flags:
            return None
        return Call("open", path, b"truncate" if "O_TRUNC" in flags else b"")

    def _named_anew(self, line: _Line) -> Call | None:
        source, target = (self._below(path) for path in self._full(line, 2))
        if source is None and target is None:
            return None
        if source is None or target is None:
            raise UntoldCallError(line.words)
        return Call("link" if line.call.startswith("link") else "rename", source, other=target)

    def _named(self, line: _Line) -> Call | None:
        path = self._below(self._full(line, 1)[0])
        if path is None:
            return None
        if line.call == "unlinkat" and "AT_REMOVEDIR" in line.words:
            return Call("rmdir", path)
        return Call(line.call.removesuffix("at"), path)

    @staticmethod
    def _full(line: _Line, count: int) -> list[str]:
        """Whole paths of the first names, relative ones against their folder's descriptor."""
        names = [text.decode("utf-8", "surrogateescape") for text in line.strings[:count]]
        folders = line.paths if len(line.paths) >= len(names) else [""] * len(names)
        return [
            name if name.startswith("/") else f"{folder}/{name}" for name, folder in zip(names, folders, strict=False)
        ]

    def _on_descriptor(self, line: _Line) -> Call | None:
        path = self._below(line.paths[0]) if line.paths else None
        if path is None:
            return None
        descriptor = int(line.arguments[0].removesuffix("@"))
        if line.call in _UNTOLD or (line.call == "mmap" and "PROT_WRITE" in line.words and "MAP_SHARED" in line.words):
            raise UntoldCallError(line.words)
        if line.call in ("read", "lseek"):
            seek = line.call == "lseek"
            self._offsets[descriptor] = line.result if seek else self._offsets.get(descriptor, 0) + line.result
            return None
        return self._changed(line, path, descriptor)

    def _changed(self, line: _Line, path: str, descriptor: int) -> Call | None:
        match line.call:
            case "write":
                offset = -1 if descriptor in self._appending else self._offsets.get(descriptor, 0)
                self._offsets[descriptor] = max(offset, 0) + line.result
                return Call("write", path, line.strings[0][: line.result], offset)
            case "pwrite64":
                return Call("write", path, line.strings[0][: line.result], int(line.arguments[3]))
            case "ftruncate":
                return Call("truncate", path, offset=int(line.arguments[1]))
            case "fallocate":
                kept = "KEEP_SIZE" in line.arguments[1]
                return None if kept else Call("allocate", path, offset=int(line.arguments[2]) + int(line.arguments[3]))
            case "fsync" | "fdatasync":
                return Call("sync", path)
            case _:
                return None


def _split(text: str) -> _Line | None:
    found = _LINE.match(text)
    if found is None or " = " not in text:
        return None
    strings, paths, words = [], [], ""
    for part in _PARTS.findall(found["rest"]):
        if part.startswith('"'):
            strings.append(_text(part))
            words += "$"
        elif part.startswith("<") and len(part) > 1:
            paths.append(_text(part).decode("utf-8", "surrogateescape"))
            words += "@"
        else:
            words += part
    return _Line(found["thread"], found["call"], strings, paths, words, " = -1 " in words or " = ?" in words)
