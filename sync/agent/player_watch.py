"""What is seen of the player: its status and faults files, read now and then.

It is another process, maybe gone; of another user, who plays what strangers made, and may have been taken over.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from playlists.eligibility import eligible
from playlists.errors import ContentError, DamageError
from playlists.playlist import Playlist
from playlists.release import Active, Release, read_released_playlist
from playlists.release_model import MAX_SEQUENCE
from playlists.screen import Screen
from playlists.screen_file import read_screen
from playlists.status import Showing, Status, read_status
from sync.agent.agent_folder import AgentFolder
from sync.agent.ports import Instant
from sync.agent.probation import Sighting
from sync.stick_files import StickFiles

SILENCE: Final = timedelta(seconds=30)
"""A player that writes no status for so long is not alive."""
_REFUSED: Final = "release-refused"
_MOST_BYTES: Final = 1 << 20
_MOST_DIGITS: Final = len(str(MAX_SEQUENCE))


@dataclass(frozen=True, slots=True)
class OnTrial:
    """The release on trial as far as it must be known to judge what plays."""

    active: Active
    playlist: Playlist
    screen: Screen | None

    @classmethod
    def read(cls, folder: AgentFolder, active: Active, release: Release) -> "OnTrial":
        """Read its documents. Raises ``OSError`` or ``ContentError``."""
        home = folder.release(active.sequence)
        playlist = read_released_playlist((home / release.playlist.source).read_bytes(), release)
        screen = None if release.screen is None else read_screen((home / release.screen.source).read_bytes())
        return cls(active, playlist, screen)

    def has(self, slot: str | None) -> bool:
        """Whether a slot that plays is one of the release."""
        return slot is None or any(one.id == slot for one in self.playlist.slots)

    def expects(self, at: datetime, *, trusted: bool) -> bool:
        """Whether by its plan something should play; where nobody knows the screen, something always should."""
        if self.screen is None:
            return True
        try:
            slots = self.playlist.slots
            return any(eligible(self.playlist, slot, self.screen, at, trusted=trusted) for slot in slots)
        except (ContentError, ValueError, OSError):
            return True


@dataclass(slots=True)
class PlayerWatch:
    """Looks at the player's half of a state folder."""

    folder: AgentFolder
    _written: str = ""
    _since_ns: int | None = field(default=None)

    def status(self, now: Instant) -> tuple[Status | None, bool]:
        """The player's status, and whether it is alive: whether it wrote one within the last half minute."""
        content = read_of_player(self.folder.player_status)
        try:
            status = None if content is None else read_status(content)
        except DamageError:
            status = None
        if status is None:
            return None, False
        if status.at != self._written:
            known = bool(self._written) or _is_recent(status.at, now.wall)
            self._written, self._since_ns = status.at, now.boot_ns if known else None
        alive = (
            self._since_ns is not None and now.boot_ns - self._since_ns < SILENCE // timedelta(microseconds=1) * 1000
        )
        return status, alive and status.showing is not Showing.LEFT

    def sighting(self, now: Instant, trial: OnTrial | None) -> Sighting:
        """What is seen, for the release on trial."""
        status, alive = self.status(now)
        if status is None:
            return Sighting(now.boot, refusal=self._refusal(trial))
        slot = None if status.playing is None else status.playing.slot
        expected = trial is None or trial.expects(now.wall, trusted=status.clock_trusted is not False)
        return Sighting(
            now.boot,
            alive=alive or status.showing is Showing.LEFT,
            run=status.started,
            showing=status.showing,
            release=_number(status.release),
            ours=trial is None or trial.has(slot),
            expected=expected,
            refusal=self._refusal(trial),
        )

    def _refusal(self, trial: OnTrial | None) -> str | None:
        """What the player said when it refused the release on trial; a sequence is never used twice."""
        content = read_of_player(self.folder.player_faults)
        if trial is None or content is None:
            return None
        try:
            faults = json.loads(content)["faults"]
            told = [str(fault["detail"]) for fault in faults if fault["code"] == _REFUSED]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        begins = f"release {trial.active.sequence}: "
        return next((detail.removeprefix(begins) for detail in told if detail.startswith(begins)), None)


def read_of_player(path: Path) -> bytes | None:
    """A small file of the player's folder; None where there is none, or something else that would hold us up."""
    try:
        return StickFiles(path.parent).read(path.name, _MOST_BYTES)
    except OSError:
        return None


def _is_recent(at: str, wall: datetime) -> bool:
    try:
        return abs(datetime.fromisoformat(at) - wall) < SILENCE
    except (ValueError, TypeError):
        return False


def _number(told: str | None) -> int | None:
    return int(told) if told is not None and told.isdecimal() and len(told) <= _MOST_DIGITS else None
