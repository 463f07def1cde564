"""``signage-playlist`` as operators run it, on real clips and pictures."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from fractions import Fraction
from pathlib import Path

import pytest

from playlists.cli import main
from playlists.playlist_file import read_playlist
from tests.support.media import Clip, Tone, make_clip, make_picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "Bờ Y"
    path.mkdir()
    make_clip(
        path / "1 Chào.mp4", Clip(rate=Fraction(30), frames=10, sound=(Tone(0.3, "vie"), Tone(0.3, "lao"), Tone(0.3)))
    )
    (path / "1 Chào.vi.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nChào\n", encoding="utf-8")
    make_picture(path / "2 Áp phích.png")
    return path


def written(folder: Path) -> Path:
    return folder / "Bờ Y.playlist.json"


def test_new_writes_what_check_finds_nothing_wrong_with(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(folder), "--sha256"]) == 0
    assert capsys.readouterr().out == f"Đã ghi {written(folder)}: 2 mục.\n"
    playlist = read_playlist(written(folder).read_bytes())
    clip, picture = (slot.item for slot in playlist.slots)
    assert (playlist.id, playlist.title) == ("Bờ Y", "Bờ Y")
    # 10 frames of a thirtieth of a second, rounded up so as not to cut the last one short.
    assert (clip.title, clip.duration, clip.sound) == ("Chào", 334, ("vi", "lo", "und"))
    assert [file.source for file in clip.captions] == ["1 Chào.vi.srt"]
    assert (picture.title, picture.duration) == ("Áp phích", None)
    assert clip.sha256 is not None
    assert main(["check", str(written(folder))]) == 0
    assert capsys.readouterr().out == "Không có lỗi. / Nothing is wrong.\n"
    assert not list(folder.glob("*.part"))


def test_show_reads_as_a_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", str(folder)])
    document = json.loads(written(folder).read_bytes())
    document["items"][0]["languages"] = ["vi", "lo"]
    written(folder).write_text(json.dumps(document), encoding="utf-8")
    capsys.readouterr()
    assert main(["show", str(written(folder))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Bờ Y (Bờ Y): 2 mục",
        "  1. Chào",
        "     tệp: 1 Chào.mp4 (video)",
        "     thời lượng: 0,3 giây",
        "     ngôn ngữ: Tiếng Việt, Tiếng Lào",
        "     âm thanh: Tiếng Việt, Tiếng Lào, không rõ",
        "     phụ đề: Tiếng Việt",
        "  2. Áp phích",
        "     tệp: 2 Áp phích.png (ảnh)",
    ]


def test_new_never_overwrites_without_force(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder).write_bytes(b"mine")
    assert main(["new", str(folder)]) == 2
    assert "--force" in capsys.readouterr().err
    assert written(folder).read_bytes() == b"mine"
    assert main(["new", str(folder), "--force"]) == 0
    assert written(folder).read_bytes() != b"mine"


def test_output_may_stand_above_the_folder_but_not_beside(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    above = folder.parent / "all.playlist.json"
    assert main(["new", str(folder), "--output", str(above)]) == 0
    clip = read_playlist(above.read_bytes()).slots[0].item
    assert clip.source == "Bờ Y/1 Chào.mp4"
    assert clip.captions[0].source == "Bờ Y/1 Chào.vi.srt"
    assert main(["check", str(above)]) == 0
    beside = folder.parent / "beside"
    beside.mkdir()
    assert main(["new", str(folder), "--output", str(beside / "x.json")]) == 2
    assert "phải nằm trong" in capsys.readouterr().err


def test_broken_files_are_named_and_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "3.mp4").write_bytes(b"#EXTM3U\n")
    (folder / "4.mp4").symlink_to("4.mp4.missing")
    make_clip(folder / "5.mp4", Clip(frames=0, sound=(Tone(0.1),)))
    (folder / os.fsdecode(b"6\xff.mp4")).write_bytes(b"")
    assert main(["new", str(folder)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "Bỏ qua 3.mp4: Tệp không chứa loại video hay ảnh nào phát được.",
        "Bỏ qua 4.mp4: Không đọc được tệp từ ổ đĩa.",
        "Bỏ qua 5.mp4: Không giải mã được hình nào của video.",
        "Bỏ qua 6\\xff.mp4: tên tệp không phải UTF-8.",
    ]
    assert len(read_playlist(written(folder).read_bytes()).slots) == 2


def test_a_name_no_playlist_file_can_hold_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(folder / "1 Chào.mp4", folder / "a\\b.mp4")
    assert main(["new", str(folder)]) == 3
    assert capsys.readouterr().out.startswith("/items/2/source: Đường dẫn phải nằm trong")
    assert not written(folder).exists()


def test_nothing_to_write_or_nowhere_to_read_is_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["new", str(tmp_path)], ["new", str(tmp_path / "no")], ["show", str(tmp_path / "no")]):
        assert main(arguments) == 3
        assert capsys.readouterr().err.startswith("signage-playlist: lỗi nội dung: không ")


def test_check_finds_everything_at_once_in_both_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", str(folder), "--sha256"])
    capsys.readouterr()
    (folder / "1 Chào.vi.srt").unlink()
    (folder / "1 Chào.mp4").write_bytes(b"not a clip")
    make_picture(folder / "2 Áp phích.png", (10, 10))
    assert main(["check", str(written(folder))]) == 3
    assert capsys.readouterr().out.splitlines() == [
        "/items/0/source: Tệp không chứa loại video hay ảnh nào phát được.",
        "    The file holds no kind of video or picture that is played.",
        "/items/0/captions/0/source: Không tìm thấy tệp “1 Chào.vi.srt”.",
        "    There is no file “1 Chào.vi.srt”.",
        "/items/1/sha256: Nội dung tệp không khớp với mã sha256 đã ghi.",
        "    The file's content does not match the sha256 on record.",
        "3 lỗi. / 3 found wrong.",
    ]
    (folder / "2 Áp phích.png").unlink()
    assert main(["check", str(written(folder))]) == 3
    assert "/items/1/source: Không tìm thấy tệp “2 Áp phích.png”." in capsys.readouterr().out


def test_check_tells_findings_of_the_file_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.playlist.json"
    path.write_bytes(b"[]")
    assert main(["check", str(path)]) == 3
    assert capsys.readouterr().out.splitlines()[0] == "/: Phải là một đối tượng JSON {…}."


def test_a_place_that_cannot_be_written_is_the_sites(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x.json.part").mkdir()
    assert main(["new", str(folder), "--output", str(folder / "x.json")]) == 4
    assert "lỗi máy: không ghi được" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["play"], ["new"], ["new", "--forc", "x"], ["check", "a", "b"]])
def test_a_wrong_argument_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("signage-playlist: sai cách dùng lệnh: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["--help"], "Cách dùng: signage-playlist "),
        (["new", "--help"], "Cách dùng: signage-playlist new "),
        (["--version"], "signage-playlist 0."),
        (["schema"], '{\n  "$schema": '),
    ],
)
def test_the_command_answers(arguments: list[str], first: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert main(arguments) == 0
    except SystemExit as left:
        assert left.code == 0  # noqa: PT017  # argparse leaves after --help
    captured = capsys.readouterr()
    assert captured.out.startswith(first)
    assert captured.err == ""


def test_the_command_runs_by_itself() -> None:
    arguments = ["--version"]
    command = [sys.executable, "-c", "import sys; from playlists.cli import main; sys.exit(main())", *arguments]
    done = subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONUTF8": "1"})
    assert done.stdout.decode().startswith("signage-playlist ")
    assert done.stderr == b""


def test_a_reader_who_has_read_enough_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed, redirect_stdout(closed):
        assert main(["schema"]) == 0
