"""``signage-player render``: a bulletin of a playlist file as pictures, one a page, and what was measured of it."""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from player.bulletins.facts_for_rules import for_rules
from player.bulletins.wanted import Wanted
from player.bulletins.wire import told
from player.fitting import Size
from playlists.content_digest import item_digest
from playlists.errors import ContentError, ExitCode, SiteError, UsageError
from playlists.facts import Measurements
from playlists.facts_file import write_facts
from playlists.screen import DEFAULT_TIME_ZONE, Screen

if TYPE_CHECKING:
    from player.decoding.channel import Channel, Message
    from playlists.bulletin import Bulletin
    from playlists.playlist import Item, Playlist

_CANVAS: Final = re.compile(r"([1-9]\d{1,4})x([1-9]\d{1,4})")
_LARGEST: Final = 8192
_LOOKS: Final = ("day", "night", "ceremony")


class _Parser(argparse.ArgumentParser):
    """One line for a wrong option, not a page."""

    def error(self, message: str) -> NoReturn:
        msg = f"{message}; see {self.prog} --help"
        raise UsageError(msg)


@dataclass(frozen=True, slots=True)
class _Dress:
    """How the bulletins of a screen look."""

    look: str
    colours: dict[str, str]
    logo: Path | None
    zone: str
    canvas: Size | None


def _canvas(text: str) -> Size:
    match = _CANVAS.fullmatch(text)
    size = Size(int(match[1]), int(match[2])) if match is not None else None
    if size is None or max(size.width, size.height) > _LARGEST:
        msg = f"{text!r} is not WIDTHxHEIGHT in pixels, such as 1920x1080"
        raise argparse.ArgumentTypeError(msg)
    return size


def _parser() -> _Parser:
    parser = _Parser(
        prog="signage-player render",
        allow_abbrev=False,
        description="Draws a bulletin of a playlist file to PNG, a file a page, and prints what was measured as JSON.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="a playlist file")
    parser.add_argument("item", metavar="ITEM", help="the id of a bulletin in it")
    parser.add_argument("--canvas", metavar="WxH", type=_canvas, help="pixels of the screen (the screen file's)")
    parser.add_argument("--rotate", type=int, choices=(0, 90, 180, 270), default=0, help="degrees the screen is turned")
    parser.add_argument("--look", choices=_LOOKS, help="day, night or ceremony (the playlist's, the screen's, day)")
    parser.add_argument("--screen", metavar="FILE", type=Path, help="a screen file: its canvas, look, logo and colours")
    parser.add_argument(
        "--output", metavar="OUT.png", type=Path, required=True, help="the first page; further ones get -2, -3 added"
    )
    return parser


def main(words: Sequence[str]) -> int:
    """Run the command; gives the exit code.

    Raises:
        UsageError: a wrong option.
        ContentError: no such item, or one that cannot be drawn.
        SiteError: a file cannot be written.

    """
    arguments = _parser().parse_args(words)
    playlist, item, bulletin = _found(arguments.file, arguments.item)
    dress = _dress(arguments, playlist)
    canvas = (arguments.canvas or dress.canvas or Size(1920, 1080)).turned(arguments.rotate if arguments.canvas else 0)
    wanted = Wanted(bulletin, canvas, dress.look, dress.colours, dress.zone, item.duration)
    pages, measured = _drawn(wanted, _open(arguments.file.parent, bulletin.picture), _open(Path(), dress.logo))
    files = _kept(pages, canvas, arguments.output)
    digest = item_digest(item)
    for_check = Measurements({item.id: for_rules(measured, digest)})
    report = {"item": item.id, "of": digest, "files": [str(file) for file in files], "measured": measured}
    report["facts"] = json.loads(write_facts(for_check))
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return ExitCode.OK


def _found(file: Path, name: str) -> "tuple[Playlist, Item, Bulletin]":
    from playlists.playlist_file import read_playlist

    playlist = read_playlist(_content(file))
    items = {slot.item.id: slot.item for slot in playlist.slots}
    item = items.get(name)
    if item is None or item.bulletin is None:
        there = ", ".join(known for known, one in items.items() if one.bulletin is not None)
        msg = f"{file} has no bulletin {name!r}; it has {there or 'none'}."
        raise ContentError(msg)
    return playlist, item, item.bulletin


def _dress(arguments: argparse.Namespace, playlist: "Playlist") -> _Dress:
    if arguments.screen is None:
        return _Dress(arguments.look or playlist.look or "day", {}, None, DEFAULT_TIME_ZONE, None)
    from playlists.screen_file import read_screen

    screen = read_screen(_content(arguments.screen))
    logo = screen.layout.logo
    return _Dress(
        arguments.look or playlist.look or screen.look or "day",
        dict(screen.layout.colours),
        arguments.screen.parent / logo if logo is not None else None,
        screen.time_zone,
        _main_zone(screen),
    )


def _main_zone(screen: Screen) -> Size | None:
    """The part of the screen's canvas that bulletins are shown on."""
    if screen.canvas is None:
        return None
    main = next((zone for zone in screen.layout.zones if zone.kind.value == "main"), None)
    across, down = (100.0, 100.0) if main is None else (main.width, main.height)
    return Size(round(screen.canvas.width * across / 100), round(screen.canvas.height * down / 100))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}."
        raise ContentError(msg) from error


