import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest
from tuf.api.metadata import Metadata, Timestamp

from playlists.errors import SignageError
from sync import feed
from sync.bundle import FEED, HAVE, INFORMATION, STICK, Have, read_bundle, return_folder, write_have
from sync.hub.export_stick import MARGIN, StickWriter
from sync.hub.export_usb import Order, export_usb, prepare
from sync.hub.stick_returns import known_haves
from sync.hub.stick_sentences import StickRefusalError
from sync.stick_files import StickFiles
from sync.trust import roles
from tests.support.signed_feed import ONLINE
from tests.support.stick_hub import StickHub

CLIP = os.urandom(3_000_000)
SMALL = b"a picture"


@pytest.fixture
def hub(tmp_path: Path) -> StickHub:
    made = StickHub(tmp_path / "hub")
    clip, picture = made.feed.add_media(CLIP, "clips/a.mp4"), made.feed.add_media(SMALL, "b.png")
    made.feed.add_release("bo-y", "tuong-1", 1, b"{}", [clip, picture])
    made.feed.add_release("dak-blo", "tuong-1", 2, b"{ }", [picture])
    made.feed.publish()
    return made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def on_stick(stick: Path, name: str) -> Path:
    return stick / FEED / name


def timestamp_of(content: bytes) -> Timestamp:
    found: Metadata[Timestamp] = Metadata.from_bytes(content)
    return found.signed


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_stick_holds_what_its_screens_need_and_no_more(hub: StickHub, stick: Path) -> None:
    hub.export(stick, "dak-blo/*")
    found = {path.name for path in (stick / FEED / "media").iterdir()}

    assert found == {sha256(SMALL).hexdigest(), sha256(b"{ }").hexdigest()}
    assert not list((stick / FEED).rglob("*.part"))
    for name, content in files(stick / FEED).items():
        if name != feed.TIMESTAMP:
            assert hub.hub.published(name).read_bytes() == content


def test_a_sticks_timestamp_lives_longer_and_the_live_one_stands_higher(hub: StickHub, stick: Path) -> None:
    before = timestamp_of(hub.hub.published(feed.TIMESTAMP).read_bytes())
    hub.export(stick, name="Quý 4")
    live = timestamp_of(hub.hub.published(feed.TIMESTAMP).read_bytes())
    carried = timestamp_of(on_stick(stick, feed.TIMESTAMP).read_bytes())

    assert before.version < carried.version < live.version
    assert carried.expires - hub.feed.now == roles.STICK_LIFE
    assert live.expires - hub.feed.now == roles.TIMESTAMP_LIFE
    assert carried.unrecognized_fields[STICK] == "Quý 4"
    assert STICK not in live.unrecognized_fields


def test_all_roots_go_along(hub: StickHub, stick: Path) -> None:
    hub.feed.rotate_root({"dept-1": "dept-9"})
    hub.feed.rotate_root()
    hub.feed.publish_targets()
    hub.feed.publish()
    hub.export(stick)

    assert {path.name for path in (stick / FEED / "metadata").glob("*.root.json")} == {
        f"{number}.root.json" for number in (1, 2, 3)
    }


def test_unsigned_information_goes_along(hub: StickHub, stick: Path) -> None:
    hub.export(stick, name="Quý 4")
    bundle = read_bundle((stick / INFORMATION).read_bytes())

    assert bundle is not None
    assert (bundle.name, bundle.by, bundle.screens) == ("Quý 4", "an", ("bo-y/tuong-1", "dak-blo/tuong-1"))


def test_a_long_clip_takes_its_piece_list_along(hub: StickHub, stick: Path) -> None:
    hub.export(stick, "bo-y/tuong-1")

    assert len(list((stick / FEED / "pieces").iterdir())) == 1


# What screens are said to hold.


def returned(stick: Path, at: str, *media: bytes, gate: str = "bo-y") -> None:
    folder = stick / return_folder(gate, "tuong-1")
    folder.mkdir(parents=True, exist_ok=True)
    have = Have("bo-y", "tuong-1", at, 1, frozenset(sha256(one).hexdigest() for one in media))
    (folder / HAVE).write_bytes(write_have(have))
    (folder / "status.json").write_bytes(b"{}")


def test_what_a_screen_holds_is_left_out(hub: StickHub, stick: Path) -> None:
    returned(stick, hub.feed.now.isoformat(), CLIP)
    prepared = hub.export(stick, "bo-y/tuong-1")

    assert prepared.returned == ("bo-y/tuong-1",)
    assert not on_stick(stick, feed.media_name(sha256(CLIP).hexdigest())).exists()
    assert on_stick(stick, feed.media_name(sha256(SMALL).hexdigest())).exists()


