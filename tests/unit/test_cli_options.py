"""What the command line takes and refuses, before anything is opened."""

from pathlib import Path

import pytest

from player.cli import default_log, main
from playlists.errors import ExitCode


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "a.mp4").touch()
    return folder


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line a wrong command is answered with."""
    assert main(words) == ExitCode.USAGE
    output = capsys.readouterr()
    assert output.out == ""
    line, end = output.err.split("\n")
    assert end == ""
    assert line.startswith("signage-player: ")
    return line


def exit_code(words: list[str]) -> int | str | None:
    """What the process would end with: argparse leaves by itself after some options."""
    try:
        return main(words)
    except SystemExit as leave:
        return leave.code


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--loops", "0"),
        ("--loops", "-1"),
        ("--loops", "1.5"),
        ("--loops", "many"),
        ("--loops", "²"),
        ("--volume", "101"),
        ("--volume", "-1"),
        ("--volume", "loud"),
        ("--rotate", "45"),
        ("--fit", "stretch"),
        ("--hwdec", "on"),
        ("--image-seconds", "0"),
        ("--image-seconds", "nan"),
        ("--image-seconds", "inf"),
        ("--image-seconds", "-3"),
        ("--image-seconds", "100000"),
        ("--geometry", "1280"),
        ("--geometry", "0x720+0+0"),
        ("--geometry", "1280x720"),
        ("--geometry", "1280x720+0"),
        ("--geometry", "1280x720+0+0+0"),
        ("--geometry", "999999x1+0+0"),
        ("--languages", "vi,"),
        ("--languages", "vietnamese!"),
        ("--captions", ""),
    ],
)
def test_a_value_that_makes_no_sense_is_named(
    capsys: pytest.CaptureFixture[str], content: Path, option: str, value: str
) -> None:
    assert option in refused(capsys, str(content), f"{option}={value}")


def test_unknown_and_shortened_options_are_refused(capsys: pytest.CaptureFixture[str], content: Path) -> None:
    assert "--nonsense" in refused(capsys, str(content), "--nonsense")
    assert "--loop" in refused(capsys, str(content), "--loop", "3")
    refused(capsys, str(content), "another")
    assert "PATH is missing" in refused(capsys)


def test_the_log_may_not_lie_in_the_content(capsys: pytest.CaptureFixture[str], content: Path) -> None:
    assert "may not lie in the content folder" in refused(capsys, str(content), "--log", str(content / "play.log"))
    link = content.parent / "link"
    link.symlink_to(content)
    refused(capsys, str(content), "--log", str(link / "play.log"))
    refused(capsys, str(link), "--log", str(content / "sub" / "play.log"))


def test_a_folder_that_is_missing_or_empty_is_the_operators_to_mend(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([str(tmp_path / "gone")]) == ExitCode.CONTENT
    assert "gone" in capsys.readouterr().err
    assert main([str(tmp_path)]) == ExitCode.CONTENT
    assert capsys.readouterr().err.count("\n") == 1


def test_help_and_version_are_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["--version"], ["log", "--help"]):
        assert exit_code(words) == ExitCode.OK
        output = capsys.readouterr()
        assert output.out
        assert output.err == ""


def test_help_names_every_option_the_manual_promises(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(["--help"])
    text = capsys.readouterr().out
    options = (
        "--log --loops --geometry --screen --list-screens --rotate --fit --image-seconds --languages --captions --mute "
        "--volume --hwdec --kiosk --test-sound --version --help"
    )
    assert [option for option in options.split() if option not in text] == []


def test_the_log_has_a_place_of_its_own() -> None:
    assert default_log().name == "play.log.sqlite"
    assert default_log().is_absolute()


def test_a_screen_file_that_is_none_or_is_not_there_is_told_before_anything_is_opened(
    capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path
) -> None:
    log = str(tmp_path / "log.sqlite")
    assert main([str(content), "--log", log, "--layout", str(tmp_path / "gate.screen.json")]) == ExitCode.SITE
    assert "gate.screen.json cannot be read" in capsys.readouterr().err
    (tmp_path / "gate.screen.json").write_text("{}", encoding="utf-8")
    assert main([str(content), "--log", log, "--layout", str(tmp_path / "gate.screen.json")]) == ExitCode.CONTENT
    assert capsys.readouterr().err.startswith("signage-player: ")
    assert not (tmp_path / "log.sqlite").exists()
