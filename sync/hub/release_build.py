"""Builds what is to be signed of a release that has been judged: one target for each screen, and all it names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playlists.playlist import Item, ItemKind
from playlists.release import Release, read_released_playlist, sources_of, write_release
from playlists.screen_file import write_screen
from sync.hub.drafts import Change
from sync.hub.media_intake import Progress, Taken, pieces_by_digest, put, take
from sync.hub.release_plan import Planned, ReleasePlan
from sync.publication import Rollout, with_signature_fields

_MEGABYTE = 1_000_000
_KINDS = {
    ItemKind.CLIP: "video",
    ItemKind.IMAGE: "ảnh",
    ItemKind.PAGE: "trang",
    ItemKind.BULLETIN: "bản tin",
}


@dataclass(frozen=True, slots=True)
class Publication:
    """In whose name, under which sequence and when; ``rollout`` where some screens go first."""

    role: str
    sequence: int
    published: datetime
    rollout: Rollout | None = None


@dataclass
class _Intake:
    """Every file once, whatever the number of screens that show it."""

    folder: Path
    scratch: Path
    progress: Progress | None
    taken: dict[str, Taken] = field(default_factory=dict)
    made: dict[tuple[str, bytes], Taken] = field(default_factory=dict)

    def file(self, source: str) -> Taken:
        if source not in self.taken:
            self.taken[source] = take(self.folder / source, source, self.progress)
        return self.taken[source]

    def bytes_of(self, source: str, content: bytes) -> Taken:
        if (source, content) not in self.made:
            self.made[source, content] = put(self.scratch, source, content)
        return self.made[source, content]

    @property
    def all(self) -> list[Taken]:
        return [*self.taken.values(), *self.made.values()]


def build_release(
    plan: ReleasePlan, publication: Publication, scratch: Path, progress: Progress | None = None
) -> Change:
    """The change that publishes a plan; files that are made lie in ``scratch``, which must last until it is staged.

    Raises ``ContentError`` for a file that cannot be read, or has changed since it was judged.
    """
    intake = _Intake(plan.folder.path, scratch, progress)
    targets: dict[str, tuple[bytes, None]] = {}
    for one in plan.screens:
        release = _release(one, plan, publication, intake)
        read_released_playlist(one.edition.content, release)
        targets[one.name.path] = (write_release(release), None)
    return Change(
        role=publication.role,
        summary=tuple(_summary(plan, publication, intake.all)),
        set=targets,
        media={one.file.sha256: one.path for one in intake.all},
        pieces=pieces_by_digest(intake.all),
    )


def media_bytes(plan: ReleasePlan) -> int:
    """How many bytes building reads, for a progress bar."""
    sources = {source for one in plan.screens for source in _sources(one, plan) if source not in one.edition.pictures}
    paths = [plan.folder.path / source for source in sources]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _release(one: Planned, plan: ReleasePlan, publication: Publication, intake: _Intake) -> Release:
    edition = one.edition
    own = one.file.name == one.name
    layout = one.file.path.read_bytes() if own else write_screen(one.screen)
    media = [
        intake.bytes_of(source, edition.pictures[source]) if source in edition.pictures else intake.file(source)
        for source in _sources(one, plan)
    ]
    release = Release(
        sequence=publication.sequence,
        playlist=intake.bytes_of("playlist.json", edition.content).file,
        media=tuple(taken.file for taken in media),
        screen=intake.bytes_of("screen.json", layout).file,
        slate=plan.folder.slate,
    )
    return with_signature_fields(release, publication.role, publication.published.isoformat(), publication.rollout)


def _sources(one: Planned, plan: ReleasePlan) -> tuple[str, ...]:
    """Every file a screen's release names: media, captions, logo, slate."""
    logo = one.screen.layout.logo
    of_items = (source for slot in one.edition.playlist.slots for source in sources_of(slot.item))
    return tuple(dict.fromkeys(source for source in (*of_items, logo, plan.folder.slate) if source is not None))


def _summary(plan: ReleasePlan, publication: Publication, taken: Sequence[Taken]) -> Iterator[str]:
    first = plan.screens[0].edition.playlist
    yield f"Bản phát hành số {publication.sequence} ({publication.role}): “{first.title}”"
    yield f"Cho {len(plan.screens)} màn hình: {', '.join(str(one.name) for one in plan.screens)}"
    if publication.rollout is not None:
        hours = f"{publication.rollout.hold_minutes / 60:g}".replace(".", ",")
        names = ", ".join(publication.rollout.canary)
        yield f"Phát thử trước tại {names}; các màn hình khác chờ {hours} giờ không có lỗi"
    items = {slot.item.id: slot.item for slot in first.slots}
    yield f"{len(items)} mục, {len(first.slots)} vị trí phát:"
    yield from (f"  - {_told(item)}" for item in items.values())
    if first.ticker:
        yield f"  - dòng chữ chạy: {len(first.ticker)} câu"
    total = sum(one.file.length for one in taken)
    yield f"{len(taken)} tệp, {max(1, total // _MEGABYTE)} MB"


def _told(item: Item) -> str:
    languages = ", ".join(item.languages or item.sound) or "không ghi ngôn ngữ"
    digest = "" if item.sha256 is None else f", sha256 {item.sha256[:12]}…"
    return f"{item.id}: {item.title} ({_KINDS[item.kind]}, {languages}{digest})"
