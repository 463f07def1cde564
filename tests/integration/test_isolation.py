"""A media file opens nothing else: no file and no address beyond the one that was given is ever touched."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from playlists.proof import Outcome
from tests.support.media import Clip, make_clip
from tests.support.player_process import Stage
from tests.support.references import make_referring_clips, make_text_clips
from tests.support.tripwires import FileTripwire, Porter, porter

UNPROTECTED = """
import sys, time, vlc
instance = vlc.Instance(["--quiet", "--vout=dummy", "--aout=dummy", "--no-xlib"])
player = instance.media_list_player_new()
player.set_media_list(instance.media_list_new([sys.argv[1]]))
player.play()
time.sleep(2)
player.stop()
"""
"""libVLC as everybody else uses it: by name, with whatever demuxer it likes."""


@dataclass
class Trap:
    """A folder of attacks, the canary they ask for, and who notices."""

    folder: Path
    canary: Path
    files: FileTripwire
    porter: Porter
    texts: list[str]
    clips: list[str]


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    folder, outside = tmp_path / "content", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    canary = make_clip(outside / "canary.mkv", Clip(size=(64, 48), frames=12))
    with porter() as listener:
        address = f"127.0.0.1:{listener.port}"
        texts = make_text_clips(folder, canary, address)
        clips = make_referring_clips(folder, canary, address)
        # Neighbours that only somebody who looks around would find: linked segments, captions, fonts, sound.
        for name in ("canary.mkv", "linked-2.mkv", "linked.mka", "linked.srt", "cover.jpg", "cover.idx", ".hidden.mkv"):
            (folder / name).write_bytes(canary.read_bytes())
        wire = FileTripwire(folder, outside)
        yield Trap(folder, canary, wire, listener, texts, clips)
        wire.close()


def write_playlist(trap: Trap, names: list[str]) -> Path:
    """A playlist of just these files, so that nothing else in the folder is content."""
    items = [
        {"id": name, "kind": "image" if name.endswith(".png") else "clip", "source": name, "title": name}
        for name in names
    ]
    path = trap.folder.parent / "content" / "list.json"
    path.write_text(json.dumps({"format_version": 1, "id": "trap", "title": "trap", "items": items}), encoding="utf-8")
    return path


def unasked(trap: Trap, asked: list[str]) -> set[str]:
    """What was touched beyond the files of the playlist and the playlist itself."""
    return trap.files.touched() - {f"content/{name}" for name in [*asked, "list.json"]}


@pytest.mark.parametrize(
    ("name", "touched"), [("m3u.mp4", "outside/canary.mkv"), ("linked.mkv", "content/linked-2.mkv")]
)
def test_libvlc_used_plainly_follows_references_and_is_noticed(trap: Trap, name: str, touched: str) -> None:
    """The tripwires work, and so do the attacks."""
    trap.files.touched()
    subprocess.run(
        [sys.executable, "-c", UNPROTECTED, str(trap.folder / name)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
    )
    assert touched in trap.files.touched()
    assert bool([knock for knock in trap.porter.knocks if "GET /seen.mp4" in knock]) == (name == "m3u.mp4")


def test_ffmpeg_told_to_follow_references_follows_them_and_is_noticed(trap: Trap) -> None:
    trap.files.touched()
    options = {"enable_drefs": "1", "use_absolute_path": "1"}
    with contextlib.suppress(OSError), av.open(str(trap.folder / "dref-alias.mov"), options=options):
        pass
    assert "outside/canary.mkv" in trap.files.touched()


def test_a_playlist_under_a_clips_name_opens_nothing(trap: Trap, players: Stage) -> None:
    good = make_clip(trap.folder / "zz-good.mp4", Clip(size=(64, 48), frames=12)).name
    names = [*trap.texts, good]
    path = write_playlist(trap, names)
    trap.files.touched()
    run = players.play(path, "--loops", "1")
    touched = trap.files.touched()
    assert touched - {f"content/{name}" for name in [*names, "list.json"]} == set()
    assert {f"content/{name}" for name in names} <= touched, "this was not even looked at"
    assert trap.porter.knocks == []
    assert {play.item: play.outcome for play in run.log.plays} == dict.fromkeys(trap.texts, Outcome.FAILED) | {
        good: Outcome.COMPLETED
    }


def test_references_within_clips_open_nothing(trap: Trap, players: Stage) -> None:
    path = write_playlist(trap, trap.clips)
    trap.files.touched()
    run = players.play(path, "--loops", "1", "--languages", "vi", "--captions", "vi,lo")
    assert unasked(trap, trap.clips) == set()
    assert trap.porter.knocks == []
    outcomes = {play.item: play.outcome for play in run.log.plays}
    assert set(outcomes) == set(trap.clips)
    # With the references in them these are still good clips, and must have been opened for the test to mean anything.
    assert [name for name in ("rmra-added.mov", "cover.mp4", "linked.mkv") if outcomes[name] != Outcome.COMPLETED] == []
    assert outcomes["rmra-only.mov"] == Outcome.FAILED
