"""Where the agent's things lie in a kiosk's state folder; ``deploy/docs/state-folder.md`` describes what is shared."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AgentFolder:
    """``state`` is the state folder; ``agent/`` in it is ours, ``player/`` is the player's and only read."""

    state: Path

    @property
    def path(self) -> Path:
        """The agent's half, in which it alone writes."""
        return self.state / "agent"

    @property
    def lock(self) -> Path:
        """Held by the one agent, or command, that changes anything here."""
        return self.path / "lock"

    @property
    def media(self) -> Path:
        """Files under the digest of their content."""
        return self.path / "media"

    @property
    def releases(self) -> Path:
        """A folder for each release that is kept."""
        return self.path / "releases"

    def release(self, sequence: int) -> Path:
        """The folder of a release."""
        return self.releases / str(sequence)

    @property
    def active(self) -> Path:
        """Names the release to be shown."""
        return self.path / "active"

    @property
    def urgent(self) -> Path:
        """A file for each urgent bulletin in force."""
        return self.path / "urgent"

    @property
    def withdrawn(self) -> Path:
        """What must not be on the screen."""
        return self.path / "withdrawn"

    @property
    def offers(self) -> Path:
        """Small signed targets as the feed has them, under their digests, so that none is fetched twice."""
        return self.path / "offers"

    @property
    def standing(self) -> Path:
        """Which release is good, which is on probation, which were bad."""
        return self.path / "probation.json"

    @property
    def identity(self) -> Path:
        """The device's key and what it is enrolled as."""
        return self.path / "identity"

    @property
    def scrubbed(self) -> Path:
        """When every file of the store was last read and hashed."""
        return self.path / "scrubbed"

    @property
    def report(self) -> Path:
        """What is said to the player's maintenance page."""
        return self.path / "status.json"

    @property
    def diagnosis(self) -> Path:
        """What ``diagnose`` found last, for a stick to carry."""
        return self.path / "diagnosis.json"

    @property
    def player_status(self) -> Path:
        """What the player says of itself."""
        return self.state / "player" / "status.json"

    @property
    def player_faults(self) -> Path:
        """What went wrong in the player, over restarts."""
        return self.state / "player" / "faults.json"
