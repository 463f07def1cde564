"""The real player on a real screen: what is played, in which order, when it leaves, and what it leaves behind."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from player.proof_log.cli import main as log_command
from playlists.proof import Outcome
from tests.support.cards import BLUE, GREEN, RED, YELLOW, make_card_still, make_plain_clip
from tests.support.media import Clip, Tone, make_clip, make_picture
from tests.support.player_process import PROGRAM, PlayerRun, Stage
from tests.support.screen import near
from tests.support.sound_server import private_sound_server
from tests.support.xserver import KEYCODE_ESCAPE, KEYCODE_SPACE, XServer

SMALL = (160, 90)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two plain clips, a second each."""
    folder = tmp_path_factory.mktemp("clips")
    make_plain_clip(folder / "1-red.mp4", RED)
    make_plain_clip(folder / "2-green.mp4", GREEN)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for content."""
    made = tmp_path / "content"
    made.mkdir()
    return made


def contents(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Every file below a folder, with what would change if somebody wrote it."""
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        yield str(path.relative_to(folder)), status.st_size, status.st_mtime_ns


def test_a_mixed_folder_plays_in_natural_order_through_links_and_leaves_no_trace(
    players: Stage, tmp_path: Path
) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "content"
    (folder / "deeper").mkdir(parents=True)
    elsewhere.mkdir()
    make_clip(elsewhere / "far.mkv", Clip("libvpx-vp9", SMALL, frames=15))
    make_clip(folder / "clip 2.mp4", Clip(size=SMALL, frames=15, sound=(Tone(0.6),)))
    make_clip(folder / "deeper" / "clip 3.mp4", Clip(size=SMALL, frames=15))
    make_clip(folder / ".clip 4.mp4", Clip(size=SMALL, frames=15))
    make_picture(folder / "Clip 1.png")
    make_picture(folder / "tranh ảnh.jpg")
    (folder / "clip 10.mkv").symlink_to(elsewhere / "far.mkv")
    (folder / "readme.txt").write_text("no item", encoding="utf-8")
    (tmp_path / "link").symlink_to(folder)
    before = list(contents(folder)), list(contents(elsewhere))
    run = players.play(tmp_path / "link", "--loops", "2", "--image-seconds", "0.5")
    order = ["Clip 1.png", "clip 2.mp4", "clip 10.mkv", "tranh ảnh.jpg"]
    assert run.log.items == order * 2
    assert {play.outcome for play in run.log.plays} == {Outcome.COMPLETED}
    assert (list(contents(folder)), list(contents(elsewhere))) == before
    assert run.log.rows[-1].kind == "closed"
    assert log_command(["verify", str(run.log_path)]) == 0


def test_each_loop_is_one_round_and_one_clip_alone_loops(players: Stage, folder: Path) -> None:
    make_plain_clip(folder / "only.mp4", RED, frames=20)
    run = players.play(folder, "--loops", "4")
    assert run.log.items == ["only.mp4"] * 4
    for play in run.log.plays:
        assert play.outcome == Outcome.COMPLETED
        assert sum(play.frames) == 20
    joins(run, 800)


def joins(run: PlayerRun, milliseconds: int, within: int = 200) -> None:
    """One play ends where the next begins, and the cuts are one clip's length apart."""
    plays = run.log.shown
    for before, after in pairwise(plays):
        assert before.end is not None
        assert after.end is not None
        assert after.end["start"]["monotonic_ns"] == before.end["end"]["monotonic_ns"]
    cuts = [play.end["end"]["monotonic_ns"] / 1e6 for play in plays if play.end is not None]
    assert [gap for gap in (b - a for a, b in pairwise(cuts)) if abs(gap - milliseconds) > within] == []


def test_escape_leaves_and_other_keys_do_not(players: Stage, screen: XServer, clips: Path) -> None:
    run = players.start(clips)
    run.wait_until(lambda: run.playing("1-red.mp4"))
    screen.press(KEYCODE_SPACE)
    run.wait_until(lambda: run.playing("2-green.mp4"))
    screen.press(KEYCODE_ESCAPE)
    assert run.wait(10) == 0
    left_in_order(run)


def left_in_order(run: PlayerRun) -> None:
    """What stood on the screen has an END, and the log is closed."""
    assert all(play.end is not None for play in run.log.plays)
    last = run.log.shown[-1].end
    assert last is not None
    assert (last["outcome"], last["reason"]) == ("interrupted", "stop")
    assert abs(last["position_ms"] - last["actual_ms"]) <= 100  # the first picture may stand ahead, or come late
    assert last["actual_ms"] > 0
    assert [row["reason"] for row in run.log.of("closed")] == ["stop"]
    assert run.log.rows[-1].kind == "closed"


def test_escape_does_nothing_in_a_kiosk(players: Stage, screen: XServer, clips: Path) -> None:
    run = players.start(clips, "--kiosk")
    run.wait_until(lambda: run.playing("1-red.mp4"))
    screen.press(KEYCODE_ESCAPE)
    run.wait_until(lambda: len(run.log.items) > 1)
    assert run.stop() == 0


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_makes_it_leave_in_order(players: Stage, clips: Path, sign: signal.Signals) -> None:
    run = players.start(clips)
    run.wait_until(lambda: run.playing("2-green.mp4"))
    assert run.stop(sign) == 0
    left_in_order(run)


