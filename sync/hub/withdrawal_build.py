"""Withdrawing: what must leave the screens at once, by an item's id or by the digest of a file; and its lifting."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Final

from playlists.errors import SignageError, UsageError
from playlists.playlist import Item
from playlists.release import Withdrawn, digests_of, read_released_playlist, write_withdrawn
from sync import feed
from sync.hub.authorities import releases
from sync.hub.drafts import Change
from sync.hub.feed_state import FeedState
from sync.hub.folder import HubFolder
from sync.hub.leaflets import SUFFIX as PDF_SUFFIX
from sync.hub.screen_names import ScreenName, is_name, told
from sync.trust import roles

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TARGET: Final = "withdrawals/"


@dataclass(frozen=True, slots=True)
class Shown:
    """An item of a published release, and the screen that has it."""

    screen: ScreenName
    item: Item


def shown_items(hub: HubFolder, state: FeedState) -> Iterator[Shown]:
    """What the published releases hold; one that cannot be read is passed over."""
    for one in releases(hub, state):
        place = hub.published(feed.media_name(one.release.playlist.sha256))
        try:
            playlist = read_released_playlist(place.read_bytes(), one.release)
        except (OSError, SignageError):
            continue
        items = {slot.item.id: slot.item for slot in playlist.slots}
        yield from (Shown(one.screen, item) for item in items.values())


def is_digest(text: str) -> bool:
    """Whether a text is a sha256 as files have it."""
    return _DIGEST.fullmatch(text) is not None


def withdrawal_of(item: str | None, digest: str | None, shown: Iterable[Shown]) -> Withdrawn:
    """What to withdraw where an item or a file's digest is named; of a PDF its pages are what screens show."""
    items, digests = {item} - {None}, {digest} - {None}
    for one in shown:
        if item is not None and _is_page_of(one.item, item):
            items.add(one.item.id)
        if digest is not None and any(it.extra.get("document_sha256") == digest for it in one.item.papers.approvals):
            items.add(one.item.id)
    return Withdrawn(frozenset(filter(None, items)), frozenset(filter(None, digests)))


def build_withdrawal(
    withdrawn: Withdrawn, screens: Sequence[str], reason: str, shown: Iterable[Shown], state: FeedState
) -> tuple[str, Change]:
    """The name of a withdrawal, by which it can be lifted, and the change; ``screens`` are signed patterns."""
    name = _free_name(withdrawn, state.delegated[roles.WITHDRAWALS].signed.targets)
    custom: dict[str, object] = {"screens": list(screens), "reason": reason}
    covered = [one for one in shown if withdrawn.covers(one.item)]
    return name, Change(
        role=roles.WITHDRAWALS,
        summary=tuple(_summary(name, withdrawn, screens, reason, covered)),
        set={roles.withdrawal_path(name): (write_withdrawn(withdrawn), custom)},
    )


def lift(name: str, state: FeedState) -> Change:
    """The change that lifts a withdrawal. Raises ``UsageError`` where there is none of that name."""
    path, published = roles.withdrawal_path(name), state.delegated[roles.WITHDRAWALS].signed.targets
    if path not in published:
        names = ", ".join(one.removeprefix(_TARGET).removesuffix(".json") for one in published) or "không có lệnh nào"
        message = f"không có lệnh thu hồi nào tên “{name}”; đang có: {names}"
        raise UsageError(message)
    return Change(roles.WITHDRAWALS, (f"Bỏ lệnh thu hồi “{name}”: nội dung được phát lại",), remove=frozenset({path}))


def _is_page_of(item: Item, name: str) -> bool:
    """Whether an item is a page that was drawn of the PDF which an item of that name stands for."""
    drawn = f"{PDF_SUFFIX}-" in item.source.lower()
    return drawn and re.fullmatch(rf"{re.escape(name)}-[0-9]+", item.id) is not None


def _free_name(withdrawn: Withdrawn, published: Collection[str]) -> str:
    first = min([*withdrawn.items, *withdrawn.digests], key=lambda one: (is_digest(one), len(one), one))
    base = first if is_name(first) and not is_digest(first) else sha256(first.encode()).hexdigest()[:12]
    if is_digest(first):
        base = first[:12]
    names = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in names if roles.withdrawal_path(name) not in published)


def _summary(
    name: str, withdrawn: Withdrawn, screens: Sequence[str], reason: str, covered: Sequence[Shown]
) -> Iterator[str]:
    yield f"THU HỒI (lệnh “{name}”): {', '.join([*sorted(withdrawn.items), *sorted(withdrawn.digests)])}"
    yield f"Lý do: {reason}"
    yield f"Cho: {', '.join(map(told, screens))}"
    by_item: dict[str, list[str]] = {}
    for one in covered:
        digest = next(iter(digests_of(one.item)), None)
        line = f"{one.item.id}: {one.item.title}" + ("" if digest is None else f" (sha256 {digest[:12]}…)")
        by_item.setdefault(line, []).append(str(one.screen))
    for line, names in by_item.items():
        yield f"  - {line}; đang có tại {', '.join(sorted(set(names)))}"
    if not covered:
        yield "  Lưu ý: chưa có bản phát hành nào chứa nội dung này; hãy xem lại mã hoặc tệp"
