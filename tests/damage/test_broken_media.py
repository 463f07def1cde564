"""Broken files of every kind: each is put on record, none stops, freezes or kills the player."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from playlists.proof import Outcome
from tests.support.damage_run import check_plays, make_coloured_clips, watching
from tests.support.media import Clip, Tone, make_clip, make_picture
from tests.support.mutations import MUTATIONS, write_huge_jpeg, write_huge_png, write_victims
from tests.support.player_process import PROGRAM, Play, PlayerRun, Stage
from tests.support.xserver import XServer

STILL_S = "0.2"
EVERY = 5
"""After so many damaged files comes a healthy one."""
SIZE, FRAMES = (160, 90), 13


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Small good files of every container and still format; each plays to its end when nobody damages it."""
    folder = tmp_path_factory.mktemp("sources")
    sound = (Tone(FRAMES / 25),)
    clips = {
        "h264.mp4": Clip(size=SIZE, frames=FRAMES, sound=sound),
        "vp9.webm": Clip(size=SIZE, frames=FRAMES, codec="libvpx-vp9"),
        "h264.ts": Clip(size=SIZE, frames=FRAMES),
        "mpeg4.avi": Clip(size=SIZE, frames=FRAMES, codec="mpeg4"),
        "mpeg2.mpg": Clip(size=SIZE, frames=FRAMES, codec="mpeg2video", sound=sound),
        "hevc.mkv": Clip(size=SIZE, frames=FRAMES, codec="libx265"),
        "plain.mov": Clip(size=SIZE, frames=FRAMES),
    }
    stills = ("still.png", "still.jpg", "still.gif", "still.webp", "still.bmp")
    return [
        *(make_clip(folder / name, clip) for name, clip in clips.items()),
        *(make_picture(folder / name, (120, 80)) for name in stills),
    ]


def _judge(run: PlayerRun, broken: list[str], healthy: list[str]) -> list[Play]:
    """Every file was played or refused once, with a reason; every healthy one completed; the plays of the broken."""
    log = run.log
    check_plays(log)
    plays = log.plays
    assert sorted(play.item for play in plays) == sorted([*broken, *healthy]), "each item once a round, no spinning"
    assert {play.item for play in plays if play.outcome == Outcome.COMPLETED} >= set(healthy)
    assert {play.outcome for play in plays} <= {Outcome.COMPLETED, Outcome.FAILED}
    assert [row.payload for row in log.rows if row.kind == "fault"] == []
    return [play for play in plays if play.item in broken]


def _seen(plays: list[Play]) -> str:
    """Outcomes and reasons by mutation, for the record."""
    found: dict[str, dict[str, int]] = {}
    for play in plays:
        assert play.end is not None
        mutation = play.item[5:].partition("-of-")[0]
        word = "played" if play.end["reason"] is None else str(play.end["reason"]).partition(":")[0]
        found.setdefault(mutation, {}).setdefault(word, 0)
        found[mutation][word] += 1
    return json.dumps(found, indent=1, sort_keys=True)


def _play_damaged(numbers: range, sources: list[Path], tmp_path: Path, screen: XServer, players: Stage) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    victims = write_victims(folder, sources, numbers)
    good = make_coloured_clips(tmp_path / "good", FRAMES, ("1-red.mp4",)) / "1-red.mp4"
    healthy = [f"{number:04d}-zz-healthy.mp4" for number in numbers[EVERY - 1 :: EVERY]]
    for name in healthy:
        shutil.copy(good, folder / name)
    run = players.start(folder, "--loops", "1", "--image-seconds", STILL_S)
    with watching(screen, run.process.pid) as watch:
        assert run.wait(60 + 3 * len(victims)) == 0, run.stderr
    plays = _judge(run, [victim.path.name for victim in victims], healthy)
    costs = f"{watch.processor_s:.1f} s of processor time, {watch.peak_pss / 1e6:.0f} MB at most"
    print(_seen(plays), costs)  # noqa: T201 - `pytest -rP` shows what was seen, for the record
    assert watch.processor_s < 3 + 0.4 * (len(victims) + len(healthy)), "something spun"
    assert watch.peak_pss < 1 << 30


