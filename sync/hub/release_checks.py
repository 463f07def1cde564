"""Judges what is to be published: files, playability on a kiosk, and the content rules for each screen."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from playlists.captions import MAX_BYTES, parse_captions
from playlists.checks import checks, rule_findings
from playlists.cli_check import place_in_file
from playlists.cli_checks import CHECKS
from playlists.cli_media import FileFacts, Medium, medium_of, wrong_with_files
from playlists.errors import ContentError
from playlists.facts import Facts
from playlists.findings import Finding, Severity, finding, pointer
from playlists.media import Flaw, MediaError
from playlists.playlist import CaptionFile, Item, Playlist
from playlists.release import sources_of
from playlists.screen import Screen
from playlists.thresholds import Threshold
from sync.hub.examination import Examined, examine
from sync.hub.kiosk_profile import Use, general_mending, mending, picture_mending, shortfalls
from sync.hub.release_folder import inside

_USES: Final = {Medium.CLIP: Use.CLIP, Medium.SOUND: Use.SOUND}
_MENDABLE: Final = frozenset({Flaw.UNKNOWN_FORMAT, Flaw.UNKNOWN_CODEC, Flaw.TOO_LARGE, Flaw.DAMAGED, Flaw.NO_PICTURE})
_RUN_VI: Final = (
    "Chạy lệnh dưới đây, ghi tệp mới vào danh sách phát, rồi xin duyệt lại vì nội dung tệp đã khác:\n      {command}"
)
_RUN_EN: Final = "Run the command above, name the new file in the playlist, and have it approved again."

Step = Callable[[str], None]
"""Told each file that is looked into."""


@dataclass
class Examinations:
    """Looks into each file once, in a cell. Files outside ``folder`` are not opened."""

    folder: Path
    step: Step | None = None
    found: dict[tuple[Path, Medium], Examined | MediaError] = field(default_factory=dict)
    heard: dict[Path, Facts | None] = field(default_factory=dict)
    """What :mod:`sync.hub.hearing` measured; None where it could not."""

    def begin(self, files: Iterable[tuple[Path, Medium]]) -> None:
        """Look into several files at the same time."""
        wanted = [one for one in dict.fromkeys(files) if one not in self.found]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for _ in pool.map(lambda one: self.examined(*one), wanted):
                pass

    def look(self, path: Path, medium: Medium) -> FileFacts:
        """What a file is like. Raises ``MediaError``."""
        known = self.examined(path, medium)
        if isinstance(known, MediaError):
            raise known
        return known.facts

    def examined(self, path: Path, medium: Medium) -> Examined | MediaError:
        """What a file tells of itself, or why it cannot be played."""
        if (path, medium) not in self.found:
            if self.step is not None:
                self.step(path.name)
            try:
                self.found[path, medium] = examine(path, medium)
            except MediaError as error:
                self.found[path, medium] = error
        return self.found[path, medium]


@dataclass(frozen=True, slots=True)
class Judged:
    """A screen with the playlist it is to get, and what was measured for it."""

    screen: Screen | None
    playlist: Playlist
    facts: Mapping[str, Facts]
    places: Mapping[str, int]
    """Where the playlist file has each item, by its id."""


def of_files(items: Iterable[Item], places: Mapping[str, int], look: Examinations) -> Iterator[Finding]:
    """What is wrong with the files that items name, and what of them a kiosk does not play."""
    items = list(items)
    named_files = (file for item in items for _, file in _media_of(item, ()))
    inside_files = ((look.folder / source, medium) for source, medium in named_files if inside(look.folder, source))
    look.begin((path, medium) for path, medium in inside_files if path.is_file())
    for item in items:
        at = ("items", places[item.id])
        outside = [source for source in sources_of(item) if not inside(look.folder, source)]
        if outside:
            yield from (_outside(at, source) for source in outside)
            continue
        files = dict(_media_of(item, at))
        for one in wrong_with_files(item, look.folder, at, look.look):
            yield _with_command(one, files, look)
        for place, (source, medium) in files.items():
            yield from _playability(look, look.folder / source, medium, place)
        for number, caption in enumerate(item.captions):
            yield from _captions(look.folder, caption, pointer((*at, "captions", number, "source")))


def of_still(source: str, place: str, look: Examinations) -> Iterator[Finding]:
    """What is wrong with a picture that no item names: a logo, a slate."""
    path = look.folder / source
    if not path.is_file() or not inside(look.folder, source):
        yield replace(finding((), "no-file", source=source), place=place)
        return
    known = look.examined(path, Medium.STILL)
    if isinstance(known, MediaError):
        yield replace(finding((), "media", vi=known.vi, en=known.en), place=place)


def by_rules(judged: Judged, rows: Sequence[Threshold], on: date) -> Iterator[Finding]:
    """What the loop and the content rules say for one screen; what bars publication is an error.

    A place that begins with ``#`` is one of the screen's file. Raises ``ThresholdError``.
    """
    playlist, screen = judged.playlist, judged.screen
    in_file = [str(judged.places[name]) for name in dict.fromkeys(slot.item.id for slot in playlist.slots)]
    for check in CHECKS:
        yield from (replace(one, place=place_in_file(one.place, in_file)) for one in check(playlist, screen, on))
    if not playlist.planned:
        yield _unplanned()
        return
    # Without a screen nothing is to be said of its volume.
    verdicts = [one for one in checks(playlist, screen, judged.facts, on, rows) if one.item or screen is not None]
    barring = {one.code for one in verdicts if one.bars}
    for one in rule_findings(verdicts):
        weight = Severity.ERROR if one.code in barring else one.severity
        yield replace(one, place=place_in_file(one.place, in_file), severity=weight)


def for_screens(all_of: Mapping[str, Sequence[Finding]]) -> list[Finding]:
    """The findings of several screens as one list: what holds for all once, what holds for some with their names."""
    screens: dict[Finding, list[str]] = {}
    for name, findings in all_of.items():
        for one in dict.fromkeys(findings):
            screens.setdefault(one, []).append(name)
    return [
        one if len(names) == len(all_of) else replace(one, place=f"{one.place} [{', '.join(names)}]")
        for one, names in screens.items()
    ]


def named(findings: Iterable[Finding], file: str, items: Mapping[int, str], screen_file: str = "") -> Iterator[Finding]:
    """Findings with the file before their place and the item's id behind it."""
    for one in findings:
        if one.place.startswith("#"):
            yield replace(one, place=f"{screen_file}{one.place}")
            continue
        parts = one.place.split("/")
        number = int(parts[2]) if one.place.startswith("/items/") and parts[2].isdecimal() else -1
        item = f" (mục “{items[number]}”)" if number in items else ""
        yield replace(one, place=f"{file}#{one.place}{item}")


