"""Bulletins by the real player: on the screen, page after page, heard where they have a recording."""

import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.listening import listening
from tests.support.player_process import PlayerRun, Stage
from tests.support.sound_server import private_sound_server

TRIES = 3
"""Two busy cores may starve the sound server itself for a moment; not three times running."""
VI = (
    "Chào mừng quý khách đến cửa khẩu quốc tế Bờ Y. Một con đường, nối liền hai đất nước.\n"
    "Xin chuẩn bị hộ chiếu hoặc giấy thông hành. Khai báo đầy đủ hàng hóa. Xếp hàng theo hướng dẫn. Xin cảm ơn."
)
# The Lao sentences of the demo content: no native has read them.
LO = "ຍິນດີຕ້ອນຮັບທ່ານສູ່ດ່ານສາກົນເບີອີ\nເສັ້ນທາງດຽວເຊື່ອມຕໍ່ສອງປະເທດ\nຂໍໃຫ້ທ່ານເດີນທາງປອດໄພ"


def bulletin(name: str, milliseconds: int | None, **more: object) -> dict[str, object]:
    texts = [
        {"language": "vi", "title": "Chào mừng đến cửa khẩu Bờ Y", "body": VI},
        {"language": "lo", "title": "ຍິນດີຕ້ອນຮັບສູ່ ດ່ານສາກົນ ເບີອີ", "body": LO},
    ]
    item: dict[str, object] = {"id": name, "kind": "bulletin", "title": name, "bulletin": {"texts": texts} | more}
    return item if milliseconds is None else item | {"duration_ms": milliseconds}


def playlist(folder: Path, *items: dict[str, object]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "bản-tin.playlist.json"
    document = {"format_version": 2, "id": "bản-tin", "title": "Bản tin", "items": items}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def played(players: Stage, path: Path, env: Mapping[str, str] | None = None, name: str = "log.sqlite") -> PlayerRun:
    """One round, to its end."""
    words = [str(path), "--loops", "1", "--geometry", "640x360+0+0"]
    return players.play(*words, log=players.home / name, env=env)


def test_bulletins_are_shown_page_after_page_and_logged(players: Stage, tmp_path: Path) -> None:
    """All pages of both, none lost, each for its whole time."""
    path = playlist(tmp_path / "nội-dung", bulletin("một", 2400), bulletin("hai", 1600))
    run = played(players, path)
    plays = run.log.shown
    assert [play.item for play in plays] == ["một", "hai"]
    for play, length in zip(plays, (2400, 1600), strict=True):
        assert play.outcome == "completed", play.end
        assert play.start["rendition"] == "text"
        assert play.end is not None
        assert abs(play.end["actual_ms"] - length) <= 60
        shown, lost = play.frames
        assert shown > 1
        assert lost == 0


def test_a_picture_that_is_missing_fails_its_bulletin_alone(players: Stage, tmp_path: Path) -> None:
    path = playlist(tmp_path / "nội-dung", bulletin("hỏng", 800, picture="không-có.png"), bulletin("lành", 800))
    run = played(players, path)
    assert [play.item for play in run.log.shown] == ["lành"]
    failed = [play for play in run.log.plays if play.item == "hỏng"]
    assert failed
    assert failed[0].end is not None
    assert failed[0].end["reason"].startswith("missing")


def test_a_recording_is_heard_for_as_long_as_it_lasts(players: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "nội-dung"
    folder.mkdir()
    tone = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-c:a", "aac"]
    subprocess.run([*tone, str(folder / "nói.m4a")], check=True)
    path = playlist(
        tmp_path / "nội-dung", bulletin("im", 800), bulletin("nói", None, rendition="sound", sound="nói.m4a")
    )
    with private_sound_server(tmp_path / "sound") as server:
        environment = players.environment(**server.environment)
        for number in range(TRIES):
            with listening(server.environment) as ear:
                run = played(players, path, environment, f"log-{number}.sqlite")
                time.sleep(0.3)  # what is on its way
                spans = ear.heard().spans(bridge_ms=20)
            _, play = run.log.shown
            assert play.outcome == "completed"
            assert play.start["rendition"] == "sound"
            assert play.end is not None
            assert abs(play.end["actual_ms"] - 2000) <= 80
            start = play.end["start"]["monotonic_ns"] / 1e9
            if spans and abs(spans[0].begin - start) <= 0.06 and abs(spans[-1].end - start - 2.0) <= 0.06:
                return
        pytest.fail(f"heard {spans} of what began at {start}")


def test_a_planned_playlist_file_is_followed(players: Stage, tmp_path: Path) -> None:
    """Without a state folder too: slots of an ended validity never come, weights count."""
    twice, once, over = bulletin("hai lần", 700), bulletin("một lần", 700), bulletin("đã qua", 700)
    path = playlist(tmp_path / "nội-dung", twice, once, over)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["slots"] = [
        {"id": "a", "item": "hai lần", "share": {"weight": 2}},
        {"id": "b", "item": "một lần"},
        {"id": "c", "item": "đã qua", "timetable": {"validity": {"ends": "2025-01-01T00:00:00"}}},
    ]
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    run = players.start(path, "--geometry", "640x360+0+0", "--trust-clock")
    deadline = time.monotonic() + 30
    while len([play for play in run.log.shown if play.end]) < 6 and time.monotonic() < deadline:
        time.sleep(0.2)
    run.process.terminate()
    assert run.wait() == 0, run.stderr
    names = [play.item for play in run.log.shown][:6]
    assert names.count("hai lần") == 4
    assert names.count("một lần") == 2
