"""Whether a release that took over proves good on the screen. Pure: what was seen of the player in, a verdict out.

A release is bad when the player died three times under it, when nothing of it could be shown for two minutes after the
player took it over, or when the player refused it. It is good after two minutes in which it was played and nothing of
the kind happened. Time counts only while the player is there and has taken the release over: a player that still tries
the release, is closed for the night or is not running at all says nothing about it.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from playlists.release import Active
from playlists.status import Showing

MOST_DEATHS: Final = 3
EMPTY_NS: Final = 120 * 10**9
QUIET_NS: Final = 120 * 10**9
PATIENCE_NS: Final = 3600 * 10**9
"""A trial that nobody could judge for so long does not keep the next release away."""


class Verdict(Enum):
    """What a trial has come to."""

    OPEN = "open"
    GOOD = "good"
    DIED = "died"
    """The player died too often."""
    EMPTY = "empty"
    """Nothing of it could be shown."""
    REFUSED = "refused"
    """The player did not take it."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is seen of the player at one moment.

    ``alive``: it wrote its status within the last half minute. ``run`` tells one start of it from another. ``ours``:
    what plays is of the release on trial. ``expected``: by its plan something of the release should play now.
    ``refusal`` is what the player said when it refused the release on trial.
    """

    boot: str
    alive: bool = False
    run: str | None = None
    showing: Showing | None = None
    release: int | None = None
    ours: bool = True
    expected: bool = True
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A release on probation. ``run`` is the start of the player seen last, in the boot ``boot``.

    ``shown``: something of the release was on the screen. ``empty_ns`` and ``quiet_ns`` are times without and with it;
    ``unjudged_ns`` is for how long nothing could be said.
    """

    active: Active
    boot: str
    run: str | None = None
    left: bool = False
    deaths: int = 0
    taken_over: bool = False
    shown: bool = False
    empty_ns: int = 0
    quiet_ns: int = 0
    unjudged_ns: int = 0
    refusal: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether no newer release may take its place yet."""
        return self.unjudged_ns < PATIENCE_NS


def begun(active: Active, seen: Sighting) -> Trial:
    """The trial of a release that becomes active while this is seen; a death counts from here on only."""
    return Trial(active, seen.boot, run=seen.run if seen.alive else None, left=seen.showing is Showing.LEFT)


def observed(trial: Trial, seen: Sighting, passed_ns: int) -> Trial:
    """The trial after ``passed_ns`` of the boot clock, since the sighting before this one."""
    trial = _runs_counted(trial, seen)
    trial = replace(trial, refusal=trial.refusal or seen.refusal)
    if not seen.alive or seen.release != trial.active.sequence or seen.showing not in _TELLING:
        return replace(trial, unjudged_ns=trial.unjudged_ns + passed_ns)
    trial = replace(trial, taken_over=True)
    if seen.showing is Showing.ITEM and seen.ours:
        trial = replace(trial, shown=True)
    if trial.shown:
        return replace(trial, quiet_ns=trial.quiet_ns + passed_ns, unjudged_ns=0)
    if not seen.expected or seen.showing is Showing.ITEM:
        return replace(trial, unjudged_ns=trial.unjudged_ns + passed_ns)
    return replace(trial, empty_ns=trial.empty_ns + passed_ns, unjudged_ns=0)


def verdict(trial: Trial) -> Verdict:
    """What the trial has come to."""
    if trial.refusal is not None:
        return Verdict.REFUSED
    if trial.deaths >= MOST_DEATHS:
        return Verdict.DIED
    if trial.empty_ns >= EMPTY_NS:
        return Verdict.EMPTY
    return Verdict.GOOD if trial.quiet_ns >= QUIET_NS else Verdict.OPEN


_TELLING: Final = (Showing.ITEM, Showing.SLATE, Showing.STARTING)


def _runs_counted(trial: Trial, seen: Sighting) -> Trial:
    """Count a death where another start of the player follows one that had not left in good order.

    A machine that was switched off and on again tells nothing of the player.
    """
    if seen.boot != trial.boot:
        trial = replace(trial, boot=seen.boot, run=None, left=False)
    if not seen.alive or seen.run is None:
        return trial
    if trial.run is None or seen.run == trial.run:
        return replace(trial, run=seen.run, left=seen.showing is Showing.LEFT)
    died = not trial.left
    return replace(
        trial,
        run=seen.run,
        left=seen.showing is Showing.LEFT,
        deaths=trial.deaths + died,
        quiet_ns=0 if died else trial.quiet_ns,
    )
