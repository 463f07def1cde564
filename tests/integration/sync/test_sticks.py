"""Sticks made by the hub's own code, taken in by the agent's own cycle."""

import os
from datetime import timedelta
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest

from playlists.release import Withdrawn
from sync import feed
from sync.agent.sticks import Outcome
from sync.bundle import FEED, HAVE, OUTCOME, read_have, return_folder
from sync.publication import Rollout
from tests.support.agent_kiosk import playlist_of
from tests.support.stick_hub import StickHub
from tests.support.stick_post import Post

CLIPS = [os.urandom(1_500_000), os.urandom(700_000), os.urandom(300_000)]


@pytest.fixture
def hub(tmp_path: Path) -> StickHub:
    return StickHub(tmp_path / "hub")


@pytest.fixture
def post(hub: StickHub, tmp_path: Path) -> Post:
    return Post(tmp_path / "post", hub.feed.first_root)


def publish(
    hub: StickHub, sequence: int, *clips: bytes, screen: str = "tuong-1", rollout: Rollout | None = None
) -> None:
    media = [hub.feed.add_media(clip, f"clips/{number}.mp4") for number, clip in enumerate(clips)]
    hub.feed.add_release("bo-y", screen, sequence, playlist_of(*media), media, rollout=rollout)
    hub.feed.publish()


def stick_of(hub: StickHub, tmp_path: Path, name: str, screens: str = "all", *, full: bool = True) -> Path:
    stick = tmp_path / "media" / name
    stick.mkdir(parents=True, exist_ok=True)
    hub.export(stick, screens, full=full, name=name)
    hub.feed.now += timedelta(days=1)
    return stick


def put_in(post: Post, hub: StickHub, stick: Path) -> Outcome:
    post.clock.set_wall(hub.feed.now, synchronised=False)
    outcome = post.put_in(stick)
    assert outcome is not None
    return outcome


def test_a_stick_brings_a_release(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, *CLIPS)
    outcome = put_in(post, hub, stick_of(hub, tmp_path, "Quý 4"))

    assert (outcome.code, post.sequence, outcome.again, outcome.reported) == ("taken", 1, False, True)
    assert outcome.vi == "Đã nhận xong nội dung từ USB “Quý 4”, làm ngày 01/11/2026. Có thể rút USB."
    assert post.told == ["Đang chép từ USB “Quý 4”. Đừng rút USB."]


def test_it_brings_it_once(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, *CLIPS)
    stick = stick_of(hub, tmp_path, "a")
    put_in(post, hub, stick)
    again = put_in(post, hub, stick)

    assert (again.code, post.sequence) == ("nothing-new", 1)
    assert again.fetched < 100_000


def test_a_folder_without_a_bundle_is_no_stick(post: Post, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "x.jpg").write_bytes(b"x")

    assert post.put_in(tmp_path / "photos") is None
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["x.jpg"]


def test_urgent_bulletins_and_withdrawals_come_along(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    hub.feed.withdraw("w", Withdrawn(digests=frozenset({"a" * 64})))
    hub.feed.publish()
    put_in(post, hub, stick_of(hub, tmp_path, "a"))

    assert post.cycle.notices.withdrawn.digests == {"a" * 64}


def test_an_older_stick_is_refused_by_name_and_date(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    old = stick_of(hub, tmp_path, "Quý 3")
    publish(hub, 2, CLIPS[1])
    put_in(post, hub, stick_of(hub, tmp_path, "Quý 4"))
    outcome = put_in(post, hub, old)

    assert (outcome.code, post.sequence) == ("older", 2)
    assert outcome.vi == (
        "USB “Quý 3”, làm ngày 01/11/2026, cũ hơn nội dung đang có (ngày 02/11/2026); không dùng. Có thể rút USB."
    )


def test_an_older_stick_still_gives_what_is_missing(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0], CLIPS[1])
    old = stick_of(hub, tmp_path, "Quý 3")
    publish(hub, 2, CLIPS[1], CLIPS[2])
    new = stick_of(hub, tmp_path, "Quý 4")
    (new / FEED / feed.media_name(sha256(CLIPS[1]).hexdigest())).unlink()

    incomplete = put_in(post, hub, new)
    assert (incomplete.code, post.sequence) == ("incomplete", 0)
    assert "còn thiếu 1 tệp (0,7 MB)" in incomplete.vi
    assert (put_in(post, hub, old).code, post.sequence) == ("older-helped", 2)


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(order, marks=() if order in {(0, 1, 2), (2, 0, 1)} else pytest.mark.long)
        for order in permutations(range(3))
    ],
)
def test_media_of_several_sticks_add_up(hub: StickHub, post: Post, tmp_path: Path, order: tuple[int, ...]) -> None:
    publish(hub, 1, *CLIPS)
    sticks = [stick_of(hub, tmp_path, name) for name in "abc"]
    for number, stick in enumerate(sticks):
        for other, clip in enumerate(CLIPS):
            if other != number:
                (stick / FEED / feed.media_name(sha256(clip).hexdigest())).unlink()
    *first, last = [put_in(post, hub, sticks[number]) for number in order]

    assert {outcome.code for outcome in first} <= {"incomplete", "older-helped"}
    assert last.code in {"taken", "older-helped"}
    assert post.sequence == 1


