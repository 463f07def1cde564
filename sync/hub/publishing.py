"""Publishing: a draft that has its signatures becomes the feed. Media first, metadata next, the timestamp last.

Killed at any moment the feed is the old one or the new one, and doing it again finishes it. A name in the feed is never
given other bytes; only the timestamp is replaced.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from securesystemslib.signer import Signer
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Timestamp

from sync import feed
from sync.durable import make_folder, sync_folder, write_durably
from sync.hub.drafts import Draft, Progress, drop_draft
from sync.hub.feed_state import (
    FeedState,
    next_version,
    published_feed,
    read_feed,
    read_metadata,
    same_signed,
)
from sync.hub.folder import HubFolder, locked, read_counters, write_counters
from sync.hub.publishable import Publication, check_digests, check_draft, confirmable
from sync.hub.sentences import HubRefusalError
from sync.publication import CONFIRMED, ISSUED
from sync.trust import roles

SNAPSHOT_RENEWAL: Final = timedelta(days=180)
"""A snapshot with less life left is signed anew with the daily timestamp."""
CLOCK_SLACK: Final = timedelta(days=1)
LONGEST_PAUSE: Final = timedelta(days=400)
"""Since the last timestamp: after that all else has expired too, and people sign and publish first."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication left in the feed: the timestamp's version and, by role, the versions it brought."""

    timestamp: int
    versions: dict[str, int]


def publish(  # noqa: PLR0913, PLR0917  # a publication is all of these, and each is a thing of its own
    hub: HubFolder,
    draft: Draft,
    online: Signer,
    now: datetime,
    former: Signer | None = None,
    progress: Progress | None = None,
) -> Published:
    """Publish a draft and remove it; ``now`` is aware. Takes the lock.

    ``online`` signs snapshot and timestamp; where the draft replaces that key, ``former`` may sign beside it, so that
    clients on either side of the change are served at every moment.
    Raises ``HubRefusalError`` before anything is changed: signatures missing, outdated, expired, a file missing.
    """
    with locked(hub):
        state = read_feed(hub)
        publication = check_draft(hub, state, draft, now)
        if not publication.finished:
            _demand_online(publication.root, online)
            check_digests(draft, progress)
            _put_files(hub, draft)
            signers = [online] if former is None else [online, former]
            _put_metadata(hub, publication, state, signers, now)
        if draft.plan.exists():
            write_durably(hub.plan, draft.plan.read_bytes())
        drop_draft(hub, draft)
        versions = {part.role: part.version for part in publication.request.parts}
        return Published(published_feed(hub).timestamp.signed.version, versions)


def publish_timestamp(hub: HubFolder, online: Signer, now: datetime) -> int:
    """Sign the timestamp anew (daily), and the snapshot where it ages; the timestamp's version. Takes the lock.

    Raises ``HubRefusalError``.
    """
    with locked(hub):
        state = _ready(hub, online, now)
        snapshot = state.snapshot
        if snapshot.signed.expires - now < SNAPSHOT_RENEWAL:
            snapshot = _put_snapshot(hub, dict(snapshot.signed.meta), [online], now)
        return _put_timestamp(hub, snapshot.signed.version, confirmable(hub, state, ()), [online], now)


def confirm(hub: HubFolder, sequences: Iterable[int], online: Signer, now: datetime) -> int:
    """Let all screens take these sequences: a timestamp that names them beside those named before; its version.

    Takes the lock. Sequences already named, or of no published release, change nothing and sign nothing.
    Raises ``HubRefusalError``.
    """
    with locked(hub):
        state = _ready(hub, online, now)
        named = confirmable(hub, state, sequences)
        if set(named) <= set(state.confirmed):
            return state.timestamp.signed.version
        return _put_timestamp(hub, state.snapshot.signed.version, named, [online], now)


def issue_stick_timestamp(
    hub: HubFolder,
    online: Signer,
    now: datetime,
    life: timedelta = roles.STICK_LIFE,
    extra: Mapping[str, object] | None = None,
) -> bytes:
    """The bytes of a timestamp for a stick, longer-lived; the live one is signed anew at once with a higher version.

    ``extra`` are further signed fields, for the stick's alone. The live one is in the feed before this returns, so that
    a screen that saw the stick takes the feed again. Takes the lock. Raises ``HubRefusalError``.
    """
    with locked(hub):
        state = _ready(hub, online, now)
        snapshot, named = state.snapshot.signed.version, confirmable(hub, state, ())
        for_stick = _timestamp(_next_timestamp(hub), snapshot, named, now, life)
        for_stick.signed.unrecognized_fields |= extra or {}
        for_stick.sign(online)
        _put_timestamp(hub, snapshot, named, [online], now)
        return for_stick.to_bytes()