def _open(folder: Path, name: str | Path | None) -> int | None:
    """An open descriptor of a picture, for the prisoner."""
    if name is None:
        return None
    try:
        return os.open(folder / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        msg = f"{folder / name} cannot be read: {error.strerror}."
        raise ContentError(msg) from error


def _drawn(wanted: Wanted, picture: int | None, logo: int | None) -> tuple[list[bytes], dict[str, Any]]:
    """The pixels of every page, and what was measured; set by a prisoner, as on a kiosk."""
    from player.decoding.channel import Channel
    from player.decoding.examination import memory_file
    from player.decoding.typesetter import main as typeset

    ours, theirs = Channel.pair()
    if os.fork() == 0:
        try:
            ours.close()
            typeset(theirs, {})
        finally:
            os._exit(0)
    theirs.close()
    fds = [memory_file(told(wanted), "signage-bulletin"), *(fd for fd in (picture, logo) if fd is not None)]
    ours.send({"do": "set", "ticket": 1, "picture": picture is not None, "logo": logo is not None}, fds)
    for fd in fds:
        os.close(fd)
    try:
        return _collected(ours, wanted.canvas)
    finally:
        ours.close()


def _collected(channel: "Channel", canvas: Size) -> tuple[list[bytes], dict[str, Any]]:
    from player.decoding.channel import integer
    from player.ring import Ring

    answer, fds = _heard(channel)
    ring = Ring.attach(fds[0], canvas.width, canvas.height, integer(answer, "slots"))
    times = answer.get("times")
    count = len(times) if isinstance(times, list) else 0
    pages: list[bytes] = []
    while len(pages) < count:
        page, _ = _heard(channel)
        slot = integer(page, "slot")
        pages.append(bytes(ring.pixels(slot)))
        ring.free(slot)
        channel.send({"do": "page", "ticket": 1, "page": len(pages)})
    return pages, json.loads(str(answer.get("facts") or "{}"))


def _heard(channel: "Channel") -> "tuple[Message, list[int]]":
    from player.decoding.channel import ChannelClosedError, text

    try:
        got = channel.receive()
    except ChannelClosedError as error:
        msg = "The bulletin broke the program that sets it."
        raise ContentError(msg) from error
    message, fds = got or ({}, [])
    if message.get("is") == "flawed":
        msg = f"The bulletin cannot be drawn: {text(message, 'sentence')}"
        raise ContentError(msg)
    return message, fds


def _kept(pages: Sequence[bytes], canvas: Size, output: Path) -> list[Path]:
    from PySide6.QtGui import QImage, QImageWriter

    from player.ring import stride_of

    files = []
    for number, pixels in enumerate(pages, 1):
        file = output if number == 1 else output.with_stem(f"{output.stem}-{number}")
        image = QImage(pixels, canvas.width, canvas.height, stride_of(canvas.width), QImage.Format.Format_RGB32)
        part = file.with_name(f"{file.name}.part")
        if not QImageWriter(str(part), b"png").write(image):
            msg = f"{file} cannot be written."
            raise SiteError(msg)
        part.replace(file)
        files.append(file)
    return files
