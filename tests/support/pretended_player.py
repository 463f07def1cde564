"""A pretended player: writes its half of a state folder as the real one does, and says what it is told to."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from player.telling.faults_file import write_faults
from playlists.release import read_active
from playlists.status import FaultNote, Playing, Showing, Status, write_status
from sync.agent.ports import Clock
from tests.support.agent import place

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class PretendedPlayer:
    """Lives in the state folder at ``state``; its clock is the agent's."""

    state: Path
    clock: Clock
    runs: int = 0
    faults: tuple[FaultNote, ...] = ()
    status: Status = field(init=False)

    def __post_init__(self) -> None:
        (self.state / "player").mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        """Be started, or started again."""
        self.runs += 1
        started = (BEGAN + timedelta(seconds=self.runs)).isoformat()
        self.status = Status("", "tuong-1", "0.1.0", started, Showing.STARTING, started)
        self.tell()

    def tell(self, **changes: object) -> None:
        """Write the status."""
        self.status = replace(self.status, at=self.clock.now().wall.isoformat(), **changes)  # type: ignore[arg-type]
        place(self.state / "player" / "status.json", write_status(self.status))

    def take_over(self) -> None:
        """Take the active release."""
        active = read_active((self.state / "agent" / "active").read_bytes())
        self.tell(release=str(active.sequence))

    def play(self, slot: str | None = None) -> None:
        """Show an item."""
        self.tell(showing=Showing.ITEM, playing=Playing("1", "a", "a", "", slot=slot))

    def show_slate(self) -> None:
        """Have nothing to show."""
        self.tell(showing=Showing.SLATE, playing=None)

    def refuse(self, sequence: int, why: str) -> None:
        """Refuse a release."""
        note = FaultNote(self.clock.now().wall.isoformat(), "release-refused", f"release {sequence}: {why}")
        self.faults = (note, *self.faults)
        place(self.state / "player" / "faults.json", write_faults(self.faults))
