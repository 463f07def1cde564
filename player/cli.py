"""``signage-player``: the command line."""

import argparse
import os
import re
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from player import VERSION
from player.screen_files import read_screen_file
from playlists.errors import ExitCode, SignageError, SiteError, UsageError

if TYPE_CHECKING:
    from player.app import Settings
    from player.attendance import Care

_GEOMETRY = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})([+-]\d{1,5})([+-]\d{1,5})")

_COMMANDS: Final = frozenset({"log", "render", "kiosk", "pin"})
_SHORTEST_STILL: Final = 0.04
_LONGEST_STILL: Final = 86_400
_FULL_VOLUME: Final = 100


class _Parser(argparse.ArgumentParser):
    """One line for a wrong option, not a page."""

    def error(self, message: str) -> NoReturn:
        msg = f"{message}; see {self.prog} --help"
        raise UsageError(msg)


def _geometry(text: str) -> tuple[int, int, int, int]:
    match = _GEOMETRY.fullmatch(text)
    if match is None:
        msg = f"{text!r} is not WIDTHxHEIGHT+X+Y, such as 1280x720+0+0"
        raise argparse.ArgumentTypeError(msg)
    width, height, x, y = (int(group) for group in match.groups())
    return x, y, width, height


def _languages(text: str) -> tuple[str, ...]:
    from playlists.languages import normal_tag

    tags = []
    for word in text.split(","):
        tag = normal_tag(word.strip())
        if tag is None:
            msg = f"{word.strip()!r} is not a language tag; write them as in vi,lo"
            raise argparse.ArgumentTypeError(msg)
        tags.append(tag)
    return tuple(tags)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        msg = f"{text!r} is not a whole number from 1 up"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not _SHORTEST_STILL <= seconds <= _LONGEST_STILL:
        msg = f"{text!r} is not a number of seconds from 0.04 to 86400"
        raise argparse.ArgumentTypeError(msg)
    return seconds


def _volume(text: str) -> int:
    if not text.isdecimal() or int(text) > _FULL_VOLUME:
        msg = f"{text!r} is not a volume from 0 to 100"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _parser() -> _Parser:
    parser = _Parser(
        prog="signage-player",
        allow_abbrev=False,
        description="Loops a folder or playlist full-screen without a seam and logs every play.",
        epilog="`signage-player log --help` reads the play log, `signage-player render --help` draws bulletins."
        " Exit codes: 0 fine, 2 wrong option, 3 content,"
        " 4 this machine, 5 a damaged log, 1 a fault of ours.",
    )
    parser.add_argument("path", metavar="PATH", nargs="?", help="a folder of clips and pictures, or a playlist file")
    parser.add_argument("--state", metavar="FOLDER", type=Path, help="play the releases of this state folder")
    parser.add_argument("--trust-clock", action="store_true", help="take this machine's clock for right")
    parser.add_argument("--log", metavar="FILE", type=Path, help="the play log (default: under the state folder)")
    parser.add_argument("--loops", metavar="N", type=_positive, help="leave after N rounds, of slots as written")
    place = parser.add_argument_group("where")
    place.add_argument("--geometry", metavar="WxH+X+Y", type=_geometry, help="a window of this size and place")
    place.add_argument("--screen", metavar="NAME", help="full screen on this screen")
    place.add_argument("--list-screens", action="store_true", help="print the screens and leave")
    place.add_argument("--rotate", type=int, choices=(0, 90, 180, 270), default=0, help="degrees clockwise")
    place.add_argument("--layout", metavar="FILE", type=Path, help="the screen file of this screen: zones, logo, plan")
    place.add_argument("--fit", choices=("contain", "cover"), default="contain", help="whole picture, or full canvas")
    place.add_argument("--kiosk", action="store_true", help="Esc does not leave")
    place.add_argument("--kiosk-file", metavar="FILE", type=Path, help="maintenance PIN and the like (implies --kiosk)")
    place.add_argument("--kiosk-screen", metavar="N", type=_positive, default=1, help="which screen of that file (1)")
    what = parser.add_argument_group("what")
    what.add_argument("--image-seconds", metavar="N", type=_seconds, default=10.0, help="how long a still stands (10)")
    what.add_argument("--languages", metavar="vi,lo", type=_languages, default=(), help="sound tracks, best first")
    what.add_argument("--captions", metavar="vi,lo", type=_languages, default=(), help="draw captions, first above")
    what.add_argument("--mute", action="store_true", help="no sound")
    what.add_argument("--volume", metavar="0-100", type=_volume, default=100, help="volume of the sound (100)")
    what.add_argument("--hwdec", choices=("auto", "off"), default="off", help="let hardware decode (off)")
    what.add_argument("--test-sound", action="store_true", help="play a tone and say where it goes")
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    return parser