def test_the_window_is_gone_and_no_process_stays(players: Stage, screen: XServer, clips: Path) -> None:
    run = players.start(clips)
    run.wait_until(lambda: run.playing("1-red.mp4"))
    family = descendants(run.process.pid)
    assert {"signage-warden", "signage-decode"} <= set(family.values())
    assert run.stop() == 0
    assert screen.look().bounds() is None
    until = time.monotonic() + 5
    while (left := [name for pid, name in family.items() if comm_of(pid) == name]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def comm_of(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return None


def descendants(pid: int) -> dict[int, str | None]:
    """Pids and names of all below a process."""
    found: dict[int, str | None] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text(encoding="ascii").split()):
            found |= {child: comm_of(child)} | descendants(child)
    return found


def test_a_still_stands_as_long_as_it_is_told(players: Stage, folder: Path) -> None:
    make_card_still(folder / "1.png", (64, 36))
    make_card_still(folder / "2.png", (36, 64))
    run = players.play(folder, "--loops", "2", "--image-seconds", "0.4")
    assert run.log.items == ["1.png", "2.png"] * 2
    assert [play.frames for play in run.log.plays] == [(1, 0)] * 4
    assert {play.start["planned_ms"] for play in run.log.plays} == {400}
    assert {play.start["rendition"] for play in run.log.plays} == {"image"}
    joins(run, 400)


def test_a_playlist_file_plays_as_written(players: Stage, clips: Path, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(clips, folder)
    make_card_still(folder / "3.png", (64, 36))
    command = PROGRAM.with_name("signage-playlist")
    subprocess.run([command, "new", folder, "--sha256", "--output", folder / "list.json"], check=True, stdout=-3)
    run = players.play(folder / "list.json", "--loops", "1", "--image-seconds", "0.3")
    assert [play.start["title"] for play in run.log.shown] == ["red", "green", "3"]
    assert {play.outcome for play in run.log.plays} == {Outcome.COMPLETED}
    assert all(play.start["playlist"] and play.start["slot"] for play in run.log.plays)
    assert all(len(play.start["sha256"] or (play.end or {})["sha256"]) == 64 for play in run.log.plays)


def test_volume_and_mute_are_on_record(players: Stage, folder: Path) -> None:
    make_clip(folder / "1.mp4", Clip(size=SMALL, frames=15, sound=(Tone(0.6, "vie"),)))
    for words, volume in (((), 100), (("--volume", "40"), 40), (("--mute",), 0)):
        (play,) = players.play(folder, "--loops", "1", *words).log.plays
        assert play.end is not None
        assert (play.start["volume"], play.end["volume"]) == (volume, volume)


def test_languages_choose_the_sound_track_and_filter_nothing(players: Stage, folder: Path, tmp_path: Path) -> None:
    both = (Tone(0.6, "vie", 300), Tone(0.6, "lao", 500))
    make_clip(folder / "1-vi-lo.mp4", Clip(size=SMALL, frames=15, sound=both))
    make_clip(folder / "2-vi.mkv", Clip(size=SMALL, frames=15, sound=both[:1]))
    make_clip(folder / "3-none.mp4", Clip(size=SMALL, frames=15))
    with private_sound_server(tmp_path / "sound") as server:
        for words, heard in (
            ((), [["vi"], ["vi"], []]),
            (("--languages", "lo,vi"), [["lo"], ["vi"], []]),
            (("--languages", "km,LAO"), [["lo"], ["vi"], []]),
        ):
            log = players.play(folder, "--loops", "1", *words, env=players.environment(**server.environment)).log
            assert [play.end["sound_languages"] for play in log.shown if play.end is not None] == heard


def test_without_a_sound_server_it_plays_as_quietly_as_with_one(players: Stage, folder: Path) -> None:
    make_clip(folder / "1.mp4", Clip(size=SMALL, frames=25, sound=(Tone(1.0),)))
    run = players.play(folder, "--loops", "3", env=players.environment(PULSE_SERVER=None))
    assert [sum(play.frames) for play in run.log.shown] == [25] * 3
    joins(run, 1000)
    assert run.stderr == ""


def test_what_is_on_the_screen_has_its_start_on_the_disk(players: Stage, screen: XServer, folder: Path) -> None:
    """However hard the player is killed, a picture that was seen has a row."""
    colours = {"1.mp4": RED, "2.mp4": GREEN, "3.mp4": BLUE, "4.mp4": YELLOW}
    for name, colour in colours.items():
        make_plain_clip(folder / name, colour, frames=12)
    for after_looks in (1, 23, 61):
        run = players.start(folder)
        seen: list[str] = []

        def look(seen: list[str] = seen) -> int:
            pixel = screen.look().pixel(320, 300)
            name = next((name for name, colour in colours.items() if near(pixel, colour)), None)
            if name is not None and seen[-1:] != [name]:
                seen.append(name)
            return len(seen)

        run.wait_until(look)
        for _ in range(after_looks):
            look()
        os.kill(run.process.pid, signal.SIGKILL)
        run.wait()
        started = [play.item for play in run.log.plays]
        assert started[: len(seen)] == seen
        screen_is_empty(run, screen)


def screen_is_empty(run: PlayerRun, screen: XServer) -> None:
    """The X server takes a dead player's window away; the next one must not be judged by it."""
    assert run.process.poll() is not None
    until = time.monotonic() + 10
    while screen.look().bounds() is not None:
        assert time.monotonic() < until, "the window of a dead player stays"


def test_new_content_is_taken_up_in_the_running_loop(players: Stage, clips: Path, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(clips, folder)
    run = players.start(folder)
    run.wait_until(lambda: run.playing("1-red.mp4"))
    make_plain_clip(tmp_path / "3-blue.mp4", BLUE).rename(folder / "3-blue.mp4")
    (folder / "2-green.mp4").unlink()
    run.wait_until(lambda: run.log.items[-2:] == ["3-blue.mp4", "1-red.mp4"])
    assert run.stop() == 0
    assert "failed" not in {play.outcome for play in run.log.shown}
