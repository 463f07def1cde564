"""Prepares a release: draws the pages of PDFs, reads the playlist as each screen is to get it, and judges it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from playlists.cli_check import place_in_file, places_in_file
from playlists.cli_files import digest
from playlists.cli_media import Medium
from playlists.facts import Facts
from playlists.findings import FileError, Finding, Severity, finding, pointer
from playlists.media import Flaw, MediaError
from playlists.playlist import Item, PictureSize, Playlist
from playlists.playlist_file import read_playlist
from playlists.schedule import EVERYWHERE
from playlists.screen import Screen
from playlists.thresholds import ThresholdError
from sync.hub.hearing import with_hearing
from sync.hub.leaflets import Leaflet, pdf_sources, unfold
from sync.hub.pdf_pages import SENTENCES as PDF_SENTENCES
from sync.hub.pdf_pages import PdfError, draw_pages
from sync.hub.release_checks import (
    Examinations,
    Judged,
    Step,
    by_rules,
    command_for,
    for_screens,
    named,
    of_files,
    of_still,
)
from sync.hub.release_folder import FindingsError, ReleaseFolder, ScreenFile, inside
from sync.hub.screen_names import ScreenName

if TYPE_CHECKING:
    from pathlib import Path

USUAL_CANVAS: Final = PictureSize(1920, 1080)
"""Of a screen file that does not say."""

_Canvas = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """The playlist as screens of one canvas get it: its file, its value, and the pages that were drawn for it."""

    content: bytes = field(repr=False)
    playlist: Playlist
    places: Mapping[str, int]
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    pages_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    """The sha256 of the PDF that a page was drawn from, by the page's id."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What one screen is to get."""

    name: ScreenName
    file: ScreenFile
    screen: Screen
    edition: Edition


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """A release that has been judged. ``findings`` tells all that was found; with an error in it nothing is built."""

    folder: ReleaseFolder
    screens: tuple[Planned, ...]
    findings: tuple[Finding, ...]

    @property
    def publishable(self) -> bool:
        """Whether nothing bars publication."""
        return all(one.severity is not Severity.ERROR for one in self.findings)


def plan_release(
    folder: ReleaseFolder, screens: Sequence[ScreenName], on: date, step: Step | None = None
) -> ReleasePlan:
    """Prepare and judge a release for screens.

    Raises ``ContentError`` where a screen has no file, ``FindingsError`` where the playlist cannot be read at all,
    ``SiteError`` where no process can be started.
    """
    files = {name: folder.screen_for(name) for name in screens}
    editions: dict[_Canvas, Edition] = {}
    for file, _ in files.values():
        canvas = _canvas(file.screen)
        if canvas not in editions:
            editions[canvas] = _edition(folder, canvas, step)
    planned = tuple(Planned(name, *files[name], editions[_canvas(files[name][0].screen)]) for name in screens)
    look = Examinations(folder.path, step)
    found = [*_of_folder(folder, planned, look), *_of_screens(folder, planned, on, look)]
    return ReleasePlan(folder, planned, tuple(found))


def item_names(document: Mapping[str, Any]) -> dict[int, str]:
    """The ids of the items of a playlist's document, by their places."""
    items = document.get("items")
    found = enumerate(items if isinstance(items, list) else [])
    return {place: item["id"] for place, item in found if isinstance(item, dict) and isinstance(item.get("id"), str)}


def _canvas(screen: Screen) -> _Canvas:
    size = screen.canvas or USUAL_CANVAS
    return size.width, size.height


def _edition(folder: ReleaseFolder, canvas: _Canvas, step: Step | None) -> Edition:
    """The playlist for a canvas. Raises ``FindingsError``."""
    sources = pdf_sources(folder.document)
    if not sources:
        playlist = _playlist(folder, folder.content, None)
        return Edition(folder.content, playlist, places_in_file(folder.content))
    unfolded = unfold(folder.document, _leaflets(folder, sources, canvas, step))
    playlist = _playlist(folder, unfolded.content, unfolded.origins)
    return Edition(
        unfolded.content, playlist, unfolded.places, unfolded.pictures, unfolded.pages_of, unfolded.documents
    )


def _leaflets(
    folder: ReleaseFolder, sources: Mapping[str, int], canvas: _Canvas, step: Step | None
) -> dict[str, Leaflet]:
    leaflets: dict[str, Leaflet] = {}
    findings: list[Finding] = []
    for source, place in sources.items():
        at, path = ("items", place, "source"), folder.path / source
        if not path.is_file() or not inside(folder.path, source):
            findings.append(finding(at, "no-file", source=source))
            continue
        if step is not None:
            step(path.name)
        try:
            leaflets[source] = Leaflet(digest(path), draw_pages(path, PictureSize(*canvas)))
        except PdfError as error:
            findings.append(Finding(pointer(at), error.code, *PDF_SENTENCES[error.code]))
    if findings:
        raise FindingsError(list(_named(folder, findings)))
    return leaflets


