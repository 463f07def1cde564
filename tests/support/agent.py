"""A pretended agent: writes its half of a state folder as the real one does, every file replaced whole."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from player.live.state_folder import StateFolder
from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.playlist_file import write_playlist
from playlists.proof import Rendition
from playlists.release import (
    Active,
    MediaFile,
    Release,
    UrgentBulletin,
    Withdrawn,
    digest_of,
    write_active,
    write_release,
    write_urgent,
    write_withdrawn,
)
from playlists.schedule import Precedence
from playlists.screen import Screen
from playlists.screen_file import write_screen
from playlists.timing import DurationMs


@dataclass
class Agent:
    """Writes into the state folder at ``path``."""

    path: Path
    sequence: int = 0
    folder: StateFolder = field(init=False)

    def __post_init__(self) -> None:
        self.folder = StateFolder(self.path)
        for name in ("media", "releases", "urgent"):
            (self.folder.agent / name).mkdir(parents=True, exist_ok=True)
        (self.path / "player").mkdir(exist_ok=True)

    def bring(self, file: Path, source: str | None = None) -> MediaFile:
        """Put a file among the media."""
        content = file.read_bytes()
        digest = digest_of(content)
        if not self.folder.media(digest).exists():
            place(self.folder.media(digest), content)
        return MediaFile(source or file.name, digest, len(content))

    def publish(
        self,
        playlist: Playlist,
        media: Sequence[MediaFile],
        screen: Screen | None = None,
        slate: str | None = None,
    ) -> Active:
        """Write a release and make it the active one."""
        self.sequence += 1
        home = self.folder.release(self.sequence)
        home.mkdir(parents=True)
        documents = [("playlist.json", write_playlist(playlist))]
        if screen is not None:
            documents.append(("screen.json", write_screen(screen)))
        for name, content in documents:
            place(home / name, content)
        named = [MediaFile(name, digest_of(content), len(content)) for name, content in documents]
        release = Release(self.sequence, named[0], tuple(media), named[1] if screen is not None else None, slate)
        content = write_release(release)
        place(home / "release.json", content)
        active = Active(self.sequence, digest_of(content))
        self.activate(active)
        return active

    def activate(self, active: Active) -> None:
        """Name the release to be shown."""
        place(self.folder.active, write_active(active))

    def urge(self, name: str, picture: MediaFile, seconds: float = 2.0, issued: datetime | None = None) -> None:
        """Write an urgent bulletin that is a picture, in force for an hour."""
        slot = urgent_picture(name, picture, seconds, issued)
        place(self.folder.urgent / f"{name}.json", write_urgent(UrgentBulletin(name, slot, (picture,)), name))

    def calm(self, name: str) -> None:
        """Take an urgent bulletin away."""
        (self.folder.urgent / f"{name}.json").unlink()

    def withdraw(self, *items: str) -> None:
        """Say what is withdrawn."""
        place(self.folder.withdrawn, write_withdrawn(Withdrawn(frozenset(items))))


def place(path: Path, content: bytes) -> None:
    """Write a file as ``.part`` and rename it, as the real agent does."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)  # noqa: PTH105 - one name for both of agent and test


def urgent_picture(name: str, picture: MediaFile, seconds: float, issued: datetime | None) -> Slot:
    """The slot of an urgent bulletin whose rendition is a picture."""
    since = (issued or datetime.now(UTC)).replace(microsecond=0)
    urgency = Urgency("Bộ Chỉ huy", "Bờ Y", since, since + timedelta(hours=1))
    text = BulletinText("vi", name)
    bulletin = Bulletin((text,), Rendition.IMAGE, picture=picture.source, urgency=urgency)
    item = Item(
        name,
        "",
        ItemKind.BULLETIN,
        name,
        ("vi",),
        duration=DurationMs(round(seconds * 1000)),
        bulletin=bulletin,
    )
    return Slot(name, item, precedence=Precedence.URGENT)


def clips_of(media: Sequence[MediaFile], **changes: object) -> Playlist:
    """A planned playlist that shows each file in a slot of its own; ``changes`` are fields of the playlist."""
    items = [Item(file.source, file.source, ItemKind.CLIP, file.source, ("vi",)) for file in media]
    playlist = Playlist("p", "p", tuple(Slot(item.id, item) for item in items), planned=True)
    return replace(playlist, **changes)  # type: ignore[arg-type]  # fields by name
