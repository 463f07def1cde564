"""A whole kiosk in simulated time: the real conductor and programme on a real state folder, decoders by script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from player.clock import ManualClock
from player.live.bookmark import FileBookmark, read_bookmark
from player.live.doubles import ScriptedLaboratory, ToldPower
from player.live.hours import ScreenHours
from player.live.letters import Letters, read_letters
from player.live.release_programme import ReleaseProgramme
from player.live.verified import Verified
from player.ports import Paces
from player.rehearsal import Rehearsal, Script
from player.trust import ClockTrust
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.proof import Fault, PlayEnd, PlayStart, Record
from playlists.release import MediaFile
from playlists.screen import Screen
from playlists.timing import DurationMs
from tests.support.agent import Agent

SLOW = Paces(watch=5_000_000_000, clock=20_000_000_000, beat=600_000_000_000)
"""For long simulations: what has no time of its own is looked at rarely."""


@dataclass(frozen=True)
class Shown:
    """One play as the log tells it; what never came to the screen is no play."""

    item: str
    begins: datetime
    outcome: str
    reason: str | None
    start: PlayStart
    end: PlayEnd


@dataclass
class LiveRehearsal:
    """A kiosk; :meth:`boot` starts its player, again after a power cut."""

    path: Path
    screen: Screen
    clock: ManualClock
    scripts: dict[str, list[Script]] = field(default_factory=dict)
    flaws: dict[str, str] = field(default_factory=dict)
    paces: Paces = field(default_factory=Paces)
    trust_clock: bool = False
    agent: Agent = field(init=False)
    run: Rehearsal = field(init=False)
    programme: ReleaseProgramme = field(init=False)
    laboratory: ScriptedLaboratory = field(init=False)
    power: ToldPower = field(init=False)
    records: list[Record] = field(default_factory=list)
    """Of the players before this one."""
    _letters: Letters = field(default_factory=Letters)

    def __post_init__(self) -> None:
        self.agent = Agent(self.path)

    def boot(self) -> None:
        """Start the player as it would be after a boot."""
        folder = self.agent.folder
        remembered, boot = read_bookmark(folder.bookmark)
        self.trust = ClockTrust(always=self.trust_clock, boot=boot)
        self.power = ToldPower(self.clock)
        self._letters = Letters()
        hours = ScreenHours(lambda: self.programme.screen, self.trust, self.power)
        self.run = Rehearsal(
            Playlist("", "", ()),
            self.scripts,
            clock=self.clock,
            opening=hours,
            bookmark=_Late(self),
            remembered=remembered,
            paces=self.paces,
            make_programme=self._make_programme,
        )
        self.programme.on_news = self.run.conductor.news
        self.programme.start()
        self.deliver()

    def deliver(self) -> None:
        """The inbox hands over what the agent has written."""
        self._letters = read_letters(self.agent.folder, self._letters)
        self.programme.hear(self._letters)

    def play(self, milliseconds: int) -> None:
        """Let time pass."""
        self.run.play(milliseconds)

    def cut_power(self, dark_ms: int, boot: str, *, synchronised: bool | None = True) -> None:
        """The power fails for so long; then the player starts in another boot."""
        from player.proof_log.recovery import recovered_ends  # noqa: PLC0415 - only where the power fails

        records = self.run.log.records
        ended = {record.play for record in records if isinstance(record, PlayEnd)}
        left = [record for record in records if isinstance(record, PlayStart) and record.play not in ended]
        self.clock.advance(dark_ms)
        self.clock.reboot(boot)
        self.clock.synchronised = synchronised
        self.records += [*records, *recovered_ends(left, records, self.clock.moment())]
        self.boot()

    def all_records(self) -> list[Record]:
        """The rows of all players so far."""
        return [*self.records, *self.run.log.records]

    def shown(self) -> list[Shown]:
        """All plays that were on the screen, in order."""
        starts = {record.play: record for record in self.all_records() if isinstance(record, PlayStart)}
        ends = [record for record in self.all_records() if isinstance(record, PlayEnd)]
        return [
            Shown(
                starts[end.play].item,
                datetime.fromisoformat((end.start or starts[end.play].planned_start).wall).astimezone(UTC),
                end.outcome.value,
                end.reason,
                starts[end.play],
                end,
            )
            for end in ends
            if end.outcome.value not in {"skipped", "not_shown"} and (end.start is not None or end.actual is None)
        ]

    def faults(self) -> list[Fault]:
        """The fault rows so far."""
        return [record for record in self.all_records() if isinstance(record, Fault)]

    def _make_programme(self, run: Rehearsal) -> ReleaseProgramme:
        folder = self.agent.folder
        self.bookmark = FileBookmark(folder.bookmark, run.errands, self.clock, self.trust)
        self.laboratory = ScriptedLaboratory(self.clock, run.reactor, self.flaws)
        self.programme = ReleaseProgramme(
            folder,
            self.screen,
            self.clock,
            run.reactor,
            run.errands,
            self.trust,
            Verified.load(folder.verified),
            self.laboratory,
            run.journal.fault,
        )
        return self.programme


@dataclass
class _Late:
    """The bookmark is made with the programme, after the conductor has asked for one."""

    kiosk: LiveRehearsal

    def keep(self, slot: Slot, play: str, position: DurationMs) -> None:
        self.kiosk.bookmark.keep(slot, play, position)

    def remove(self) -> None:
        self.kiosk.bookmark.remove()


def plain_media(agent: Agent, folder: Path, lengths: Mapping[str, int]) -> tuple[list[MediaFile], list[Item]]:
    """Files nobody looks into, and clips of these lengths in milliseconds that name them."""
    media, items = [], []
    for name, length in lengths.items():
        file = folder / f"{name}.mp4"
        file.write_text(name, encoding="utf-8")
        brought = agent.bring(file)
        media.append(brought)
        items.append(Item(name, brought.source, ItemKind.CLIP, name, ("vi",), length=DurationMs(length)))
    return media, items


def whole_frames(lengths: Mapping[str, int]) -> dict[str, list[Script]]:
    """Scripts of clips that are one picture each, so that a year can be simulated."""
    return {name: [Script(length=length, frame=length)] for name, length in lengths.items()}
