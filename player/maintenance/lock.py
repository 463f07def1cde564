"""The lock of the maintenance page: the PIN, and the wrong tries of it, on the disk and in memory."""

from dataclasses import dataclass
from pathlib import Path

from player.maintenance import pin
from player.maintenance.pin import PinHash, Tries
from player.telling.files import read_file, replace_file
from playlists.timing import Moment, MonotonicNs

AT_ONCE = MonotonicNs(0)


@dataclass(slots=True)
class Lock:
    """For a thread that may wait: checking takes some 50 ms and writes a file.

    A try is written down before it is checked, so that pulling the plug buys none; where the disk takes nothing, it
    counts in memory.
    """

    kept: PinHash
    path: Path | None
    _tries: Tries | None = None

    def next_try_at(self, now: Moment) -> MonotonicNs:
        """When a PIN may be tried; in the past, where it may be now."""
        return pin.next_try_at(self._so_far(), now.boot_id)

    def check(self, entry: str, now: Moment) -> tuple[bool, MonotonicNs]:
        """Whether that is the PIN, and when the next may be tried."""
        allowed = self.next_try_at(now)
        if allowed > now.monotonic:
            return False, allowed
        self._note(pin.tried(self._so_far(), now.monotonic, now.boot_id))
        if not pin.matches(entry, self.kept):
            return False, self.next_try_at(now)
        self._note(Tries())
        return True, AT_ONCE

    def _so_far(self) -> Tries:
        if self._tries is None:
            self._tries = pin.read_tries(read_file(self.path)) if self.path is not None else Tries()
        return self._tries

    def _note(self, tries: Tries) -> None:
        self._tries = tries
        if self.path is not None:
            replace_file(self.path, pin.written_tries(tries))
