"""The real player under a wall clock that jumps: ``python THIS PATH LOG ROUNDS SECONDS:YEARS...``."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from player.app import Settings, run
from player.clock import SystemClock, iso_utc
from player.fitting import Fit
from player.performance import Sound
from player.ports import Wishes
from playlists.timing import DurationMs, Moment, MonotonicNs


class JumpingClock:
    """The machine's clock, but the wall clock is set ``years`` on (or back) at some seconds after the start."""

    def __init__(self, jumps: dict[float, int]) -> None:
        self._clock = SystemClock()
        self._begun = self._clock.monotonic()
        self._jumps = jumps

    def monotonic(self) -> MonotonicNs:
        """Nanoseconds of CLOCK_MONOTONIC, which nobody can set."""
        return self._clock.monotonic()

    def moment(self) -> Moment:
        """All clocks at once."""
        true = self._clock.moment()
        age = (true.monotonic - self._begun) / 1e9
        years = sum(years for at, years in self._jumps.items() if at <= age)
        wall = iso_utc(datetime.now(UTC) + timedelta(days=365.25 * years))
        return Moment(true.monotonic, wall, true.boot_id, true.synchronised)


def main(path: Path, log: Path, rounds: int, jumps: dict[float, int]) -> int:
    settings = Settings(
        path=path,
        log=log,
        wishes=Wishes(rounds, DurationMs(1000), Sound()),
        captions=(),
        screen=None,
        geometry=None,
        rotate=0,
        fit=Fit.CONTAIN,
        hardware=False,
        kiosk=False,
        screen_id="jumping",
    )
    return run(settings, clock=JumpingClock(jumps))


if __name__ == "__main__":
    wanted = {float(at): int(years) for at, _, years in (word.partition(":") for word in sys.argv[4:])}
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), wanted))
