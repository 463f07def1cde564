"""A hub destroyed and brought back: whole or not at all, and never behind what screens have seen."""

import shutil
import sqlite3
import tarfile
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner

from sync import feed
from sync.hub.backup import AHEAD, check_backup, jump_ahead, restore, write_backup
from sync.hub.drafts import list_drafts, next_sequence, plan_of
from sync.hub.feed_state import published_feed
from sync.hub.plan_drafts import Coming, online_key_of, stage_plan, with_key
from sync.hub.publishing import issue_stick_timestamp, publish_timestamp
from sync.hub.sentences import HubRefusalError
from sync.hub.status import read_status
from tests.support.killed import killed_at
from tests.support.small_hub import ENOUGH, Kiosk, SmallHub, release


@pytest.fixture
def small(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallHub:
    small = SmallHub.founded(tmp_path / "hub", tmp_path_factory.getbasetemp() / "founded")
    small.release(next_sequence(small.hub))
    return small


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name not in {"lock", "hub.sqlite3"})
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mode & 0o777 if path.suffix == ".pem" else 0,
            path.read_bytes(),
        )
        for path in found
    }


def destroy(small: SmallHub) -> None:
    shutil.rmtree(small.folder)


def test_what_comes_back_is_what_was_there(small: SmallHub, tmp_path: Path) -> None:
    small.stage(release(9))
    with sqlite3.connect(small.hub.database) as database:
        database.execute("create table screens (name)")
        database.execute("insert into screens values ('bo-y/tuong-1')")
    database.close()
    before = contents(small.folder)
    made = write_backup(small.hub, tmp_path / "hub.tar", small.now, media=True)
    assert check_backup(tmp_path / "hub.tar") == made
    destroy(small)
    hub, _ = restore(tmp_path / "hub.tar", small.folder)
    assert contents(small.folder) == before
    with sqlite3.connect(hub.database) as database:
        assert database.execute("select name from screens").fetchall() == [("bo-y/tuong-1",)]
    database.close()
    assert publish_timestamp(hub, small.online(), small.now) == 3


def test_a_kiosk_that_saw_more_than_the_backup_knows_converges(small: SmallHub, tmp_path: Path) -> None:
    backup = tmp_path / "hub.tar"
    write_backup(small.hub, backup, small.now, media=True)
    kiosk = Kiosk(tmp_path / "kiosk", small.first_root)
    for _ in range(5):
        newest = next_sequence(small.hub)
        small.release(newest)
        issue_stick_timestamp(small.hub, small.online(), small.now)
    assert kiosk.release(small.hub.feed, small.now) == release(newest)
    destroy(small)
    restore(backup, small.folder)
    draft = jump_ahead(small.hub, [], small.now)
    assert draft is not None
    for work in (
        lambda: publish_timestamp(small.hub, small.online(), small.now),
        lambda: small.publish(small.stage(release(7)), *ENOUGH),
    ):
        with pytest.raises(HubRefusalError) as refused:
            work()
        assert refused.value.code == "restored"
    assert any("khôi phục" in warning for warning in read_status(small.hub, small.now).warnings)
    small.publish(draft, *ENOUGH)
    assert kiosk.release(small.hub.feed, small.now) == release(1)
    sequence = next_sequence(small.hub)
    assert sequence > newest
    assert sequence > AHEAD
    for left in list_drafts(small.hub):
        shutil.rmtree(left.folder)
    small.release(sequence)
    assert kiosk.release(small.hub.feed, small.now) == release(sequence)
    fresh = Kiosk(tmp_path / "fresh", small.first_root)
    assert fresh.release(small.hub.feed, small.now) == release(sequence)


def test_a_root_the_backup_does_not_know_is_taken_from_who_saw_it(small: SmallHub, tmp_path: Path) -> None:
    backup = tmp_path / "hub.tar"
    write_backup(small.hub, backup, small.now, media=True)
    kiosk = Kiosk(tmp_path / "kiosk", small.first_root)
    small.people["so-2"] = CryptoSigner.generate_ed25519()
    plan = with_key(plan_of(small.hub), "so-2", small.people["so-2"].public_key)
    coming = Coming(plan, online_key_of(published_feed(small.hub)), ("Thay khóa",))
    small.publish(stage_plan(small.hub, coming, small.now), "so-1", "bp-1", "bp-2")
    kiosk.look(small.hub.feed, small.now)
    destroy(small)
    with pytest.raises(HubRefusalError):
        restore(backup, small.folder, recover=lambda hub: jump_ahead(hub, [tmp_path], small.now))
    assert not small.folder.exists()
    restore(backup, small.folder, recover=lambda hub: jump_ahead(hub, [kiosk.folder], small.now))
    draft = list_drafts(small.hub)[-1]
    assert published_feed(small.hub).root.signed.version == 2
    small.publish(draft, "so-1", "bp-1", "bp-2")
    again = stage_plan(small.hub, coming, small.now)
    small.publish(again, "so-1", "bp-1", "bp-2")
    small.release(next_sequence(small.hub), "so-2", "bp-1", "bp-2")
    assert kiosk.release(small.hub.feed, small.now) == release(1 + AHEAD + 1)


