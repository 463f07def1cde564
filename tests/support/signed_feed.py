"""A small authority for tests: signs a real feed with keys of its own, without the hub's commands.

Two keys of each organisation (``dept-1``, ``dept-2``, ``guard-1``, ``guard-2``) and one for ``online`` (snapshot and
timestamp). Every ``publish`` writes new versions into the folder in the order a hub must: media, metadata, timestamp.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from playlists.release import MediaFile, Release, Withdrawn, write_release, write_withdrawn
from sync import feed
from sync.pieces import PIECE_BYTES, write_pieces
from sync.publication import (
    CONFIRMED,
    ISSUED,
    ROLE,
    PieceList,
    Rollout,
    with_pieces,
    with_signature_fields,
)
from sync.trust import roles

ONLINE = "online"
PEOPLE = ("dept-1", "dept-2", "guard-1", "guard-2")
MADE = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class SignedFeed:
    """A feed in ``folder``, signed as of ``now``; change ``now`` and publish to let time pass."""

    folder: Path
    now: datetime = MADE
    unit_gates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: dict[str, CryptoSigner] = field(default_factory=dict)
    signers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Who signs a role, by name; all who may where it is not said."""
    confirmed: list[int] = field(default_factory=list)
    delegated: dict[str, Targets] = field(default_factory=dict)
    _begun: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make keys, the first root, and roles with nothing in them."""
        for name in (*PEOPLE, ONLINE):
            self.keys.setdefault(name, CryptoSigner.generate_ed25519())
        self.root = Root(version=1, expires=self.now, consistent_snapshot=True)
        for role in (roles.ROOT, roles.TARGETS):
            self._may_sign_top(role, PEOPLE, roles.BOTH_ORGANISATIONS)
        for role in (roles.SNAPSHOT, roles.TIMESTAMP):
            self._may_sign_top(role, (ONLINE,), 1)
        self.targets = Targets(version=1, expires=self.now)
        self.targets.delegations = Delegations(keys={}, roles={})
        self._delegate(roles.URGENT, roles.URGENT_PATHS, roles.URGENT_SIGNERS)
        self._delegate(roles.WITHDRAWALS, roles.WITHDRAWALS_PATHS, roles.WITHDRAWAL_SIGNERS)
        for unit, gates in self.unit_gates.items():
            self._delegate(roles.unit_role(unit), roles.unit_paths(gates), roles.BOTH_ORGANISATIONS)
        self._delegate(roles.DEPARTMENT, roles.DEPARTMENT_PATHS, roles.BOTH_ORGANISATIONS)
        self.snapshot = Snapshot(version=1, expires=self.now)
        self.timestamp = Timestamp(version=1, expires=self.now)
        self.rotate_root()
        self.publish_targets()
        for role in self.delegated:
            self.publish_role(role)
        self.publish()

    # What goes in.

    def add_media(self, content: bytes, source: str) -> MediaFile:
        """Put a file into the feed, with its piece list where it is longer than one piece."""
        digest = sha256(content).hexdigest()
        self._write(feed.media_name(digest), content)
        file = MediaFile(source, digest, len(content))
        if len(content) <= PIECE_BYTES:
            return file
        pieces = write_pieces([content])
        listed = PieceList(sha256(pieces).hexdigest(), len(pieces))
        self._write(feed.pieces_name(listed.sha256), pieces)
        return with_pieces(file, listed)

    def add_release(
        self,
        gate: str,
        screen: str,
        sequence: int,
        playlist: bytes,
        media: Iterable[MediaFile] = (),
        *,
        layout: bytes | None = None,
        slate: str | None = None,
        rollout: Rollout | None = None,
        role: str = roles.DEPARTMENT,
    ) -> Release:
        """Make a release the target of a screen, in the role's next version; ``publish`` makes it seen."""
        release = Release(
            sequence,
            self.add_media(playlist, "playlist.json"),
            tuple(media),
            None if layout is None else self.add_media(layout, "screen.json"),
            slate,
        )
        release = with_signature_fields(release, role, self.now.isoformat(), rollout)
        self.add_target(role, roles.release_path(gate, screen), write_release(release))
        self.publish_role(role)
        return release

    def add_urgent(self, name: str, content: bytes, screens: Iterable[str] = ("*/*",)) -> None:
        """Issue an urgent bulletin: the bytes of ``urgent/NAME.json``."""
        self.add_target(roles.URGENT, roles.urgent_path(name), content, {"screens": list(screens)})
        self.publish_role(roles.URGENT)

    def remove_urgent(self, name: str) -> None:
        """Call an urgent bulletin off."""
        self.delegated[roles.URGENT].targets.pop(roles.urgent_path(name))
        self.publish_role(roles.URGENT)

    def withdraw(self, name: str, withdrawn: Withdrawn, screens: Iterable[str] = ("*/*",)) -> None:
        """Withdraw items, by id or digest."""
        content = write_withdrawn(withdrawn)
        self.add_target(roles.WITHDRAWALS, roles.withdrawal_path(name), content, {"screens": list(screens)})
        self.publish_role(roles.WITHDRAWALS)

    def add_target(self, role: str, path: str, content: bytes, custom: dict[str, object] | None = None) -> None:
        """Put any target into a role."""
        target = TargetFile.from_data(path, content, ["sha256"])
        if custom is not None:
            target.unrecognized_fields["custom"] = custom
        self.delegated[role].targets[path] = target
        self._write(feed.target_name(path, target.hashes["sha256"]), content)

    # What is signed.

    def rotate_root(self, retiring: Mapping[str, str] | None = None) -> None:
        """Sign the next root; ``retiring`` gives each name that leaves and the name, with a new key, that comes.

        The old keys sign beside the new ones, as the specification asks.
        """
        before = self._people(roles.ROOT)
        former = dict(self.keys)
        for old, new in (retiring or {}).items():
            self._replace_key(old, new)
        self._step(self.root)
        self.root.expires = self.now + roles.LONG_LIFE
        after = self._people(roles.ROOT)
        metadata = Metadata(self.root)
        for name in dict.fromkeys((*before, *after)):
            metadata.sign((self.keys.get(name) or former[name]), append=True)
        self._write(feed.metadata_name(roles.ROOT, self.root.version), metadata.to_bytes())

    def replace_online_key(self) -> None:
        """Sign a root with another key for snapshot and timestamp; ``publish`` uses it from then on."""
        self._replace_key(ONLINE, ONLINE)
        self.rotate_root()

    def publish_targets(self) -> None:
        """Sign the next top-level targets."""
        self._sign_role(roles.TARGETS, self.targets, roles.LONG_LIFE, self._people(roles.TARGETS))

    def publish_role(self, role: str) -> None:
        """Sign the next version of a delegated role."""
        life = roles.URGENT_LIFE if role == roles.URGENT else roles.LONG_LIFE
        self._sign_role(role, self.delegated[role], life, self.signers.get(role, self._people(role)))

    def publish(self, *, life: timedelta = roles.TIMESTAMP_LIFE, into: Path | None = None) -> None:
        """Sign snapshot and timestamp; ``into`` another folder for a stick's own timestamp."""
        self._step(self.snapshot)
        self.snapshot.expires = self.now + roles.LONG_LIFE
        content = self._signed(Metadata(self.snapshot), self._people(roles.SNAPSHOT))
        self._write(feed.metadata_name(roles.SNAPSHOT, self.snapshot.version), content)
        self.publish_timestamp(life=life, into=into)

    def publish_timestamp(self, *, life: timedelta = roles.TIMESTAMP_LIFE, into: Path | None = None) -> None:
        """Sign the next timestamp over the present snapshot."""
        self._step(self.timestamp)
        self.timestamp.expires = self.now + life
        self.timestamp.snapshot_meta = MetaFile(version=self.snapshot.version)
        self.timestamp.unrecognized_fields[ISSUED] = self.now.isoformat()
        self.timestamp.unrecognized_fields[CONFIRMED] = list(self.confirmed)
        content = self._signed(Metadata(self.timestamp), self._people(roles.TIMESTAMP))
        self._write(feed.TIMESTAMP, content, into)

    @property
    def first_root(self) -> bytes:
        """The root a kiosk is given when it is set up."""
        return (self.folder / feed.metadata_name(roles.ROOT, 1)).read_bytes()

    # In small.

    def _step(self, signed: Signed) -> None:
        """The next version; the first is 1."""
        if id(signed) in self._begun:
            signed.version += 1
        self._begun.add(id(signed))

    def _may_sign_top(self, role: str, names: Iterable[str], threshold: int) -> None:
        for name in names:
            self.root.add_key(self.keys[name].public_key, role)
        self.root.roles[role].threshold = threshold

    def _delegate(self, role: str, paths: tuple[str, ...], threshold: int) -> None:
        delegations = self.targets.delegations
        if delegations is None or delegations.roles is None:
            raise AssertionError
        delegations.roles[role] = DelegatedRole(role, [], threshold, terminating=False, paths=list(paths))
        for name in PEOPLE:
            self.targets.add_key(self.keys[name].public_key, role)
        self.delegated[role] = Targets(version=1, expires=self.now)

    def _replace_key(self, old: str, new: str) -> None:
        gone = self.keys.pop(old).public_key.keyid
        self.keys[new] = CryptoSigner.generate_ed25519()
        for role, holders in self.root.roles.items():
            if gone in holders.keyids:
                self.root.revoke_key(gone, role)
                self.root.add_key(self.keys[new].public_key, role)
        delegations = self.targets.delegations
        for role in [] if delegations is None or delegations.roles is None else list(delegations.roles):
            if delegations is not None and delegations.roles is not None and gone in delegations.roles[role].keyids:
                self.targets.revoke_key(gone, role)
                self.targets.add_key(self.keys[new].public_key, role)

    def _people(self, role: str) -> tuple[str, ...]:
        """The names whose keys may sign a role."""
        delegations = self.targets.delegations if hasattr(self, "targets") else None
        if role in self.root.roles:
            allowed = self.root.roles[role].keyids
        elif delegations is not None and delegations.roles is not None:
            allowed = delegations.roles[role].keyids
        else:
            raise KeyError(role)
        return tuple(name for name, key in self.keys.items() if key.public_key.keyid in allowed)

    def _sign_role(self, role: str, signed: Targets, life: timedelta, names: Iterable[str]) -> None:
        self._step(signed)
        signed.expires = self.now + life
        signed.unrecognized_fields[ROLE] = role
        self._write(feed.metadata_name(role, signed.version), self._signed(Metadata(signed), names))
        self.snapshot.meta[f"{role}.json"] = MetaFile(version=signed.version)

    def _signed(self, metadata: Metadata, names: Iterable[str]) -> bytes:  # type: ignore[type-arg]
        for name in names:
            metadata.sign(self.keys[name], append=True)
        return metadata.to_bytes()

    def _write(self, name: str, content: bytes, into: Path | None = None) -> None:
        place = (into or self.folder) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def told(content: bytes) -> dict[str, object]:
    """A signed file as it reads, for a look at it."""
    found = json.loads(content)["signed"]
    if not isinstance(found, dict):
        raise TypeError
    return found
