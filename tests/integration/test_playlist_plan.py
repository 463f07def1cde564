"""``signage-playlist plan`` on files, in its three forms, and what is committed of them.

``UPDATE_GOLDEN=1 pytest tests/integration/test_playlist_plan.py`` writes the plans anew; read them then.
"""

import json
import os
import xml.etree.ElementTree as ET
from datetime import time
from pathlib import Path

import pytest

from playlists.cli import main
from playlists.playlist import ItemKind, Playlist
from playlists.playlist_file import write_playlist
from playlists.schedule import Precedence, Share, Timetable
from playlists.screen import OpeningHours, Screen
from playlists.screen_file import write_screen
from playlists.timing import DurationMs
from tests.support.loops import MORNING, item, slot

GOLDEN = Path(__file__).parents[1] / "golden" / "plan"
PLAYLIST = Playlist(
    "bo-y",
    "Vòng phát <Bờ Y>",
    (
        slot(item("chao-vi", "vi", seconds=250, message="chao")),
        slot(item("chao-lo", "lo", seconds=250, message="chao")),
        slot(item("bien-gioi", "vi", "km", seconds=310.5), Share(spacing=DurationMs(900_000))),
        slot(item("sot-ret", "vi", "jeh", seconds=200), timetable=Timetable(dayparts=("morning",))),
        slot(item("anh", "fr", seconds=100, kind=ItemKind.IMAGE), precedence=Precedence.PRIORITY),
        slot(item("nhac", "th", seconds=20), Share(most_per_hour=1)),
    ),
    planned=True,
    dayparts=(MORNING,),
)
SCREEN = Screen(
    "bo-y-1",
    "bo-y",
    "bo-y",
    title="Màn LED",
    languages=("vi", "lo"),
    shares={"lo": 25.0},
    hours=(OpeningHours(time(6, 30), time(9, 10)),),
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    playlist, screen = tmp_path / "bo-y.playlist.json", tmp_path / "bo-y.screen.json"
    playlist.write_bytes(write_playlist(PLAYLIST))
    screen.write_bytes(write_screen(SCREEN))
    return str(playlist), str(screen)


def planned(files: tuple[str, str], capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["plan", files[0], "--screen", files[1], *options]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("form", "suffix"), [("table", "txt"), ("json", "json"), ("svg", "svg")])
def test_a_plan_is_written_as_it_was(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], form: str, suffix: str
) -> None:
    told = planned(files, capsys, "--at", "2026-11-24T06:00", "--hours", "5", "--format", form)
    golden = GOLDEN / f"bo-y.{suffix}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


def test_the_table_is_what_an_officer_reads(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    told = planned(files, capsys, "--at", "2026-11-24T06:59").splitlines()
    assert told[0] == "Kế hoạch phát: Vòng phát <Bờ Y>, màn hình Màn LED (Asia/Ho_Chi_Minh)"
    assert told[2].startswith("06:00 ngày 24/11/2026: ")
    assert told[4] == "  06:00:00  1800,0               (ngoài giờ mở cửa, tắt màn hình)"
    assert any(line.startswith("  Ngôn ngữ: Tiếng Lào ") for line in told)


def test_hours_go_on_over_days_and_an_offset_is_understood(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    plan = json.loads(planned(files, capsys, "--at", "2026-11-24T22:30+00:00", "--hours", "26", "--format", "json"))
    hours = [one["hour"] for one in plan["hours"]]
    assert (hours[0], hours[-1], len(hours)) == ("2026-11-25T05:00:00+07:00", "2026-11-26T06:00:00+07:00", 26)
    assert plan["hours"][0]["closings"] == [{"offset": 0, "length": 3_600_000}]
    assert plan["hours"][0]["languages"] == []
    assert plan["hours"][2]["languages"][0] == {"language": "lo", "percent": pytest.approx(25, abs=10), "wanted": 25.0}


def test_without_a_moment_it_plans_this_hour(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(json.loads(planned(files, capsys, "--format", "json"))["hours"]) == 1


def test_the_picture_is_well_formed_and_names_what_it_shows(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    picture = ET.fromstring(  # noqa: S314 - our own
        planned(files, capsys, "--at", "2026-11-24T06:00", "--hours", "20", "--format", "svg")
    )
    texts = [text for element in picture.iter() if (text := element.text)]
    assert "Kế hoạch phát: Vòng phát <Bờ Y>" in texts
    assert {"Tiếng Việt", "Tiếng Lào", "Tiếng Khmer", "Tiếng Giẻ", "fr, th", "ngoài giờ mở cửa"} <= set(texts)
    assert any("24/11/2026 đến 25/11/2026" in text for text in texts)
    assert any(text.startswith("06:30:00 · 100,0 giây".replace(",", ".")) for text in texts)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--at", "sáng mai"], "“sáng mai” không phải thời điểm dạng 2026-11-24T07:00"),
        (["--hours", "0"], "số giờ phải từ 1 đến 744"),
        (["--hours", "một"], "số giờ phải từ 1 đến 744"),
        (["--format", "pdf"], "pdf"),
    ],
)
def test_a_wrong_option_is_told_in_vietnamese(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    assert main(["plan", files[0], "--screen", files[1], *options]) == 2
    assert told in capsys.readouterr().err


def test_a_screen_is_needed(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", files[0]]) == 2
    assert "--screen" in capsys.readouterr().err
