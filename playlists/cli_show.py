"""``signage-playlist show``: a playlist or screen file in plain Vietnamese."""

import sys
from argparse import Namespace
from collections.abc import Iterable

from playlists.cli_files import is_screen, read
from playlists.cli_parser import Commands, add_file, command
from playlists.description import Line, playlist_head, screen_lines, slot_lines
from playlists.errors import ExitCode
from playlists.playlist_file import read_playlist
from playlists.screen_file import read_screen


def add_command(commands: Commands) -> None:
    """Add ``show``."""
    parser = command(commands, "show", _show, "xem nội dung tệp danh sách phát hoặc tệp màn hình")
    add_file(parser, "tệp danh sách phát, hoặc tệp màn hình (.screen.json)")


def _show(options: Namespace) -> ExitCode:
    content = read(options.file)
    if is_screen(options.file):
        screen = read_screen(content)
        sys.stdout.write(f"{screen.title or screen.id} ({screen.id})\n")
        _write(screen_lines(screen), indent=2)
        return ExitCode.OK
    playlist = read_playlist(content)
    sys.stdout.write(f"{playlist.title} ({playlist.id}): {len(playlist.slots)} mục\n")
    _write(playlist_head(playlist), indent=2)
    for number, slot in enumerate(playlist.slots, start=1):
        sys.stdout.write(f"{number:3}. {slot.item.title}\n")
        _write(slot_lines(slot, playlist.dayparts), indent=5)
    return ExitCode.OK


def _write(lines: Iterable[Line], *, indent: int) -> None:
    for label, value in lines:
        sys.stdout.write(f"{'':{indent}}{label}: {value}\n")
