"""What is published: the metadata in the feed, from its timestamp down; versions and content stand nowhere else."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, TargetFile, Targets, Timestamp

from sync import feed
from sync.hub.folder import Counters, HubFolder
from sync.hub.sentences import HubRefusalError
from sync.publication import CONFIRMED
from sync.trust import roles

_T = TypeVar("_T", Root, Timestamp, Snapshot, Targets)
_VERSIONED: Final = re.compile(r"([0-9]+)\.(.+)\.json")


@dataclass(frozen=True, slots=True)
class FeedState:
    """The metadata that clients see; ``root`` is the newest there is."""

    root: Metadata[Root]
    timestamp: Metadata[Timestamp]
    snapshot: Metadata[Snapshot]
    targets: Metadata[Targets]
    delegated: dict[str, Metadata[Targets]]

    def signed(self, role: str) -> "Metadata[Any] | None":
        """What is published of root, targets or a delegated role."""
        top: dict[str, Metadata[Any]] = {roles.ROOT: self.root, roles.TARGETS: self.targets}
        return top.get(role) or self.delegated.get(role)

    @property
    def confirmed(self) -> tuple[int, ...]:
        """The sequences all screens may take."""
        told = self.timestamp.signed.unrecognized_fields.get(CONFIRMED, [])
        return tuple(told)


def read_feed(hub: HubFolder) -> FeedState | None:
    """What is published; None where nothing is. Raises ``HubRefusalError`` where the feed is damaged."""
    if not hub.published(feed.TIMESTAMP).exists():
        return None
    root = newest_root(hub)
    if root is None:
        raise HubRefusalError(code="unreadable", name=hub.published(feed.metadata_name(roles.ROOT, 1)))
    timestamp = read_metadata(hub.published(feed.TIMESTAMP), Timestamp)
    snapshot = _read(hub, roles.SNAPSHOT, timestamp.signed.snapshot_meta.version, Snapshot)
    listed = snapshot.signed.meta
    targets = _read(hub, roles.TARGETS, listed[f"{roles.TARGETS}.json"].version, Targets)
    delegated = {
        role: _read(hub, role, listed[f"{role}.json"].version, Targets)
        for role in delegated_roles(targets.signed)
        if f"{role}.json" in listed
    }
    return FeedState(root, timestamp, snapshot, targets, delegated)


def published_feed(hub: HubFolder) -> FeedState:
    """What is published. Raises ``HubRefusalError``, also where nothing is."""
    state = read_feed(hub)
    if state is None:
        raise HubRefusalError(code="nothing-published")
    return state


def newest_root(hub: HubFolder) -> Metadata[Root] | None:
    """The last of the unbroken row of roots; None where there is none. Raises ``HubRefusalError``."""
    newest = None
    version = 1
    while (path := hub.published(feed.metadata_name(roles.ROOT, version))).exists():
        newest = read_metadata(path, Root)
        version += 1
    return newest


def online_key_id(hub: HubFolder) -> str:
    """The key that the newest root lets sign snapshot and timestamp. Raises ``HubRefusalError`` where there is none."""
    root = newest_root(hub)
    if root is None:
        raise HubRefusalError(code="nothing-published")
    return str(root.signed.roles[roles.TIMESTAMP].keyids[0])


def delegated_roles(targets: Targets) -> tuple[str, ...]:
    """The names of the delegated roles, in order."""
    delegations = targets.delegations
    return () if delegations is None or delegations.roles is None else tuple(delegations.roles)


def read_metadata(path: Path, kind: type[_T]) -> Metadata[_T]:
    """A file of metadata, its signatures unlooked at. Raises ``HubRefusalError`` where it is none of that kind."""
    try:
        metadata: Metadata[_T] = Metadata.from_bytes(path.read_bytes())
    except (OSError, RepositoryError):
        raise HubRefusalError(code="unreadable", name=path) from None
    if not isinstance(metadata.signed, kind):
        raise HubRefusalError(code="unreadable", name=path)
    return metadata


def next_version(hub: HubFolder, counters: Counters, role: str) -> int:
    """A version of a role that no file in the feed has, and that nobody may have seen."""
    return max(highest_version(hub, role), counters.floors.get(role, 0)) + 1


def highest_version(hub: HubFolder, role: str) -> int:
    """The highest version of a role among the files of the feed, referred to or not; 0 where there is none."""
    folder = hub.published(feed.metadata_name(role, 1)).parent
    found = (_VERSIONED.fullmatch(path.name) for path in (folder.iterdir() if folder.exists() else ()))
    return max((int(name[1]) for name in found if name is not None and name[2] == role), default=0)


def target_place(hub: HubFolder, target: TargetFile) -> Path:
    """Where the bytes of a published target lie."""
    return hub.published(feed.target_name(target.path, target.hashes["sha256"]))


def same_signed(one: Signed, other: Signed) -> bool:
    """Whether two are the same to whoever signs them."""
    return Metadata(one).signed_bytes == Metadata(other).signed_bytes  # type: ignore[type-var]


def _read(hub: HubFolder, role: str, version: int, kind: type[_T]) -> Metadata[_T]:
    return read_metadata(hub.published(feed.metadata_name(role, version)), kind)