def test_what_a_screen_wrote_back_makes_the_next_stick_small(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, *CLIPS[:2])
    stick = stick_of(hub, tmp_path, "a")
    put_in(post, hub, stick)
    have = read_have((stick / return_folder("bo-y", "tuong-1") / HAVE).read_bytes())
    assert have is not None
    assert have.sequence == 1
    assert {sha256(clip).hexdigest() for clip in CLIPS[:2]} <= have.media

    publish(hub, 2, *CLIPS)
    hub.feed.now += timedelta(days=80)
    stick_of(hub, tmp_path, "a", full=False)
    assert {path.name for path in (stick / FEED / "media").iterdir()} & {
        sha256(clip).hexdigest() for clip in CLIPS
    } == {sha256(CLIPS[2]).hexdigest()}
    assert (put_in(post, hub, stick).code, post.sequence) == ("taken", 2)


def test_a_stick_for_another_screen_says_so(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    publish(hub, 2, CLIPS[0], screen="tuong-2")

    assert (put_in(post, hub, stick_of(hub, tmp_path, "a", "bo-y/tuong-2")).code, post.sequence) == ("not-for-here", 0)


def test_a_release_that_other_screens_show_first_waits(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0], rollout=Rollout(("bo-y/tuong-9",), 60))

    assert (put_in(post, hub, stick_of(hub, tmp_path, "a")).code, post.sequence) == ("waits", 0)


def test_a_release_on_trial_holds_the_next_one_up(hub: StickHub, post: Post, tmp_path: Path) -> None:
    sticks = []
    for sequence, clip in enumerate(CLIPS, 1):
        publish(hub, sequence, clip)
        sticks.append(stick_of(hub, tmp_path, f"{sequence}"))
    put_in(post, hub, sticks[0])
    post.put_in(sticks[1], settle=False)
    outcome = post.put_in(sticks[2])

    assert outcome is not None
    assert (outcome.code, outcome.again, post.sequence) == ("on-probation", True, 2)
    assert (put_in(post, hub, sticks[2]).code, post.sequence) == ("taken", 3)


