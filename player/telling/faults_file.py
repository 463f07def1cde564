"""The faults file, ``player/faults.json``: the last hundred things that went wrong, over restarts of the player."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from player.telling.files import read_file, replace_file
from playlists.status import FaultNote

FORMAT_VERSION: Final = 1
MOST: Final = 100


def merged(kept: Sequence[FaultNote], recent: Sequence[FaultNote]) -> tuple[FaultNote, ...]:
    """Both, the newest first, none twice, no more than a hundred; ``recent`` are newer than what is kept."""
    return tuple(dict.fromkeys((*recent, *kept)))[:MOST]


def write_faults(notes: Sequence[FaultNote]) -> bytes:
    """The file's content."""
    fields = {"format": FORMAT_VERSION, "faults": [asdict(note) for note in notes]}
    return f"{json.dumps(fields, ensure_ascii=False, indent=2)}\n".encode()


def read_faults(content: bytes | None) -> tuple[FaultNote, ...]:
    """What the file holds; nothing where it is missing, spoiled, or of another version."""
    try:
        found = json.loads(content or b"")
        if found["format"] != FORMAT_VERSION:
            return ()
        return tuple(_note(note) for note in found["faults"])[:MOST]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _note(fields: dict[str, object]) -> FaultNote:
    item = fields.get("item")
    return FaultNote(str(fields["at"]), str(fields["code"]), str(fields["detail"]), None if item is None else str(item))


@dataclass(slots=True)
class FaultsFile:
    """Keeps the file; reads and writes, for a thread that may wait for a disk."""

    path: Path
    _kept: tuple[FaultNote, ...] | None = None
    _last: tuple[FaultNote, ...] = field(default=())

    def keep(self, recent: tuple[FaultNote, ...]) -> str | None:
        """Add what is new in ``recent``, the player's own last faults; what went wrong, in one line."""
        if recent == self._last:
            return None
        if self._kept is None:
            self._kept = read_faults(read_file(self.path))
        self._kept, self._last = merged(self._kept, recent), recent
        return replace_file(self.path, write_faults(self._kept))
