"""The programme of a kiosk: the active release, what is urgent, what is withdrawn, and the plan of the hour."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from player.bill import Bill
from player.clock import Clock
from player.errands import Errands
from player.following import Plan
from player.live.letters import Letters
from player.live.loading import Loaded, load_release
from player.live.state_folder import StateFolder
from player.live.trial import Trial
from player.live.verified import Verified, save
from player.planning import Planned, Planning
from player.playout import Agenda
from player.reactor import Reactor
from player.trials import Laboratory
from player.trust import ClockTrust
from playlists.playlist import Playlist, Slot
from playlists.release import Active
from playlists.schedule import Precedence
from playlists.screen import Screen
from playlists.timing import Moment

NOTHING: Final = Playlist("", "", ())


@dataclass(slots=True)
class ReleaseProgramme:
    """See the module. ``on_news`` hears what does not wait for a slot; ``fault`` takes a code and a sentence."""

    folder: StateFolder
    default: Screen
    clock: Clock
    reactor: Reactor
    errands: Errands
    trust: ClockTrust
    verified: Verified
    laboratory: Laboratory
    fault: Callable[[str, str], None]
    on_news: Callable[[Bill], None] = field(default=lambda _bill: None)
    """Set before the start: the conductor needs the programme first."""
    on_release: Callable[[Loaded], None] = field(default=lambda _loaded: None)
    refused: tuple[int, str] | None = None
    """The release that could not be played, and why."""
    _loaded: Loaded | None = None
    _letters: Letters = field(default_factory=Letters)
    _starting: bool = False
    """Whether the release that was good last is on its way: no other may overtake it."""
    _awaited: Active | None = None
    """The release that is being loaded or tried."""
    _trial: Trial | None = None
    _planning: Planning = field(init=False)
    _distrusted: bool = False
    _flaws: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Nothing is planned yet."""
        self._planning = Planning(self.errands, self.trust, self.fault)

    @property
    def screen(self) -> Screen:
        """The screen of the running release."""
        loaded = self._loaded
        return self.default if loaded is None or loaded.screen is None else loaded.screen

    @property
    def release(self) -> int | None:
        """The sequence of the running release."""
        return None if self._loaded is None else self._loaded.active.sequence

    def start(self) -> None:
        """Play the release that was good last, until the letters name another."""
        if self.verified.release is not None:
            self._starting = True
            self._load(self.verified.release, proven=True)

    def hear(self, letters: Letters) -> None:
        """The agent has written."""
        self._letters = letters
        for name, flaw in letters.flaws:
            if (name, flaw) not in self._flaws:
                self.fault("state-folder", f"{name}: {flaw}")
        self._flaws = letters.flaws
        if letters.active is not None:
            self._consider(letters.active)
        self._tell()

    def read(self, begins: Moment, then: Callable[[Bill], None]) -> None:
        """Hand over what there is to show in a slot that begins then; plans are made off the painting thread."""
        self._watch_trust(begins)
        planned = self._planned

        def had() -> None:
            now = self._planned
            if (planned.name, planned.refused) != (now.name, now.refused):
                self.read(begins, then)  # a release or a withdrawal came meanwhile: its plan is another
            else:
                then(self._bill(begins, self._planning.known(planned, begins)))

        self._planning.have(planned, begins, had)

    def path_of(self, slot: Slot) -> str:
        """Where the slot's file lies, or its bulletin's picture; nowhere for what has neither."""
        bulletin = slot.item.bulletin
        digest = slot.item.sha256 or (None if bulletin is None else bulletin.picture_sha256)
        return "" if digest is None else str(self.folder.media(digest))

    @property
    def locate(self) -> Callable[[str], str]:
        """Where a file lies that the running release, or an urgent bulletin, calls by a name."""
        digests = {file.source: file.sha256 for urgent in self._letters.urgent for file in urgent.media}
        if self._loaded is not None:
            digests |= self._loaded.digests
        media = self.folder.media
        return lambda source: str(media(digests[source])) if source in digests else ""

    def path_to(self, source: str) -> str:
        """Where a file lies that the release running now calls by this name."""
        return self.locate(source)

    # Which release.

    def _consider(self, active: Active) -> None:
        """Another release is active: load it, try it, take it over; the same one again changes nothing."""
        if self._starting or active == self._awaited:
            return
        if self._loaded is not None and active == self._loaded.active:
            return
        if self.refused is not None and self.refused[0] == active.sequence and self._awaited is None:
            return
        self._load(active, proven=active == self.verified.release)

    def _load(self, active: Active, *, proven: bool) -> None:
        if self._trial is not None:
            self._trial.call_off()
            self._trial = None
        self._awaited = active

        def loaded(result: Loaded | str) -> None:
            if active != self._awaited:
                return
            if isinstance(result, str):
                self._refuse(active, result)
            elif proven or self._loaded is None:
                # With nothing else to show, items that cannot be played are left out one by one.
                self._take_over(result)
            if isinstance(result, Loaded) and not proven:
                self._try(result)
            if self._starting:
                self._starting = False
                if self._letters.active is not None:
                    self._consider(self._letters.active)

        self.errands.run(lambda: load_release(self.folder, active, self.default), loaded)

    def _try(self, loaded: Loaded) -> None:
        def judged(flaw: str | None) -> None:
            self._trial = None
            if flaw is not None:
                self._refuse(loaded.active, flaw)
                return
            self._take_over(loaded)
            self.verified.keep_only(frozenset(loaded.digests.values()))
            self.verified.release = loaded.active
            content = self.verified.content()
            self.errands.run(lambda: save(self.verified.path, content), lambda _trouble: None)

        self._trial = Trial(
            loaded, self.folder, self.verified, self.laboratory, self.clock, self.reactor, self.errands, judged
        )
        self._trial.start()

    def _take_over(self, loaded: Loaded) -> None:
        """The release is what is read from the next slot on."""
        self._awaited = self.refused = None
        if self._loaded is None or self._loaded.active != loaded.active:
            first, self._loaded = self._loaded is None, loaded
            self.on_release(loaded)
            if first:
                self._tell()  # the screen is empty, and waits for no boundary

    def _refuse(self, active: Active, reason: str) -> None:
        self._awaited = None
        self.refused = (active.sequence, reason)
        self.fault("release-refused", f"release {active.sequence}: {reason}")

    # What there is to show.

    def _tell(self) -> None:
        now = self.clock.moment()
        self.on_news(self._bill(now, self._planning.known(self._planned, now)))

    def _watch_trust(self, moment: Moment) -> None:
        trusted = self.trust.trusts(moment)
        if not trusted and not self._distrusted:
            self.fault("clock-untrusted", f"the clock says {moment.wall}; what is dated waits")
        self._distrusted = not trusted

    def _bill(self, begins: Moment, plan: Plan) -> Bill:
        letters, loaded = self._letters, self._loaded
        playlist = NOTHING if loaded is None else loaded.playlist
        urgent = [slot for slot in playlist.slots if slot.precedence is Precedence.URGENT]
        slots = tuple(slot for slot in (*letters.slots, *urgent) if not letters.withdrawn.covers(slot.item))
        ordinary = tuple(
            slot
            for slot in playlist.slots
            if slot.precedence is not Precedence.URGENT and not letters.withdrawn.covers(slot.item)
        )
        agenda = Agenda(self._planned.local(begins), self.trust.trusts(begins), plan, slots)
        return Bill(
            replace(playlist, slots=ordinary),
            signature=self._signature,
            agenda=agenda,
            release=None if loaded is None else str(loaded.active.sequence),
            is_withdrawn=lambda slot: letters.withdrawn.covers(slot.item),
        )

    @property
    def _planned(self) -> Planned:
        """What is planned now."""
        loaded = self._loaded
        if loaded is None:
            return Planned("", NOTHING, self.screen)
        return Planned(loaded.active.sha256, loaded.playlist, self.screen, self._refused_slots)

    @property
    def _signature(self) -> str:
        loaded = self._loaded
        return "" if loaded is None else " ".join((loaded.active.sha256, *sorted(self._refused_slots)))

    @property
    def _refused_slots(self) -> frozenset[str]:
        slots = () if self._loaded is None else self._loaded.playlist.slots
        return frozenset(slot.id for slot in slots if self._letters.withdrawn.covers(slot.item))
