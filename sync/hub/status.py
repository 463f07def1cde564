"""How a hub stands: what is published and until when, what waits for whom, and what somebody should do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sync.hub.drafts import Draft, expired_part, list_drafts, outdated, plan_of
from sync.hub.feed_files import feed_files
from sync.hub.feed_state import FeedState, read_feed
from sync.hub.folder import HubFolder, read_counters
from sync.hub.sentences import HubRefusalError
from sync.hub.signing import role_name, still_to_sign
from sync.trust import roles

if TYPE_CHECKING:
    from tuf.api.metadata import Metadata

_WARNING: Final = {roles.TIMESTAMP: timedelta(days=5), roles.SNAPSHOT: timedelta(days=60)}
_LONG_WARNING: Final = timedelta(days=60)
"""Three signatures by people in different places take their time."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RoleStatus:
    """What is published of a role: its version, how long it is good, how many targets it has."""

    role: str
    version: int
    expires: datetime
    targets: int

    def left(self, now: datetime) -> timedelta:
        """The life it has left; negative where it has expired."""
        return self.expires - now


@dataclass(frozen=True, slots=True)
class DraftStatus:
    """A draft: who still has to sign it, as sentences, and whether it can still be published at all."""

    name: str
    summary: tuple[str, ...]
    waits_for: tuple[str, ...]
    complete: bool
    outdated: bool
    expired: bool


@dataclass(frozen=True, slots=True)
class HubStatus:
    """How the hub stands. ``warnings`` are Vietnamese sentences; ``roles`` is empty where nothing is published."""

    roles: tuple[RoleStatus, ...]
    drafts: tuple[DraftStatus, ...]
    confirmed: tuple[int, ...]
    sequence: int
    warnings: tuple[str, ...]


def read_status(hub: HubFolder, now: datetime) -> HubStatus:
    """Look at a hub; nothing is changed and no lock is taken. Raises ``HubRefusalError`` where it is damaged."""
    state = read_feed(hub)
    counters = read_counters(hub)
    published = () if state is None else tuple(_roles(state))
    drafts = tuple(_draft(draft, state, now) for draft in list_drafts(hub))
    warnings = [*_ageing(published, now), *_drafts(drafts), *_keys(hub)]
    if state is not None:
        warnings += _restored(state, counters.floors)
        warnings += _missing(hub, state)
    confirmed = () if state is None else state.confirmed
    return HubStatus(published, drafts, confirmed, counters.sequence, tuple(warnings))


def status_lines(status: HubStatus, now: datetime) -> Iterator[str]:
    """The status for people to read."""
    if not status.roles:
        yield "Chưa phát hành lần nào."
    for role in status.roles:
        days = role.left(now) / _DAY
        life = f"còn {days:.1f} ngày" if days > 0 else "ĐÃ HẾT HẠN"
        expires = role.expires.astimezone().isoformat(timespec="minutes")
        yield f"{role_name(role.role)}: bản {role.version}, hết hạn {expires} ({life}), {role.targets} mục"
    yield f"Số bản phát hành gần nhất: {status.sequence}"
    if status.confirmed:
        yield f"Đã cho mọi màn hình nhận: {', '.join(map(str, status.confirmed))}"
    for draft in status.drafts:
        yield f"Bản nháp {draft.name}: {' '.join(draft.summary)}"
        yield from (f"  {line}" for line in draft.waits_for)
    yield from (f"Lưu ý: {warning}" for warning in status.warnings)


def _roles(state: FeedState) -> Iterator[RoleStatus]:
    top: dict[str, Metadata[Any]] = {
        roles.ROOT: state.root,
        roles.TIMESTAMP: state.timestamp,
        roles.SNAPSHOT: state.snapshot,
        roles.TARGETS: state.targets,
    }
    for role, metadata in {**top, **state.delegated}.items():
        count = len(metadata.signed.targets) if role in state.delegated else 0
        yield RoleStatus(role, metadata.signed.version, metadata.signed.expires, count)


def _draft(draft: Draft, state: FeedState | None, now: datetime) -> DraftStatus:
    request = draft.read()
    late = any(outdated(state, part) for part in request.parts)
    expired = expired_part(request, now) is not None
    return DraftStatus(draft.name, request.summary, tuple(still_to_sign(request)), request.complete, late, expired)


def _ageing(published: tuple[RoleStatus, ...], now: datetime) -> Iterator[str]:
    for role in published:
        left = role.left(now)
        if role.role == roles.URGENT:
            continue  # expired urgent metadata is how an urgent bulletin ends
        if left <= timedelta():
            yield f"phần {role_name(role.role)} đã hết hạn; màn hình không nhận nội dung mới cho đến khi ký lại."
        elif left < _WARNING.get(role.role, _LONG_WARNING):
            how = (
                "signage-hub publish --timestamp" if role.role in _WARNING else f"signage-hub sign --renew {role.role}"
            )
            yield f"phần {role_name(role.role)} chỉ còn {left / _DAY:.1f} ngày; hãy chạy: signage-hub {how}"


def _drafts(drafts: tuple[DraftStatus, ...]) -> Iterator[str]:
    for draft in drafts:
        if draft.outdated or draft.expired:
            why = "đã cũ vì phần đó đã phát hành bản khác" if draft.outdated else "đã hết hạn"
            yield f"bản nháp {draft.name} {why}; hãy lập lại: signage-hub sign --again {draft.name}"
        elif draft.complete:
            yield f"bản nháp {draft.name} đã đủ chữ ký; hãy phát hành: signage-hub publish {draft.name}"


def _keys(hub: HubFolder) -> Iterator[str]:
    plan = plan_of(hub)
    for role in plan.offline:
        may, threshold = len(plan.people(role)), plan.threshold(role)
        if may == threshold:
            yield f"phần {role_name(role)}: mất một khóa là không ký được nữa ({threshold} trong {may} người)."


def _restored(state: FeedState, floors: dict[str, int]) -> Iterator[str]:
    for role in (roles.TARGETS, *state.delegated):
        metadata = state.signed(role)
        if metadata is not None and metadata.signed.version <= floors.get(role, 0):
            yield HubRefusalError(code="restored", roles=role_name(role)).vi


def _missing(hub: HubFolder, state: FeedState) -> Iterator[str]:
    """Files that clients would ask for in vain: after a backup without media."""
    lost = sorted({name for name in feed_files(hub, state) if not hub.published(name).exists()})
    if lost:
        yield f"nguồn phát hành thiếu {len(lost)} tệp, ví dụ {lost[0]}; hãy phát hành lại nội dung đó."