def test_metadata_of_another_hub_are_not_believed(small: SmallHub, tmp_path: Path) -> None:
    other = SmallHub(tmp_path / "other").found()
    for folder in (other.hub.feed, tmp_path):
        with pytest.raises(HubRefusalError) as refused:
            jump_ahead(small.hub, [folder], small.now)
        assert refused.value.code == "seen-foreign"
    assert list_drafts(small.hub) == []


def test_a_root_that_the_known_one_does_not_vouch_for_is_not_taken(small: SmallHub, tmp_path: Path) -> None:
    forged = published_feed(small.hub).root
    forged.signed.version = 2
    forged.signatures.clear()
    for name in ("so-1", "bp-1"):
        forged.sign(small.people[name], append=True)
    seen = tmp_path / "seen"
    shutil.copytree(small.hub.feed / "metadata", seen)
    (seen / "2.root.json").write_bytes(forged.to_bytes())
    with pytest.raises(HubRefusalError) as refused:
        jump_ahead(small.hub, [seen], small.now)
    assert refused.value.code == "seen-foreign"
    assert published_feed(small.hub).root.signed.version == 1


def test_without_media_the_status_tells_what_is_missing(small: SmallHub, tmp_path: Path) -> None:
    digest = "ab" * 32
    small.publish(small.stage(b'{"sequence": 2, "media": [{"sha256": "%s"}]}' % digest.encode()), *ENOUGH)
    place = small.hub.published(feed.media_name(digest))
    place.parent.mkdir()
    place.write_bytes(b"a clip")
    assert not any("thiếu" in warning for warning in read_status(small.hub, small.now).warnings)
    write_backup(small.hub, tmp_path / "hub.tar", small.now, media=False)
    destroy(small)
    restore(tmp_path / "hub.tar", small.folder)
    assert any(place.name in warning for warning in read_status(small.hub, small.now).warnings)


def test_a_damaged_backup_brings_nothing_back(small: SmallHub, tmp_path: Path) -> None:
    backup = tmp_path / "hub.tar"
    write_backup(small.hub, backup, small.now, media=True)
    whole = backup.read_bytes()
    middle = whole.index(b'"version"')
    damaged = [
        whole[: len(whole) // 2],
        whole[: whole.index(b"digests.json")],
        whole[:middle] + b"#" + whole[middle + 1 :],
        b"no archive",
        b"",
    ]
    for number, content in enumerate(damaged):
        path = tmp_path / f"damaged-{number}.tar"
        path.write_bytes(content)
        with pytest.raises(HubRefusalError) as refused:
            restore(path, tmp_path / "new")
        assert refused.value.code in {"backup-damaged", "not-a-backup"}
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.part").exists()


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside-of-a-hub", "feed/../../outside"])  # noqa: S108  # hostile
def test_an_archive_writes_nothing_outside(tmp_path: Path, name: str) -> None:
    path = tmp_path / "hostile.tar"
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo(name)
        info.size = 1
        archive.addfile(info, BytesIO(b"x"))
    with pytest.raises(HubRefusalError) as refused:
        restore(path, tmp_path / "new")
    assert refused.value.code == "backup-damaged"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["hostile.tar"]
    assert not Path("/tmp/outside-of-a-hub").exists()  # noqa: S108


def test_links_in_an_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "hostile.tar"
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("feed")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(info)
    with pytest.raises(HubRefusalError):
        restore(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(small: SmallHub, tmp_path: Path) -> None:
    backup = tmp_path / "hub.tar"
    backup.write_bytes(b"an older backup")
    with pytest.raises(HubRefusalError) as refused:
        write_backup(small.hub, backup, small.now, media=True)
    assert refused.value.code == "backup-exists"
    other = tmp_path / "other.tar"
    write_backup(small.hub, other, small.now, media=True)
    with pytest.raises(HubRefusalError) as refused:
        restore(other, small.folder)
    assert refused.value.code == "hub-exists"
    assert backup.read_bytes() == b"an older backup"


def test_killed_while_it_comes_back_it_is_there_whole_or_not_at_all(small: SmallHub, tmp_path: Path) -> None:
    backup = tmp_path / "hub.tar"
    write_backup(small.hub, backup, small.now, media=True)
    whole = contents(small.folder)
    outcomes = set()
    for number in range(0, 60, 4):
        folder = tmp_path / "new"
        killed = killed_at(number, tmp_path, partial(restore, backup, folder))
        outcomes.add(folder.exists())
        if not folder.exists():
            restore(backup, folder)
        assert contents(folder) == whole
        shutil.rmtree(folder)
        if not killed:
            break
    assert outcomes == {True, False}
