"""``signage-playlist`` as operators run it, on real clips and pictures."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from playlists.cli import main
from playlists.cli_check import place_in_file, report
from playlists.findings import Finding, Severity
from playlists.playlist import PictureSize
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


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["play"],
        ["new"],
        ["new", "--forc", "x"],
        ["check", "a", "b"],
        ["check", "a", "--on", "1/12"],
        ["new", "a", "--format", "3"],
    ],
)
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


# Format 2 and screens.

GOLDEN = Path(__file__).parent.parent / "golden"


def planned(folder: Path) -> dict[str, Any]:
    """The folder's playlist as ``new`` writes it in format 2, without what it prints."""
    with redirect_stdout(io.StringIO()):
        assert main(["new", str(folder), "--format", "2"]) == 0
    document: dict[str, Any] = json.loads(written(folder).read_bytes())
    return document


def rewritten(folder: Path, document: dict[str, Any]) -> str:
    written(folder).write_text(json.dumps(document), encoding="utf-8")
    return str(written(folder))


def besides_rules(out: str) -> list[str]:
    """What is told in Vietnamese and is no content rule's."""
    lines = [line for line in out.splitlines() if not line.startswith(" ")]
    return [line for line in lines if not re.search(r": V\d+: |^/: Còn \d+ điều", line)]


def test_new_in_format_2_writes_lengths_sizes_and_digests(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_clip(folder / "3.mp4", Clip(frames=10, size=(64, 48), aspect=Fraction(4, 3), rotation=90))
    assert planned(folder)["format_version"] == 2
    playlist = read_playlist(written(folder).read_bytes())
    clip, picture, turned = (slot.item for slot in playlist.slots)
    assert playlist.planned
    assert (clip.length, clip.duration, clip.sound, clip.picture) == (
        334,
        None,
        ("vi", "lo", "und"),
        PictureSize(64, 48),
    )
    assert (picture.length, picture.picture) == (None, PictureSize(32, 24))
    # Stretched to 85 x 48 square pixels, then turned.
    assert turned.picture == PictureSize(48, 85)
    assert all(item.sha256 is not None for item in (clip, picture, turned))
    assert main(["check", str(written(folder)), "--draft"]) == 0
    assert besides_rules(capsys.readouterr().out) == ["Không có lỗi. / Nothing is wrong."]


def test_check_compares_what_is_on_record_with_the_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = planned(folder)
    # The file's own order: the slots show the picture first.
    document["slots"] = [{"id": "1", "item": "2 Áp phích.png"}, {"id": "2", "item": "1 Chào.mp4"}]
    clip, picture = document["items"]
    clip |= {"length_ms": 5000, "sound": ["vi"], "message": "chào", "languages": ["vi"]}
    picture["picture"] = {"width": 24, "height": 32}
    assert main(["check", rewritten(folder, document), "--draft"]) == 3
    assert besides_rules(capsys.readouterr().out) == [
        "/items/1/picture: Hình trong tệp là 32 x 24 điểm ảnh, khác với kích thước đã ghi.",
        "/items/0/length_ms: Tệp dài 334 ms, khác với length_ms đã ghi.",
        "/items/0/sound: Số đường tiếng trong tệp là 3, khác với danh sách đã ghi.",
        "/items/0/message: Lưu ý: Thông điệp “chào” chỉ có một phiên bản; hãy xem lại tên nếu còn bản bằng tiếng khác.",
        "3 lỗi. / 3 found wrong.",
    ]


def test_check_looks_into_the_files_of_bulletins(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = planned(folder)
    make_clip(folder / "tin.mkv", Clip(frames=0, sound=(Tone(0.5, "jra"),)))
    make_clip(folder / "hình.mp4", Clip(sound=(Tone(0.2, "vie"),)))
    make_clip(folder / "câm.mp4", Clip())
    text = [{"language": "vi", "title": "Thông báo"}]
    document["items"] = [
        {"id": name, "kind": "bulletin", "title": name, "sound": ["jra"], "length_ms": length, "bulletin": content}
        for name, length, content in (
            ("tiếng", 500, {"rendition": "sound", "texts": text, "sound": "tin.mkv", "picture": "2 Áp phích.png"}),
            ("dài", 1000, {"rendition": "sound", "texts": text, "sound": "hình.mp4", "sound_sha256": "ab" * 32}),
            ("câm", 1000, {"rendition": "sound", "texts": text, "sound": "câm.mp4"}),
            ("mất", 1000, {"rendition": "sound", "texts": text, "sound": "mất.m4a"}),
        )
    ]
    assert main(["check", rewritten(folder, document), "--draft"]) == 3
    assert besides_rules(capsys.readouterr().out) == [
        "/items/1/bulletin/sound_sha256: Nội dung tệp không khớp với mã sha256 đã ghi.",
        "/items/2/bulletin/sound: Tệp không có đường tiếng nào.",
        "/items/3/bulletin/sound: Không tìm thấy tệp “mất.m4a”.",
        "3 lỗi. / 3 found wrong.",
    ]


def test_check_for_a_screen(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(folder)
    path = tmp_path / "cổng.screen.json"
    wanted = {"format_version": 1, "id": "s", "gate": "bo-y", "cluster": "c", "languages": ["vi", "km"]}
    path.write_text(json.dumps(wanted | {"shares": {"km": 10}}), encoding="utf-8")
    assert main(["check", str(written(folder)), "--screen", str(path), "--on", "2026-12-01", "--draft"]) == 0
    assert besides_rules(capsys.readouterr().out) == [
        "/: Lưu ý: Màn hình đòi 10 % thời lượng cho Tiếng Khmer, nhưng không mục nào có ngôn ngữ này.",
        "Không có lỗi. / Nothing is wrong.",
    ]
    path.write_text(json.dumps(wanted | {"rotation": 45}), encoding="utf-8")
    assert main(["check", str(written(folder)), "--screen", str(path)]) == 3
    assert capsys.readouterr().out.startswith("cổng.screen.json#/rotation: Góc xoay phải là")


def test_check_of_a_screen_and_its_logo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "led.screen.json"
    path.write_bytes((GOLDEN / "screen" / "bo-y-led.screen.json").read_bytes())
    assert main(["check", str(path)]) == 3
    assert capsys.readouterr().out.startswith("/layout/logo: Không tìm thấy tệp “biểu trưng.png”.")
    (tmp_path / "biểu trưng.png").write_bytes(b"no picture")
    assert main(["check", str(path)]) == 3
    assert capsys.readouterr().out.startswith("/layout/logo: Tệp không chứa loại video hay ảnh nào phát được.")
    make_picture(tmp_path / "biểu trưng.png")
    assert main(["check", str(path)]) == 0
    path.write_bytes((GOLDEN / "screen" / "bo-y-1080p.screen.json").read_bytes())
    assert main(["check", str(path)]) == 0


def test_a_finding_with_advice_is_told_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = Finding("/items/0", "x", "Sai.", "Wrong.", Severity.NOTE, "Sửa đi.", "Mend it.")
    assert report([wrong]) == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "/items/0: Sai.",
        "    Wrong.",
        "    → Sửa đi.",
        "    → Mend it.",
    ]


def test_places_are_those_of_the_file_and_nothing_else_is_touched() -> None:
    places = [place_in_file(place, ["4", "2"]) for place in ("/items/1/papers", "/items/0", "/slots/1", "/items", "")]
    assert places == ["/items/2/papers", "/items/4", "/slots/1", "/items", ""]


def test_show_tells_when_where_and_how_often(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(GOLDEN / "playlist" / "bo-y-planned.playlist.json")]) == 0
    shown = capsys.readouterr().out
    golden = GOLDEN / "playlist" / "bo-y-planned.txt"
    assert shown == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["bo-y-led", "bo-y-1080p"])
