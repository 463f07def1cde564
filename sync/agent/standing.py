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
    """``good`` is the last release that was proven, to which a bad one goes back; ``previous`` the one before it.

    ``tenure`` is how the good one has fared since its trial: for how long it has been played without a fault.
    """

    good: Active | None = None
    trial: Trial | None = None
    bad: tuple[BadRelease, ...] = ()
    previous: Active | None = None
    tenure: Trial | None = None

    @property
    def awaits_verdict(self) -> bool:
        """Whether no newer release is fetched yet; a kiosk that has nothing to go back to waits for no verdict."""
        return self.trial is not None and self.trial.blocks and self.good is not None

    @property
    def refused_sequences(self) -> frozenset[int]:
        """The sequences that are not taken again."""
        return frozenset(one.sequence for one in self.bad)


def put_on_trial(standing: Standing, trial: Trial) -> Standing:
    """A release takes over; the good one stays the good one.

    Where there is none, the first release that was shown without a death is better than nothing to go back to.
    """
    before = standing.trial
    if standing.good is None and before is not None and before.shown and not before.deaths:
        standing = confirmed(standing)
    return replace(standing, trial=trial, tenure=None)


def confirmed(standing: Standing) -> Standing:
    """The release on trial proved good."""
    trial = standing.trial
    if trial is None:
        return standing
    return Standing(trial.active, None, standing.bad, previous=standing.good, tenure=trial)


def taken_back(standing: Standing, verdict: Verdict, at: str) -> Standing:
    """The release on trial proved bad."""
    trial = standing.trial
    if trial is None:
        return standing
    bad = BadRelease(trial.active.sequence, verdict.value, at, trial.refusal or "")
    return replace(standing, trial=None, bad=(*standing.bad, bad)[-MOST_BAD:])


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
        "good": _active(standing.good),
        "trial": _trial(standing.trial),
        "bad": [asdict(one) for one in standing.bad],
        "previous": _active(standing.previous),
        "tenure": _trial(standing.tenure),
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def read_standing(content: bytes) -> Standing:
    """Read the file. Raises ``DamageError``."""
    try:
        found = json.loads(content)
        version = found["format_version"]
        standing = Standing(
            _read_active(found["good"]),
            _read_trial(found["trial"]),
            tuple(_read_bad(one) for one in found["bad"]),
            _read_active(found["previous"]),
            _read_trial(found["tenure"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"probation.json cannot be read: {error}"
        raise DamageError(message) from error
    if version != FORMAT_VERSION:
        message = f"probation.json: format {version!r} is not known"
        raise DamageError(message)
    return standing


def _active(active: Active | None) -> dict[str, object] | None:
    return None if active is None else {"sequence": active.sequence, "sha256": active.sha256}


def _trial(trial: Trial | None) -> dict[str, object] | None:
    return None if trial is None else {**asdict(trial), "active": _active(trial.active)}


def _read_active(found: object) -> Active | None:
    match found:
        case None:
            return None
        case {"sequence": int(sequence), "sha256": str(digest)}:
            return Active(sequence, digest)
        case _:
            raise TypeError(found)


def _read_bad(found: Mapping[str, object]) -> BadRelease:
    match found:
        case {"sequence": int(sequence), "reason": str(reason), "at": str(at), "detail": str(detail)}:
            return BadRelease(sequence, reason, at, detail)
        case _:
            raise TypeError(found)


def _read_trial(found: object) -> Trial | None:
    if found is None:
        return None
    if not isinstance(found, dict) or (active := _read_active(found.get("active"))) is None:
        raise TypeError(found)
    default = Trial(active, "")
    values = {one.name: found[one.name] for one in fields(Trial) if one.name in found and one.name != "active"}
    for name, value in values.items():
        expected = getattr(default, name)
        if type(value) is not type(expected) and (expected is not None or not isinstance(value, str)):
            raise TypeError(value)
    return replace(default, **values)
