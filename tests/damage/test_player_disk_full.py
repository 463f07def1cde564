"""The play log's disk fills up under a running player: the picture goes on, and no row is missing in the end."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.proof_log import cli as log_cli
from playlists.errors import ExitCode
from playlists.proof import Outcome
from tests.support.damage_run import check_plays, make_coloured_clips, watching
from tests.support.player_process import Stage
from tests.support.xserver import XServer


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB; needs root, as CI has it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
        with pytest.raises(OSError, match="No space left"):
            file.write(b"x")


@pytest.mark.parametrize("full_at_first", [False, True])
def test_pictures_go_on_and_rows_come_when_there_is_room(
    full_at_first: bool,  # noqa: FBT001 - a parameter of pytest
    tmp_path: Path,
    small_disk: Path,
    screen: XServer,
    players: Stage,
) -> None:
    folder, log, filler = make_coloured_clips(tmp_path / "content", 50), small_disk / "log", small_disk / "filler"
    if full_at_first:
        _fill(filler)
    run = players.start(folder, "--loops", "2", log=log)
    with watching(screen, run.process.pid) as watch:
        if not full_at_first:
            run.wait_until(lambda: len(run.log.shown) >= 1)
            _fill(filler)
        time.sleep(9)
        full_for = watch.until
        seen = next(sight.at for sight in watch.sights if not sight.black)
        filler.unlink()
        assert run.wait() == 0, run.stderr
    assert watch.black_s(seen) - max(0.0, watch.until - watch.sights[-1].at) < 0.1
    assert watch.slate_at(seen) is None
    assert watch.longest_hold(seen + 0.5, full_for) < 1
    if full_at_first:
        assert "cannot be written" in run.stderr, "whoever started it is told"
    check_plays(run.log)
    items = [path.name for path in sorted(folder.iterdir())]
    assert [(play.item, play.outcome) for play in run.log.plays] == [(item, Outcome.COMPLETED) for item in items * 2]
    (fault,) = run.log.of("fault")
    assert fault["code"] == "log-unwritable"
    assert "dropped: none" in fault["detail"]
    assert log_cli.main(["verify", str(log)]) == ExitCode.OK
