"""Drafts: what is to be published and still wants signatures. Several may lie side by side, of any roles.

A draft is a folder ``HUB/drafts/NAME``. In it: ``request.json``, which goes to the signers (``sync/hub/request.py``);
``feed/``, which holds under the names of the feed what that does not have (``media/``, ``pieces/``, ``targets/``); and
``plan.json`` where the trust plan changes with it. A draft is staged whole or not at all. It is outdated once another
publication of one of its roles came first.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from tuf.api.metadata import Metadata, Root, TargetFile, Targets

from sync import feed
from sync.durable import make_folder, sync_folder, write_durably
from sync.hub.feed_state import FeedState, next_version, published_feed
from sync.hub.folder import HubFolder, locked, read_counters, write_counters
from sync.hub.request import Holder, Part, Quorum, Request, read_request, write_request
from sync.hub.sentences import HubRefusalError
from sync.hub.trust_plan import TrustPlan, read_plan
from sync.publication import ROLE
from sync.trust import roles

Progress = Callable[[int], None]
"""Told the bytes done since the last call."""
_CHUNK: Final = 1 << 20
_HIDDEN: Final = "."


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

    @property
    def plan(self) -> Path:
        """The trust plan that comes into force with it; there only where it does."""
        return self.folder / "plan.json"

    @property
    def files(self) -> Path:
        """What it brings into the feed beside metadata, under the feed's names."""
        return self.folder / "feed"

    def read(self) -> Request:
        """What is being signed, and the signatures so far. Raises ``HubRefusalError``."""
        try:
            return read_request(self.request.read_bytes())
        except OSError:
            raise HubRefusalError(code="no-draft", draft=self.name) from None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a draft holds beside its request."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """By the feed's names."""
    media: Mapping[str, Path] = field(default_factory=dict)
    plan: bytes | None = None


def quorum_by(by: Root | Targets, role: str, plan: TrustPlan, on: date) -> Quorum:
    """Who must sign a role as published metadata have it; the names are the plan's, of a day."""
    known = {holder.key.keyid: holder for name in plan.offline for holder in plan.quorum(name, on).holders}
    held = by.get_delegated_role(role)
    holders = (
        known.get(key_id, Holder(f"khóa {key_id[:16]}", "không rõ", by.get_key(key_id))) for key_id in held.keyids
    )
    return Quorum(held.threshold, tuple(holders))


@dataclass(frozen=True, slots=True)
class Wording:
    """What a request says, when, with which small files; and who watches the copying."""

    summary: tuple[str, ...]
    made: datetime
    targets: Mapping[str, bytes]
    progress: Progress | None = None


def next_sequence(hub: HubFolder) -> int:
    """A sequence that no release had, durably taken; also old content that comes again gets one.

    Takes the lock. Raises ``HubRefusalError``.
    """
    with locked(hub):
        counters = read_counters(hub)
        write_counters(hub, replace(counters, sequence=counters.sequence + 1))
        return counters.sequence + 1


def stage(hub: HubFolder, change: Change, now: datetime, progress: Progress | None = None) -> Draft:
    """Make a draft of a change to what is published at ``now`` (aware); its metadata expires as its role says.

    Takes the lock. Media the feed has are not copied again; each file is checked against its digest.
    Raises ``HubRefusalError``: nothing published yet, a role that does not exist, a target the role may not name, a
    file that is not what its digest says, another command at work. Then nothing is left behind.
    """
    with locked(hub):
        return _stage(hub, change, now, progress)


def stage_over(hub: HubFolder, draft: Draft, now: datetime) -> Draft:
    """Make an outdated draft anew over what is published, without signatures; the former one goes. Takes the lock.

    Raises ``HubRefusalError`` where the draft is not a change to one delegated role.
    """
    with locked(hub):
        request = draft.read()
        part = request.parts[0]
        if len(request.parts) > 1 or draft.plan.exists() or part.role in {roles.ROOT, roles.TARGETS}:
            raise HubRefusalError(code="not-again", draft=draft.name)
        fresh = _stage(hub, _change_of(draft, request, part, published_feed(hub)), now, None)
        drop_draft(hub, draft)
        return fresh


def list_drafts(hub: HubFolder) -> list[Draft]:
    """All drafts, oldest first."""
    if not hub.drafts.is_dir():
        return []
    folders = (path for path in hub.drafts.iterdir() if path.is_dir() and not path.name.startswith(_HIDDEN))
    return [Draft(path.name, path) for path in sorted(folders)]


def find_draft(hub: HubFolder, name: str) -> Draft:
    """The draft of a name. Raises ``HubRefusalError``."""
    for draft in list_drafts(hub):
        if draft.name == name:
            return draft
    raise HubRefusalError(code="no-draft", draft=name)


def drop_draft(hub: HubFolder, draft: Draft) -> None:
    """Throw a draft away, so that nobody sees half of it. The caller holds the lock."""
    gone = hub.drafts / f"{_HIDDEN}{draft.name}.gone"
    draft.folder.replace(gone)
    sync_folder(hub.drafts)
    shutil.rmtree(gone, ignore_errors=True)


def outdated(state: FeedState | None, part: Part) -> bool:
    """Whether something else was published of the part's role since it was drafted."""
    published = None if state is None else state.signed(part.role)
    former = None if part.replaces is None else part.replaces.signed.version
    return (None if published is None else published.signed.version) != former


