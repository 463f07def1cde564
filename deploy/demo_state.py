"""The agent's part in the demo: a kiosk's state folder, and an urgent bulletin in it.

``demo_state.py build CONTENT FOLDER`` publishes the playlist, screen and media of a content folder; where the running
release holds the same, nothing is written. ``demo_state.py urge FILE FOLDER`` issues the bulletin of a playlist file
of one urgent slot as of now. Signing and fetching, which a real agent does, are left out.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from player.live.state_folder import StateFolder, write_durably
from playlists.content_digest import item_digest
from playlists.errors import ContentError, ExitCode, SignageError, SiteError
from playlists.playlist import Playlist, Slot
from playlists.playlist_file import read_playlist
from playlists.release import (
    Active,
    MediaFile,
    Release,
    UrgentBulletin,
    digest_of,
    read_active,
    read_release,
    sources_of,
    write_active,
    write_release,
    write_urgent,
)
from playlists.screen_file import read_screen

HOLDS_FOR: Final = timedelta(hours=2)
_HANOI: Final = timezone(timedelta(hours=7))
_ARGUMENTS: Final = 3


def build(content: Path, path: Path) -> bool:
    """Publish a content folder; whether anything was new. Urgent bulletins of an earlier demo are taken back.

    Raises ContentError for a file that is not as it should be, SiteError where nothing can be written.
    """
    folder = StateFolder(path)
    documents = {
        "playlist.json": (content / f"{content.name}.playlist.json").read_bytes(),
        "screen.json": (content / f"{content.name}.screen.json").read_bytes(),
    }
    playlist, screen = read_playlist(documents["playlist.json"]), read_screen(documents["screen.json"])
    logo = () if screen.layout.logo is None else (screen.layout.logo,)
    media = {source: (content / source).read_bytes() for source in (*_sources(playlist), *logo)}
    named = {name: MediaFile(name, digest_of(held), len(held)) for name, held in {**documents, **media}.items()}
    try:
        folder.urgent.mkdir(parents=True, exist_ok=True)
        for old in folder.urgent.glob("*.json"):
            old.unlink()
        running = _running(folder)
        release = Release(
            _unused_sequence(folder),
            named["playlist.json"],
            tuple(named[source] for source in media),
            named["screen.json"],
        )
        if running is not None and replace(release, sequence=running.sequence) == running:
            return False
        _publish(folder, release, documents, {named[source].sha256: held for source, held in media.items()})
    except OSError as error:
        message = f"{path} cannot be written: {error}"
        raise SiteError(message) from error
    return True


def urge(file: Path, path: Path, now: datetime) -> Path:
    """Issue an urgent bulletin as of ``now``; where it was put."""
    slots = read_playlist(file.read_bytes()).slots
    if len(slots) != 1:
        message = f"{file} holds {len(slots)} slots, not one urgent bulletin"
        raise ContentError(message)
    (slot,) = slots
    issued = now.astimezone(_HANOI).replace(microsecond=0)
    reissued = _reissued(slot, issued)
    place = StateFolder(path).urgent / f"{slot.item.id}.json"
    write_durably(place, write_urgent(UrgentBulletin(slot.item.id, reissued), slot.item.title))
    return place


def _reissued(slot: Slot, issued: datetime) -> Slot:
    """The bulletin with its hours, and the example approvals bound to what it now says."""
    bulletin = slot.item.bulletin
    if bulletin is None or bulletin.urgency is None:
        message = f"{slot.id} is no urgent bulletin"
        raise ContentError(message)
    urgency = replace(bulletin.urgency, issued=issued, expires=issued + HOLDS_FOR)
    item = replace(slot.item, bulletin=replace(bulletin, issued=issued, urgency=urgency))
    papers = item.papers
    approvals = tuple(replace(approval, on=issued.date(), digest=item_digest(item)) for approval in papers.approvals)
    return replace(slot, item=replace(item, papers=replace(papers, approvals=approvals)))


def _sources(playlist: Playlist) -> Iterator[str]:
    yield from dict.fromkeys(source for slot in playlist.slots for source in sources_of(slot.item))


def _unused_sequence(folder: StateFolder) -> int:
    """A number is never used twice, be it that of a release which has been spoiled."""
    releases = folder.agent / "releases"
    used = [int(path.name) for path in releases.glob("*") if path.name.isdecimal()]
    return max(used, default=0) + 1


def _running(folder: StateFolder) -> Release | None:
    """The release that is active and whole; None where there is none."""
    try:
        active = read_active(folder.active.read_bytes())
        content = (folder.release(active.sequence) / "release.json").read_bytes()
        release = read_release(content)
    except (OSError, SignageError):
        return None
    whole = digest_of(content) == active.sha256 and all(
        folder.media(file.sha256).is_file() and folder.media(file.sha256).stat().st_size == file.length
        for file in release.media
    )
    return release if whole else None


def _publish(folder: StateFolder, release: Release, documents: dict[str, bytes], media: dict[str, bytes]) -> None:
    """Media first, the release next, and last the file that makes it the one to be shown."""
    for digest, held in media.items():
        write_durably(folder.media(digest), held)
    home = folder.release(release.sequence)
    for name, held in documents.items():
        write_durably(home / name, held)
    content = write_release(release)
    write_durably(home / "release.json", content)
    write_durably(folder.active, write_active(Active(release.sequence, digest_of(content))))


def main() -> int:
    """Run what was asked for; an exit code of the shared table."""
    if len(sys.argv) != 1 + _ARGUMENTS or sys.argv[1] not in {"build", "urge"}:
        sys.stderr.write(f"usage: {sys.argv[0]} build CONTENT FOLDER | urge FILE FOLDER\n")
        return ExitCode.USAGE
    what, source, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    try:
        if what == "build":
            build(source, folder)
        else:
            sys.stdout.write(f"{os.fspath(urge(source, folder, datetime.now(_HANOI)))}\n")
    except SignageError as error:
        sys.stderr.write(f"{sys.argv[0]}: {error}\n")
        return error.exit_code
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
