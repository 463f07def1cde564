"""What goes onto a stick: from what is published and what screens are said to hold, the files and why. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from playlists.release import MediaFile, Release, UrgentBulletin
from sync import feed
from sync.bundle import FOLDER_FILES, Have, parts
from sync.hub.stick_sentences import StickRefusalError
from sync.publication import concerns, pieces_of, rollout_of

_RELEASE_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Published:
    """What a feed's metadata name: ``metadata`` feed names and lengths of all roots and of what is current.

    ``targets`` gives every target path its digest, length and ``custom``; ``confirmed`` are the sequences that screens
    which are no canaries may take.
    """

    metadata: Mapping[str, int]
    targets: Mapping[str, "Target"]
    confirmed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """A target as its role names it."""

    sha256: str
    length: int
    custom: object = None


@dataclass(frozen=True, slots=True)
class File:
    """A file of the feed that goes onto a stick; ``sha256`` is None for metadata."""

    name: str
    length: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ScreenShare:
    """What a stick brings one screen: its release, the media in it, and those it is said to hold already."""

    screen: str
    sequence: int
    brought: tuple[File, ...]
    held: tuple[File, ...]
    waits: bool
    """Whether the release is not yet confirmed and the screen is none of its canaries: the stick brings it in vain."""

    @property
    def brought_bytes(self) -> int:
        """Of media the stick brings."""
        return sum(file.length for file in self.brought)

    @property
    def held_bytes(self) -> int:
        """Of media that are left out."""
        return sum(file.length for file in self.held)


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """All files, each once, in the order they are written; the timestamp comes after them and is not among them."""

    files: tuple[File, ...]
    shares: tuple[ScreenShare, ...]

    @property
    def bytes(self) -> int:
        """The length of all files together."""
        return sum(file.length for file in self.files)


def screens_of(published: Published) -> tuple[str, ...]:
    """The screens that have a release, as ``GATE/SCREEN``."""
    return tuple(sorted({screen for path in published.targets if (screen := _screen_of(path)) is not None}))


def chosen_screens(told: str, known: Collection[str]) -> tuple[str, ...]:
    """The screens named by ``all``, ``GATE/SCREEN`` and ``GATE/*``, divided by commas. Raises ``StickRefusalError``."""
    wanted = [one.strip() for one in told.split(",") if one.strip()]
    if not wanted or not known:
        raise StickRefusalError(code="no-screen", screen=told.strip(), known=", ".join(sorted(known)))
    chosen: set[str] = set()
    for one in wanted:
        found = {screen for screen in known if one in {"all", "*/*", screen, f"{screen.partition('/')[0]}/*"}}
        if not found:
            raise StickRefusalError(code="no-screen", screen=one, known=", ".join(sorted(known)))
        chosen |= found
    return tuple(sorted(chosen))


def release_targets(published: Published, screen: str) -> list[str]:
    """The paths of a screen's releases, of whatever role."""
    return [path for path in published.targets if _screen_of(path) == screen]


def special_targets(published: Published, screens: Iterable[str]) -> list[str]:
    """The paths of urgent bulletins and withdrawals that concern one of the screens."""
    named = [screen.split("/", 1) for screen in screens]
    return [
        path
        for path, target in published.targets.items()
        if _screen_of(path) is None and any(concerns(target.custom, gate, screen) for gate, screen in named)
    ]


def plan_export(
    published: Published,
    releases: Mapping[str, Release],
    urgent: Iterable[UrgentBulletin],
    have: Mapping[str, Have],
) -> ExportPlan:
    """Plan a stick. ``releases`` gives each chosen screen its newest release, ``have`` what screens are said to hold.

    A file is left out only where every chosen screen that needs it is said to hold it. Raises ``StickRefusalError``
    where a folder of the stick would hold too many files, ``ContentError`` where a name cannot lie on a stick.
    """
    shares = tuple(_share(screen, releases[screen], have.get(screen), published) for screen in sorted(releases))
    targets = [path for screen in releases for path in release_targets(published, screen)]
    targets += special_targets(published, releases)
    files = [
        *(file for bulletin in urgent for medium in bulletin.media for file in _files(medium)),
        *(file for share in shares for file in share.brought),
        *(_target_file(path, published.targets[path]) for path in targets),
        *(File(name, length) for name, length in published.metadata.items()),
    ]
    plan = ExportPlan(tuple(dict.fromkeys(files)), shares)
    _check_names(plan.files)
    return plan


def _share(screen: str, release: Release, have: Have | None, published: Published) -> ScreenShare:
    held_digests = frozenset[str]() if have is None else have.media - have.lacks
    media = [release.playlist, *([] if release.screen is None else [release.screen]), *release.media]
    brought: list[File] = []
    held: list[File] = []
    for medium in media:
        (held if medium.sha256 in held_digests else brought).extend(_files(medium))
    rollout = rollout_of(release)
    waits = rollout is not None and screen not in rollout.canary and release.sequence not in published.confirmed
    return ScreenShare(screen, release.sequence, tuple(dict.fromkeys(brought)), tuple(dict.fromkeys(held)), waits)


def _files(medium: MediaFile) -> Iterator[File]:
    """A medium, after the piece list by which it is read."""
    pieces = pieces_of(medium)
    if pieces is not None:
        yield File(feed.pieces_name(pieces.sha256), pieces.length, pieces.sha256)
    yield File(feed.media_name(medium.sha256), medium.length, medium.sha256)


def _target_file(path: str, target: Target) -> File:
    return File(feed.target_name(path, target.sha256), target.length, target.sha256)


def _screen_of(path: str) -> str | None:
    """The screen a release is for; None for any other target."""
    found = path.split("/")
    if len(found) != _RELEASE_PARTS or found[0] != "releases" or not found[2].endswith(".json"):
        return None
    return f"{found[1]}/{found[2].removesuffix('.json')}"


def _check_names(files: Iterable[File]) -> None:
    folders: dict[str, int] = {}
    for file in files:
        for part in parts(file.name, file.length):
            folder = part.name.rpartition("/")[0]
            folders[folder] = folders.get(folder, 0) + 1
    crowded = [folder for folder, count in folders.items() if count > FOLDER_FILES]
    if crowded:
        raise StickRefusalError(code="too-many-files", folder=crowded[0], most=FOLDER_FILES)
