"""The agent's letters: the small files that say what is active, urgent and withdrawn, read together."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from player.live.state_folder import StateFolder, read_whole
from playlists.errors import ContentError
from playlists.playlist import Slot
from playlists.release import (
    Active,
    UrgentBulletin,
    Withdrawn,
    read_active,
    read_urgent,
    read_withdrawn,
)

_MOST_BYTES: Final = 4 << 20
_MOST_URGENT: Final = 100


@dataclass(frozen=True, slots=True)
class Letters:
    """What the agent says now. ``flaws`` are files it should not have written, each once: name and what is wrong."""

    active: Active | None = None
    urgent: tuple[UrgentBulletin, ...] = ()
    withdrawn: Withdrawn = field(default_factory=Withdrawn)
    flaws: tuple[tuple[str, str], ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of the urgent bulletins."""
        return tuple(urgent.slot for urgent in self.urgent)


def signature(folder: StateFolder) -> tuple[object, ...]:
    """What changes when any letter does; costs a few looks at the disk and reads nothing."""
    urgent = sorted(_urgent_names(folder))
    paths = (folder.active, folder.withdrawn, *(folder.urgent / name for name in urgent))
    return tuple((path.name, _stamp(path)) for path in paths)


def read_letters(folder: StateFolder, before: Letters) -> Letters:
    """Read all letters; one that cannot be read leaves what was in force before it in force."""
    flaws: list[tuple[str, str]] = []
    active, withdrawn = before.active, before.withdrawn
    content = read_whole(folder.active, _MOST_BYTES)
    if content is not None:
        try:
            active = read_active(content)
        except ContentError as error:
            flaws.append(("active", str(error)))
    content = read_whole(folder.withdrawn, _MOST_BYTES)
    try:
        withdrawn = Withdrawn() if content is None else read_withdrawn(content)
    except ContentError as error:
        flaws.append(("withdrawn", str(error)))
    urgent: list[UrgentBulletin] = []
    names = sorted(_urgent_names(folder))
    if len(names) > _MOST_URGENT:
        flaws.append(("urgent", f"hơn {_MOST_URGENT} tin khẩn: chỉ {_MOST_URGENT} tin đầu theo tên tệp được chiếu"))
    for name in names[:_MOST_URGENT]:
        content = read_whole(folder.urgent / name, _MOST_BYTES)
        if content is None:
            continue  # it went away meanwhile
        try:
            bulletin = read_urgent(content)
        except ContentError as error:
            flaws.append((f"urgent/{name}", str(error)))
            urgent += [known for known in before.urgent if f"{known.id}.json" == name]
            continue
        urgent.append(bulletin)
        missing = [file.source for file in bulletin.media if not folder.media(file.sha256).is_file()]
        flaws += [(f"urgent/{name}", f"thiếu tệp {source}") for source in missing]
    return Letters(active, tuple(urgent), withdrawn, tuple(flaws))


def _urgent_names(folder: StateFolder) -> list[str]:
    try:
        names = [path.name for path in folder.urgent.iterdir()]
        return [name for name in names if name.endswith(".json") and not name.startswith(".")]
    except OSError:
        return []


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        seen = path.stat()
    except OSError:
        return ()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns
