"""A crossfade: for a moment two performances run, and the stage shows the one coming over the one going.

The incoming item begins that much before the outgoing one's end; the outgoing one still plays to its end and is
recorded so. Nothing here knows pixels: the stage mixes. The conductor asks at the places it also asks a performance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from player.performance import Performance, Phase, Picture
from playlists.lengths import LONGEST_FADE, SHORTEST_FADE
from playlists.timing import DurationMs, MonotonicNs

_NS_PER_MS: Final = 1_000_000
LONGEST_NS: Final = LONGEST_FADE * _NS_PER_MS
STEP_NS: Final = 40_000_000
"""Where neither side has a new picture, the mixture is made anew so often: stills fade too."""
_SHORTEST_NS: Final = SHORTEST_FADE * _NS_PER_MS


class MixingStage(Protocol):
    """Where two pictures are shown as one."""

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        """Show ``above`` over ``below``, ``share`` of it from 0 to 1; None stands for the one shown before.

        The first ``below`` is what stands. With 1 only ``above`` is left, and the mixing is over.
        """


@dataclass(slots=True)
class _Fade:
    outgoing: Performance
    begin: MonotonicNs
    until: MonotonicNs
    over: Callable[[MonotonicNs], None]
    mixed: MonotonicNs


@dataclass(slots=True)
class Crossfade:
    """The crossfade that is under way, if one is."""

    stage: MixingStage
    _fade: _Fade | None = None

    def overlap(self, outgoing: Performance, incoming: Performance, wished: DurationMs) -> int:
        """How many nanoseconds before the end of one the other begins; 0 is an exact cut.

        Never more than half of either: two fades of one item do not meet.
        """
        lengths = [length for length in (outgoing.length, incoming.length) if length is not None]
        overlap = min([wished * _NS_PER_MS, LONGEST_NS, *(length // 2 for length in lengths)])
        return overlap if overlap >= _SHORTEST_NS and outgoing.phase is not Phase.FAILED else 0

    def begin(
        self, outgoing: Performance, now: MonotonicNs, until: MonotonicNs, over: Callable[[MonotonicNs], None]
    ) -> bool:
        """Let ``outgoing`` fade out up to its end, then call ``over`` with the moment; False: too late, cut instead.

        Another fade that is still under way is over at once.
        """
        self.end(now)
        if outgoing.phase is Phase.FAILED or until - now < _SHORTEST_NS:
            return False
        self._fade = _Fade(outgoing, now, until, over, now)
        return True

    def plays(self, performance: Performance) -> bool:
        """Whether this is the performance that fades out."""
        return self._fade is not None and self._fade.outgoing is performance

    def next_due(self) -> MonotonicNs | None:
        """When the mixture changes next, whatever the incoming performance does."""
        fade = self._fade
        if fade is None:
            return None
        moments = (fade.outgoing.next_due(), MonotonicNs(fade.mixed + STEP_NS), fade.until)
        return min(moment for moment in moments if moment is not None)

    def show(self, picture: Picture | None, now: MonotonicNs) -> bool:
        """Show what is due, with the incoming performance's new ``picture`` if it has one; False: nothing fades."""
        fade = self._fade
        if fade is None:
            return False
        if now >= fade.until or fade.outgoing.phase is Phase.FAILED:
            self.stage.show_mixed(None, picture, 1.0)
            self._fade = None
            fade.over(min(now, fade.until))
            return True
        below = fade.outgoing.take_due(now)
        if below is not None or picture is not None or now - fade.mixed >= STEP_NS:
            fade.mixed = now
            self.stage.show_mixed(below, picture, (now - fade.begin) / (fade.until - fade.begin))
        return True

    def end(self, now: MonotonicNs) -> None:
        """End a fade early: what comes next, if anything, is none of its business."""
        fade, self._fade = self._fade, None
        if fade is not None:
            self.stage.show_mixed(None, None, 1.0)
            fade.over(min(now, fade.until))
