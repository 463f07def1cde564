"""Which media were proven to be what their names say, and which release was good: kept across restarts.

A digest costs reading the whole file. It is taken once, when a file has come; after that a file is known again by its
size, its time and its inode, as long as nobody touches it.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from player.live.state_folder import read_whole, write_durably
from player.trials import Stamp
from playlists.release import Active

_FORMAT: Final = 1
_MOST_BYTES: Final = 16 << 20


@dataclass(slots=True)
class Verified:
    """What is known; harmless when lost, for everything in it can be found out again."""

    path: Path
    media: dict[str, Stamp] = field(default_factory=dict)
    release: Active | None = None
    """The last release that was good."""

    @classmethod
    def load(cls, path: Path) -> "Verified":
        """Read the file; one that is damaged or of another version knows nothing."""
        content = read_whole(path, _MOST_BYTES)
        try:
            told = json.loads(content or b"{}")
            if not isinstance(told, dict) or told.get("format_version") != _FORMAT:
                return cls(path)
            media = {
                digest: (int(size), int(time), int(inode)) for digest, (size, time, inode) in told["media"].items()
            }
            last = told.get("release")
            release = None if last is None else Active(int(last["sequence"]), str(last["sha256"]))
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls(path)
        return cls(path, media, release)

    def knows(self, digest: str, stamp: Stamp) -> bool:
        """Whether this very file was proven to have this digest."""
        return self.media.get(digest) == stamp

    def add(self, digest: str, stamp: Stamp) -> None:
        """A file was proven."""
        self.media[digest] = stamp

    def keep_only(self, digests: frozenset[str]) -> None:
        """Forget files that are in no release any more."""
        self.media = {digest: stamp for digest, stamp in self.media.items() if digest in digests}

    def content(self) -> bytes:
        """The file as it should be."""
        last = self.release
        release = None if last is None else {"sequence": last.sequence, "sha256": last.sha256}
        told = {"format_version": _FORMAT, "release": release, "media": self.media}
        return json.dumps(told, separators=(",", ":")).encode()


def save(path: Path, content: bytes) -> str | None:
    """Write the file; why it could not be written. For errands."""
    try:
        write_durably(path, content)
    except OSError as error:
        return error.strerror or str(error)
    return None