def test_an_expired_stick_brings_nothing(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    stick = stick_of(hub, tmp_path, "a")
    hub.feed.now += timedelta(days=100)
    outcome = put_in(post, hub, stick)

    assert (outcome.code, post.sequence) == ("out-of-date", 0)
    assert "đã hết hạn ngày 09/02/2027" in outcome.vi


@pytest.mark.parametrize("year", [1970, 2090])
def test_a_clock_that_is_wrong_keeps_nothing_out(hub: StickHub, post: Post, tmp_path: Path, year: int) -> None:
    publish(hub, 1, CLIPS[0])
    stick = stick_of(hub, tmp_path, "a")
    post.clock.set_wall(hub.feed.now.replace(year=year), synchronised=False)
    outcome = post.put_in(stick)

    assert outcome is not None
    assert (outcome.code, post.sequence) == ("taken", 1)


def test_a_stick_of_somebody_else_is_not_trusted(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    other = StickHub(tmp_path / "other")
    publish(other, 5, CLIPS[1])
    put_in(post, hub, stick_of(hub, tmp_path, "a"))
    outcome = put_in(post, hub, stick_of(other, tmp_path, "Tên giả"))

    assert (outcome.code, post.sequence) == ("not-trusted", 1)
    assert "Tên giả" not in outcome.vi


def test_a_stick_nobody_trusts_may_still_bring_a_file_that_is_missing(
    hub: StickHub, post: Post, tmp_path: Path
) -> None:
    """Its metadata is not even looked at: the file has the digest that was signed."""
    publish(hub, 1, *CLIPS[:2])
    new = stick_of(hub, tmp_path, "a")
    (new / FEED / feed.media_name(sha256(CLIPS[1]).hexdigest())).unlink()
    assert put_in(post, hub, new).code == "incomplete"
    other = StickHub(tmp_path / "other")
    publish(other, 5, CLIPS[1])
    theirs = stick_of(other, tmp_path, "b")
    (theirs / FEED / feed.metadata_name("root", 2)).write_bytes(b"{}")

    assert (put_in(post, hub, theirs).code, post.sequence) == ("helped", 1)


def test_an_old_stick_is_called_old_after_keys_were_replaced(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    old = stick_of(hub, tmp_path, "Quý 3")
    hub.feed.rotate_root({"dept-1": "dept-9"})
    hub.feed.replace_online_key()
    hub.feed.publish_targets()
    for role in hub.feed.delegated:
        hub.feed.publish_role(role)
    publish(hub, 2, CLIPS[1])
    assert (put_in(post, hub, stick_of(hub, tmp_path, "Quý 4")).code, post.sequence) == ("taken", 2)
    outcome = put_in(post, hub, old)

    assert (outcome.code, post.sequence) == ("older", 2)
    assert "USB “Quý 3”, làm ngày 01/11/2026, cũ hơn" in outcome.vi


def test_a_kiosk_without_room_says_so_and_plays_on(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    put_in(post, hub, stick_of(hub, tmp_path, "a"))
    publish(hub, 2, CLIPS[1])
    stick = stick_of(hub, tmp_path, "b")
    post.floor = 1 << 50
    post.start()

    assert (put_in(post, hub, stick).code, post.sequence) == ("no-room", 1)
    post.floor = 0
    post.start()
    assert (put_in(post, hub, stick).code, post.sequence) == ("taken", 2)


def test_a_damaged_file_costs_itself_alone(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, *CLIPS)
    stick = stick_of(hub, tmp_path, "a")
    bad = stick / FEED / feed.media_name(sha256(CLIPS[2]).hexdigest())
    bad.write_bytes(bytes(len(CLIPS[2])))
    outcome = put_in(post, hub, stick)

    assert (outcome.code, post.sequence) == ("damaged", 0)
    assert "thiếu 1 tệp (0,3 MB)" in outcome.vi
    bad.write_bytes(CLIPS[2])
    assert (put_in(post, hub, stick).code, post.sequence) == ("taken", 1)


def test_a_part_of_a_long_file_may_come_from_each_stick(hub: StickHub, post: Post, tmp_path: Path) -> None:
    """One piece is bad on the one stick, another on the other."""
    publish(hub, 1, CLIPS[0])
    sticks = [stick_of(hub, tmp_path, name) for name in "ab"]
    for stick, place in zip(sticks, (0, len(CLIPS[0]) - 1), strict=True):
        file = stick / FEED / feed.media_name(sha256(CLIPS[0]).hexdigest())
        content = bytearray(file.read_bytes())
        content[place] ^= 1
        file.write_bytes(content)

    assert put_in(post, hub, sticks[0]).code == "damaged"
    assert put_in(post, hub, sticks[1]).code in {"taken", "damaged"}


def test_a_stick_without_a_timestamp_was_not_finished(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    stick = stick_of(hub, tmp_path, "a")
    timestamp = stick / FEED / feed.TIMESTAMP
    content = timestamp.read_bytes()
    timestamp.unlink()
    assert put_in(post, hub, stick).code == "unfinished"
    for torn in (b"", content[: len(content) // 2], bytes(len(content)), b"{}", b"\xff" * 20_000):
        timestamp.write_bytes(torn)
        assert put_in(post, hub, stick).code in {"unfinished", "interrupted"}
        assert post.sequence == 0
    timestamp.write_bytes(content)
    assert put_in(post, hub, stick).code == "taken"


def test_the_report_tells_what_became_of_it(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    stick = stick_of(hub, tmp_path, "a")
    (post.state / "agent" / "status.json").write_bytes(b'{"format": 1}')
    put_in(post, hub, stick)
    folder = stick / return_folder("bo-y", "tuong-1")

    assert b'"code": "taken"' in (folder / OUTCOME).read_bytes()
    assert (folder / "status.json").read_bytes() == b'{"format": 1}'


def test_a_download_that_broke_off_online_is_finished_by_a_stick(hub: StickHub, post: Post, tmp_path: Path) -> None:
    publish(hub, 1, CLIPS[0])
    stick = stick_of(hub, tmp_path, "a")
    digest = sha256(CLIPS[0]).hexdigest()
    post.store.part(digest).write_bytes(CLIPS[0][: 1 << 20])

    assert (put_in(post, hub, stick).code, post.sequence) == ("taken", 1)
