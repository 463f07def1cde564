"""Where the releases of a kiosk stand, as ``probation.json``: which is good, which is tried, which were bad.

Written before ``active`` at each step, so that after a cut at any moment the two together tell what to do:
``mended`` says what ``active`` should be.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from playlists.errors import DamageError
from playlists.release import Active
from sync.agent.probation import Trial, Verdict

FORMAT_VERSION: Final = 1
MOST_BAD: Final = 50


@dataclass(frozen=True, slots=True)
class BadRelease:
    """A release that was taken back: why, when (UTC with offset), and what the player said of it."""

    sequence: int
    reason: str
    at: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """``good`` is the last release that was proven, to which a bad one goes back."""

    good: Active | None = None
    trial: Trial | None = None
    bad: tuple[BadRelease, ...] = ()

    @property
    def refused_sequences(self) -> frozenset[int]:
        """The sequences that are not taken again."""
        return frozenset(one.sequence for one in self.bad)


def put_on_trial(standing: Standing, trial: Trial) -> Standing:
    """A release takes over; the good one stays the good one."""
    return replace(standing, trial=trial)


def confirmed(standing: Standing) -> Standing:
    """The release on trial proved good."""
    return standing if standing.trial is None else Standing(standing.trial.active, None, standing.bad)


def taken_back(standing: Standing, verdict: Verdict, at: str) -> Standing:
    """The release on trial proved bad."""
    trial = standing.trial
    if trial is None:
        return standing
    bad = BadRelease(trial.active.sequence, verdict.value, at, trial.refusal or "")
    return Standing(standing.good, None, (*standing.bad, bad)[-MOST_BAD:])


def mended(standing: Standing, active: Active | None) -> tuple[Standing, Active | None]:
    """What both are after a cut between the two writes: ``active`` as it lies on the disk, the result as it should."""
    if active is None:
        return replace(standing, trial=None), standing.good
    if active.sequence in standing.refused_sequences and standing.good is not None:
        return replace(standing, trial=None), standing.good
    trial = standing.trial
    if trial is not None and trial.active != active:
        return replace(standing, trial=None), active
    if trial is None and standing.good is None and active.sequence not in standing.refused_sequences:
        return replace(standing, good=active), active
    return standing, active


def write_standing(standing: Standing) -> bytes:
    """The file."""
    told = {
        "format_version": FORMAT_VERSION,
        "good": None if standing.good is None else _active(standing.good),
        "trial": None
        if standing.trial is None
        else {**asdict(standing.trial), "active": _active(standing.trial.active)},
        "bad": [asdict(one) for one in standing.bad],
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def read_standing(content: bytes) -> Standing:
    """Read the file. Raises ``DamageError``."""
    try:
        found = json.loads(content)
        if found["format_version"] != FORMAT_VERSION:
            message = f"probation.json: version {found['format_version']!r} is not known"
            raise DamageError(message)
        good, trial = found["good"], found["trial"]
        return Standing(
            None if good is None else _read_active(good),
            None if trial is None else _read_trial(trial),
            tuple(
                BadRelease(**{name: one[name] for name in ("sequence", "reason", "at", "detail")})
                for one in found["bad"]
            ),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"probation.json cannot be read: {error}"
        raise DamageError(message) from error


def _active(active: Active) -> dict[str, object]:
    return {"sequence": active.sequence, "sha256": active.sha256}


def _read_active(found: Mapping[str, object]) -> Active:
    sequence, digest = found["sequence"], found["sha256"]
    if not isinstance(sequence, int) or not isinstance(digest, str):
        raise TypeError(found)
    return Active(sequence, digest)


def _read_trial(found: Mapping[str, object]) -> Trial:
    known = {one.name for one in fields(Trial)} - {"active"}
    values = {name: found[name] for name in known if name in found}
    trial = Trial(_read_active(found["active"]), **values)  # type: ignore[arg-type]  # checked below
    numbers = (trial.deaths, trial.empty_ns, trial.quiet_ns, trial.unjudged_ns)
    if not all(isinstance(number, int) for number in numbers) or not isinstance(trial.boot, str):
        raise TypeError(found)
    return trial
