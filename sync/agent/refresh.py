"""Bring what the agent trusts up to date: root, timestamp, snapshot, targets, urgent, withdrawals, then releases.

Each step is decided by ``sync/trust`` and kept on disk before the next. Where nothing is new, two small requests are
made: the next root, which is not there, and the timestamp.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import TargetFile, Targets

from sync import feed
from sync.agent.ports import NotThereError, Source, SourceError
from sync.agent.trust_store import TrustStore
from sync.refusals import RefusalError
from sync.trust import roles
from sync.trust.delegation_walk import Delegation, DelegationWalk
from sync.trust.signatures import Delegator
from sync.trust.timestamp_life import check_life, confirmed, issued
from sync.trust.trusted_set import TrustedSet, refuse_expired

_MOST_BYTES: Final[Mapping[str, int]] = {roles.ROOT: 512_000, roles.TIMESTAMP: 16_384, roles.SNAPSHOT: 2_000_000}
_MOST_BYTES_OF_TARGETS: Final = 5_000_000
_MOST_ROOTS: Final = 256
MOST_BYTES_OF_A_TARGET: Final = 8 << 20
"""Releases, urgent bulletins and withdrawals are small files."""

_SLACK: Final = timedelta(hours=1)
"""The clocks of those who sign urgent items are not all the same."""

Targeted = Mapping[str, TargetFile]


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked beyond the TUF specification, and for whom.

    ``screens`` are gates and screens, as pairs, whose releases are wanted. ``synchronised`` tells whether the kernel
    vouches for the time given. ``horizon`` is how long a timestamp from the live feed may live, ``urgent_life`` how
    long urgent metadata may; None asks for nothing beyond the specification.
    """

    screens: tuple[tuple[str, str], ...] = ()
    synchronised: bool = False
    horizon: timedelta | None = roles.ONLINE_HORIZON
    urgent_life: timedelta | None = roles.URGENT_LIFE


@dataclass(frozen=True, slots=True)
class Trusted:
    """What may be believed now.

    ``urgent`` and ``withdrawals`` are targets by path, None where that role could not be trusted: what is in force then
    stays. ``confirmed`` are the sequences that screens which are no canaries may take. ``issued`` is when the timestamp
    was signed, None where nobody asked. ``at`` is the time all was judged by. ``failures`` are those of single roles.
    """

    top: TrustedSet
    at: datetime
    issued: datetime | None = None
    confirmed: tuple[int, ...] = ()
    urgent: Targeted | None = None
    withdrawals: Targeted | None = None
    failures: tuple[RefusalError, ...] = ()
    roles: Mapping[str, Targeted] = field(default_factory=dict)

    def targets(self, role: str) -> Targeted:
        """The targets, by path, of a role that could be trusted and was wanted; nothing of any other."""
        return self.roles.get(role, {})

    def release(self, gate: str, screen: str) -> list[tuple[str, str, TargetFile]]:
        """A screen's release by each authority: role, path and target; the one of the highest sequence counts."""
        path = roles.release_path(gate, screen)
        return [(role, path, targets[path]) for role, targets in self.roles.items() if path in targets]


def refresh(
    source: Source,
    store: TrustStore,
    at: datetime,
    policy: Policy,
    pressing: Callable[[Trusted], None] | None = None,
) -> Trusted:
    """Bring trust up to date from a source, as of an attested time (``TrustStore.attest``).

    ``pressing`` gets what is trusted as soon as urgent bulletins and withdrawals are, before any release is looked for.
    Raises ``RefusalError`` or ``SourceError`` where root, timestamp, snapshot or targets cannot be had or trusted;
    whatever fails below them is in ``failures`` and bars nothing else.
    """
    errand = _Errand(source, store, policy)
    trusted = errand.top_level(at)
    trusted = errand.pressing_roles(trusted)
    if pressing is not None:
        pressing(trusted)
    return errand.releases(trusted)


def find_target(source: Source, store: TrustStore, trusted: Trusted, path: str) -> TargetFile | None:
    """The target at ``path`` in the first role that has it, in the specification's order; None where none has.

    Raises ``RefusalError`` or ``SourceError`` where a role on the way cannot be had, trusted, or has expired.
    """
    errand = _Errand(source, store, Policy())
    top = _targets_of(trusted.top)
    if path in top.targets:
        return top.targets[path]
    walk = DelegationWalk(path, top)
    while (delegation := walk.step()) is not None:
        found = errand.delegated(trusted, delegation)
        if path in found.targets:
            return found.targets[path]
        walk.enter(found)
    return None


