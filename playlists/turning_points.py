"""Where a curve turns: its peaks and valleys, small ripples left out."""

from collections.abc import Sequence


def turning_points(values: Sequence[float], least: float) -> list[int]:
    """Find the places of the peaks and valleys between which a curve changes by ``least`` or more.

    They alternate; the first and the last are where the first change began and the last ended. Of equal values the
    first is the place. A curve that never changes so much has none.
    """
    found: list[int] = []
    low = high = direction = 0
    for place, value in enumerate(values):
        if direction >= 0 and value > values[high]:
            high = place
        if direction <= 0 and value < values[low]:
            low = place
        if direction <= 0 and value - values[low] >= least:
            found.append(low)
            direction, high = 1, place
        elif direction >= 0 and values[high] - value >= least:
            found.append(high)
            direction, low = -1, place
    return [*found, high if direction > 0 else low] if direction else []
