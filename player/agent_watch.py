"""What the agent says of itself, looked at once a second, and believed only while it goes on saying it.

How old a report is, and how long a banner stands, is told by the boot clock from when a change was seen: the wall clock
may be wrong, and may be set right in between.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from player.clock import Clock
from player.errands import Errands
from player.telling.files import read_file
from playlists.agent_report import AgentReport, read_agent_report, seconds_left
from playlists.timing import MonotonicNs

FRESH_NS: Final = 30_000_000_000
"""A report that has not changed for so long is of an agent that hangs or is gone."""
LONGEST_NS: Final = 60_000_000_000
"""How long a banner may stand that is not told anew."""
_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class AgentNews:
    """What stood in the file at the last look; ``since`` when it has been seen to stand there.

    ``witnessed`` is whether the file was seen to change: what lay there at the first look may be of last week, and only
    its lasting facts count.
    """

    content: bytes | None
    report: AgentReport | None
    since: MonotonicNs
    witnessed: bool = False
    until: MonotonicNs | None = None
    """When the banner goes, by the boot clock; None: nobody saw it come."""

    def looked(self, content: bytes | None, now: MonotonicNs) -> "AgentNews":
        """The news after another look."""
        if content == self.content:
            return self
        report = read_agent_report(content)
        banner = None if report is None else report.banner
        if report is None or banner is None:
            until = None
        elif self.witnessed and self.report is not None and banner == self.report.banner:
            until = self.until
        else:
            left = seconds_left(report)
            until = MonotonicNs(now + (LONGEST_NS if left is None else min(LONGEST_NS, round(left * _NS))))
        return AgentNews(content, report, now, witnessed=True, until=until)

    def silent(self, now: MonotonicNs) -> bool:
        """Whether there is a report, and nobody who stands by it any more."""
        return self.report is not None and now - self.since >= FRESH_NS

    def told(self, now: MonotonicNs) -> AgentReport | None:
        """What can be told to a technician: of a report that nobody stands by no progress."""
        if self.report is None or (self.witnessed and not self.silent(now)):
            return self.report
        return replace(self.report, progress=None)

    def banner(self, now: MonotonicNs) -> str | None:
        """What passers-by are told."""
        if self.report is None or self.report.banner is None or self.silent(now):
            return None
        return None if self.until is None or now >= self.until else self.report.banner.text


def first_look(content: bytes | None, now: MonotonicNs) -> AgentNews:
    """The news of the first look."""
    return AgentNews(content, read_agent_report(content), now)


@dataclass(slots=True)
class AgentWatch:
    """Reads the agent's file by errands, one at a time; ``on_banner`` hears at every look what is to be shown."""

    path: Path
    clock: Clock
    errands: Errands
    on_banner: Callable[[str | None], None]
    _news: AgentNews | None = None
    _looking: bool = False

    @property
    def report(self) -> AgentReport | None:
        """What can be told to a technician now."""
        return None if self._news is None else self._news.told(self.clock.monotonic())

    @property
    def silent(self) -> bool:
        """Whether the agent has fallen silent."""
        return self._news is not None and self._news.silent(self.clock.monotonic())

    def look(self) -> None:
        """Look at the file, not waiting for it; a disk that hangs keeps no banner up."""
        self._tell()
        if not self._looking:
            self._looking = True
            self.errands.run(lambda: read_file(self.path), self._seen)

    def _seen(self, content: bytes | None) -> None:
        self._looking = False
        now = self.clock.monotonic()
        self._news = first_look(content, now) if self._news is None else self._news.looked(content, now)
        self._tell()

    def _tell(self) -> None:
        self.on_banner(None if self._news is None else self._news.banner(self.clock.monotonic()))
