"""The hub's folder: what lies where, its lock, and the numbers it never gives out twice.

====================== ==========================================================================================
``hub.json``           says that this is a hub's folder, and its format
``counters.json``      the numbers given out last: sequences, timestamps, drafts; and below what no version may go
``lock``               held by whoever changes something
``trust/plan.json``    organisations, people, their public keys, units and gates (``sync/hub/trust_plan.py``)
``trust/restored.json`` there while a hub brought back from a backup has not been re-signed (``sync/hub/backup.py``)
``keys/``              the online keys, each in a file with a password, named by key id
``drafts/NAME/``       what is being signed (``sync/hub/drafts.py``)
``feed/``              what is published (``sync/feed.py``): the only truth about versions and content
``hub.sqlite3``        what screens and people told the server
``returned/``          what screens wrote back onto sticks, the newest of each (``sync/hub/stick_returns.py``)
====================== ==========================================================================================
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from sync.durable import write_durably
from sync.hub.sentences import HubRefusalError

FORMAT_VERSION: Final = 1
PATIENCE_S: Final = 3.0
"""The server signs a timestamp in less; people who publish at once wait for one another."""
_PAUSE_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class HubFolder:
    """Where everything of a hub lies, below ``root``."""

    root: Path

    @property
    def settings(self) -> Path:
        """``hub.json``."""
        return self.root / "hub.json"

    @property
    def counters(self) -> Path:
        """``counters.json``."""
        return self.root / "counters.json"

    @property
    def plan(self) -> Path:
        """``trust/plan.json``."""
        return self.root / "trust" / "plan.json"

    @property
    def restored(self) -> Path:
        """``trust/restored.json``."""
        return self.root / "trust" / "restored.json"

    @property
    def keys(self) -> Path:
        """Where the online keys lie."""
        return self.root / "keys"

    @property
    def drafts(self) -> Path:
        """Where drafts lie."""
        return self.root / "drafts"

    @property
    def feed(self) -> Path:
        """The published files; serve this folder."""
        return self.root / "feed"

    @property
    def database(self) -> Path:
        """``hub.sqlite3``."""
        return self.root / "hub.sqlite3"

    @property
    def returned(self) -> Path:
        """What screens wrote back onto sticks."""
        return self.root / "returned"

    def online_key(self, key_id: str) -> Path:
        """Where an online key lies."""
        return self.keys / f"online-{key_id[:16]}.pem"

    def published(self, name: str) -> Path:
        """Where a file of the feed lies; names are those of ``sync/feed.py``."""
        return self.feed / name


@dataclass(frozen=True, slots=True)
class Counters:
    """The numbers given out last; ``floors`` are versions that no metadata of a role may have or go below."""

    sequence: int = 0
    timestamp: int = 0
    draft: int = 0
    floors: dict[str, int] = field(default_factory=dict, hash=False)


def open_hub(path: Path) -> HubFolder:
    """The hub in a folder. Raises ``HubRefusalError`` where there is none, or one of another format."""
    hub = HubFolder(path)
    try:
        told = json.loads(hub.settings.read_bytes())
    except (OSError, ValueError):
        raise HubRefusalError(code="no-hub", folder=path) from None
    if not isinstance(told, dict) or told.get("format_version") != FORMAT_VERSION:
        raise HubRefusalError(code="hub-format", folder=path)
    return hub


@contextmanager
def locked(hub: HubFolder) -> Iterator[None]:
    """Nobody else changes the hub meanwhile; not reentrant.

    Raises ``HubRefusalError`` where somebody else does for longer than ``PATIENCE_S``.
    """
    with (hub.root / "lock").open("wb") as lock:
        patient_until = monotonic() + PATIENCE_S
        while not _taken(lock.fileno()):
            if monotonic() > patient_until:
                raise HubRefusalError(code="busy")
            sleep(_PAUSE_S)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_counters(hub: HubFolder) -> Counters:
    """The numbers given out last. Raises ``HubRefusalError`` where the file cannot be read."""
    try:
        told = json.loads(hub.counters.read_bytes())
        floors = {str(role): int(version) for role, version in told["floors"].items()}
        return Counters(int(told["sequence"]), int(told["timestamp"]), int(told["draft"]), floors)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise HubRefusalError(code="unreadable", name=hub.counters) from None


def write_counters(hub: HubFolder, counters: Counters) -> None:
    """Keep the numbers given out; durable before anyone uses them. Raises ``OSError``."""
    told = {
        "sequence": counters.sequence,
        "timestamp": counters.timestamp,
        "draft": counters.draft,
        "floors": dict(sorted(counters.floors.items())),
    }
    write_durably(hub.counters, json.dumps(told, indent=1).encode() + b"\n")