def read_target(source: Source, target: TargetFile) -> bytes:
    """A small target, whole and as it was signed. Raises ``RefusalError`` or ``SourceError``."""
    digest = target.hashes.get("sha256") or next(iter(target.hashes.values()))
    if target.length > MOST_BYTES_OF_A_TARGET:
        raise RefusalError(code="malformed", name=target.path)
    content = _fetched(source, feed.target_name(target.path, digest), target.length)
    try:
        target.verify_length_and_hashes(content)
    except LengthOrHashMismatchError as error:
        raise RefusalError(code="wrong-digest", name=target.path) from error
    return content


@dataclass(frozen=True, slots=True)
class _Errand:
    """One way through the steps."""

    source: Source
    store: TrustStore
    policy: Policy

    # The top-level roles.

    def top_level(self, at: datetime) -> Trusted:
        trusted = self._roots(self.store.load())
        trusted.check_root(at)
        trusted = self._timestamp(trusted, at)
        signed = self._issued(trusted)
        at = at if signed is None else max(at, signed)
        trusted.check_root(at)
        self.store.remember(trusted.reached(), signed)
        trusted = self._snapshot(trusted, at)
        targets = self._role(trusted, trusted.root, roles.TARGETS, at)
        trusted = replace(trusted, targets=targets)
        timestamp = trusted.timestamp
        told = () if timestamp is None else confirmed(timestamp)
        return Trusted(trusted, at, signed, told, roles={roles.TARGETS: targets.targets})

    def _roots(self, trusted: TrustedSet) -> TrustedSet:
        for _ in range(_MOST_ROOTS):
            version = trusted.root.version + 1
            try:
                content = self.source.read(feed.metadata_name(roles.ROOT, version), _MOST_BYTES[roles.ROOT])
            except NotThereError:
                break
            trusted = trusted.with_root(content)
            self.store.keep_root(version, content)
        return trusted

    def _timestamp(self, trusted: TrustedSet, at: datetime) -> TrustedSet:
        known = self.store.read(roles.TIMESTAMP)
        if known is not None:
            trusted = _knowing(trusted.knowing_timestamp, known) or trusted
        content = _fetched(self.source, feed.TIMESTAMP, _MOST_BYTES[roles.TIMESTAMP])
        offered = trusted.offered_timestamp(content)
        if self.policy.horizon is not None:
            # One of the same version too: it is what a stick's timestamp, played back online, would be.
            horizon = self.policy.horizon if self.source.online else None
            check_life(offered, at, horizon, synchronised=self.policy.synchronised)
        following = trusted.with_timestamp(offered, at)
        if following is not trusted:
            self.store.keep(roles.TIMESTAMP, content)
        return following

    def _issued(self, trusted: TrustedSet) -> datetime | None:
        if self.policy.horizon is None or trusted.timestamp is None:
            return None
        return issued(trusted.timestamp)

    def _snapshot(self, trusted: TrustedSet, at: datetime) -> TrustedSet:
        known = self.store.read(roles.SNAPSHOT)
        if known is not None:
            trusted = _knowing(trusted.knowing_snapshot, known) or trusted
        if trusted.has_snapshot and trusted.snapshot is not None:
            refuse_expired(roles.SNAPSHOT, trusted.snapshot, at)
            return trusted
        wanted = trusted.snapshot_wanted
        limit = min(wanted.length or _MOST_BYTES[roles.SNAPSHOT], _MOST_BYTES[roles.SNAPSHOT])
        content = _fetched(self.source, feed.metadata_name(roles.SNAPSHOT, wanted.version), limit)
        trusted = trusted.with_snapshot(content, at)
        self.store.keep(roles.SNAPSHOT, content)
        return trusted

    # Below targets.

    def pressing_roles(self, trusted: Trusted) -> Trusted:
        for role in (roles.URGENT, roles.WITHDRAWALS):
            try:
                found = self._pressing_role(trusted, role)
            except RefusalError as failure:
                trusted = replace(trusted, failures=(*trusted.failures, failure))
                continue
            if found is not None:
                trusted = replace(trusted, roles={**trusted.roles, role: found})
        return replace(
            trusted, urgent=trusted.roles.get(roles.URGENT), withdrawals=trusted.roles.get(roles.WITHDRAWALS)
        )

    def _pressing_role(self, trusted: Trusted, role: str) -> Targeted | None:
        """What one of the two says; None where nobody may speak for it, or nobody has for long."""
        top = _targets_of(trusted.top)
        named = None if top.delegations is None else (top.delegations.roles or {}).get(role)
        if named is None:
            return None
        found = self._fetched_role(trusted.top, top, role)
        if role == roles.URGENT:
            if found.is_expired(trusted.at):
                return None
            life = self.policy.urgent_life
            if life is not None and found.expires > trusted.at + life + _SLACK:
                raise RefusalError(code="urgent-too-long", on=found.expires.isoformat())
        refuse_expired(role, found, trusted.at)
        return {path: target for path, target in found.targets.items() if named.is_delegated_path(path)}

    def releases(self, trusted: Trusted) -> Trusted:
        found = dict(trusted.roles)
        failures: dict[str, RefusalError] = {}
        for gate, screen in self.policy.screens:
            path = roles.release_path(gate, screen)
            for role, targets in self._authorities(trusted, path, failures):
                if path in targets:
                    found[role] = {**found.get(role, {}), path: targets[path]}
        return replace(trusted, roles=found, failures=(*trusted.failures, *failures.values()))

    def _authorities(
        self, trusted: Trusted, path: str, failures: dict[str, RefusalError]
    ) -> Iterator[tuple[str, Targeted]]:
        """The roles that may name a target and can be trusted; one that fails is noted and passed over."""
        walk = DelegationWalk(path, _targets_of(trusted.top))
        while (delegation := walk.step()) is not None:
            try:
                found = self.delegated(trusted, delegation)
            except RefusalError as failure:
                failures[delegation.role] = failure
                continue
            walk.enter(found)
            yield delegation.role, found.targets

    def delegated(self, trusted: Trusted, delegation: Delegation) -> Targets:
        """A delegated role's metadata, in force. Raises ``RefusalError``."""
        found = self._fetched_role(trusted.top, delegation.delegator, delegation.role)
        refuse_expired(delegation.role, found, trusted.at)
        return found

    def _fetched_role(self, trusted: TrustedSet, delegator: Delegator, role: str) -> Targets:
        """A delegated role's metadata. What has expired is kept like any other: its version is not fetched again."""
        known = self._known_role(trusted, delegator, role)
        if known is not None:
            return known
        try:
            content = self._role_content(trusted, role)
        except SourceError as error:
            raise RefusalError(code="not-fetched", name=f"{role}.json", why=error) from error
        found = trusted.role(delegator, role, content)
        self.store.keep(role, content)
        return found

    # Either.

    def _role(self, trusted: TrustedSet, delegator: Delegator, role: str, at: datetime) -> Targets:
        """The metadata of ``targets``, in force; what has expired is not kept."""
        found = self._known_role(trusted, delegator, role)
        if found is not None:
            refuse_expired(role, found, at)
            return found
        content = self._role_content(trusted, role)
        found = trusted.role(delegator, role, content)
        refuse_expired(role, found, at)
        self.store.keep(role, content)
        return found

    def _known_role(self, trusted: TrustedSet, delegator: Delegator, role: str) -> Targets | None:
        """What is kept of a role, where it is the version wanted and this delegator still stands for it."""
        trusted.role_wanted(role)
        content = self.store.read(role)
        if content is None:
            return None
        try:
            return trusted.role(delegator, role, content)
        except RefusalError:
            return None

    def _role_content(self, trusted: TrustedSet, role: str) -> bytes:
        wanted = trusted.role_wanted(role)
        limit = min(wanted.length or _MOST_BYTES_OF_TARGETS, _MOST_BYTES_OF_TARGETS)
        return _fetched(self.source, feed.metadata_name(role, wanted.version), limit)


def _knowing(load: Callable[[bytes], TrustedSet], content: bytes) -> TrustedSet | None:
    """What was kept, loaded; None where it no longer verifies, be it garbled or signed by keys that have gone."""
    try:
        return load(content)
    except RefusalError:
        return None


def _fetched(source: Source, name: str, limit: int) -> bytes:
    try:
        return source.read(name, limit)
    except NotThereError as error:
        raise RefusalError(code="missing", name=name) from error


def _targets_of(trusted: TrustedSet) -> Targets:
    if trusted.targets is None:
        raise AssertionError
    return trusted.targets
