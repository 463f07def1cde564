"""Stand-ins behind the ports of live playing: a laboratory that follows a script, a display that obeys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from player.clock import Clock
from player.fitting import Size
from player.performance import Picture
from player.reactor import Reactor
from player.trials import Finding
from playlists.timing import MonotonicNs


@dataclass(slots=True)
class ScriptedLaboratory:
    """Finds every file to be what its name says, but those of ``flaws`` (by digest), each after ``delay_ms``."""

    clock: Clock
    reactor: Reactor
    flaws: Mapping[str, str] = field(default_factory=dict)
    delay_ms: int = 300
    tried: list[str] = field(default_factory=list)
    """The digests of all files that were opened."""

    def try_out(self, path: str, *, moving: bool, then: Callable[[Finding], None]) -> None:  # noqa: ARG002 - all alike
        """Answer by the script."""
        digest = Path(path).name
        self.tried.append(digest)
        try:
            seen = Path(path).stat()
            stamp = (seen.st_size, seen.st_mtime_ns, seen.st_ino)
        except OSError:
            stamp = None
        finding = Finding(self.flaws.get(digest), digest, stamp)
        at = MonotonicNs(self.clock.monotonic() + self.delay_ms * 1_000_000)
        self.reactor.call_at(at, lambda: then(finding))

    def paint(self, path: str, canvas: Size, then: Callable[[Picture | None], None]) -> None:
        """A grey picture for every file that is there."""
        there = Path(path).exists() and Path(path).name not in self.flaws
        pixels = memoryview(bytes(canvas.width * canvas.height * 4))
        picture = Picture(pixels, canvas, canvas.width * 4) if there else None
        at = MonotonicNs(self.clock.monotonic() + self.delay_ms * 1_000_000)
        self.reactor.call_at(at, lambda: then(picture))


@dataclass(slots=True)
class ToldPower:
    """A display that remembers what it was told, and when."""

    clock: Clock
    told: list[tuple[MonotonicNs, bool]] = field(default_factory=list)

    def on(self) -> None:
        """Be lit."""
        self.told.append((self.clock.monotonic(), True))

    def off(self) -> None:
        """Be dark."""
        self.told.append((self.clock.monotonic(), False))
