"""The bookmark: which play is on the screen and how far it is, for the player that comes after this one."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from player.clock import Clock
from player.errands import Errands
from player.live.state_folder import read_whole
from player.live.verified import save
from player.ports import Remembered
from player.trust import ClockTrust
from playlists.playlist import Slot
from playlists.timing import DurationMs

_FORMAT: Final = 1
_MOST_BYTES: Final = 64 << 10


@dataclass(slots=True)
class FileBookmark:
    """The ``Bookmark`` in a small file, written by errand at the start of each item and with each heartbeat."""

    path: Path
    errands: Errands
    clock: Clock
    trust: ClockTrust
    _writing: bool = False
    _waiting: bytes | None = None

    def keep(self, slot: Slot, play: str, position: DurationMs) -> None:
        """Write down the play; of several that wait for the disk only the last is written."""
        told = {"slot": slot.id, "item": slot.item.id, "play": play, "position_ms": position}
        self._write(told)

    def remove(self) -> None:
        """Nothing is to be resumed."""
        self._write({})

    def _write(self, told: dict[str, object]) -> None:
        told = {"format_version": _FORMAT, "synchronised_in": self.trust.boot, **told}
        self._waiting = json.dumps(told, ensure_ascii=False).encode()
        if not self._writing:
            self._next()

    def _next(self) -> None:
        content, self._waiting = self._waiting, None
        self._writing = content is not None
        if content is not None:
            self.errands.run(lambda: save(self.path, content), lambda _trouble: self._next())


def read_bookmark(path: Path) -> tuple[Remembered | None, str | None]:
    """The play that was on the screen, None where nothing is to be resumed; and the boot the clock was right in."""
    content = read_whole(path, _MOST_BYTES)
    try:
        told = json.loads(content or b"{}")
        if not isinstance(told, dict) or told.get("format_version") != _FORMAT:
            return None, None
        boot = told.get("synchronised_in")
        boot = boot if isinstance(boot, str) else None
        if "play" not in told:
            return None, boot
        last = Remembered(str(told["slot"]), str(told["item"]), str(told["play"]), max(0, int(told["position_ms"])))
    except (ValueError, TypeError, KeyError):
        return None, None
    return last, boot
