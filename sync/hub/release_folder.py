"""The folder an operator prepares for a release: one playlist, screens, facts, thresholds, media, perhaps a slate.

Described in ``deploy/docs/release-folder.md``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from playlists import facts_file, playlist_file, screen_file, thresholds_file
from playlists.cli_files import read
from playlists.errors import ContentError
from playlists.facts import Facts, Measurements
from playlists.findings import FileError, Finding, PlaylistFileError
from playlists.folder_items import visible
from playlists.json_document import read_object
from playlists.screen import Screen
from playlists.thresholds import Threshold
from sync.hub.screen_names import ScreenName

SLATES: Final = ("slate.png", "slate.jpg")
"""The gate's own slate, where the folder has one of these."""

_T = TypeVar("_T")


class FindingsError(ContentError):
    """Files that cannot be used; ``findings`` tells everything that is wrong, each place with its file's name."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{findings[0].place}: {findings[0].vi}")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class ScreenFile:
    """A screen file of the folder."""

    path: Path
    screen: Screen

    @property
    def name(self) -> ScreenName:
        """The screen it describes."""
        return ScreenName(self.screen.gate, self.screen.id)


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """What lies in the folder, read but not yet judged; ``document`` is the playlist file's."""

    path: Path
    playlist: Path
    content: bytes
    document: dict[str, Any]
    screens: tuple[ScreenFile, ...]
    measured: tuple[Measurements, ...]
    rows: tuple[Threshold, ...]
    slate: str | None

    def screen_for(self, name: ScreenName) -> tuple[ScreenFile, Screen]:
        """The screen file that holds for a screen, and the screen as it says; the only one there is holds for all.

        Raises ``ContentError`` where none does.
        """
        own = next((one for one in self.screens if one.name == name), None)
        if own is not None:
            return own, own.screen
        if len(self.screens) != 1:
            listed = ", ".join(str(one.name) for one in self.screens) or "chưa có tệp nào"
            message = f"không có tệp màn hình nào cho {name} (gate và id trong tệp phải trùng tên); đang có: {listed}"
            raise ContentError(message)
        (common,) = self.screens
        cluster = name.gate if common.screen.cluster == common.screen.gate else common.screen.cluster
        return common, replace(common.screen, id=name.screen, gate=name.gate, cluster=cluster)

    def facts_for(self, screen: ScreenFile) -> dict[str, Facts]:
        """What was measured, as far as it holds for the canvas of a screen file; its own figures before others."""
        ordered = sorted(self.measured, key=lambda one: one.screen == screen.screen.id)
        return {name: facts for one in ordered for name, facts in one.on_screen(screen.screen.id).items()}


def read_release_folder(path: Path, thresholds: Sequence[Path] = ()) -> ReleaseFolder:
    """Read a release folder; ``thresholds`` are files from elsewhere, before the folder's own.

    Raises ``ContentError`` where the folder is not one, ``FindingsError`` with all that is wrong with its files.
    """
    if not path.is_dir():
        message = f"không có thư mục {visible(str(path))}"
        raise ContentError(message)
    playlist = _only_playlist(path)
    content = read(playlist)
    findings: list[Finding] = []
    document = _read(playlist, _document, findings)
    screens = [
        ScreenFile(file, held) for file, held in _all(path, screen_file.SUFFIX, screen_file.read_screen, findings)
    ]
    measured = [held for _, held in _all(path, facts_file.SUFFIX, facts_file.read_facts, findings)]
    rows = read_rows([*thresholds, *_named(path, thresholds_file.SUFFIX)], findings)
    if document is None or findings:
        raise FindingsError(findings)
    slate = next((name for name in SLATES if (path / name).is_file()), None)
    return ReleaseFolder(path, playlist, content, document, tuple(screens), tuple(measured), rows, slate)


def read_rows(files: Sequence[Path], findings: list[Finding]) -> tuple[Threshold, ...]:
    """The rows of thresholds files, in order; what is wrong goes to ``findings``."""
    held = (_read(file, thresholds_file.read_thresholds, findings) for file in files)
    return tuple(row for rows in held if rows is not None for row in rows)


def elsewhere(path: Path, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings with the file's name before the place."""
    yield from (replace(one, place=f"{visible(path.name)}#{one.place}") for one in findings)


def inside(folder: Path, source: str) -> bool:
    """Whether a file lies in the folder, also when every link is followed: nothing else of this machine goes out."""
    return (folder / source).resolve().is_relative_to(folder.resolve())


def _only_playlist(path: Path) -> Path:
    found = _named(path, playlist_file.SUFFIX)
    if len(found) != 1:
        listed = ", ".join(visible(one.name) for one in found) or "không có tệp nào"
        message = f"thư mục {visible(str(path))} phải có đúng một tệp *{playlist_file.SUFFIX}; đang có: {listed}"
        raise ContentError(message)
    return found[0]


def _document(content: bytes) -> dict[str, Any]:
    return dict(read_object(content, PlaylistFileError))


def _named(path: Path, suffix: str) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.name.endswith(suffix) and not one.name.startswith("."))


def _all(path: Path, suffix: str, reader: Callable[[bytes], _T], findings: list[Finding]) -> Iterator[tuple[Path, _T]]:
    for file in _named(path, suffix):
        held = _read(file, reader, findings)
        if held is not None:
            yield file, held


def _read(path: Path, reader: Callable[[bytes], _T], findings: list[Finding]) -> _T | None:
    try:
        return reader(read(path))
    except FileError as error:
        findings += elsewhere(path, error.findings)
        return None