def _ready(hub: HubFolder, online: Signer, now: datetime) -> FeedState:
    """What is published, and that it may be signed anew.

    Kiosks learn the time from what is signed: a clock that has gone astray must not be signed by a command that runs
    by itself.
    """
    state = published_feed(hub)
    _demand_online(state.root.signed, online)
    before = state.timestamp.signed.expires - roles.TIMESTAMP_LIFE
    if not before - CLOCK_SLACK <= now <= before + LONGEST_PAUSE:
        raise HubRefusalError(code="clock", now=now.isoformat(timespec="minutes"), before=before.isoformat())
    behind = [role for role in ("targets", *state.delegated) if _behind(hub, state, role)]
    if behind:
        raise HubRefusalError(code="restored", roles=", ".join(behind))
    return state


def _behind(hub: HubFolder, state: FeedState, role: str) -> bool:
    published = state.signed(role)
    return published is not None and published.signed.version <= read_counters(hub).floors.get(role, 0)


def _demand_online(root: Root, online: Signer) -> None:
    if online.public_key.keyid not in root.roles[roles.TIMESTAMP].keyids:
        raise HubRefusalError(code="wrong-online-key")


def _put_files(hub: HubFolder, draft: Draft) -> None:
    """Media, then piece lists, then targets: linked, for they are whole and durable in the draft."""
    for kind in ("media", "pieces", "targets"):
        for path in sorted(path for path in (draft.files / kind).rglob("*") if path.is_file()):
            place = hub.published(path.relative_to(draft.files).as_posix())
            make_folder(place.parent)
            if not place.exists():
                os.link(path, place)
            sync_folder(place.parent)


def _put_metadata(
    hub: HubFolder, publication: Publication, state: FeedState | None, online: Sequence[Signer], now: datetime
) -> None:
    parts = {part.role: part.metadata for part in publication.request.parts}
    listed = {} if state is None else dict(state.snapshot.signed.meta)
    root: Metadata[Root] | None = parts.pop(roles.ROOT, None)
    for role in sorted(parts, key=lambda one: one == roles.TARGETS):
        put_metadata(hub, role, parts[role])
        listed[f"{role}.json"] = MetaFile(version=parts[role].signed.version)
    snapshot = _put_snapshot(hub, listed, online, now)
    targets = parts.get(roles.TARGETS) or (None if state is None else state.targets)
    # A root counts the moment it is there: before the rest only where the former root cannot vouch for the rest.
    root_last = root is not None and state is not None and _vouches(state.root.signed, [targets, snapshot])
    if root is not None and not root_last:
        put_metadata(hub, roles.ROOT, root)
    named = () if state is None else confirmable(hub, replace(state, delegated=state.delegated | parts), ())
    _put_timestamp(hub, snapshot.signed.version, named, online, now)
    if root is not None and root_last:
        put_metadata(hub, roles.ROOT, root)


def _vouches(root: Root, signed: Iterable["Metadata[Any] | None"]) -> bool:
    return all(
        one is not None and root.get_verification_result(one.signed.type, one.signed_bytes, one.signatures).verified
        for one in signed
    )


def put_metadata(hub: HubFolder, role: str, metadata: "Metadata[Any]") -> None:
    """Write a version that nobody has written with other content. Raises ``HubRefusalError``."""
    place = hub.published(feed.metadata_name(role, metadata.signed.version))
    if place.exists():
        if not same_signed(read_metadata(place, type(metadata.signed)).signed, metadata.signed):
            raise HubRefusalError(code="taken", name=place.name)
        return
    write_durably(place, metadata.to_bytes())


def _put_snapshot(
    hub: HubFolder, listed: dict[str, MetaFile], online: Sequence[Signer], now: datetime
) -> Metadata[Snapshot]:
    version = next_version(hub, read_counters(hub), roles.SNAPSHOT)
    metadata = Metadata(Snapshot(version=version, expires=now + roles.LONG_LIFE, meta=listed))
    _sign(metadata, online)
    put_metadata(hub, roles.SNAPSHOT, metadata)
    return metadata


def _put_timestamp(hub: HubFolder, snapshot: int, named: Sequence[int], online: Sequence[Signer], now: datetime) -> int:
    metadata = _timestamp(_next_timestamp(hub), snapshot, named, now, roles.TIMESTAMP_LIFE)
    _sign(metadata, online)
    write_durably(hub.published(feed.TIMESTAMP), metadata.to_bytes())
    return metadata.signed.version


def _next_timestamp(hub: HubFolder) -> int:
    """A version no timestamp had, durably taken before it is signed: one on a stick is in no feed."""
    counters = read_counters(hub)
    path = hub.published(feed.TIMESTAMP)
    seen = read_metadata(path, Timestamp).signed.version if path.exists() else 0
    version = max(counters.timestamp, counters.floors.get(roles.TIMESTAMP, 0), seen) + 1
    write_counters(hub, replace(counters, timestamp=version))
    return version


def _timestamp(
    version: int, snapshot: int, named: Sequence[int], now: datetime, life: timedelta
) -> Metadata[Timestamp]:
    signed = Timestamp(version=version, expires=now + life, snapshot_meta=MetaFile(version=snapshot))
    signed.unrecognized_fields[ISSUED] = now.isoformat()
    signed.unrecognized_fields[CONFIRMED] = list(named)
    return Metadata(signed)


def _sign(metadata: "Metadata[Any]", online: Sequence[Signer]) -> None:
    for signer in online:
        metadata.sign(signer, append=True)