def default_log() -> Path:
    """Where the play log is kept when nobody says."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "border-gate-signage" / "play.log.sqlite"


def _play(arguments: argparse.Namespace) -> ExitCode:
    from player import shelf

    if arguments.state is not None:
        return _play_state(arguments, arguments.state)
    path = Path(arguments.path)
    shelf.read_path(path)  # a clear word now instead of a slate for ever
    folder = shelf.base_folder(path).resolve()
    care = _care(arguments)
    log = (arguments.log or (default_log() if care.places is None else care.places.log)).absolute()
    if log.resolve().is_relative_to(folder):
        msg = f"The play log may not lie in the content folder {folder}; name another place with --log."
        raise UsageError(msg)
    return _run_player(arguments, path, log, care)


def _play_state(arguments: argparse.Namespace, state: Path) -> ExitCode:
    """Play what an agent puts into a state folder; an empty one is shown as the slate."""
    if not state.is_dir():
        msg = f"There is no state folder {state}."
        raise SiteError(msg)
    log = (arguments.log or state / "player" / "play.log.sqlite").absolute()
    return _run_player(arguments, state.absolute(), log, replace(_care(arguments), state=state.absolute()))


def _run_player(arguments: argparse.Namespace, path: Path, log: Path, care: "Care") -> ExitCode:
    from player.decoding.prisoners import opened_prison

    if log.is_dir() or any(above.exists() and not above.is_dir() for above in log.parents):
        msg = f"The play log {log} cannot be made there: name a file in a folder with --log."
        raise SiteError(msg)
    screen = None if arguments.layout is None else read_screen_file(arguments.layout)
    # Its interpreter starts while the rest is being loaded here.
    prison = opened_prison(hardware=arguments.hwdec == "auto")
    from player import app

    settings = replace(_settings(arguments, path, log), care=care)
    screen = screen or care.screen
    if screen is not None:
        settings = replace(settings, screen_id=screen.id, described=screen, layout=screen.layout)
    return app.run(settings, prison=prison)


def _care(arguments: argparse.Namespace) -> "Care":
    """How the player is looked after.

    Raises:
        SiteError: the kiosk file, or the screen file it names, cannot be used.

    """
    from player.attendance import Care

    if arguments.kiosk_file is None:
        return Care()
    from player import kiosk

    return kiosk.care_of(kiosk.read_kiosk_file(arguments.kiosk_file), arguments.kiosk_screen)


def _settings(arguments: argparse.Namespace, path: Path, log: Path) -> "Settings":
    from player.app import Settings
    from player.fitting import Fit
    from player.performance import Sound
    from player.ports import Wishes
    from playlists.timing import DurationMs

    sound = Sound(arguments.languages, arguments.volume, arguments.mute)
    return Settings(
        path=path,
        log=log,
        wishes=Wishes(arguments.loops, DurationMs(round(arguments.image_seconds * 1000)), sound),
        captions=arguments.captions,
        screen=arguments.screen,
        geometry=arguments.geometry,
        rotate=arguments.rotate,
        fit=Fit(arguments.fit),
        hardware=arguments.hwdec == "auto",
        kiosk=arguments.kiosk or arguments.kiosk_file is not None,
        screen_id=socket.gethostname(),
        state=None if arguments.state is None else path,
        trust_clock=arguments.trust_clock,
    )


def _list_screens() -> ExitCode:
    from player.app import check_display
    from player.stage.qt_application import make_application, screens

    check_display()
    for name, x, y, width, height in screens(make_application()):
        sys.stdout.write(f"{name}  {width}x{height}+{x}+{y}\n")
    return ExitCode.OK


def _look_after(words: Sequence[str]) -> int:
    """``signage-player kiosk`` and ``signage-player pin``."""
    parser = _Parser(
        prog=f"signage-player {words[0]}",
        allow_abbrev=False,
        description="Runs a player for every screen of a kiosk file and keeps them running."
        if words[0] == "kiosk"
        else "Asks for a maintenance PIN twice and prints the line for the kiosk file.",
    )
    if words[0] == "pin":
        from player.maintenance import pin_command

        parser.parse_args(words[1:])
        return pin_command.main()
    from player import kiosk

    parser.add_argument("file", metavar="KIOSK.toml", type=Path, help="the kiosk file")
    return kiosk.main(parser.parse_args(words[1:]).file)


def _command(words: Sequence[str]) -> int:
    """A command of its own, named by the first word."""
    if words[0] == "log":
        from player.proof_log import cli as log_cli

        return log_cli.main(words[1:])
    if words[0] == "render":
        from player import cli_render

        return cli_render.main(words[1:])
    return _look_after(words)


def _run(words: Sequence[str]) -> int:
    if words and words[0] in _COMMANDS:
        return _command(words)
    parser = _parser()
    arguments = parser.parse_args(words)
    if arguments.version:
        sys.stdout.write(f"signage-player {VERSION}\n")
        return ExitCode.OK
    if arguments.list_screens:
        return _list_screens()
    if arguments.test_sound:
        from player.tone import play_tone

        return play_tone(arguments.volume)
    if arguments.path is not None and arguments.state is not None:
        parser.error("PATH and --state are two things to play; name one")
    if arguments.path is None and arguments.state is None:
        parser.error("PATH is missing: a folder of clips and pictures, or a playlist file")
    return _play(arguments)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code of the shared table."""
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except SignageError as error:
        sys.stderr.write(f"signage-player: {error}\n")
        return error.exit_code
    except BrokenPipeError:
        return ExitCode.OK
