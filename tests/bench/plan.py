"""How much is played: the three sizes of a benchmark, as values, and how long they take. Pure."""

from dataclasses import dataclass
from typing import Final

from tests.bench.clips import ALL_SETS, DRESSED, FULL_HD, HD_READY, MIXED, SHORT

PARTS: Final = (HD_READY.name, FULL_HD.name, MIXED.name, SHORT.name, DRESSED.name, "starts", "kills", "drift", "growth")
DRESSED_CUTS: Final = 30
_BETWEEN: Final = 4.0
"""Seconds around every performance: screen, camera, leaving."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Cuts of ours for each set, cuts of each peer, how many starts and kills, seconds of drift, cuts for growth."""

    cuts: dict[str, int]
    peer_cuts: int
    starts: int
    kills: int
    drift: float
    growth: int
    dressed: int = 0
    """Cuts of ours on the bare and on the dressed set, each; the usual sizes leave them to who asks for them."""

    def only(self, parts: list[str]) -> "Plan":
        """The same with nothing but the named parts."""
        return Plan(
            {name: cuts for name, cuts in self.cuts.items() if name in parts},
            self.peer_cuts,
            self.starts if "starts" in parts else 0,
            self.kills if "kills" in parts else 0,
            self.drift if "drift" in parts else 0.0,
            self.growth if "growth" in parts else 0,
            (self.dressed or DRESSED_CUTS) if DRESSED.name in parts else 0,
        )

    def seconds(self, players: int) -> float:
        """About how long it takes, the building of clips apart."""
        lengths = {each.name: float(sum(clip.seconds for clip in each.clips)) / len(each.clips) for each in ALL_SETS}
        ours = sum(cuts * lengths[name] + 2 * _BETWEEN for name, cuts in self.cuts.items())
        peers = sum(self.peer_cuts * (lengths[name] + 0.15) + _BETWEEN for name in self.cuts) * (players - 1)
        ours += 2 * (self.dressed * lengths[DRESSED.name] + 2 * _BETWEEN) if self.dressed else 0.0
        starts = (self.starts + 1) * players * 2.0 if self.starts else 0.0
        return ours + peers + starts + self.kills * 6.5 + self.drift + self.growth * 1.0


QUICK: Final = Plan(
    {HD_READY.name: 6, FULL_HD.name: 6, MIXED.name: 8, SHORT.name: 10},
    peer_cuts=3,
    starts=2,
    kills=2,
    drift=0,
    growth=0,
)
USUAL: Final = Plan(
    {HD_READY.name: 60, FULL_HD.name: 48, MIXED.name: 48, SHORT.name: 100},
    peer_cuts=30, starts=5, kills=10, drift=602.0, growth=0,
)  # fmt: skip
FULL: Final = Plan(
    {HD_READY.name: 200, FULL_HD.name: 200, MIXED.name: 200, SHORT.name: 200},
    peer_cuts=30, starts=10, kills=20, drift=602.0, growth=1000, dressed=100,
)  # fmt: skip
