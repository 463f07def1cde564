"""What a client trusts, step by step, as the TUF specification's client workflow (1.0.34, section 5) has it.

Root, then timestamp, snapshot, targets, delegated roles: each is bytes in, a value or a ``RefusalError`` out. Whoever
calls keeps what was accepted on disk before taking the next step. What is known from before may be loaded although it
has expired: it is used to see a rollback, never for what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import MetaFile, Root, Signed, Snapshot, Targets, Timestamp

from sync.publication import ROLE
from sync.refusals import RefusalError
from sync.trust import roles
from sync.trust.signatures import Delegator, self_signed_root, signed_by


@dataclass(frozen=True, slots=True)
class Height:
    """The highest version trusted of a role, and a digest of the keys it was trusted by."""

    version: int = 0
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Heights:
    """The highest versions ever trusted, kept beside the metadata, so that a lost file makes nothing older welcome.

    Those of timestamp and snapshot count as long as their keys are the same: new keys are how a repository whose
    versions an attacker drove up begins again.
    """

    root: int = 0
    timestamp: Height = field(default_factory=Height)
    snapshot: Height = field(default_factory=Height)


@dataclass(frozen=True, slots=True)
class TrustedSet:
    """The roots of trust and what follows from them so far; ``timestamp`` and ``snapshot`` may have expired."""

    root: Root
    heights: Heights = field(default_factory=Heights)
    timestamp: Timestamp | None = None
    snapshot: Snapshot | None = None
    targets: Targets | None = None

    # Root.

    def with_root(self, content: bytes) -> "TrustedSet":
        """Trust the next root: signed as the present one asks and as it asks itself, be it expired or not.

        Raises ``RefusalError``: ``malformed``, ``too-few-signatures``, ``wrong-version``.
        """
        offered = signed_by(self.root, roles.ROOT, Root, content)
        self_signed_root(content)
        _match_version(roles.ROOT, offered.version, self.root.version + 1)
        return replace(self, root=offered)

    def check_root(self, at: datetime) -> None:
        """Whether the newest root that can be had may be built upon.

        Raises ``RefusalError``: ``rolled-back`` where a newer one was trusted before, ``expired``.
        """
        if self.root.version < self.heights.root:
            raise _rolled_back(roles.ROOT, self.root.version, self.heights.root)
        refuse_expired(roles.ROOT, self.root, at)

    # Timestamp.

    def knowing_timestamp(self, content: bytes) -> "TrustedSet":
        """Load the timestamp that was trusted last. Raises ``RefusalError`` where the present root does not sign it."""
        return replace(self, timestamp=signed_by(self.root, roles.TIMESTAMP, Timestamp, content))

    def offered_timestamp(self, content: bytes) -> Timestamp:
        """Read a timestamp with the right signatures; ``with_timestamp`` decides about it.

        Raises ``RefusalError``: ``malformed``, ``too-few-signatures``.
        """
        return signed_by(self.root, roles.TIMESTAMP, Timestamp, content)

    def with_timestamp(self, offered: Timestamp, at: datetime) -> "TrustedSet":
        """Trust a newer timestamp; one of the same version is passed over for the one that is known.

        Raises ``RefusalError``: ``rolled-back``, ``expired``.
        """
        known = self.timestamp
        lowest = self._height(roles.TIMESTAMP) if known is None else known.version
        if offered.version < lowest:
            raise _rolled_back(roles.TIMESTAMP, offered.version, lowest)
        if known is not None and offered.version == known.version:
            refuse_expired(roles.TIMESTAMP, known, at)
            return self
        lowest = self._height(roles.SNAPSHOT) if known is None else known.snapshot_meta.version
        if offered.snapshot_meta.version < lowest:
            raise _rolled_back(roles.SNAPSHOT, offered.snapshot_meta.version, lowest)
        refuse_expired(roles.TIMESTAMP, offered, at)
        return replace(self, timestamp=offered)

    # Snapshot.

    def knowing_snapshot(self, content: bytes) -> "TrustedSet":
        """Load the snapshot that was trusted last. Raises ``RefusalError`` where the present root does not sign it."""
        return replace(self, snapshot=signed_by(self.root, roles.SNAPSHOT, Snapshot, content))

    @property
    def snapshot_wanted(self) -> MetaFile:
        """The snapshot that the timestamp names."""
        if self.timestamp is None:
            raise AssertionError
        return self.timestamp.snapshot_meta

    @property
    def has_snapshot(self) -> bool:
        """Whether the snapshot that is known is the one wanted."""
        return self.snapshot is not None and self.snapshot.version == self.snapshot_wanted.version

    def with_snapshot(self, content: bytes, at: datetime) -> "TrustedSet":
        """Trust the snapshot that the timestamp names.

        Raises ``RefusalError``: ``wrong-digest``, ``malformed``, ``too-few-signatures``, ``wrong-version``,
        ``dropped-role``, ``rolled-back``, ``expired``.
        """
        _match_file(roles.SNAPSHOT, self.snapshot_wanted, content)
        offered = signed_by(self.root, roles.SNAPSHOT, Snapshot, content)
        _match_version(roles.SNAPSHOT, offered.version, self.snapshot_wanted.version)
        if self.snapshot is not None:
            _refuse_older(self.snapshot.meta, offered.meta)
        refuse_expired(roles.SNAPSHOT, offered, at)
        return replace(self, snapshot=offered)

    # Targets and what it delegates to.

    def role_wanted(self, role: str) -> MetaFile:
        """The version of a role that the snapshot names. Raises ``RefusalError``: ``unlisted-role``."""
        if self.snapshot is None:
            raise AssertionError
        found = self.snapshot.meta.get(f"{role}.json")
        if found is None:
            raise RefusalError(code="unlisted-role", role=role)
        return found

    def role(self, delegator: Delegator, role: str, content: bytes) -> Targets:
        """Read the metadata of ``targets`` or a delegated role, as the snapshot and its delegator have it.

        Whether it has expired is for the caller to look at. Raises ``RefusalError``: ``unlisted-role``,
        ``wrong-digest``, ``malformed``, ``too-few-signatures``, ``wrong-version``, ``wrong-role``.
        """
        wanted = self.role_wanted(role)
        _match_file(role, wanted, content)
        found = signed_by(delegator, role, Targets, content)
        _match_version(role, found.version, wanted.version)
        signed_for = found.unrecognized_fields.get(ROLE, role)
        if signed_for != role:
            raise RefusalError(code="wrong-role", role=role, found=signed_for)
        return found

    # What is to be remembered.

    def reached(self) -> Heights:
        """The heights with what is trusted in them."""
        timestamp, snapshot = self.heights.timestamp, self.heights.snapshot
        if self.timestamp is not None:
            timestamp = Height(self.timestamp.version, _keys(self.root, roles.TIMESTAMP))
            snapshot = Height(self.timestamp.snapshot_meta.version, _keys(self.root, roles.SNAPSHOT))
        return Heights(max(self.root.version, self.heights.root), timestamp, snapshot)

    def _height(self, role: str) -> int:
        height = self.heights.timestamp if role == roles.TIMESTAMP else self.heights.snapshot
        return height.version if height.keys == _keys(self.root, role) else 0


def trust_from(root: bytes, heights: Heights | None = None) -> TrustedSet:
    """Begin with a root that is trusted beforehand. Raises ``RefusalError``: ``malformed``, ``too-few-signatures``."""
    return TrustedSet(self_signed_root(root), heights or Heights())


def refuse_expired(role: str, signed: Signed, at: datetime) -> None:
    """Raise ``RefusalError`` (``expired``) where metadata no longer holds at a time."""
    if signed.is_expired(at):
        raise RefusalError(code="expired", role=role, on=signed.expires.date().isoformat())


def _keys(root: Root, role: str) -> str:
    return sha256("\n".join(sorted(root.roles[role].keyids)).encode()).hexdigest()


def _rolled_back(role: str, offered: int, known: int) -> RefusalError:
    return RefusalError(code="rolled-back", role=role, offered=offered, known=known)


def _match_version(role: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise RefusalError(code="wrong-version", name=f"{role}.json", found=found, wanted=wanted)


def _match_file(role: str, wanted: MetaFile, content: bytes) -> None:
    try:
        wanted.verify_length_and_hashes(content)
    except LengthOrHashMismatchError as error:
        raise RefusalError(code="wrong-digest", name=f"{role}.json") from error


def _refuse_older(known: Mapping[str, MetaFile], offered: Mapping[str, MetaFile]) -> None:
    """No role's version goes down, and none is left out."""
    for name, file in known.items():
        role = name.removesuffix(".json")
        found = offered.get(name)
        if found is None:
            raise RefusalError(code="dropped-role", role=role)
        if found.version < file.version:
            raise _rolled_back(role, found.version, file.version)
