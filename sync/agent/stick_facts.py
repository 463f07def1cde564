"""What a stick's timestamp says of the stick, where somebody whom the kiosk trusts, or once trusted, has signed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final, Protocol

from tuf.api.metadata import Root, Timestamp

from sync.bundle import STICK, printable
from sync.refusals import RefusalError
from sync.trust import roles
from sync.trust.signatures import signed_by
from sync.trust.timestamp_life import issued

VIETNAM: Final = timezone(timedelta(hours=7))


class StickTrust(Protocol):
    """What is asked of the trusted metadata (``TrustStore``)."""

    def roots(self) -> Iterable[Root]:
        """Every root that was ever trusted, the newest first. Raises ``RefusalError``."""

    def read(self, role: str) -> bytes | None:
        """The newest trusted metadata of a role; None where there is none."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Signed words about a stick: its name, when it was made, when it expires, its timestamp's version."""

    name: str = ""
    made: datetime | None = None
    expires: datetime | None = None
    version: int = 0

    @property
    def called(self) -> str:
        """The stick as a sentence in Vietnamese names it."""
        return f"USB “{self.name}”" if self.name else "USB này"

    @property
    def called_in_english(self) -> str:
        """The stick as a line of a log names it."""
        return f"stick “{self.name}”" if self.name else "this stick"


NO_FACTS: Final = Facts()
"""Of a stick nobody signed."""


def read_facts(timestamp: bytes, trust: StickTrust) -> Facts:
    """What a timestamp says; nothing where no trusted root, old or new, vouches for it."""
    try:
        for root in trust.roots():
            facts = _facts(root, timestamp)
            if facts is not None:
                return facts
    except RefusalError:
        return NO_FACTS
    return NO_FACTS


def known_facts(trust: StickTrust) -> Facts:
    """What the trusted timestamp says."""
    known = trust.read(roles.TIMESTAMP)
    return NO_FACTS if known is None else read_facts(known, trust)


def day(moment: datetime | None) -> str:
    """A day as people of the province write it."""
    return "không rõ" if moment is None else moment.astimezone(VIETNAM).strftime("%d/%m/%Y")


def _facts(root: Root, timestamp: bytes) -> Facts | None:
    try:
        signed = signed_by(root, roles.TIMESTAMP, Timestamp, timestamp)
    except RefusalError:
        return None
    name = signed.unrecognized_fields.get(STICK)
    return Facts(printable(name) if isinstance(name, str) else "", issued(signed), signed.expires, signed.version)
