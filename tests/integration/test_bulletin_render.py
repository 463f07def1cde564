"""``signage-player render``: pictures of a bulletin and what was measured, as a stranger would run it."""

import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from playlists.facts_file import read_facts

PROGRAM = Path(sys.executable).with_name("signage-player")
GOLDEN = Path(__file__).parents[1] / "golden"
POSTER = Path(__file__).parents[2] / "deploy" / "demo-content" / "bo-y" / "06-ap-phich-mang-den-vi-en.jpg"


@pytest.fixture(name="playlist")
def a_playlist(tmp_path: Path) -> Path:
    """The golden playlist, with the picture its bulletin names."""
    path = tmp_path / "bo-y.playlist.json"
    shutil.copy(GOLDEN / "playlist" / "bo-y-planned.playlist.json", path)
    (tmp_path / "hình").mkdir()
    shutil.copy(POSTER, tmp_path / "hình" / "cổng.jpg")
    return path


def render(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), "render", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def rendered(*words: str | Path) -> dict[str, Any]:
    run = render(*words)
    assert (run.returncode, run.stderr) == (0, "")
    report = json.loads(run.stdout)
    assert isinstance(report, dict)
    return report


def size_of(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_a_bulletin_is_drawn_and_measured(playlist: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    report = rendered(playlist, "bản-tin-1", "--canvas", "1280x720", "--output", out)
    assert report["files"] == [str(out)]
    assert size_of(out) == (1280, 720)
    assert report["measured"]["look"] == "day"
    facts = read_facts(json.dumps(report["facts"]).encode()).by_item["bản-tin-1"]
    assert facts.of == report["of"]
    heights = {(one.language, one.part): one.drawn_px for one in facts.letters or ()}
    assert heights["en", "body"] <= 0.75 * heights["vi", "body"]
    assert heights["en", "title"] <= 0.75 * heights["vi", "title"]
    assert facts.missing_glyphs == {"vi": (), "en": (), "und": ()}
    assert min(one.ratio for one in facts.contrasts or ()) >= 4.5


def test_every_page_is_a_file_turned_as_the_screen_is(playlist: Path, tmp_path: Path) -> None:
    out = tmp_path / "trang.png"
    words = ("--canvas", "300x100", "--rotate", "90", "--look", "ceremony")
    report = rendered(playlist, "bản-tin-1", *words, "--output", out)
    assert len(report["files"]) == report["measured"]["pages"] > 1
    assert report["files"][1] == str(tmp_path / "trang-2.png")
    assert {size_of(Path(file)) for file in report["files"]} == {(100, 300)}
    assert sum(report["measured"]["times_ms"]) >= 6000
    assert list(tmp_path.glob("*.part")) == []


def test_a_screen_file_says_how_it_is_dressed(playlist: Path, tmp_path: Path) -> None:
    screen = tmp_path / "led.screen.json"
    document = json.loads((GOLDEN / "screen" / "bo-y-led.screen.json").read_text(encoding="utf-8"))
    document["layout"]["colours"] = {"text": "#777777"}
    document["layout"]["logo"] = "hình/cổng.jpg"
    screen.write_text(json.dumps(document), encoding="utf-8")
    report = rendered(playlist, "bản-tin-1", "--screen", screen, "--look", "day", "--output", tmp_path / "a.png")
    adjusted = report["measured"]["adjusted"]
    assert adjusted[0]["wanted"] == "#777777"
    assert report["measured"]["least_contrast"] >= 4.5
    width, height = size_of(tmp_path / "a.png")
    assert width <= 384
    assert height <= 1024


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (["không-có", "--canvas", "640x360"], 3, "has no bulletin 'không-có'; it has "),
        (["bản-tin-hình", "--canvas", "640x360"], 3, "cannot be read: No such file"),
        (["bản-tin-1", "--canvas", "640"], 2, "is not WIDTHxHEIGHT"),
        (["bản-tin-1", "--canvas", "9000x10"], 2, "is not WIDTHxHEIGHT"),
        (["bản-tin-1", "--look", "dawn"], 2, "--look"),
    ],
    ids=["item", "picture", "canvas", "size", "look"],
)
def test_what_is_wrong_is_said_in_one_line(
    playlist: Path, tmp_path: Path, words: list[str], code: int, complaint: str
) -> None:
    run = render(playlist, *words, "--output", tmp_path / "x.png")
    assert run.returncode == code
    assert complaint in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert list(tmp_path.glob("x*.png")) == []


def test_a_picture_that_is_none_is_the_operators_to_put_right(playlist: Path, tmp_path: Path) -> None:
    (tmp_path / "hình" / "cổng.jpg").write_bytes(b"no picture")
    run = render(playlist, "bản-tin-1", "--canvas", "640x360", "--output", tmp_path / "x.png")
    assert run.returncode == 3
    assert "cannot be drawn" in run.stderr


def test_a_place_that_cannot_be_written_is_the_machines(playlist: Path, tmp_path: Path) -> None:
    run = render(playlist, "khẩn", "--canvas", "640x360", "--output", tmp_path / "none" / "x.png")
    assert run.returncode == 4
    assert "cannot be written" in run.stderr