def _playlist(folder: ReleaseFolder, content: bytes, origins: Sequence[int] | None) -> Playlist:
    try:
        return read_playlist(content)
    except FileError as error:
        found = error.findings
        if origins is not None:
            in_file = [str(origin) for origin in origins]
            found = tuple(replace(one, place=place_in_file(one.place, in_file)) for one in found)
        mended = (_with_command(folder, one) for one in dict.fromkeys(found))
        raise FindingsError(list(_named(folder, mended))) from error


def _with_command(folder: ReleaseFolder, one: Finding) -> Finding:
    """A file of a kind that is not played, with the command that makes one of it that is."""
    kinds = {"kind-mismatch": Medium.CLIP, "sound-kind": Medium.SOUND}
    if one.code not in kinds:
        return one
    value: Any = folder.document
    for step in one.place.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step]
    path = folder.path / str(value)
    if not path.is_file() or (one.code == "kind-mismatch" and "clip" not in one.vi):
        return one
    command = command_for(kinds[one.code], MediaError(Flaw.UNKNOWN_FORMAT), path)
    return replace(one, fix_vi=f"Chạy lệnh dưới đây rồi ghi tệp mới vào danh sách phát:\n      {command}")


def _of_folder(folder: ReleaseFolder, planned: Sequence[Planned], look: Examinations) -> Iterator[Finding]:
    """What is wrong with files, whatever the screen."""
    edition = planned[0].edition
    items = {slot.item.id: slot.item for slot in edition.playlist.slots}
    ordinary = [item for item in items.values() if item.source not in edition.pictures]
    found = [*of_files(ordinary, edition.places, look), *_of_pages(items.values(), edition)]
    yield from _named(folder, found)
    for file in dict.fromkeys(one.file.path for one in planned):
        logo = next(one.file.screen.layout.logo for one in planned if one.file.path == file)
        if logo is not None:
            yield from of_still(logo, f"{file.name}#/layout/logo", look)
    if folder.slate is not None:
        yield from of_still(folder.slate, folder.slate, look)


def _of_pages(items: Iterable[Item], edition: Edition) -> Iterator[Finding]:
    for item in items:
        drawn = edition.pictures.get(item.source)
        if drawn is not None and item.sha256 != sha256(drawn).hexdigest():
            yield finding(("items", edition.places[item.id], "sha256"), "wrong-digest")


def _of_screens(folder: ReleaseFolder, planned: Sequence[Planned], on: date, look: Examinations) -> Iterator[Finding]:
    by_screen: dict[str, list[Finding]] = {}
    known: list[tuple[Judged, list[Finding]]] = []
    heard: dict[Path, dict[str, Facts]] = {}
    for one in planned:
        facts = dict(_with_pages(folder.facts_for(one.file), one.edition))
        if one.file.path not in heard:
            items = {slot.item.id: slot.item for slot in one.edition.playlist.slots}
            heard[one.file.path] = dict(with_hearing(facts, items.values(), look))
        facts = heard[one.file.path]
        judged = Judged(_alike(one), one.edition.playlist, facts, one.edition.places)
        found = next((found for alike, found in known if alike == judged), None)
        if found is None:
            try:
                found = list(by_rules(judged, folder.rows, on))
            except ThresholdError as error:
                raise FindingsError([Finding("thresholds", "thresholds", str(error), str(error))]) from error
            known.append((judged, found))
        by_screen[str(one.name)] = list(_named(folder, found, one.file.path.name))
    yield from for_screens(by_screen)


def _alike(one: Planned) -> Screen:
    """The screen, without its name where no slot asks for one: a plan of the day takes a second, and is then shared."""
    if any(slot.target != EVERYWHERE for slot in one.edition.playlist.slots):
        return one.screen
    return replace(one.screen, id="", gate="", cluster="", title="", tags=())


def _with_pages(facts: Mapping[str, Facts], edition: Edition) -> Iterator[tuple[str, Facts]]:
    """The facts, and those measured of a PDF for each of its pages that has none of its own."""
    yield from facts.items()
    digests = {slot.item.id: slot.item.sha256 for slot in edition.playlist.slots}
    for name, pages in edition.pages_of.items():
        known = facts.get(name)
        for page in pages:
            if known is not None and known.of == edition.documents[page]:
                yield page, replace(facts.get(page, known) if page != name else known, of=digests.get(page))


def _named(folder: ReleaseFolder, findings: Iterable[Finding], screen_file: str = "") -> Iterator[Finding]:
    return named(findings, folder.playlist.name, item_names(folder.document), screen_file)
