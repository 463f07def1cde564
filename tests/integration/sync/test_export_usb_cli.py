"""``signage-hub export-usb`` as a process, from a hub of four people to a post without network."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from playlists.errors import ExitCode
from playlists.release import MediaFile, Release, write_release
from sync.bundle import FEED
from sync.hub.drafts import Change, stage
from sync.trust import roles
from tests.support.agent_kiosk import playlist_of
from tests.support.small_hub import ENOUGH, PASSWORD, RELEASE, SmallHub
from tests.support.stick_post import Post

HUB = Path(sys.executable).with_name("signage-hub")
CLIP = os.urandom(500_000)


def stored(folder: Path, content: bytes, source: str) -> tuple[MediaFile, Path]:
    digest = sha256(content).hexdigest()
    (folder / digest).write_bytes(content)
    return MediaFile(source, digest, len(content)), folder / digest


@pytest.fixture
def hub(tmp_path: Path) -> SmallHub:
    made = SmallHub(tmp_path / "hub", datetime.now(UTC)).found()
    clip, clip_path = stored(tmp_path, CLIP, "clips/a.mp4")
    playlist, playlist_path = stored(tmp_path, playlist_of(clip), "playlist.json")
    content = write_release(Release(1, playlist, (clip,)))
    media = {clip.sha256: clip_path, playlist.sha256: playlist_path}
    change = Change(roles.DEPARTMENT, ("Thử",), {RELEASE: (content, None)}, media=media)
    made.publish(stage(made.hub, change, made.now), *ENOUGH)
    return made


def export(hub: SmallHub, *words: str, password: str = PASSWORD) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "SIGNAGE_HUB_PASSWORD": password, "PYTHONIOENCODING": "utf-8"}
    command = [str(HUB), "export-usb", *words, "--hub", str(hub.folder)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
    )


def test_a_stick_goes_from_the_hub_to_a_post(hub: SmallHub, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    seen = export(hub, str(stick), "--screens", "all", "--dry-run")
    assert (seen.returncode, seen.stderr) == (ExitCode.OK, "")
    assert "bo-y/tuong-1: bản 1, 2 tệp" in seen.stdout
    assert list(stick.iterdir()) == []

    made = export(hub, str(stick), "--screens", "bo-y/*", "--name", "Quý 4")
    assert made.returncode == ExitCode.OK, made.stderr
    assert "Đã ghi xong và đọc lại đúng USB “Quý 4”. Có thể rút USB." in made.stdout

    post = Post(tmp_path / "post", hub.first_root)
    outcome = post.put_in(stick)
    assert outcome is not None
    assert (outcome.code, post.sequence) == ("taken", 1)
    assert "USB “Quý 4”" in outcome.vi

    again = export(hub, str(stick), "--screens", "all")
    assert "bo-y/tuong-1: USB mang về báo cáo mới của màn hình này." in again.stdout
    assert "bỏ qua 2 tệp" in again.stdout


@pytest.mark.parametrize(
    ("words", "password", "code", "told"),
    [
        (["--screens", "ho-le/*"], PASSWORD, ExitCode.SITE, "Không có màn hình “ho-le/*”"),
        (["--screens", "all"], "sai mật khẩu", ExitCode.CONTENT, "mật khẩu"),
        ([], PASSWORD, ExitCode.USAGE, "--screens"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_written(
    hub: SmallHub, tmp_path: Path, words: list[str], password: str, code: ExitCode, told: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    done = export(hub, str(stick), *words, password=password)

    assert done.returncode == code, done.stderr
    assert told in done.stderr.replace("Mật khẩu", "mật khẩu")
    assert "Traceback" not in done.stderr
    assert not (stick / FEED).exists()
