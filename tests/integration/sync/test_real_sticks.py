"""Sticks as they are bought: FAT32 and exFAT, made and read on real file systems."""

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from sync import feed
from sync.bundle import FEED
from sync.hub.export_usb import export_usb
from sync.hub.stick_sentences import StickRefusalError
from sync.stick_files import StickFiles
from tests.support.signed_feed import ONLINE
from tests.support.stick_disks import KINDS, Disk, new_disk
from tests.support.stick_hub import StickHub

CLIP = os.urandom(5_000_000)


@pytest.fixture(params=KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return new_disk(tmp_path, request.param, 72)


@pytest.fixture
def hub(tmp_path: Path) -> StickHub:
    made = StickHub(tmp_path / "hub")
    media = [made.feed.add_media(CLIP, "clips/a.mp4"), made.feed.add_media(b"b", "b.png")]
    made.feed.add_release("bo-y", "tuong-1", 1, b"{}", media)
    made.feed.publish()
    return made


def test_a_stick_is_made_and_made_again(disk: Disk, hub: StickHub) -> None:
    with disk.plugged_in() as stick:
        hub.export(stick)
    hub.feed.now += timedelta(days=90)
    hub.feed.add_release("bo-y", "tuong-1", 2, b"{}", [hub.feed.add_media(CLIP[::-1], "clips/a.mp4")])
    hub.feed.publish()
    with disk.plugged_in() as stick:
        hub.export(stick, name="Quý 4")
    with disk.plugged_in(write_protected=True) as stick:
        found = {str(path.relative_to(stick / FEED)) for path in (stick / FEED).rglob("*") if path.is_file()}
        for name in found - {feed.TIMESTAMP}:
            assert (stick / FEED / name).read_bytes() == hub.hub.published(name).read_bytes()
        assert feed.media_name(sha256(CLIP[::-1]).hexdigest()) in found
        assert feed.media_name(sha256(CLIP).hexdigest()) not in found
    disk.check()


def test_a_stick_that_is_too_small_is_refused_before_the_first_byte(disk: Disk, hub: StickHub) -> None:
    large = hub.feed.add_media(os.urandom(1 << 20) * 72, "clips/a.mp4")
    hub.feed.add_release("bo-y", "tuong-1", 2, b"{}", [large])
    hub.feed.publish()
    with disk.plugged_in() as stick, pytest.raises(StickRefusalError) as refused:
        hub.export(stick)

    assert refused.value.code == "stick-too-small"
    with disk.plugged_in() as stick:
        assert not (stick / "signage").exists()


def test_a_write_protected_stick_is_refused(disk: Disk, hub: StickHub) -> None:
    with disk.plugged_in(write_protected=True) as stick, pytest.raises(StickRefusalError) as refused:
        hub.export(stick)

    assert refused.value.code == "write-protected"


@pytest.mark.long
def test_old_media_make_room(disk: Disk, hub: StickHub) -> None:
    large = [os.urandom(1 << 20) * 40, os.urandom(1 << 20) * 40]
    for sequence, clip in enumerate(large, 2):
        hub.feed.add_release("bo-y", "tuong-1", sequence, b"{}", [hub.feed.add_media(clip, "clips/a.mp4")])
        hub.feed.publish()
        with disk.plugged_in() as stick:
            hub.export(stick)

    with disk.plugged_in() as stick:
        assert (stick / FEED / feed.media_name(sha256(large[1]).hexdigest())).read_bytes() == large[1]


def test_the_longest_names_fit(disk: Disk) -> None:
    names = [f"targets/releases/{'g' * 255}/{'a' * 64}.{'s' * 180}.json", f"metadata/12345.unit-{'u' * 234}.json"]
    with disk.plugged_in() as stick:
        for name in names:
            StickFiles(stick).write(f"{FEED}/{name}", name.encode())
    with disk.plugged_in() as stick:
        assert [StickFiles(stick).read(f"{FEED}/{name}", 1000) for name in names] == [name.encode() for name in names]


def test_a_stick_pulled_while_it_is_made_is_finished_the_next_time(disk: Disk, hub: StickHub) -> None:
    with disk.plugged_in() as stick:
        hub.export(stick)
        old = (stick / FEED / feed.TIMESTAMP).read_bytes()
    hub.feed.now += timedelta(days=1)
    hub.feed.add_release("bo-y", "tuong-1", 2, b"{}", [hub.feed.add_media(CLIP[::-1], "clips/a.mp4")])
    hub.feed.publish()
    disk.plug_in()
    told: list[int] = []

    def pull(count: int) -> None:
        told.append(count)
        if len(told) == 4:
            disk.pull()

    with pytest.raises(StickRefusalError) as refused:
        export_usb(hub.hub, hub.order(disk.mounted_at), hub.feed.keys[ONLINE], hub.feed.now, pull)
    hub.catch_up()
    assert refused.value.code == "stick-failed"
    assert list(disk.mounted_at.iterdir()) == [], "the rest went into the mount point"
    with disk.plugged_in() as stick:
        assert (stick / FEED / feed.TIMESTAMP).read_bytes() == old
        hub.export(stick)
        assert (stick / FEED / feed.media_name(sha256(CLIP[::-1]).hexdigest())).read_bytes() == CLIP[::-1]
