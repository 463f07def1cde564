"""``signage-playlist check``: everything that is wrong with a playlist or screen file, at once, in both languages."""

import json
import sys
import unicodedata
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from playlists.checks import checks, rule_findings
from playlists.cli_checks import CHECKS
from playlists.cli_files import is_screen, read
from playlists.cli_media import Medium, look_into, wrong_with_files
from playlists.cli_parser import Commands, add_file, command
from playlists.errors import ExitCode
from playlists.facts import Measurements
from playlists.facts_file import FactsFileError, read_facts
from playlists.findings import FileError, Finding, Severity, finding
from playlists.media import MediaError
from playlists.playlist import Playlist
from playlists.playlist_file import read_playlist
from playlists.playlist_warnings import screen_warnings
from playlists.screen import Screen
from playlists.screen_file import read_screen
from playlists.thresholds import Threshold
from playlists.thresholds_file import ThresholdsFileError, read_thresholds

_LABELS: Final = {Severity.ERROR: ("", ""), Severity.WARNING: ("Lưu ý: ", "Warning: "), Severity.NOTE: ("", "")}


def add_command(commands: Commands) -> None:
    """Add ``check``."""
    what = "kiểm tra tệp danh sách phát hoặc tệp màn hình, và mọi tệp nó nhắc đến"
    parser = command(commands, "check", _check, what)
    add_file(parser, "tệp danh sách phát, hoặc tệp màn hình (.screen.json)")
    parser.choices.add_argument("--screen", type=Path, metavar="TỆP", help="kiểm tra cho màn hình này (tệp màn hình)")
    parser.choices.add_argument("--facts", type=Path, metavar="TỆP", help="số đo của các mục (tệp .facts.json)")
    parser.choices.add_argument(
        "--thresholds",
        type=Path,
        metavar="TỆP",
        help="ngưỡng của địa phương, danh sách nơi phát hành (.thresholds.json)",
    )
    parser.choices.add_argument("--draft", action="store_true", help="bản nháp: chưa đòi phê duyệt")
    parser.choices.add_argument("--on", type=_day, metavar="NGÀY", help="ngày bắt đầu phát, ví dụ 2026-11-30 (hôm nay)")


def report(findings: Sequence[Finding]) -> ExitCode:
    """Print findings; only errors make the command fail."""
    for one in findings:
        vi, en = _LABELS[one.severity]
        sys.stdout.write(f"{one.place or '/'}: {vi}{one.vi}\n    {en}{one.en}\n")
        if one.fix_vi is not None:
            sys.stdout.write(f"    → {one.fix_vi}\n")
        if one.fix_en is not None:
            sys.stdout.write(f"    → {one.fix_en}\n")
    wrong = sum(one.severity is Severity.ERROR for one in findings)
    if wrong:
        sys.stdout.write(f"{wrong} lỗi. / {wrong} found wrong.\n")
        return ExitCode.CONTENT
    sys.stdout.write("Không có lỗi. / Nothing is wrong.\n")
    return ExitCode.OK


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}” không phải ngày dạng 2026-11-30"
        raise ArgumentTypeError(message) from None


def _check(options: Namespace) -> ExitCode:
    file: Path = options.file
    content = read(file)
    findings: list[Finding] = []
    screen = None if options.screen is None else _screen(options.screen, findings)
    try:
        if is_screen(file):
            findings += _of_screen(read_screen(content), file.parent)
        else:
            findings += _of_playlist(read_playlist(content), screen, content, options)
    except FileError as error:
        findings += error.findings
    return report(findings)


def _screen(path: Path, findings: list[Finding]) -> Screen | None:
    """Read the screen to check for; what is wrong with its file is told with the file's name before the place."""
    try:
        return read_screen(read(path))
    except FileError as error:
        findings += _elsewhere(path, error)
        return None


def _of_screen(screen: Screen, folder: Path) -> Iterator[Finding]:
    yield from screen_warnings(screen)
    logo = screen.layout.logo
    if logo is None:
        return
    if not (folder / logo).is_file():
        yield finding(("layout", "logo"), "no-file", source=logo)
        return
    try:
        look_into(folder / logo, Medium.STILL)
    except MediaError as error:
        yield finding(("layout", "logo"), "media", vi=error.vi, en=error.en)


def _of_playlist(playlist: Playlist, screen: Screen | None, content: bytes, options: Namespace) -> Iterator[Finding]:
    day = options.on or datetime.now().astimezone().date()
    items = {slot.item.id: slot.item for slot in playlist.slots}
    places = places_in_file(content)
    for item in items.values():
        yield from wrong_with_files(item, options.file.parent, ("items", places[item.id]))
    in_file = [str(places[name]) for name in items]
    for check in CHECKS:
        yield from (_placed(one, in_file) for one in check(playlist, screen, day))
    # A plain list has no place for papers, so the rules have nothing to judge by.
    if playlist.planned:
        yield from (_placed(one, in_file) for one in _by_rules(playlist, screen, day, options))


def _by_rules(playlist: Playlist, screen: Screen | None, day: date, options: Namespace) -> Iterator[Finding]:
    """Judge by the content rules; what is wrong with another file has that file's name before its place."""
    measured, rows = Measurements(), tuple[Threshold, ...]()
    try:
        measured = measured if options.facts is None else read_facts(read(options.facts))
        rows = rows if options.thresholds is None else read_thresholds(read(options.thresholds))
    except FactsFileError as error:
        yield from _elsewhere(options.facts, error)
    except ThresholdsFileError as error:
        yield from _elsewhere(options.thresholds, error)
    of_screen = "" if options.screen is None else options.screen.name
    facts = measured.on_screen(None if screen is None else screen.id)
    for one in rule_findings(checks(playlist, screen, facts, day, rows), draft=options.draft):
        yield replace(one, place=f"{of_screen}{one.place}") if one.place.startswith("#") else one


def _elsewhere(path: Path, error: FileError) -> Iterator[Finding]:
    yield from (replace(one, place=f"{path.name}#{one.place}") for one in error.findings)


def places_in_file(content: bytes) -> dict[str, int]:
    """Tell where the file has each item: in another order than the slots perhaps."""
    written = json.loads(content.decode("utf-8-sig"))["items"]
    return {unicodedata.normalize("NFC", item["id"]): place for place, item in enumerate(written)}


def _placed(one: Finding, in_file: Sequence[str]) -> Finding:
    return replace(one, place=place_in_file(one.place, in_file))


def place_in_file(place: str, in_file: Sequence[str]) -> str:
    """Turn a place that counts items by their first slots into one of the file; ``in_file`` tells each one's number."""
    head, items, rest = place.partition("/items/")
    if head or not items:
        return place
    number, slash, tail = rest.partition("/")
    return f"/items/{in_file[int(number)]}{slash}{tail}"
