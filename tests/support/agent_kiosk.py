"""A kiosk's agent for tests: a state folder, settings, and the real agent in this process or as one of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.playlist_file import write_playlist
from playlists.proof import Rendition
from playlists.release import Active, MediaFile, UrgentBulletin, digest_of, read_active, read_release, write_urgent
from playlists.schedule import Precedence
from playlists.timing import DurationMs
from sync.agent.app import Agent
from sync.agent.machine_clock import MachineClock
from sync.agent.outfit import Outfit, fitted_out
from sync.agent.ports import Clock, Source
from sync.agent.settings import read_settings

GATE, SCREEN = "bo-y", "tuong-1"


def playlist_of(*media: MediaFile) -> bytes:
    """A planned playlist that shows each file, in a slot of its own."""
    items = [Item(file.source, file.source, ItemKind.CLIP, file.source, ("vi",)) for file in media]
    return write_playlist(Playlist("p", "p", tuple(Slot(item.id, item) for item in items), planned=True))


def urgent_bulletin(name: str, issued: datetime, picture: MediaFile | None = None, minutes: int = 60) -> bytes:
    """The file of an urgent bulletin, in force for so long."""
    urgency = Urgency("Bộ Chỉ huy", "Bờ Y", issued.replace(microsecond=0), issued + timedelta(minutes=minutes))
    bulletin = Bulletin(
        (BulletinText("vi", name, "Nội dung"),),
        Rendition.TEXT if picture is None else Rendition.IMAGE,
        picture=None if picture is None else picture.source,
        urgency=urgency,
    )
    item = Item(name, "", ItemKind.BULLETIN, name, ("vi",), duration=DurationMs(10_000), bulletin=bulletin)
    slot = Slot(name, item, precedence=Precedence.URGENT)
    return write_urgent(UrgentBulletin(name, slot, () if picture is None else (picture,)), name)


@dataclass
class AgentKiosk:
    """A state folder at ``folder/state`` and settings beside it; ``root`` is where trust begins."""

    folder: Path
    root: bytes
    feed: str | None = None
    clock: Clock = field(default_factory=MachineClock)
    more: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        (self.folder / "root.json").write_bytes(self.root)
        self.write_settings()

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def agent(self) -> Path:
        return self.state / "agent"

    @property
    def settings(self) -> Path:
        return self.folder / "agent.json"

    def write_settings(self) -> None:
        fields = {
            "format_version": 1,
            "state": str(self.state),
            "feed": self.feed,
            "gate": GATE,
            "screen": SCREEN,
            "root_file": str(self.folder / "root.json"),
            "floor_megabytes": 0,
            **self.more,
        }
        told = {name: value for name, value in fields.items() if value is not None}
        self.settings.write_text(json.dumps(told), encoding="utf-8")

    def outfit(self) -> Outfit:
        return fitted_out(read_settings(self.settings.read_bytes()))

    def open(self, source: Source | None = None) -> Agent:
        """The agent in this process."""
        return Agent(self.outfit(), self.clock, source=source, chance=lambda: 0.0)

    @property
    def active(self) -> Active | None:
        path = self.agent / "active"
        return read_active(path.read_bytes()) if path.exists() else None

    @property
    def sequence(self) -> int | None:
        return None if self.active is None else self.active.sequence

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "sync.agent", *arguments, "--settings", str(self.settings)]

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command, to its end."""
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=60, check=False)

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[str]"]:
        """``signage-agent run``, ended in good order afterwards."""
        process = subprocess.Popen(self.command("run"), stderr=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=20)


def whole_release(kiosk: AgentKiosk) -> int | None:
    """The sequence of the active release, every file of which is what it is named; None where none is active."""
    active = kiosk.active
    if active is None:
        return None
    home = kiosk.agent / "releases" / str(active.sequence)
    content = (home / "release.json").read_bytes()
    assert digest_of(content) == active.sha256
    release = read_release(content)
    assert digest_of((home / release.playlist.source).read_bytes()) == release.playlist.sha256
    for file in release.media:
        assert digest_of((kiosk.agent / "media" / file.sha256).read_bytes()) == file.sha256
    return active.sequence
