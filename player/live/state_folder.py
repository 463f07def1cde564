"""Where things lie in a kiosk's state folder; ``deploy/docs/state-folder.md`` describes it."""

import contextlib
import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StateFolder:
    """``agent/`` is the agent's and only read; ``player/`` is ours."""

    path: Path

    @property
    def agent(self) -> Path:
        """The agent's half."""
        return self.path / "agent"

    @property
    def active(self) -> Path:
        """Names the release to be shown; replaced whole."""
        return self.agent / "active"

    @property
    def urgent(self) -> Path:
        """One file for each urgent bulletin."""
        return self.agent / "urgent"

    @property
    def withdrawn(self) -> Path:
        """What must not be shown."""
        return self.agent / "withdrawn"

    def release(self, sequence: int) -> Path:
        """The folder of a release."""
        return self.agent / "releases" / str(sequence)

    def media(self, digest: str) -> Path:
        """A file by the digest of its content."""
        return self.agent / "media" / digest

    @property
    def log(self) -> Path:
        """The play log."""
        return self.path / "player" / "play.log.sqlite"

    @property
    def bookmark(self) -> Path:
        """What was on the screen last."""
        return self.path / "player" / "resume.json"

    @property
    def verified(self) -> Path:
        """Which media were proven, and the last release that was good."""
        return self.path / "player" / "verified.json"

    @property
    def slate(self) -> Path:
        """The gate's own slate, where the release brings none."""
        return self.path / "slate.png"


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file so that a power cut leaves the old one or the new one. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_whole(path: Path, limit: int) -> bytes | None:
    """The content of a regular file, None where there is none that can be read or it is longer than ``limit``."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with FileIO(descriptor) as file:
            content = b""
            while (part := file.read(limit + 1 - len(content))) and len(content) <= limit:
                content += part
            return content if len(content) <= limit else None
    return None
