"""Publishing: a draft that has its signatures becomes the feed. Media first, metadata next, the timestamp last.

Killed at any moment the feed is the old one or the new one, and doing it again finishes it. A name in the feed is never
given other bytes; only the timestamp is replaced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from securesystemslib.signer import Signer

from sync.hub.drafts import Draft, Progress
from sync.hub.folder import HubFolder
from sync.trust import roles


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication left in the feed: the timestamp's version and, by role, the versions it brought."""

    timestamp: int
    versions: dict[str, int]


def publish(hub: HubFolder, draft: Draft, online: Signer, now: datetime, progress: Progress | None = None) -> Published:
    """Publish a draft and remove it. Takes the lock.

    Raises ``HubRefusalError`` before anything is changed: signatures missing, outdated, expired, a file missing.
    """
    raise NotImplementedError


def publish_timestamp(hub: HubFolder, online: Signer, now: datetime) -> int:
    """Sign the timestamp anew (daily); its version. Takes the lock."""
    raise NotImplementedError


def confirm(hub: HubFolder, sequences: Iterable[int], online: Signer, now: datetime) -> int:
    """Let all screens take these sequences: a timestamp that names them beside those named before; its version.

    Takes the lock. Sequences already named change nothing and sign nothing.
    """
    raise NotImplementedError


def issue_stick_timestamp(hub: HubFolder, online: Signer, now: datetime, life: timedelta = roles.STICK_LIFE) -> bytes:
    """The bytes of a timestamp for a stick, longer-lived; the live one is signed anew at once with a higher version.

    The live one is in the feed before this returns, so that no stick ever carries more than the feed will. Takes the
    lock.
    """
    raise NotImplementedError
