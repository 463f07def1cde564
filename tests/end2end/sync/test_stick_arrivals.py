"""The real agent and real sticks: put in, pulled in the middle, put in again; killed, started again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from playlists.agent_report import read_agent_report
from playlists.errors import ExitCode
from sync import feed
from sync.bundle import FEED, HAVE, return_folder
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of
from tests.support.stick_disks import EXFAT, VFAT, Disk, new_disk
from tests.support.stick_hub import StickHub

PATIENCE = 60.0
"""Seconds after which something that was to happen has not."""
LARGE = os.urandom(1 << 20) * 16


@pytest.fixture
def hub(tmp_path: Path) -> StickHub:
    made = StickHub(tmp_path / "hub", datetime.now(UTC))
    publish(made, 1, LARGE)
    return made


@pytest.fixture
def kiosk(tmp_path: Path, hub: StickHub) -> AgentKiosk:
    return AgentKiosk(tmp_path / "kiosk", hub.feed.first_root)


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """The mount root."""
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def publish(hub: StickHub, sequence: int, clip: bytes) -> None:
    file = hub.feed.add_media(clip, "clip.mp4")
    hub.feed.add_release(GATE, SCREEN, sequence, playlist_of(file), [file])
    hub.feed.publish()


def awaited(happened: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > ends:
            pytest.fail("it did not happen")
        time.sleep(0.002)


@pytest.fixture
def running(kiosk: AgentKiosk, media: Path) -> Iterator["subprocess.Popen[bytes]"]:
    process = start(kiosk, media)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def start(kiosk: AgentKiosk, media: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(kiosk.command("run", "--sticks", str(media)))


def banner(kiosk: AgentKiosk) -> str:
    path = kiosk.agent / "status.json"
    report = read_agent_report(path.read_bytes()) if path.exists() else None
    return "" if report is None or report.banner is None else report.banner.text


def half_there(kiosk: AgentKiosk) -> bool:
    """Whether the clip is on its way."""
    part = kiosk.agent / "downloads" / f"{sha256(LARGE).hexdigest()}.part"
    return part.exists() and part.stat().st_blocks > 0


def is_whole(kiosk: AgentKiosk) -> bool:
    return (kiosk.agent / "media" / sha256(LARGE).hexdigest()).read_bytes() == LARGE


@pytest.mark.usefixtures("running")
def test_a_stick_that_appears_is_taken_in_and_told_of(hub: StickHub, kiosk: AgentKiosk, media: Path) -> None:
    (media.parent / "stick").mkdir()
    hub.export(media.parent / "stick", name="Quý 4")
    seen = [""]
    (media.parent / "stick").rename(media / "stick")
    while "Đã nhận xong nội dung từ USB “Quý 4”" not in seen[-1]:
        awaited(lambda: banner(kiosk) != seen[-1])
        seen.append(banner(kiosk))

    assert kiosk.sequence == 1
    assert is_whole(kiosk)
    assert any(text.startswith("Đang chép từ USB “Quý 4”. Đừng rút USB.") for text in seen)
    assert (media / "stick" / return_folder(GATE, SCREEN) / HAVE).is_file()


@pytest.fixture(params=[EXFAT, pytest.param(VFAT, marks=pytest.mark.long)])
def disk(request: pytest.FixtureRequest, tmp_path: Path, media: Path, hub: StickHub) -> Iterator[Disk]:
    made = new_disk(tmp_path, request.param, 72)
    with made.plugged_in() as stick:
        hub.export(stick, name="Quý 4")
    found = Disk(made.kind, made.image, media / "usb1")
    yield found
    found.pull()


@pytest.mark.usefixtures("running")
def test_a_stick_pulled_in_the_middle_is_finished_when_it_is_back(kiosk: AgentKiosk, disk: Disk) -> None:
    for _ in range(3):
        disk.plug_in()
        awaited(lambda: half_there(kiosk) or kiosk.sequence)
        disk.pull()
        if kiosk.sequence is None:
            awaited(lambda: "bị rút hoặc không đọc được giữa chừng" in banner(kiosk) or kiosk.sequence)
        assert list(disk.mounted_at.iterdir()) == [], "a report went into the mount point"
    disk.plug_in()
    awaited(lambda: kiosk.sequence)

    assert is_whole(kiosk)


def test_an_agent_killed_in_the_middle_goes_on_where_it_was(kiosk: AgentKiosk, disk: Disk, media: Path) -> None:
    disk.plug_in()
    process = start(kiosk, media)
    awaited(lambda: half_there(kiosk) or kiosk.sequence)
    process.send_signal(signal.SIGKILL)
    process.wait()
    again = start(kiosk, media)
    try:
        awaited(lambda: kiosk.sequence)
    finally:
        again.terminate()
        again.wait(timeout=20)

    assert is_whole(kiosk)


@pytest.mark.usefixtures("running")
def test_a_write_protected_stick_is_taken_all_the_same(kiosk: AgentKiosk, disk: Disk) -> None:
    disk.plug_in(write_protected=True)
    awaited(lambda: "Đã nhận xong" in banner(kiosk))

    assert is_whole(kiosk)


@pytest.mark.long
@pytest.mark.usefixtures("running")
def test_a_full_stick_is_taken_all_the_same(kiosk: AgentKiosk, disk: Disk, tmp_path: Path) -> None:
    with Disk(disk.kind, disk.image, tmp_path / "filling").plugged_in() as stick, pytest.raises(OSError):  # noqa: PT011 - FUSE's FAT says EPERM
        fill(stick)
    disk.plug_in()
    awaited(lambda: "Đã nhận xong" in banner(kiosk))

    assert is_whole(kiosk)


def fill(stick: Path) -> None:
    """Write until nothing more fits."""
    for number in range(1000):
        with (stick / f"photo-{number}.jpg").open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1 << 9, 1):
                for _ in range(100):
                    file.write(bytes(size))


def test_by_hand(hub: StickHub, kiosk: AgentKiosk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    none = kiosk.run("import-usb", str(stick))
    hub.export(stick, name="Quý 4")
    taken = kiosk.run("import-usb", str(stick))
    again = kiosk.run("import-usb", str(stick))
    (stick / FEED / feed.TIMESTAMP).write_bytes(b"{}")
    broken = kiosk.run("import-usb", str(stick))

    assert (none.returncode, none.stdout) == (ExitCode.CONTENT, "")
    assert taken.returncode == again.returncode == ExitCode.OK, taken.stderr + again.stderr
    assert "Đã nhận xong nội dung từ USB “Quý 4”" in taken.stdout
    assert "không có gì mới" in again.stdout
    assert (broken.returncode, kiosk.sequence) == (ExitCode.SITE, 1)
