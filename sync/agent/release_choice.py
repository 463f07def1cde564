"""Which release a screen takes. Pure: what is offered, how the kiosk stands and what is confirmed in, a choice out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from playlists.errors import ContentError
from playlists.release import Active, Release
from sync.agent.standing import Standing
from sync.publication import rollout_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A release that an authority has signed for this screen: its ``release.json``, read, and the digest of that."""

    role: str
    sha256: str
    release: Release


class Stay(Enum):
    """Why what is active stays."""

    NOTHING_NEWER = "nothing-newer"
    ON_PROBATION = "on-probation"
    """What is active has not proven good yet."""
    AWAITS_CANARIES = "awaits-canaries"
    """Other screens go first."""
    CONTRADICTED = "contradicted"
    """Two authorities signed different releases of one sequence."""
    UNREADABLE_ROLLOUT = "unreadable-rollout"


@dataclass(frozen=True, slots=True)
class Choice:
    """``take`` is the release to fetch; without one, ``stay`` says why, and ``waiting`` which one is kept waiting."""

    take: Offer | None = None
    stay: Stay | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which screen this is."""

    gate: str
    screen: str

    @property
    def name(self) -> str:
        """As roll-outs and bulletins name it."""
        return f"{self.gate}/{self.screen}"


def choose(
    offers: Sequence[Offer],
    active: Active | None,
    standing: Standing,
    confirmed: Collection[int],
    place: Place,
) -> Choice:
    """The highest sequence counts, whoever signed it; it must be higher than the active one and not known as bad.

    Where the release names canaries, the other screens wait until its sequence is confirmed.
    """
    current = 0 if active is None else active.sequence
    refused = standing.refused_sequences
    newer = [offer for offer in offers if offer.release.sequence > current and offer.release.sequence not in refused]
    if not newer:
        return Choice(stay=Stay.NOTHING_NEWER)
    best = max(newer, key=lambda offer: offer.release.sequence)
    sequence = best.release.sequence
    if len({offer.sha256 for offer in newer if offer.release.sequence == sequence}) > 1:
        return Choice(stay=Stay.CONTRADICTED, waiting=sequence)
    if standing.awaits_verdict:
        return Choice(stay=Stay.ON_PROBATION, waiting=sequence)
    try:
        rollout = rollout_of(best.release)
    except ContentError:
        return Choice(stay=Stay.UNREADABLE_ROLLOUT, waiting=sequence)
    if rollout is not None and place.name not in rollout.canary and sequence not in confirmed:
        return Choice(stay=Stay.AWAITS_CANARIES, waiting=sequence)
    return Choice(take=best)
