"""Whether a draft may be published, judged by the metadata itself as a client will judge it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from tuf.api.metadata import Root, Targets

from sync import feed
from sync.hub.drafts import Draft, Progress, expired_part, outdated
from sync.hub.feed_state import FeedState, delegated_roles, read_metadata, same_signed, target_place
from sync.hub.folder import HubFolder, read_counters
from sync.hub.request import Part, Request
from sync.hub.sentences import HubRefusalError
from sync.hub.signing import role_name
from sync.trust import roles

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Publication:
    """A draft that may be published; ``finished`` where the feed shows it already and only clearing up is left."""

    request: Request
    root: Root
    targets: Targets
    finished: bool


def check_draft(hub: HubFolder, state: FeedState | None, draft: Draft, now: datetime) -> Publication:
    """Look at everything that must be so before the feed is touched. Raises ``HubRefusalError``."""
    request = draft.read()
    parts = {part.role: part for part in request.parts}
    if state is None and not {roles.ROOT, roles.TARGETS} <= parts.keys():
        raise HubRefusalError(code="nothing-published")
    root = parts[roles.ROOT].metadata.signed if roles.ROOT in parts else _of(state).root.signed
    targets = parts[roles.TARGETS].metadata.signed if roles.TARGETS in parts else _of(state).targets.signed
    shown = [state is not None and _shown(state, part) for part in request.parts]
    if all(shown):
        return Publication(request, root, targets, finished=True)
    for part, is_shown in zip(request.parts, shown, strict=True):
        if not is_shown and outdated(state, part):
            raise HubRefusalError(code="outdated", draft=draft.name, role=role_name(part.role))
        _check_untaken(hub, part)
        _check_signed(hub, part, root, targets)
    late = expired_part(request, now)
    if late is not None:
        raise HubRefusalError(code="draft-expired", draft=draft.name, role=role_name(late.role))
    _check_restored(hub, state, request)
    _check_the_others(state, parts, root, targets)
    _check_files(hub, draft, request)
    return Publication(request, root, targets, finished=False)


def check_digests(draft: Draft, progress: Progress | None = None) -> None:
    """Read every file a draft brings: what the feed once has is never replaced. Raises ``HubRefusalError``."""
    for path in sorted(path for path in draft.files.rglob("*") if path.is_file()):
        taken = sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                taken.update(chunk)
                if progress is not None:
                    progress(len(chunk))
        if taken.hexdigest() != path.name.partition(".")[0]:
            raise HubRefusalError(code="media-changed", name=path)


def confirmable(hub: HubFolder, state: FeedState, sequences: Iterable[int]) -> tuple[int, ...]:
    """Of the sequences named so far, and these, those that a published release still has."""
    named = {*state.confirmed, *sequences}
    return tuple(sorted(named & current_sequences(hub, state)))


def current_sequences(hub: HubFolder, state: FeedState) -> set[int]:
    """The sequences of all published releases. Raises ``HubRefusalError`` where one cannot be read."""
    found = set()
    for metadata in state.delegated.values():
        for path, target in metadata.signed.targets.items():
            if path.startswith("releases/"):
                place = target_place(hub, target)
                try:
                    found.add(int(json.loads(place.read_bytes())["sequence"]))
                except (OSError, ValueError, LookupError, TypeError):
                    raise HubRefusalError(code="unreadable", name=place) from None
    return found


def _of(state: FeedState | None) -> FeedState:
    if state is None:
        raise HubRefusalError(code="nothing-published")
    return state


def _shown(state: FeedState, part: Part) -> bool:
    published = state.signed(part.role)
    return published is not None and same_signed(published.signed, part.metadata.signed)


def _check_untaken(hub: HubFolder, part: Part) -> None:
    """A publication of the same version was begun and not ended: that one must be finished first."""
    place = hub.published(feed.metadata_name(part.role, part.version))
    if place.exists() and not same_signed(
        read_metadata(place, type(part.metadata.signed)).signed, part.metadata.signed
    ):
        raise HubRefusalError(code="taken", name=place.name)


def _check_signed(hub: HubFolder, part: Part, root: Root, targets: Targets) -> None:
    signed, signatures = part.metadata.signed_bytes, part.metadata.signatures
    if part.role == roles.ROOT:
        former = hub.published(feed.metadata_name(roles.ROOT, part.version - 1))
        before = read_metadata(former, Root).signed if part.version > 1 else None
        enough = root.get_root_verification_result(before, signed, signatures).verified
    elif part.role == roles.TARGETS:
        enough = root.get_verification_result(part.role, signed, signatures).verified
    else:
        if part.role not in delegated_roles(targets):
            raise HubRefusalError(code="no-role", role=part.role)
        enough = targets.get_verification_result(part.role, signed, signatures).verified
    if not enough:
        raise HubRefusalError(code="unsigned", role=role_name(part.role))


def _check_restored(hub: HubFolder, state: FeedState | None, request: Request) -> None:
    floors = read_counters(hub).floors
    for role in (roles.TARGETS, *(() if state is None else state.delegated)):
        published, part = None if state is None else state.signed(role), request.part(role)
        version = part.version if part is not None else 0 if published is None else published.signed.version
        if version <= floors.get(role, 0):
            raise HubRefusalError(code="restored", roles=role)


def _check_the_others(state: FeedState | None, parts: dict[str, Part], root: Root, targets: Targets) -> None:
    """What is not signed anew must be good by the coming keys, or clients would lose it."""
    if state is None:
        return
    for role, metadata in {roles.TARGETS: state.targets, **state.delegated}.items():
        by: Root | Targets = root if role == roles.TARGETS else targets
        if role in parts or (by is targets and role not in delegated_roles(targets)):
            continue
        if not by.get_verification_result(role, metadata.signed_bytes, metadata.signatures).verified:
            raise HubRefusalError(code="unsigned", role=role_name(role))


def _check_files(hub: HubFolder, draft: Draft, request: Request) -> None:
    for part in request.parts:
        if not isinstance(part.metadata.signed, Targets):
            continue
        for path, target in part.metadata.signed.targets.items():
            name = feed.target_name(path, target.hashes["sha256"])
            if not hub.published(name).exists() and not (draft.files / name).exists():
                raise HubRefusalError(code="draft-file", name=name)
