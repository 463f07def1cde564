"""What a wrong word, or a machine that lacks something, is answered: one clear line and an exit code of the table."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from playlists.errors import ExitCode
from tests.support.cards import make_card_still
from tests.support.player_process import PROGRAM, PlayLog, Stage
from tests.support.xserver import XServer


def said(stage: Stage, *words: str | Path, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Run the command as it is; exit code, stdout, stderr."""
    done = subprocess.run(
        [str(PROGRAM), *map(str, words)],
        env=env or stage.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def refusal(stage: Stage, *words: str | Path, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code and the one line of a command that says no."""
    code, out, err = said(stage, *words, env=env)
    assert out == ""
    assert re.fullmatch(r"signage-player: [^\n]+\n", err), err
    assert "Traceback" not in err
    return code, err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    make_card_still(made / "card.png", (64, 36))
    return made


def test_it_says_its_version(players: Stage) -> None:
    code, out, err = said(players, "--version")
    assert (code, err) == (ExitCode.OK, "")
    assert re.fullmatch(r"signage-player \d+\.\d+\.\d+\S*\n", out)


def test_its_help_names_every_option_and_exit_code(players: Stage) -> None:
    code, out, err = said(players, "--help")
    assert (code, err) == (ExitCode.OK, "")
    options = (
        "--log --loops --geometry --screen --list-screens --rotate --fit --image-seconds --languages --captions "
        "--mute --volume --hwdec --kiosk --test-sound --version --help"
    )
    assert [option for option in options.split() if option not in out] == []
    words = " ".join(out.split())
    assert "Exit codes: 0 fine, 2 wrong option, 3 content, 4 this machine, 5 a damaged log, 1 a fault of ours" in words


@pytest.mark.parametrize(
    "words",
    [
        "--no-such-option",
        "--loop 3",
        "--loops 0",
        "--loops many",
        "--geometry 640x360",
        "--geometry 0x0+0+0",
        "--rotate 45",
        "--fit stretch",
        "--image-seconds 0",
        "--image-seconds nan",
        "--image-seconds soon",
        "--languages vi,,lo",
        "--captions xx-",
        "--volume 101",
        "--volume -1",
        "--hwdec on",
        "one-folder too-many",
    ],
)
def test_a_wrong_option_is_one_line_and_code_2(players: Stage, folder: Path, words: str) -> None:
    code, line = refusal(players, folder, *words.split())
    assert code == ExitCode.USAGE
    assert "--help" in line


def test_no_path_at_all_is_a_wrong_use(players: Stage) -> None:
    code, line = refusal(players)
    assert code == ExitCode.USAGE
    assert "PATH" in line


def test_content_that_cannot_be_played_is_code_3(players: Stage, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / ".hidden.mp4").write_bytes(b"x")
    (empty / "readme.txt").write_text("nothing to show", encoding="utf-8")
    (tmp_path / "list.json").write_text("{}", encoding="utf-8")
    (tmp_path / "noise.playlist.json").write_bytes(b"\0\xff" * 50)
    for path in (tmp_path / "missing", empty, tmp_path / "list.json", tmp_path / "noise.playlist.json"):
        code, line = refusal(players, path, "--log", tmp_path / "log")
        assert code == ExitCode.CONTENT
        assert path.name in line or "Playlist" in line
    assert not (tmp_path / "log").exists()


def test_the_log_may_not_lie_within_the_content(players: Stage, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "by-another-name").symlink_to(folder)
    for path, log in (
        (folder, folder / "play.log"),
        (folder, folder / "deeper" / "play.log"),
        (folder, tmp_path / "by-another-name" / "play.log"),
        (tmp_path / "by-another-name", folder / "play.log"),
    ):
        code, line = refusal(players, path, "--log", log)
        assert code == ExitCode.USAGE
        assert "log" in line
    assert [path.name for path in folder.iterdir()] == ["card.png"]


def test_a_log_that_cannot_be_made_is_the_machines_fault(players: Stage, folder: Path, tmp_path: Path) -> None:
    """Playing goes on, for the picture comes first; but nobody is told afterwards that all went well."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    words = ("--loops", "1", "--image-seconds", "0.2")
    for log in (tmp_path / "file" / "play.log", tmp_path / "folder"):
        code, line = refusal(players, folder, "--log", log, *words)
        assert code == ExitCode.SITE
        assert str(log) in line


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"DISPLAY": None}, "DISPLAY"),
        ({"DISPLAY": ""}, "DISPLAY"),
        ({"DISPLAY": ":89"}, ":89"),
        ({"DISPLAY": "nonsense"}, "nonsense"),
        ({"DISPLAY": None, "WAYLAND_DISPLAY": "wayland-0"}, "XWayland"),
    ],
    ids=["unset", "empty", "dead", "nonsense", "wayland"],
)
def test_without_an_x_server_it_says_so(
    players: Stage, folder: Path, change: dict[str, str | None], hint: str, tmp_path: Path
) -> None:
    for words in ((str(folder), "--log", str(tmp_path / "log")), ("--list-screens",)):
        code, line = refusal(players, *words, env=players.environment(**change))
        assert code == ExitCode.SITE
        assert hint in line
    assert not (tmp_path / "log").exists()


def test_without_libvlc_it_says_so(players: Stage, folder: Path, tmp_path: Path) -> None:
    environment = players.environment(PYTHON_VLC_LIB_PATH="/nonexistent/libvlc.so.5")
    code, line = refusal(players, folder, "--log", tmp_path / "log", "--loops", "1", env=environment)
    assert code == ExitCode.SITE
    assert "libVLC" in line
    assert "vlc-plugin-base" in line


def test_a_screen_nobody_has_is_named_with_those_there_are(players: Stage, folder: Path, tmp_path: Path) -> None:
    code, line = refusal(players, folder, "--log", tmp_path / "log", "--screen", "HDMI-9")
    assert code == ExitCode.SITE
    _code, screens, _err = said(players, "--list-screens")
    assert "HDMI-9" in line
    assert screens.split()[0] in line


def test_it_lists_the_screens(players: Stage, screen: XServer) -> None:
    code, out, err = said(players, "--list-screens")
    assert (code, err) == (ExitCode.OK, "")
    assert re.fullmatch(rf"\S+  {screen.width}x{screen.height}\+0\+0\n", out)


def test_a_second_player_on_the_same_log_is_refused(players: Stage, folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    first = players.start(folder, log=log)
    first.wait_until(lambda: first.playing("card.png"))
    (tmp_path / "same.log").symlink_to(log)
    for name in (log, tmp_path / "same.log"):
        code, line = refusal(players, folder, "--log", name, "--loops", "1")
        assert code == ExitCode.SITE
        assert "another player" in line
    assert first.stop() == ExitCode.OK
    assert [play.item for play in PlayLog(log).shown] == ["card.png"]


def test_the_default_log_lies_under_the_state_folder(players: Stage, folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    for environment, log in (
        (players.environment(XDG_STATE_HOME=str(state)), state / "border-gate-signage" / "play.log.sqlite"),
        (players.environment(), players.home / ".local/state/border-gate-signage/play.log.sqlite"),
    ):
        code, out, err = said(players, folder, "--loops", "1", "--image-seconds", "0.2", env=environment)
        assert (code, out, err) == (ExitCode.OK, "", "")
        assert PlayLog(log).items == ["card.png"]
    shutil.rmtree(state)