def test_show_of_a_screen(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(GOLDEN / "screen" / f"{name}.screen.json")]) == 0
    golden = GOLDEN / "screen" / f"{name}.txt"
    assert capsys.readouterr().out == golden.read_text(encoding="utf-8")


def test_the_schema_of_each_kind_of_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "screen"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Screen file, version 1"
    assert main(["schema", "playlist"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Playlist file, version 1 or 2"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((), "còn thiếu: LỆNH"),
        (("plan", "x.json"), "còn thiếu: --screen"),
        (("plan", "x.json", "--screen"), "--screen: còn thiếu giá trị"),
        (("plan", "x.json", "--screen", "y", "--format", "pdf"), "--format: không có 'pdf'; hãy chọn một trong:"),
        (("show", "x.json", "--nhanh"), "không có tùy chọn này: --nhanh"),
        (("dance",), "LỆNH: không có 'dance'; hãy chọn một trong:"),
    ],
)
def test_what_is_typed_wrong_is_said_in_vietnamese(
    typed: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed) == 2
    assert f"sai cách dùng lệnh: {said}" in capsys.readouterr().err


def test_a_file_that_is_wrong_is_told_of_in_vietnamese_by_every_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = folder / "sai.playlist.json"
    wrong.write_text('{"format_version": 2}', encoding="utf-8")
    for command in (["show", str(wrong)], ["plan", str(wrong), "--screen", str(wrong)]):
        assert main(command) == 3
        told = capsys.readouterr().err
        assert re.match(r"signage-playlist: lỗi nội dung: tệp (danh sách phát|màn hình), /\w+: [^(]*\.", told)
        assert "This" not in told
    assert "lỗi nữa; xem bằng signage-playlist check" in told or "phiên bản" in told
