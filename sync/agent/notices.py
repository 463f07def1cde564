"""Urgent bulletins and withdrawals: what the signed ones say, put where the player looks. No release is waited for.

What could not be trusted or fetched leaves in force what was: a bulletin ends by its own expiry or when it is called
off by those who may, and nothing that was withdrawn comes back because a file did not arrive.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from playlists.errors import ContentError
from playlists.release import UrgentBulletin, Withdrawn, read_urgent, read_withdrawn, write_withdrawn
from sync.agent.agent_folder import AgentFolder
from sync.agent.download import Wanted
from sync.durable import PART, remove_durably, sync_folder, write_durably
from sync.publication import pieces_of
from sync.refusals import RefusalError

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A signed urgent bulletin for this screen: the bytes of its file, and what they say."""

    content: bytes
    urgent: UrgentBulletin

    @property
    def id(self) -> str:
        """Its name, under which it lies."""
        return self.urgent.id

    def is_over(self, at: datetime) -> bool:
        """Whether it has expired."""
        return _is_over(self.urgent, at)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Its media."""
        files = {file.sha256: file for file in self.urgent.media}
        return tuple(Wanted(file.sha256, file.length, pieces_of(file), file.source) for file in files.values())


def read_bulletin(path: str, content: bytes) -> Bulletin:
    """Read the target ``urgent/ID.json``. Raises ``RefusalError``."""
    name = PurePosixPath(path).name.removesuffix(".json")
    try:
        bulletin = Bulletin(content, read_urgent(content))
        bulletin.wanted  # noqa: B018  # raises where a piece list is not described as it should be
    except ContentError as error:
        raise RefusalError("malformed", name=path) from error
    if bulletin.id != name or not _NAME.fullmatch(name):
        raise RefusalError("malformed", name=path)
    return bulletin


def read_withdrawal(path: str, content: bytes) -> Withdrawn:
    """Read the target ``withdrawals/NAME.json``. Raises ``RefusalError``."""
    try:
        return read_withdrawn(content)
    except ContentError as error:
        raise RefusalError("malformed", name=path) from error


def merged(withdrawals: Iterable[Withdrawn]) -> Withdrawn:
    """All that is withdrawn."""
    items, digests = frozenset[str](), frozenset[str]()
    for one in withdrawals:
        items, digests = items | one.items, digests | one.digests
    return Withdrawn(items, digests)


class Notices:
    """``urgent/`` and ``withdrawn`` in the agent's folder. Every method raises ``OSError``."""

    def __init__(self, folder: AgentFolder) -> None:
        self._folder = folder

    def in_force(self) -> Mapping[str, UrgentBulletin]:
        """The urgent bulletins that lie here, by id; one that cannot be read is not among them."""
        found = {}
        for path in self._files():
            try:
                found[path.stem] = read_urgent(path.read_bytes())
            except (ContentError, FileNotFoundError):
                continue
        return found

    def issue(self, bulletin: Bulletin, *, anew: bool = False) -> None:
        """Put a bulletin before the player; ``anew`` also where it lies there, for its media have come."""
        path = self._folder.urgent / f"{bulletin.id}.json"
        if not anew and path.is_file() and path.read_bytes() == bulletin.content:
            return
        write_durably(path, bulletin.content)

    def call_off(self, but: Collection[str]) -> None:
        """Take away every bulletin whose id is not in ``but``."""
        for path in self._files():
            if path.stem not in but:
                remove_durably(path)

    def remove_expired(self, at: datetime) -> None:
        """Take away the bulletins that are over."""
        self.call_off([name for name, urgent in self.in_force().items() if not _is_over(urgent, at)])

    @property
    def withdrawn(self) -> Withdrawn:
        """What is withdrawn."""
        try:
            return read_withdrawn(self._folder.withdrawn.read_bytes())
        except (FileNotFoundError, ContentError):
            return Withdrawn()

    def withdraw(self, withdrawn: Withdrawn) -> None:
        """Say what is withdrawn, and nothing else; the file is left alone where it says so already."""
        content = write_withdrawn(withdrawn)
        if self._folder.withdrawn.is_file() and self._folder.withdrawn.read_bytes() == content:
            return
        if withdrawn != Withdrawn() or self._folder.withdrawn.is_file():
            write_durably(self._folder.withdrawn, content)

    def clear_parts(self) -> None:
        """Remove what a cut left half written."""
        parts = list(self._folder.urgent.glob(f"*{PART}"))
        for path in parts:
            path.unlink(missing_ok=True)
        if parts:
            sync_folder(self._folder.urgent)

    def _files(self) -> Iterator[Path]:
        return iter(sorted(self._folder.urgent.glob("*.json"))) if self._folder.urgent.is_dir() else iter(())


def _is_over(urgent: UrgentBulletin, at: datetime) -> bool:
    bulletin = urgent.slot.item.bulletin
    return bulletin is not None and bulletin.urgency is not None and bulletin.urgency.expires <= at
