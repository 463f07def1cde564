"""Drafts: what is to be published and still wants signatures. Several may lie side by side, of any roles.

A draft is a folder ``HUB/drafts/NAME``: ``request.json``, which goes to the signers (``sync/hub/request.py``), and
``feed/``, which holds under the feed's own names what the feed does not have: ``media/``, ``pieces/``, ``targets/``.
A draft is staged whole or not at all. It is outdated once another publication of one of its roles came first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sync.hub.folder import HubFolder

Progress = Callable[[int], None]
"""Told the bytes done since the last call."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one delegated role.

    ``set`` gives target paths (``sync/trust/roles.py``) their bytes and, where there is one, the signed ``custom``;
    ``remove`` takes targets out. ``media`` gives digests the files on disk that have them, ``pieces`` digests the piece
    lists. ``summary`` tells signers in Vietnamese, a line each, what they sign.
    """

    role: str
    summary: tuple[str, ...]
    set: Mapping[str, tuple[bytes, Mapping[str, object] | None]] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    media: Mapping[str, Path] = field(default_factory=dict)
    pieces: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A staged draft: its short name (``0012-department``) and its folder."""

    name: str
    folder: Path

    @property
    def request(self) -> Path:
        """The file that goes to the signers and comes back."""
        return self.folder / "request.json"


def next_sequence(hub: HubFolder) -> int:
    """A sequence that no release had, durably taken; also old content that comes again gets one.

    Takes the lock. Raises ``HubRefusalError``.
    """
    raise NotImplementedError


def stage(hub: HubFolder, change: Change, now: datetime, progress: Progress | None = None) -> Draft:
    """Make a draft of a change to what is published at ``now`` (aware); its metadata expires as its role says.

    Takes the lock. Media the feed has are not copied again; each file is checked against its digest.
    Raises ``HubRefusalError``: nothing published yet, a role that does not exist, a target the role may not name, a
    file that is not what its digest says, another command at work. Then nothing is left behind.
    """
    raise NotImplementedError


def list_drafts(hub: HubFolder) -> list[Draft]:
    """All drafts, oldest first."""
    raise NotImplementedError
