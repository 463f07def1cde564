"""Reads a camera's film while it is being made, to know where a player is."""

from pathlib import Path
from typing import Self

from tests.bench.cuts import plays_in
from tests.bench.film import Run, runs_in


class Follower:
    """The runs of a growing film; closed as a context manager."""

    def __init__(self, film: Path) -> None:
        self._file = film.open(encoding="ascii")
        self._rest = ""
        self._last: Run | None = None
        self.runs: list[Run] = []
        self.cuts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def catch_up(self) -> list[Run]:
        """Read what is new; a run is known once it has ended."""
        text = self._rest + self._file.read()
        whole, _, self._rest = text.rpartition("\n")
        fresh = list(runs_in(f"{line}\n" for line in whole.splitlines()))
        self.runs.extend(fresh)
        # The last picture known before goes along: a cut may lie just after it.
        marked = [run for run in (self._last, *fresh) if run and run.mark]
        if marked:
            self.cuts += len(plays_in(marked)) - 1
            self._last = marked[-1]
        return fresh