def expired_part(request: Request, now: datetime) -> Part | None:
    """A part that went out of date before it was published.

    Urgent metadata beside others do no harm then: they bring no bulletin and are signed anew with the next, and three
    people in different places take longer than they live.
    """
    among_others = len(request.parts) > 1
    late = (part for part in request.parts if part.metadata.signed.expires <= now)
    return next((part for part in late if not (among_others and part.role == roles.URGENT)), None)


def life_of(role: str) -> timedelta:
    """For how long metadata of a role that people sign is good."""
    return roles.URGENT_LIFE if role == roles.URGENT else roles.LONG_LIFE


def plan_of(hub: HubFolder) -> TrustPlan:
    """The trust plan in force. Raises ``HubRefusalError``."""
    try:
        return read_plan(hub.plan.read_bytes())
    except OSError:
        raise HubRefusalError(code="unreadable", name=hub.plan) from None


def write_draft(hub: HubFolder, label: str, parts: Iterable[Part], contents: Contents, wording: Wording) -> Draft:
    """Write a draft whole or not at all. The caller holds the lock. Raises ``HubRefusalError``, ``OSError``."""
    counters = read_counters(hub)
    write_counters(hub, replace(counters, draft=counters.draft + 1))
    name = f"{counters.draft + 1:04d}-{label}"
    make_folder(hub.drafts)
    draft, building = Draft(name, hub.drafts / name), Draft(name, hub.drafts / f"{_HIDDEN}{name}.part")
    for left in hub.drafts.glob(f"{_HIDDEN}*"):
        shutil.rmtree(left)
    try:
        _fill(hub, building, contents, wording.progress)
        request = Request(name, wording.made, wording.summary, tuple(parts), wording.targets)
        write_durably(building.request, write_request(request))
        for folder in (path for path in building.folder.rglob("*") if path.is_dir()):
            sync_folder(folder)
        building.folder.replace(draft.folder)
        sync_folder(hub.drafts)
    except BaseException:
        shutil.rmtree(building.folder, ignore_errors=True)
        raise
    return draft


def _stage(hub: HubFolder, change: Change, now: datetime, progress: Progress | None) -> Draft:
    state = published_feed(hub)
    signed = _changed(hub, state, change, now)
    quorum = quorum_by(state.targets.signed, change.role, plan_of(hub), now.date())
    part = Part(change.role, Metadata(signed), state.delegated[change.role], (quorum,))
    files = {_target_place(path, content): content for path, (content, _) in change.set.items()}
    files |= {feed.pieces_name(digest): content for digest, content in change.pieces.items()}
    targets = {sha256(content).hexdigest(): content for content, _ in change.set.values()}
    wording = Wording(change.summary, now, targets, progress)
    return write_draft(hub, change.role, (part,), Contents(files, change.media), wording)


def _change_of(draft: Draft, request: Request, part: Part, state: FeedState) -> Change:
    """What a draft changes, told from what it replaces."""
    former = {} if part.replaces is None else part.replaces.signed.targets
    coming = part.metadata.signed.targets
    there = state.delegated[part.role].signed.targets if part.role in state.delegated else {}
    changed = {path: target for path, target in coming.items() if former.get(path) != target}
    return Change(
        part.role,
        request.summary,
        {path: (request.targets[target.hashes["sha256"]], target.custom) for path, target in changed.items()},
        frozenset(path for path in former if path not in coming and path in there),
        {path.name: path for path in (draft.files / "media").glob("*")},
        {path.name: path.read_bytes() for path in (draft.files / "pieces").glob("*")},
    )


def _fill(hub: HubFolder, draft: Draft, contents: Contents, progress: Progress | None) -> None:
    draft.folder.mkdir()
    for name, content in contents.files.items():
        write_durably(draft.files / name, content)
    for digest, path in contents.media.items():
        if not hub.published(feed.media_name(digest)).exists():
            _copy(path, draft.files / feed.media_name(digest), digest, progress)
    if contents.plan is not None:
        write_durably(draft.plan, contents.plan)


def _copy(source: Path, place: Path, digest: str, progress: Progress | None) -> None:
    make_folder(place.parent)
    taken = sha256()
    try:
        with source.open("rb") as read, place.open("xb") as written:
            while chunk := read.read(_CHUNK):
                taken.update(chunk)
                written.write(chunk)
                if progress is not None:
                    progress(len(chunk))
            written.flush()
            os.fsync(written.fileno())
    except FileNotFoundError:
        raise HubRefusalError(code="no-media", name=source) from None
    if taken.hexdigest() != digest:
        raise HubRefusalError(code="media-changed", name=source)


def _changed(hub: HubFolder, state: FeedState, change: Change, now: datetime) -> Targets:
    if change.role not in state.delegated:
        raise HubRefusalError(code="no-role", role=change.role)
    allowed = state.targets.signed.get_delegated_role(change.role)
    signed = deepcopy(state.delegated[change.role].signed)
    signed.version = next_version(hub, read_counters(hub), change.role)
    signed.expires = now + life_of(change.role)
    signed.unrecognized_fields[ROLE] = change.role
    for path in change.remove:
        if signed.targets.pop(path, None) is None:
            raise HubRefusalError(code="no-target", path=path)
    for path, (content, custom) in change.set.items():
        if not allowed.is_delegated_path(path):  # type: ignore[attr-defined]
            raise HubRefusalError(code="path-not-allowed", path=path, role=change.role)
        target = TargetFile.from_data(path, content, ["sha256"])
        if custom is not None:
            target.unrecognized_fields["custom"] = dict(custom)
        signed.targets[path] = target
    return signed


def _target_place(path: str, content: bytes) -> str:
    return feed.target_name(path, sha256(content).hexdigest())
