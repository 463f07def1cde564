"""A playlist file that names digests, and one that is spoiled while it plays."""

import hashlib
import json
import shutil
from pathlib import Path

from playlists.proof import Outcome
from tests.support.cards import BLUE, GREEN, RED, make_plain_clip
from tests.support.player_process import PROGRAM, PlayerRun, Stage


def _playlist(players: Stage, folder: Path) -> Path:
    file = folder / "all.playlist.json"
    words = [str(PROGRAM.with_name("signage-playlist")), "new", "--sha256", str(folder), "--output", str(file)]
    assert players.run_program(words, folder.parent / "unused.sqlite").wait() == 0
    return file


def test_a_file_that_is_not_the_one_named_is_never_shown(players: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for name, colour in (("1.mp4", RED), ("2.mp4", GREEN), ("3.mp4", BLUE)):
        make_plain_clip(folder / name, colour)
    file = _playlist(players, folder)
    promised = {item["source"]: item["sha256"] for item in json.loads(file.read_text(encoding="utf-8"))["items"]}
    shutil.copy(folder / "3.mp4", folder / "2.mp4")
    assert hashlib.sha256((folder / "2.mp4").read_bytes()).hexdigest() != promised["2.mp4"]
    run = players.play(file, "--loops", "1")
    outcomes = {play.start["title"]: play.outcome for play in run.log.plays}
    assert outcomes == {"1": Outcome.COMPLETED, "2": Outcome.FAILED, "3": Outcome.COMPLETED}
    failed = next(play for play in run.log.plays if play.outcome == Outcome.FAILED)
    assert failed.end is not None
    assert failed.end["reason"].startswith("wrong-digest")
    assert failed.frames == (0, 0)


def test_a_playlist_file_spoiled_while_it_plays_stays_in_force(players: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    make_plain_clip(folder / "1.mp4", RED)
    make_plain_clip(folder / "2.mp4", GREEN)
    file = _playlist(players, folder)
    run = players.start(file, "--loops", "3")
    run.wait_until(lambda: len(run.log.shown) >= 1)
    file.write_text('{"format_version": 1, "items": [', encoding="utf-8")
    assert run.wait() == 0
    assert _completed(run) == 6


def _completed(run: PlayerRun) -> int:
    return sum(play.outcome == Outcome.COMPLETED for play in run.log.plays)
