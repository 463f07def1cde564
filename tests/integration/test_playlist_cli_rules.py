"""``signage-playlist check`` by the content rules: for a screen, with measured facts, as a draft."""

import json
from pathlib import Path

import pytest

from playlists.cli import main
from playlists.content_digest import content_digest
from playlists.playlist_file import read_playlist

TEXTS = [{"language": "vi", "title": "Cửa khẩu mở 7 giờ"}, {"language": "en", "title": "The gate opens at 7"}]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    items = [{"id": "tin", "kind": "bulletin", "title": "Giờ mở cửa", "bulletin": {"texts": TEXTS}}]
    written = {"format_version": 2, "id": "p", "title": "P", "items": items}
    file = tmp_path / "p.playlist.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    return file


def approve(path: Path) -> None:
    bulletin = read_playlist(path.read_bytes()).slots[0].item.bulletin
    assert bulletin is not None
    document = json.loads(path.read_text(encoding="utf-8"))
    approval = {"by": "Sở A", "on": "2026-11-24", "digest": content_digest(bulletin)}
    document["items"][0]["papers"] = {"approvals": [approval]}
    path.write_text(json.dumps(document), encoding="utf-8")


def beside(path: Path, name: str, **fields: object) -> str:
    file = path.with_name(name)
    file.write_text(json.dumps({"format_version": 1, **fields}), encoding="utf-8")
    return str(file)


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["check", *arguments, "--on", "2026-11-25"])
    return code, capsys.readouterr().out


def test_no_approval_no_publication_but_a_draft(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(capsys, str(path))
    assert code == 3
    assert "/items/0/papers: V15: Chưa có phê duyệt.\n    V15: There is no approval.\n" in out
    code, out = check(capsys, str(path), "--draft")
    assert code == 0
    assert "V15: Chưa có phê duyệt." in out


def test_what_nobody_measured_is_said(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approve(path)
    code, out = check(capsys, str(path))
    assert code == 0
    assert "/items/0/bulletin/texts/1: V2: Chưa đo chiều cao chữ tiếng Anh và chữ Việt." in out
    assert "Lưu ý: V17: Chưa kiểm tra phông chữ có đủ ký tự tiếng Việt hay không. (và 1 chỗ khác)" in out
    assert "chưa thể coi là đạt quy tắc nội dung" in out


def test_facts_and_a_screen_leave_nothing_open(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approve(path)
    screen = beside(
        path, "s.screen.json", id="s", gate="bo-y", cluster="c", title="S", canvas={"width": 9, "height": 9}
    )
    letters = [{"language": "vi", "drawn_px": 40}, {"language": "en", "drawn_px": 30}]
    measured = {"letters": letters, "missing_glyphs": {"vi": [], "en": []}, "contrasts": [{"ratio": 7}]}
    facts = beside(path, "p.facts.json", items={"tin": measured})
    code, out = check(capsys, str(path), "--screen", screen, "--facts", facts)
    assert (code, out) == (0, "Không có lỗi. / Nothing is wrong.\n")
    letters[1]["drawn_px"] = 31
    beside(path, "p.facts.json", items={"tin": measured})
    code, out = check(capsys, str(path), "--screen", screen, "--facts", facts)
    assert code == 0  # no advertisement, so a warning
    assert "Lưu ý: V2: Chữ tiếng Anh vẽ ra cao bằng 77,5 % chữ Việt, nhiều nhất chỉ được 75 %." in out


def test_findings_of_other_files_are_told_with_their_names(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approve(path)
    volume = [{"begins": "06:00", "percent": 80}, {"begins": "21:00", "percent": 10}]
    screen = beside(path, "s.screen.json", id="s", gate="bo-y", cluster="c", title="S", volume=volume)
    facts = beside(path, "p.facts.json", items={"tin": {"siren": 2}})
    code, out = check(capsys, str(path), "--screen", screen, "--facts", facts)
    assert code == 3
    assert "p.facts.json#/items/tin/siren: Giá trị lớn nhất là 1.0." in out
    assert "s.screen.json#/volume/1: V9: Từ 21:00 đường âm lượng cho 10 %" in out
