"""Authorities as commands name them, what each may sign for, and what is published under whose name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playlists.errors import SignageError, UsageError
from playlists.release import Release, read_release
from sync.hub.feed_state import FeedState, delegated_roles, target_place
from sync.hub.folder import HubFolder
from sync.hub.screen_names import ScreenName, released_screen
from sync.trust import roles


@dataclass(frozen=True, slots=True)
class Released:
    """A release that is published: for which screen, by which role."""

    screen: ScreenName
    role: str
    release: Release


def release_role(text: str, state: FeedState) -> str:
    """The role of an authority: ``department`` or ``unit-NAME``. Raises ``UsageError`` where there is none."""
    known = [one for one in delegated_roles(state.targets.signed) if one not in {roles.URGENT, roles.WITHDRAWALS}]
    if text not in known:
        message = f"không có nơi phát hành nào tên “{text}”; hãy chọn một trong: {', '.join(known)}"
        raise UsageError(message)
    return text


def may_sign(role: str, screen: ScreenName, state: FeedState) -> bool:
    """Whether a role may name a screen's release."""
    delegations = state.targets.signed.delegations
    held = None if delegations is None or delegations.roles is None else delegations.roles.get(role)
    return held is not None and held.is_delegated_path(screen.path)


def refuse_foreign(role: str, screens: Iterable[ScreenName], state: FeedState) -> None:
    """Refuse screens that an authority may not sign for. Raises ``UsageError``."""
    foreign = [str(one) for one in screens if not may_sign(role, one, state)]
    if foreign:
        message = f"“{role}” không được ký cho: {', '.join(foreign)}; hãy bỏ các màn hình này hoặc đổi --authority"
        raise UsageError(message)


def known_screens(state: FeedState) -> frozenset[ScreenName]:
    """The screens that have a release, by any authority."""
    paths = (path for metadata in state.delegated.values() for path in metadata.signed.targets)
    return frozenset(screen for path in paths if (screen := released_screen(path)) is not None)


def releases(hub: HubFolder, state: FeedState) -> Iterator[Released]:
    """What is published for screens; a release that cannot be read is passed over."""
    for role, metadata in state.delegated.items():
        for path, target in metadata.signed.targets.items():
            screen = released_screen(path)
            if screen is None:
                continue
            try:
                yield Released(screen, role, read_release(target_place(hub, target).read_bytes()))
            except (OSError, SignageError):
                continue
