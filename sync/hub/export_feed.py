"""What the hub has published, read for a stick: the current metadata and the releases of chosen screens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Snapshot, TargetFile, Targets, Timestamp

from playlists.findings import FileError
from playlists.release import Release, UrgentBulletin, read_release, read_urgent
from sync import feed
from sync.hub.export_plan import Published, Target, release_targets, special_targets
from sync.hub.folder import HubFolder
from sync.hub.stick_sentences import StickRefusalError
from sync.publication import CONFIRMED
from sync.trust import roles

_T = TypeVar("_T", Timestamp, Snapshot, Targets)


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """A hub's feed, for reading. Every method raises ``StickRefusalError`` (``nothing-published``, ``bad-feed``)."""

    hub: HubFolder

    def timestamp(self) -> bytes:
        """The live timestamp."""
        try:
            return self.hub.published(feed.TIMESTAMP).read_bytes()
        except FileNotFoundError:
            raise StickRefusalError(code="nothing-published") from None

    def published(self, timestamp: bytes) -> Published:
        """What is current by a timestamp."""
        stamp = self._signed(timestamp, Timestamp, feed.TIMESTAMP)
        snapshot_name = feed.metadata_name(roles.SNAPSHOT, stamp.snapshot_meta.version)
        snapshot = self._signed(self._read(snapshot_name), Snapshot, snapshot_name)
        metadata = self._roots() | {snapshot_name: len(self._read(snapshot_name))}
        targets: dict[str, Target] = {}
        for file, meta in snapshot.meta.items():
            name = feed.metadata_name(file.removesuffix(".json"), meta.version)
            content = self._read(name)
            metadata[name] = len(content)
            for path, target in self._signed(content, Targets, name).targets.items():
                targets[path] = _target(target)
        confirmed = stamp.unrecognized_fields.get(CONFIRMED)
        return Published(
            metadata,
            targets,
            frozenset(one for one in confirmed if isinstance(one, int)) if isinstance(confirmed, list) else frozenset(),
        )

    def releases(self, published: Published, screens: Iterable[str]) -> Mapping[str, Release]:
        """The newest release of each screen."""
        found: dict[str, Release] = {}
        for screen in screens:
            of_screen = [self._release(published, path) for path in release_targets(published, screen)]
            found[screen] = max(of_screen, key=lambda release: release.sequence)
        return found

    def urgent(self, published: Published, screens: Iterable[str]) -> list[UrgentBulletin]:
        """The urgent bulletins that concern one of the screens."""
        paths = [path for path in special_targets(published, screens) if path.startswith(f"{roles.URGENT}/")]
        bulletins: list[UrgentBulletin] = []
        for path in paths:
            content = self._target(path, published.targets[path])
            try:
                bulletins.append(read_urgent(content))
            except FileError:
                raise StickRefusalError(code="bad-feed", name=path) from None
        return bulletins

    def _release(self, published: Published, path: str) -> Release:
        try:
            return read_release(self._target(path, published.targets[path]))
        except FileError:
            raise StickRefusalError(code="bad-feed", name=path) from None

    def _target(self, path: str, target: Target) -> bytes:
        name = feed.target_name(path, target.sha256)
        content = self._read(name)
        if sha256(content).hexdigest() != target.sha256:
            raise StickRefusalError(code="bad-feed", name=name)
        return content

    def _roots(self) -> dict[str, int]:
        found: dict[str, int] = {}
        version = 1
        while (path := self.hub.published(feed.metadata_name(roles.ROOT, version))).exists():
            found[feed.metadata_name(roles.ROOT, version)] = path.stat().st_size
            version += 1
        return found

    def _read(self, name: str) -> bytes:
        try:
            return self.hub.published(name).read_bytes()
        except OSError:
            raise StickRefusalError(code="bad-feed", name=name) from None

    @staticmethod
    def _signed(content: bytes, kind: type[_T], name: str) -> _T:
        try:
            signed = Metadata.from_bytes(content).signed
        except RepositoryError:
            signed = None
        if not isinstance(signed, kind):
            raise StickRefusalError(code="bad-feed", name=name)
        return signed


def _target(target: TargetFile) -> Target:
    return Target(target.hashes.get("sha256", ""), target.length, target.custom)
