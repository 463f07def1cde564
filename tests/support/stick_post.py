"""A post for tests: a state folder that only ever sees sticks, worked on by the agent's own cycle, and a trial run.

The player is not there: whatever release is tried proves good at the next ``settle``.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from playlists.release import Release, read_active, read_release
from sync.agent.agent_folder import AgentFolder
from sync.agent.cycle import Cycle, Polled
from sync.agent.download import fetch
from sync.agent.machine_clock import SetClock
from sync.agent.media_store import MediaStore
from sync.agent.player_watch import PlayerWatch
from sync.agent.ports import Source
from sync.agent.release_choice import Place
from sync.agent.standing import confirmed
from sync.agent.stick_kiosk import CycleKiosk
from sync.agent.sticks import Outcome, import_stick
from sync.agent.succession import Succession
from sync.agent.trust_store import TrustStore
from tests.support.signed_feed import MADE


@dataclass
class Post:
    """The state folder at ``state``; ``root`` is where trust begins, ``now`` what the wall clock shows."""

    state: Path
    root: bytes
    gate: str = "bo-y"
    screen: str = "tuong-1"
    floor: int = 0
    clock: SetClock = field(default_factory=lambda: SetClock(MADE))
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        """Begin anew with what is on the disk, as after a power cut."""
        folder = AgentFolder(self.state)
        folder.path.mkdir(exist_ok=True)
        self.store = MediaStore(folder.path, self.floor)
        trust = TrustStore.in_agent_folder(folder.path, self.root)
        self.cycle = Cycle(folder, Place(self.gate, self.screen), trust, self.store, self.clock)
        self.succession = Succession(self.cycle, PlayerWatch(folder))
        self.cycle.mend()

    def bring(self, source: Source) -> Polled:
        """As the agent does."""
        polled = self.cycle.poll(source)
        if polled.order is not None:
            self.cycle.make_room(polled.order)
            fetch(polled.order.files, source, self.store)
            self.succession.take_over(polled.order)
        return polled

    def put_in(self, stick: Path, *, settle: bool = True) -> Outcome | None:
        """Import a stick, and let what it brought prove good."""
        kiosk = CycleKiosk(self.cycle, self.bring)
        outcome = import_stick(stick, kiosk, self.cycle.trust, self.clock, self.told.append)
        if settle:
            self.settle()
        return outcome

    def settle(self) -> None:
        """The release on trial, if there is one, proves good."""
        if self.cycle.standing.trial is None:
            return
        self.cycle.keep_standing(confirmed(self.cycle.standing))
        self.cycle.collect()

    @property
    def sequence(self) -> int:
        """Of the active release; 0 where there is none. Fails where anything of it is missing or wrong."""
        path = self.state / "agent" / "active"
        if not path.exists():
            return 0
        active = read_active(path.read_bytes())
        if not self.cycle.releases.is_whole(active):
            message = f"release {active.sequence} is active and not whole"
            raise AssertionError(message)
        self.check_media(self._release(active.sequence))
        return active.sequence

    def check_media(self, release: Release) -> None:
        """Fail where a file of a release is not what was signed."""
        for file in release.media:
            if sha256(self.store.path(file.sha256).read_bytes()).hexdigest() != file.sha256:
                message = f"{file.source} is not what was signed"
                raise AssertionError(message)

    def _release(self, sequence: int) -> Release:
        return read_release((self.cycle.folder.release(sequence) / "release.json").read_bytes())
