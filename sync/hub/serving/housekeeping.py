"""What the server does by itself with the online key: a fresh timestamp every day, roll-outs confirmed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from securesystemslib.signer import Signer

from playlists.errors import SiteError
from sync.hub.folder import HubFolder
from sync.hub.publishing import confirm, publish_timestamp
from sync.hub.serving.news import FeedState
from sync.hub.serving.published import read_releases, read_standing
from sync.hub.serving.rollouts import Heard, is_good, pending
from sync.publication import Rollout

RESIGN_AFTER: Final = timedelta(hours=24)

OpenKey = Callable[[], Signer | None]
"""The online key, or None where nobody gave the server its password. Raises ``SignageError``."""


def keep_fresh(hub: HubFolder, open_key: OpenKey, now: datetime) -> bool:
    """Sign the timestamp anew where it was signed a day ago; whether it was.

    Raises ``SignageError`` or ``OSError``; ``SiteError`` where the key cannot be opened.
    """
    try:
        standing = read_standing(hub.feed)
    except (OSError, ValueError, LookupError):
        return False  # nothing is published
    if now - standing.issued < RESIGN_AFTER:
        return False
    key = open_key()
    if key is None:
        left = (standing.expires - now) / timedelta(days=1)
        message = f"nobody gave the password of the online key: the timestamp is valid for {left:.1f} more days"
        raise SiteError(message)
    publish_timestamp(hub, key, now)
    return True


def waiting_rollouts(hub: HubFolder, state: FeedState) -> Mapping[int, Rollout]:
    """The roll-outs that are published and not yet confirmed, by sequence; reads every release."""
    return dict(pending(read_releases(hub.feed, state), state.confirmed))


def confirm_rollouts(
    hub: HubFolder, rollouts: Mapping[int, Rollout], heard: Mapping[str, Heard], open_key: OpenKey, now: datetime
) -> list[int]:
    """Confirm what every canary plays well; the sequences. Raises ``SignageError`` or ``OSError``."""
    good = [sequence for sequence, rollout in rollouts.items() if is_good(sequence, rollout, heard, now)]
    key = open_key() if good else None
    if key is None:
        return []
    confirm(hub, good, key, now)
    return good


def freed_screens(hub: HubFolder, before: FeedState, after: FeedState) -> frozenset[str]:
    """The screens whose release came to be confirmed between two states."""
    sequences = after.confirmed - before.confirmed
    if not sequences:
        return frozenset()
    return frozenset(screen for screen, release in read_releases(hub.feed, after) if release.sequence in sequences)