@pytest.mark.parametrize("block", range(2))
def test_damaged_files_are_refused_or_played_and_the_loop_goes_on(
    block: int, sources: list[Path], tmp_path: Path, screen: XServer, players: Stage
) -> None:
    _play_damaged(range(25 * block, 25 * (block + 1)), sources, tmp_path, screen, players)


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_five_hundred_damaged_files(
    block: int, sources: list[Path], tmp_path: Path, screen: XServer, players: Stage
) -> None:
    _play_damaged(range(100 + 50 * block, 150 + 50 * block), sources, tmp_path, screen, players)


def test_every_mutation_meets_every_kind_of_file_in_the_long_run(sources: list[Path], tmp_path: Path) -> None:
    victims = write_victims(tmp_path, sources, range(100, 600))
    assert {(victim.mutation, victim.source.name) for victim in victims} == {
        (mutation, source.name) for mutation in MUTATIONS for source in sources
    }


def test_the_undamaged_sources_play(sources: list[Path], players: Stage) -> None:
    run = players.play(sources[0].parent, "--loops", "1", "--image-seconds", STILL_S)
    assert {play.item for play in run.log.shown} == {source.name for source in sources}


@pytest.fixture
def oddities(tmp_path: Path) -> Iterator[Path]:
    """A folder of what is no file, or no file anybody can show, between two good clips."""
    folder = make_coloured_clips(tmp_path / "odd", FRAMES, ("1-red.mp4", "4-yellow.mp4"))
    (folder / "2-dangling.mp4").symlink_to("nowhere.mp4")
    (folder / "2-empty.mkv").touch()
    (folder / "2-folder.mp4").mkdir()
    (folder / "2-loop.mp4").symlink_to("2-loop.mp4")
    os.mkfifo(folder / "2-pipe.mp4")
    (folder / "2-zeros.mp4").symlink_to("/dev/zero")
    write_huge_jpeg(folder / "3-huge.jpg")
    write_huge_png(folder / "3-huge.png")
    unreadable = folder / "3-unreadable.mp4"
    unreadable.write_bytes((folder / "1-red.mp4").read_bytes())
    unreadable.chmod(0)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "2-socket.mp4"))
        yield folder


WITHOUT_ROOTS_RIGHTS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


def test_what_is_no_file_holds_nobody_up(oddities: Path, screen: XServer, players: Stage) -> None:
    log = players.home / "odd.log"
    command = [str(PROGRAM), str(oddities), "--loops", "1", "--image-seconds", STILL_S, "--log", str(log)]
    run = players.run_program([*WITHOUT_ROOTS_RIGHTS, *command] if os.geteuid() == 0 else command, log)
    with watching(screen, run.process.pid) as watch:
        assert run.wait() == 0, run.stderr
    broken = ["2-dangling.mp4", "2-empty.mkv", "2-loop.mp4", "3-huge.jpg", "3-huge.png", "3-unreadable.mp4"]
    plays = {play.item: play for play in _judge(run, broken, ["1-red.mp4", "4-yellow.mp4"])}
    words = {item: str(play.end["reason"]).partition(":")[0] for item, play in plays.items() if play.end is not None}
    assert words == {
        "2-dangling.mp4": "missing",
        "2-empty.mkv": "empty",
        "2-loop.mp4": "unreadable",
        "3-huge.jpg": "too-large",
        "3-huge.png": "too-large",
        "3-unreadable.mp4": "unreadable",
    }
    assert watch.longest_hold(watch.sights[0].at) < 3
    assert watch.processor_s < 8


def test_a_playlist_of_what_is_no_file_holds_nobody_up(oddities: Path, screen: XServer, players: Stage) -> None:
    names = sorted(path.name for path in oddities.iterdir() if not path.name.startswith("3-huge"))
    items = [{"id": name, "kind": "clip", "source": name, "title": name} for name in names]
    (oddities / "all.playlist.json").write_text(
        json.dumps({"format_version": 1, "id": "all", "title": "all", "items": items}), encoding="utf-8"
    )
    run = players.start(oddities / "all.playlist.json", "--loops", "1")
    with watching(screen, run.process.pid) as watch:
        assert run.wait() == 0, run.stderr
    readable = ["3-unreadable.mp4"] if os.geteuid() == 0 else []
    good = ["1-red.mp4", "4-yellow.mp4", *readable]
    plays = _judge(run, [name for name in names if name not in good], good)
    assert {play.outcome for play in plays} == {Outcome.FAILED}
    assert watch.longest_hold(watch.sights[0].at) < 3
