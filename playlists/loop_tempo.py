"""How often each unit is to come within an hour: the first half of planning it.

Shares of voice take their part of the airtime, weights divide what is left; a unit that its own limits keep below its
weight is spread over the hour as often as they let it, and the others share the rest. The result is a **tempo**: the
time from one turn of a unit to the next. Language shares are not in it; they are seen to turn by turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from playlists.loop_units import MILLION, Unit

_LEAST_PART: Final = 100
"""Where shares of voice ask for everything, weights are planned with a hundredth: for them it is only an order."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The tempo of an hour with ``airtime`` ms to plan.

    A unit of weight 1 comes every ``round_ms``; ``own`` has the interval of each unit that does not follow its weight,
    by index, and ``cap`` how often at most each limited unit can come.
    """

    airtime: int
    round_ms: int
    own: dict[int, int]
    cap: dict[int, int]

    def interval(self, unit: Unit) -> int:
        """The time from one turn of a unit to the next, in ms, at least 1."""
        return self.own.get(unit.index) or self.round_ms // unit.weight or 1


def limited(unit: Unit) -> bool:
    """Tell whether a unit has terms of its own beside its weight."""
    return unit.share is not None or unit.most is not None or unit.spacing > 0 or unit.priority


def tempo_of(airtime: int, plain_work: int, special: Sequence[tuple[Unit, int]]) -> Tempo:
    """Work out an hour's tempo.

    :param airtime: what there is to plan, ms, more than 0.
    :param plain_work: sum of weight times length (ms) of the units that have no terms of their own.
    :param special: the units with terms, each with the time (ms) within the hour in which it may begin.
    """
    cap = {unit.index: _cap(unit, available) for unit, available in special if unit.most is not None or unit.spacing}
    own: dict[int, int] = {}
    rest = airtime
    weighted: list[Unit] = []
    work = plain_work
    for unit, available in special:
        wanted = _terms(unit, airtime)
        if wanted is None:
            weighted.append(unit)
            work += unit.weight * unit.length * available // airtime
            continue
        if unit.index in cap:
            wanted = max(wanted, available // max(1, cap[unit.index]))
        own[unit.index] = max(1, wanted)
        rest -= available * unit.length // own[unit.index]
    candidates = [unit for unit in weighted if unit.index in cap]
    while True:
        rest = max(rest, airtime // _LEAST_PART, 1)
        held = [unit for unit in candidates if cap[unit.index] * work < unit.weight * rest]
        if not held:
            break
        for unit in held:
            own[unit.index] = max(1, airtime // max(1, cap[unit.index]))
            rest -= cap[unit.index] * unit.length
            work -= unit.weight * unit.length
        candidates = [unit for unit in candidates if unit.index not in own]
    return Tempo(airtime, max(1, max(work, 0) * airtime // rest), own, cap)


def _terms(unit: Unit, airtime: int) -> int | None:
    """The interval that a unit's share or priority asks for; None where its weight decides."""
    if unit.share:
        return unit.length * MILLION // unit.share
    if unit.priority and unit.spacing:
        return unit.spacing
    if unit.priority and unit.most:
        return airtime // unit.most
    return None


def _cap(unit: Unit, available: int) -> int:
    """How many turns of a unit its limits allow at most."""
    by_spacing = 1 + (available - 1) // unit.spacing if unit.spacing else available
    return by_spacing if unit.most is None else min(unit.most, by_spacing)
