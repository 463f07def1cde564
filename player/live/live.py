"""Everything that plays a state folder, wired together for the composition root."""

from collections.abc import Callable
from pathlib import Path

from player.bill import Bill
from player.clock import Clock
from player.errands import Errands
from player.live.bookmark import FileBookmark, read_bookmark
from player.live.gate_slate import GateSlate
from player.live.hours import Power, ScreenHours
from player.live.inbox import Inbox
from player.live.loading import Loaded
from player.live.release_programme import ReleaseProgramme
from player.live.state_folder import StateFolder
from player.live.verified import Verified
from player.ports import Stage
from player.reactor import Reactor
from player.trials import Laboratory
from player.trust import ClockTrust
from playlists.screen import Screen


class Live:
    """The programme of a state folder, with its hours and its bookmark. Reads two small files when it is made."""

    def __init__(  # noqa: PLR0913, PLR0917 - a root of its own; each of these is another adapter
        self,
        path: Path,
        default: Screen,
        clock: Clock,
        reactor: Reactor,
        laboratory: Laboratory,
        fault: Callable[[str, str], None],
        power: Power,
        *,
        trust_clock: bool,
    ) -> None:
        self.folder = StateFolder(path)
        self.remembered, boot = read_bookmark(self.folder.bookmark)
        self._reactor = reactor
        self.trust = trust = ClockTrust(trust_clock, boot)
        self._errands, self._writing = Errands(reactor), Errands(reactor)
        self.verified = Verified.load(self.folder.verified)
        self.bookmark = FileBookmark(self.folder.bookmark, self._writing, clock, trust)
        self.programme = ReleaseProgramme(
            self.folder, default, clock, reactor, self._errands, trust, self.verified, laboratory, fault
        )
        self.hours = ScreenHours(lambda: self.programme.screen, trust, power)
        self._laboratory = laboratory
        self._slate: GateSlate | None = None
        self.on_screen: Callable[[Screen, str | None, str | None], None] = lambda _screen, _look, _logo: None
        """Told of each release's screen, its playlist's look, and where its logo lies."""
        self._inbox: Inbox | None = None

    def in_front_of(self, stage: Stage) -> Stage:
        """The stage with the gate's own slate."""
        self._slate = GateSlate(stage, self._laboratory)
        self.programme.on_release = self._take_slate
        return self._slate

    def start(self, on_news: Callable[[Bill], None]) -> None:
        """Begin to listen; ``on_news`` hears what does not wait for the next slot."""
        self.programme.on_news = on_news
        if self._slate is not None and self.folder.slate.is_file():
            self._slate.use(self.folder.slate)
        self.programme.start()
        self._inbox = Inbox(self.folder, self._reactor, self.programme.hear)

    def _take_slate(self, loaded: Loaded) -> None:
        """A release brings the gate's slate, or the state folder has one; and the screen's looks."""
        source = loaded.release.slate
        if self._slate is not None:
            self._slate.use(self.folder.slate if source is None else self.folder.media(loaded.digests[source]))

        screen = self.programme.screen
        logo = None if screen.layout.logo is None else loaded.digests.get(screen.layout.logo)
        place = None if logo is None else str(self.folder.media(logo))
        self.on_screen(screen, loaded.playlist.look, place)

    def close(self) -> None:
        """Listen no more."""
        if self._inbox is not None:
            self._inbox.close()
        self._errands.close()
        self._writing.close()
