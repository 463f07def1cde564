"""The states in which a power cut can leave a folder, from the calls that changed it.

A model of a file system that promises no more than POSIX does, in which renames do not tear:

- what was written lasts once the *file* is synced; until then any of nothing, half of it followed by zeros, or all;
- that a name came, went or moved lasts once its *folder* is synced; until then what happened to a folder's names lasts
  up to some point, in their order, independently of other folders and of the files' content.

A rename between folders never loses the file: where the new name does not last, the old one does. Syncing the folder
that was left therefore makes the new name last too, as a journal does.
"""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.support.recorded_calls import Call

Tree = Mapping[str, bytes | None]
"""Content by path; None is a folder."""

_MOST_STATES_A_CUT = 48


@dataclass(slots=True, eq=False)
class _File:
    """``durable`` is what surely lasts; ``content`` what programs see."""

    content: bytearray = field(default_factory=bytearray)
    durable: bytes = b""

    def outcomes(self) -> list[bytes]:
        seen, last = bytes(self.content), self.durable
        if seen == last:
            return [last]
        half = len(last) + (len(seen) - len(last)) // 2 if len(seen) > len(last) else len(seen) // 2
        torn = seen[:half] + bytes(len(seen) - half)
        return list(dict.fromkeys([last, torn, seen]))


@dataclass(slots=True, eq=False)
class _Folder:
    """``pending`` are changes of names that may be lost, in order: (name, what it then names or None)."""

    names: dict[str, "_File | _Folder"] = field(default_factory=dict)
    durable: dict[str, "_File | _Folder"] = field(default_factory=dict)
    pending: list[tuple[tuple[str, "_File | _Folder | None"], ...]] = field(default_factory=list)

    def change(self, *changes: "tuple[str, _File | _Folder | None]") -> None:
        self.pending.append(changes)
        _apply(self.names, changes)

    def sync(self) -> None:
        self.durable, self.pending = dict(self.names), []

    def outcomes(self) -> list[int]:
        """How many of the pending changes last."""
        return list(range(len(self.pending) + 1))

    def names_after(self, count: int) -> dict[str, "_File | _Folder"]:
        names = dict(self.durable)
        for changes in self.pending[:count]:
            _apply(names, changes)
        return names


def _apply(names: dict[str, _File | _Folder], changes: Sequence[tuple[str, _File | _Folder | None]]) -> None:
    for name, thing in changes:
        if thing is None:
            names.pop(name, None)
        else:
            names[name] = thing


@dataclass(frozen=True, slots=True)
class _Move:
    """A file left a folder by its pending change number ``left`` and came to another by number ``came``, from 1."""

    source: _Folder
    left: int
    target: _Folder
    came: int

    def holds(self, pick: Mapping[int, object]) -> bool:
        """Whether the file is in one of the two at least."""
        left, came = pick.get(id(self.source)), pick.get(id(self.target))
        gone = isinstance(left, int) and left >= self.left
        return not gone or (isinstance(came, int) and came >= self.came)


