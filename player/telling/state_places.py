"""Where things lie in a kiosk's state folder, as far as telling and maintenance are concerned."""

from dataclasses import dataclass
from pathlib import Path

from playlists.status import FILE_NAME


@dataclass(frozen=True, slots=True)
class StatePlaces:
    """``player/`` is ours; ``agent/`` is the agent's, and only read."""

    folder: Path

    @property
    def log(self) -> Path:
        """The play log."""
        return self.folder / "player" / "play.log.sqlite"

    @property
    def status(self) -> Path:
        """What the player says of itself."""
        return self.folder / "player" / FILE_NAME

    @property
    def faults(self) -> Path:
        """What went wrong lately."""
        return self.folder / "player" / "faults.json"

    @property
    def tries(self) -> Path:
        """Wrong tries of the maintenance PIN."""
        return self.folder / "player" / "maintenance.json"

    @property
    def screenshots(self) -> Path:
        """Pictures of the screen that were asked for."""
        return self.folder / "player" / "screenshots"

    @property
    def requests(self) -> Path:
        """Who asks for what."""
        return self.folder / "agent" / "requests"

    @property
    def agent(self) -> Path:
        """What the agent says of itself."""
        return self.folder / "agent" / "status.json"
