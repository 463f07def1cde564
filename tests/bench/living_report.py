"""What `tests.bench.living` found as a section of RESULTS.md. Pure."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `held` is None where nothing was promised."""

    what: str
    must: str
    ours: str
    peer: str
    held: bool | None

    def cells(self) -> tuple[str, ...]:
        """As they are printed."""
        held = "-" if self.held is None else "yes" if self.held else "**no**"
        return self.what, self.must, self.ours, self.peer, held


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """Median and maximum."""
    if not values:
        return "nothing"
    return " / ".join(_number(value) for value in (statistics.median(values), max(values))) + f" {unit}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def section(title: str, where: str, minutes: float, rows: Sequence[Row]) -> str:
    """The whole section."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    lines = [
        f"## {title}",
        "",
        f"{where}. {minutes:.0f} minutes. Other work went on on the machine meanwhile (load at the end: {load}): the",
        "medians are worth more than the maxima. Two numbers are median / maximum.",
        "",
        "| what | must | ours | peer | held |",
        "|---|---|---|---|---|",
        *("| " + " | ".join(row.cells()) + " |" for row in rows),
        "",
    ]
    return "\n".join(lines) + "\n"
