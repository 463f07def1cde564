"""``signage-playlist plan``: what a screen is going to show, hour by hour, before it does."""

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from playlists.cli_files import read
from playlists.cli_parser import Commands, add_file, command
from playlists.clock_hours import first_instant, hours_of_day, instant_ms, local_datetime, local_day, zone_named
from playlists.errors import ExitCode
from playlists.loop import plan_day
from playlists.plan_json import json_text
from playlists.plan_svg import svg_text
from playlists.plan_table import table_text
from playlists.playlist import Playlist
from playlists.playlist_file import read_playlist
from playlists.rota import Rota
from playlists.screen import Screen
from playlists.screen_file import read_screen

_FORMATS: Final[dict[str, Callable[[Playlist, Screen, Sequence[Rota]], str]]] = {
    "table": table_text,
    "json": json_text,
    "svg": svg_text,
}
_MOST_HOURS: Final = 24 * 31
_DAY: Final = timedelta(days=1)


def add_command(commands: Commands) -> None:
    """Add ``plan``."""
    parser = command(commands, "plan", _plan, "xem trước kế hoạch phát của một màn hình theo từng giờ")
    add_file(parser, "tệp danh sách phát")
    parser.choices.add_argument("--screen", type=Path, required=True, metavar="TỆP", help="tệp màn hình (.screen.json)")
    parser.choices.add_argument(
        "--at", type=_moment, metavar="LÚC", help="giờ tại màn hình, ví dụ 2026-11-24T07:00 (mặc định: bây giờ)"
    )
    parser.choices.add_argument(
        "--hours", type=_hours, default=1, metavar="SỐ", help=f"số giờ, từ 1 đến {_MOST_HOURS} (mặc định 1)"
    )
    parser.choices.add_argument(
        "--format",
        choices=tuple(_FORMATS),
        default="table",
        metavar="DẠNG",
        help="table: bảng chữ; json: cho phần mềm khác; svg: hình vẽ (mặc định table)",
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = f"“{text}” không phải thời điểm dạng 2026-11-24T07:00"
        raise ArgumentTypeError(message) from None


def _hours(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_HOURS:
        message = f"số giờ phải từ 1 đến {_MOST_HOURS}"
        raise ArgumentTypeError(message)
    return int(text)


def _plan(options: Namespace) -> ExitCode:
    playlist = read_playlist(read(options.file))
    screen = read_screen(read(options.screen))
    sys.stdout.write(_FORMATS[options.format](playlist, screen, _rotas(playlist, screen, options.at, options.hours)))
    return ExitCode.OK


def _rotas(playlist: Playlist, screen: Screen, at: datetime | None, hours: int) -> Sequence[Rota]:
    """Plan whole days and take the hours asked for: a day is planned as fast as its last hour."""
    zone = zone_named(screen.time_zone)
    if at is None:
        at = datetime.now(UTC)
    elif at.tzinfo is None:
        at = local_datetime(zone, first_instant(zone, at))
    rotas: list[Rota] = []
    day = local_day(zone, instant_ms(at))
    while len(rotas) < hours:
        ends = [hour.ends for hour in hours_of_day(zone, day)]
        for end, rota in zip(ends, plan_day(playlist, screen, day), strict=True):
            if end > instant_ms(at):
                rotas.append(rota)
        day += _DAY
    return rotas[:hours]