def test_it_is_remembered_for_the_next_stick_and_kept_for_people(hub: StickHub, stick: Path, tmp_path: Path) -> None:
    returned(stick, hub.feed.now.isoformat(), CLIP)
    prepare(hub.hub, hub.order(stick), hub.feed.now)
    other = tmp_path / "other"
    other.mkdir()
    hub.export(other, "bo-y/tuong-1")

    assert not on_stick(other, feed.media_name(sha256(CLIP).hexdigest())).exists()
    assert (hub.hub.root / "returned" / "bo-y" / "tuong-1" / "status.json").read_bytes() == b"{}"


def test_full_brings_everything(hub: StickHub, stick: Path) -> None:
    returned(stick, hub.feed.now.isoformat(), CLIP)
    hub.export(stick, full=True)

    assert on_stick(stick, feed.media_name(sha256(CLIP).hexdigest())).read_bytes() == CLIP


@pytest.mark.parametrize("days", [-1, 0, 2])
def test_a_report_that_is_older_or_of_the_future_changes_nothing(hub: StickHub, stick: Path, days: int) -> None:
    returned(stick, hub.feed.now.isoformat(), CLIP)
    prepare(hub.hub, hub.order(stick), hub.feed.now)
    returned(stick, (hub.feed.now + timedelta(days=days)).isoformat())
    prepare(hub.hub, hub.order(stick), hub.feed.now)

    assert known_haves(hub.hub, ["bo-y/tuong-1"])["bo-y/tuong-1"].media == {sha256(CLIP).hexdigest()}


def test_a_report_in_another_screens_folder_is_not_believed(hub: StickHub, stick: Path) -> None:
    returned(stick, hub.feed.now.isoformat(), SMALL, gate="dak-blo")
    prepare(hub.hub, hub.order(stick), hub.feed.now)

    assert known_haves(hub.hub, ["bo-y/tuong-1", "dak-blo/tuong-1"]) == {}


def test_a_report_that_is_a_link_a_pipe_or_endless_is_passed_over(hub: StickHub, stick: Path) -> None:
    returned(stick, hub.feed.now.isoformat(), CLIP)
    folder = stick / return_folder("bo-y", "tuong-1")
    (folder / HAVE).unlink()
    (folder / HAVE).symlink_to("/etc/passwd")
    (folder / "status.json").unlink()
    os.mkfifo(folder / "status.json")
    with (folder / "diagnosis.json").open("wb") as sparse:
        sparse.truncate(1 << 40)
    prepare(hub.hub, hub.order(stick), hub.feed.now)

    assert known_haves(hub.hub, ["bo-y/tuong-1"]) == {}


# A stick that is used again, pulled, full, strange.


def test_an_old_stick_becomes_a_new_one(hub: StickHub, stick: Path) -> None:
    hub.export(stick)
    hub.feed.now += timedelta(days=1)
    other = hub.feed.add_media(b"other", "c.png")
    hub.feed.add_release("bo-y", "tuong-1", 3, b"{}", [other])
    hub.feed.add_release("dak-blo", "tuong-1", 4, b"{}", [other])
    hub.feed.publish()
    hub.export(stick)

    assert {path.name for path in (stick / FEED / "media").iterdir()} == {
        sha256(one).hexdigest() for one in (b"{}", b"other")
    }
    assert not on_stick(stick, "pieces").exists() or not list(on_stick(stick, "pieces").iterdir())


def test_what_is_there_is_not_written_again(hub: StickHub, stick: Path) -> None:
    hub.export(stick)
    clip = on_stick(stick, feed.media_name(sha256(CLIP).hexdigest()))
    first = clip.stat().st_ino
    hub.export(stick)

    assert clip.stat().st_ino == first


def test_what_is_there_and_wrong_is_written_again(hub: StickHub, stick: Path) -> None:
    hub.export(stick)
    clip = on_stick(stick, feed.media_name(sha256(CLIP).hexdigest()))
    clip.write_bytes(bytes(len(CLIP)))
    hub.export(stick)

    assert clip.read_bytes() == CLIP


class PulledError(Exception):
    pass


def pulled_after(count: int) -> Callable[[int], None]:
    """Progress that ends the export when it was told so many times."""
    left = iter(range(count))

    def tell(_: int) -> None:
        if next(left, None) is None:
            raise PulledError

    return tell