class Disk:
    """A folder on such a disk. Begin with what is there, apply calls, and ask at any moment for what a cut leaves."""

    def __init__(self, tree: Tree) -> None:
        self._root = _Folder()
        self._moves: list[_Move] = []
        for path, content in sorted(tree.items()):
            folder = self._folder(PurePosixPath(path).parent)
            thing = _Folder() if content is None else _File(bytearray(content), content)
            folder.names[PurePosixPath(path).name] = folder.durable[PurePosixPath(path).name] = thing

    def apply(self, call: Call, *, syncing: bool = True) -> None:
        """Do what a call did; ``syncing=False`` is the same program without its fsyncs."""
        path = PurePosixPath(call.path)
        if call.kind == "sync":
            if syncing:
                self._sync(path)
        elif call.kind in ("rename", "link"):
            self._name_anew(path, PurePosixPath(call.other), keep=call.kind == "link")
        elif call.kind in ("unlink", "rmdir"):
            self._folder(path.parent).change((path.name, None))
        elif call.kind == "mkdir":
            self._folder(path.parent).change((path.name, _Folder()))
        else:
            self._write(path, call)

    def states(self, chance: random.Random) -> Iterator[Tree]:
        """What a cut at this moment can leave; where that is too much, the extremes and a sample of the rest."""
        things = list(_things(self._root, set()))
        choices: list[list[object]] = [list(thing.outcomes()) for thing in things]
        total = 1
        for choice in choices:
            total *= len(choice)
        if total <= _MOST_STATES_A_CUT:
            picks = itertools.product(*choices)
        else:
            extremes = [tuple(choice[0] for choice in choices), tuple(choice[-1] for choice in choices)]
            sample = (tuple(chance.choice(choice) for choice in choices) for _ in range(_MOST_STATES_A_CUT - 2))
            picks = itertools.chain(extremes, sample)  # type: ignore[assignment]
        for outcome in picks:
            pick = dict(zip(map(id, things), outcome, strict=True))
            if all(move.holds(pick) for move in self._moves):
                yield dict(_written_out(self._root, pick, ""))

    def tree(self) -> Tree:
        """What programs see."""
        seen: dict[int, object] = {}
        for thing in _things(self._root, set()):
            seen[id(thing)] = bytes(thing.content) if isinstance(thing, _File) else len(thing.pending)
        return dict(_written_out(self._root, seen, ""))

    def _folder(self, path: PurePosixPath) -> _Folder:
        folder = self._root
        for part in path.parts:
            found = folder.names[part]
            if not isinstance(found, _Folder):
                raise TypeError(path)
            folder = found
        return folder

    def _sync(self, path: PurePosixPath) -> None:
        thing = self._root if path == PurePosixPath() else self._folder(path.parent).names.get(path.name)
        if isinstance(thing, _Folder):
            self._sync_folder(thing)
        elif thing is not None:
            thing.durable = bytes(thing.content)

    def _sync_folder(self, folder: _Folder) -> None:
        targets = [move.target for move in self._moves if move.source is folder]
        self._moves = [move for move in self._moves if move.source is not folder and move.target is not folder]
        folder.sync()
        for target in targets:
            if target.pending:
                self._sync_folder(target)

    def _name_anew(self, path: PurePosixPath, other: PurePosixPath, *, keep: bool) -> None:
        source, target = self._folder(path.parent), self._folder(other.parent)
        thing = source.names[path.name]
        if source is target:
            source.change((other.name, thing), *(() if keep else ((path.name, None),)))
            return
        target.change((other.name, thing))
        if not keep:
            source.change((path.name, None))
            self._moves.append(_Move(source, len(source.pending), target, len(target.pending)))

    def _write(self, path: PurePosixPath, call: Call) -> None:
        folder = self._folder(path.parent)
        thing = folder.names.get(path.name)
        if thing is None:
            thing = _File()
            folder.change((path.name, thing))
        if not isinstance(thing, _File):
            raise TypeError(path)
        content = thing.content
        if call.kind == "write":
            offset = len(content) if call.offset < 0 else call.offset
            content.extend(bytes(max(0, offset + len(call.data) - len(content))))
            content[offset : offset + len(call.data)] = call.data
        elif call.kind == "truncate":
            content.extend(bytes(max(0, call.offset - len(content))))
            del content[call.offset :]
        elif call.kind == "allocate":
            content.extend(bytes(max(0, call.offset - len(content))))
        elif call.data == b"truncate":
            content.clear()


def _things(folder: _Folder, seen: set[int]) -> Iterator[_File | _Folder]:
    """Everything that any outcome can reach, each once."""
    if id(folder) in seen:
        return
    seen.add(id(folder))
    yield folder
    reachable = [*folder.durable.values(), *folder.names.values()]
    reachable += [thing for changes in folder.pending for _, thing in changes if thing is not None]
    for thing in reachable:
        if isinstance(thing, _Folder):
            yield from _things(thing, seen)
        elif id(thing) not in seen:
            seen.add(id(thing))
            yield thing


def _written_out(folder: _Folder, pick: Mapping[int, object], below: str) -> Iterator[tuple[str, bytes | None]]:
    count = pick[id(folder)]
    if not isinstance(count, int):
        raise TypeError(below)
    for name, thing in folder.names_after(count).items():
        if isinstance(thing, _Folder):
            yield below + name, None
            yield from _written_out(thing, pick, f"{below}{name}/")
        else:
            content = pick[id(thing)]
            yield below + name, content if isinstance(content, bytes) else None


def tree_of(folder: Path) -> Tree:
    """What lies in a folder."""
    found = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in found}


def write_tree(tree: Tree, folder: Path) -> None:
    """Lay a state out on a real disk; ``folder`` is not there yet."""
    folder.mkdir(parents=True)
    for path, content in sorted(tree.items()):
        if content is None:
            (folder / path).mkdir(parents=True, exist_ok=True)
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
