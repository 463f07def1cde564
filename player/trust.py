"""Whether the wall clock can be trusted. Pure, but for what it remembers: a clock that was right once in this boot is.

A clock the kernel never held synchronised since the boot, or that shows a year before this program was made, tells
nothing: whatever is dated waits. A kiosk without any source of time can be told to trust its own clock.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from playlists.timing import Moment

YEAR_OF_BUILD: Final = 2026


@dataclass(slots=True)
class ClockTrust:
    """``always`` trusts any clock of a sensible year; ``boot`` is the boot in which it was last synchronised."""

    always: bool = False
    boot: str | None = None

    def trusts(self, moment: Moment) -> bool:
        """Whether the wall time of a reading can be relied on."""
        if moment.synchronised:
            self.boot = moment.boot_id
        sensible = datetime.fromisoformat(moment.wall).year >= YEAR_OF_BUILD
        return sensible and (self.always or self.boot == moment.boot_id)