def test_stopped_anywhere_it_is_finished_by_doing_it_again(hub: StickHub, stick: Path) -> None:
    hub.export(stick)
    old = on_stick(stick, feed.TIMESTAMP).read_bytes()
    hub.feed.now += timedelta(days=1)
    hub.feed.add_release("bo-y", "tuong-1", 3, b"[]", [hub.feed.add_media(CLIP[::-1], "clips/a.mp4")])
    hub.feed.publish()
    for stop in range(1, 20):
        try:
            export_usb(hub.hub, hub.order(stick), hub.feed.keys[ONLINE], hub.feed.now, pulled_after(stop))
        except PulledError:
            assert on_stick(stick, feed.TIMESTAMP).read_bytes() == old
            assert on_stick(stick, feed.media_name(sha256(CLIP).hexdigest())).exists()
        else:
            break
    else:
        pytest.fail("never finished")

    hub.catch_up()
    assert on_stick(stick, feed.TIMESTAMP).read_bytes() != old
    assert on_stick(stick, feed.media_name(sha256(CLIP[::-1]).hexdigest())).read_bytes() == CLIP[::-1]
    assert not list(stick.rglob("*.part"))


def refusal(hub: StickHub, stick: Path, screens: str = "all") -> SignageError:
    with pytest.raises(SignageError) as refused:
        hub.export(stick, screens)
    return refused.value


def test_a_folder_that_is_not_there_is_no_stick(hub: StickHub, tmp_path: Path) -> None:
    assert getattr(refusal(hub, tmp_path / "nowhere"), "code", "") == "no-folder"


def test_a_hub_without_a_feed_makes_none(tmp_path: Path, stick: Path) -> None:
    empty = StickHub(tmp_path / "hub")
    empty.hub.published(feed.TIMESTAMP).unlink()

    with pytest.raises(StickRefusalError) as refused:
        prepare(empty.hub, empty.order(stick), empty.feed.now)
    assert refused.value.code == "nothing-published"


@pytest.mark.parametrize("damage", ["gone", "rotten", "short"])
def test_damage_in_the_feed_is_never_carried_on(hub: StickHub, stick: Path, damage: str) -> None:
    clip = hub.hub.published(feed.media_name(sha256(CLIP).hexdigest()))
    if damage == "gone":
        clip.unlink()
    else:
        clip.write_bytes(bytes(len(CLIP)) if damage == "rotten" else CLIP[:-1])

    assert getattr(refusal(hub, stick), "code", "") == "bad-feed"
    assert not on_stick(stick, feed.TIMESTAMP).exists()
    assert not on_stick(stick, feed.media_name(sha256(CLIP).hexdigest())).exists()


@pytest.mark.parametrize("place", ["signage", "signage/feed", "signage/feed/media"])
def test_links_on_a_stick_are_not_followed(hub: StickHub, stick: Path, tmp_path: Path, place: str) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "media").mkdir(parents=True)
    (theirs / "media" / "precious").write_bytes(b"precious")
    (theirs / "precious").write_bytes(b"precious")
    (stick / place).parent.mkdir(parents=True, exist_ok=True)
    (stick / place).symlink_to(theirs)

    assert getattr(refusal(hub, stick), "code", "") == "strange-stick"
    assert files(theirs) == {"media/precious": b"precious", "precious": b"precious"}


def test_room_is_counted_before_the_first_byte(hub: StickHub, stick: Path) -> None:
    plan = prepare(hub.hub, hub.order(stick), hub.feed.now).plan
    room = StickWriter(hub.hub, plan, hub.order(stick).stick).room()

    assert plan.bytes + MARGIN <= room.needed <= plan.bytes + MARGIN + 4096 * len(plan.files)
    assert not list(stick.iterdir())


class ForgetfulStick(StickFiles):
    """A stick sold as larger than it is, a double: of a file that is long it keeps the beginning, and zeros."""

    @contextmanager
    def written(self, name: str) -> Iterator[BinaryIO]:
        with super().written(name) as file:
            yield file
            if file.tell() > 1 << 20:
                file.seek(1 << 20)
                file.write(bytes(1 << 20))


def test_a_stick_that_forgets_is_found_out(hub: StickHub, stick: Path) -> None:
    with pytest.raises(StickRefusalError) as refused:
        export_usb(
            hub.hub,
            Order(ForgetfulStick(stick), "all"),
            hub.feed.keys[ONLINE],
            hub.feed.now,
            lambda _: None,
        )

    assert refused.value.code == "bad-copy"
    assert not on_stick(stick, feed.TIMESTAMP).exists()