def command_for(medium: Medium, known: Examined | MediaError, path: Path) -> str | None:
    """The ffmpeg command that makes something playable of a file, ready to be pasted into a shell; None for no hope."""
    source = path.absolute()
    if medium is Medium.STILL:
        if not isinstance(known, MediaError) or known.flaw is not Flaw.TOO_LARGE:
            return None
        return shlex.join(picture_mending(str(source), str(source.with_name(f"{source.stem}.kiosk.png"))))
    use = _USES[medium]
    target = str(source.with_name(f"{source.stem}.kiosk{'.mp4' if use is Use.CLIP else '.m4a'}"))
    if isinstance(known, MediaError):
        return shlex.join(general_mending(use, str(source), target)) if known.flaw in _MENDABLE else None
    return None if known.coding is None else shlex.join(mending(known.coding, use, str(source), target))


def _media_of(item: Item, at: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str, Medium]]]:
    if item.bulletin is None:
        yield pointer((*at, "source")), (item.source, medium_of(item))
        return
    for name, source, medium in (
        ("picture", item.bulletin.picture, Medium.STILL),
        ("sound", item.bulletin.sound, Medium.SOUND),
    ):
        if source is not None:
            yield pointer((*at, "bulletin", name)), (source, medium)


def _with_command(one: Finding, files: Mapping[str, tuple[str, Medium]], look: Examinations) -> Finding:
    if one.code != "media" or one.place not in files:
        return one
    source, medium = files[one.place]
    path = look.folder / source
    return _fixed(one, command_for(medium, look.examined(path, medium), path))


def _playability(look: Examinations, path: Path, medium: Medium, place: str) -> Iterator[Finding]:
    if not path.is_file():
        return
    known = look.examined(path, medium)
    if isinstance(known, MediaError) or known.coding is None:
        return
    found = [Finding(place, f"kiosk-{one.code}", one.vi, one.en) for one in shortfalls(known.coding, _USES[medium])]
    if found:
        yield from found[:-1]
        yield _fixed(found[-1], command_for(medium, known, path))


def _captions(folder: Path, caption: CaptionFile, place: str) -> Iterator[Finding]:
    """A caption file that cannot be read, and captions in it that are left out; a missing file is told before."""
    path = folder / caption.source
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            track = parse_captions(file.read(MAX_BYTES + 1), caption.source, caption.language)
    except (ContentError, OSError) as error:
        told = (f"Tệp phụ đề không dùng được: {error}", f"The captions cannot be used: {error}")
        yield Finding(place, "captions", *told)
        return
    for one in track.findings:
        yield Finding(
            place,
            "caption",
            f"Dòng {one.line} của tệp phụ đề bị bỏ qua: {one.message}",
            f"Line {one.line} of the captions is left out: {one.message}",
            Severity.WARNING,
        )


def _fixed(one: Finding, command: str | None) -> Finding:
    return one if command is None else replace(one, fix_vi=_RUN_VI.format(command=command), fix_en=_RUN_EN)


def _outside(at: tuple[str | int, ...], source: str) -> Finding:
    vi = f"Tệp “{source}” nằm ngoài thư mục phát hành (qua liên kết); hãy chép hẳn tệp vào thư mục."
    en = f"“{source}” lies outside the release folder, by a link; copy it into the folder."
    return Finding(pointer(at), "outside", vi, en)


def _unplanned() -> Finding:
    vi = "Danh sách phát phiên bản 1 không có chỗ ghi phê duyệt nên không phát hành được (quy tắc V15)."
    en = "A playlist of version 1 has no place for approvals and cannot be published (rule V15)."
    fix_vi = "Tạo lại tệp bằng signage-playlist new --format 2, rồi ghi phê duyệt cho từng mục."
    fix_en = "Make it again with signage-playlist new --format 2, and write down the approvals."
    return Finding("/format_version", "unplanned", vi, en, Severity.ERROR, fix_vi, fix_en)
