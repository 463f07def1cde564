"""Posts that only ever see sticks: in any order, again and again, for a year, with keys replaced in between."""

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from sync import feed
from sync.agent.requests_source import RequestsSource
from sync.bundle import FEED
from sync.refusals import RefusalError
from sync.trust import roles
from tests.support.agent_kiosk import playlist_of
from tests.support.feed_server import feed_server
from tests.support.stick_hub import StickHub
from tests.support.stick_post import Post


def publish(hub: StickHub, sequence: int, *clips: bytes) -> None:
    media = [hub.feed.add_media(clip, f"clips/{number}.mp4") for number, clip in enumerate(clips)]
    hub.feed.add_release("bo-y", "tuong-1", sequence, playlist_of(*media), media)
    hub.feed.publish()


def replace_keys(hub: StickHub, person: str, *, online: bool) -> None:
    """One person's key, and the online key where wanted; whatever they had signed is signed anew."""
    hub.feed.rotate_root({person: f"{person}+"})
    if online:
        hub.feed.replace_online_key()
    hub.feed.publish_targets()
    for role in hub.feed.delegated:
        hub.feed.publish_role(role)
    hub.feed.publish()


@dataclass
class Row:
    """Sticks in the order they were made, each named by the release it is of."""

    root: bytes
    sticks: list[Path]
    ends: datetime


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Row:
    """Six sticks, made over six weeks; two lack a clip, keys were replaced on the way."""
    folder = tmp_path_factory.mktemp("row")
    hub = StickHub(folder / "hub")
    clips = [os.urandom(40_000 + 1_000 * number) for number in range(8)]
    sticks = []
    for number in range(1, 7):
        publish(hub, number, *clips[number - 1 : number + 2])
        if number in {3, 5}:
            replace_keys(hub, {3: "dept-1", 5: "guard-2"}[number], online=number == 5)
        stick = folder / f"{number}"
        stick.mkdir()
        hub.export(stick, name=f"Tuần {number}")
        if number in {2, 6}:
            (stick / FEED / feed.media_name(sha256(clips[number]).hexdigest())).unlink()
        sticks.append(stick)
        hub.feed.now += timedelta(days=7)
    return Row(hub.feed.first_root, sticks, hub.feed.now)


@pytest.mark.parametrize("seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 100))])
def test_any_order_comes_to_the_newest(row: Row, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same orders every time
    post = Post(tmp_path / "post", row.root)
    post.clock.set_wall(rng.choice([row.ends, datetime(1970, 1, 1, tzinfo=UTC)]), synchronised=False)
    shown = 0
    sticks = [*rng.choices(row.sticks, k=rng.randrange(8)), *rng.sample(row.sticks, len(row.sticks))]
    for stick in sticks:
        outcome = post.put_in(stick, settle=rng.random() < 0.8)
        assert outcome is not None
        assert outcome.code not in {"machine-fault", "interrupted", "not-trusted"}
        assert post.sequence >= shown, "an older release came back"
        shown = post.sequence
        if rng.random() < 0.2:
            post.clock.reboot(f"boot-{rng.random()}")
            post.start()
    # The newest one lacks a clip that the one before it brings.
    for stick in (row.sticks[5], row.sticks[4]):
        post.settle()
        post.put_in(stick)

    assert post.sequence == 6


@pytest.mark.parametrize(
    ("days", "seed"),
    [
        pytest.param(91, 1),
        *(pytest.param(91, seed, marks=pytest.mark.long) for seed in range(2, 8)),
        *(pytest.param(7, seed, marks=pytest.mark.long) for seed in range(3)),
    ],
)
def test_a_year_of_sticks_only(tmp_path: Path, days: int, seed: int) -> None:
    """One stick goes to and fro; some journeys are lost, keys are replaced, the kiosk's clock is nobody's."""
    rng = random.Random(seed)  # noqa: S311 - the same year every time
    hub = StickHub(tmp_path / "hub")
    post = Post(tmp_path / "post", hub.feed.first_root)
    post.clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC), synchronised=False)
    stick = tmp_path / "stick"
    stick.mkdir()
    clips = [os.urandom(20_000) for _ in range(3)]
    people = [*("dept-1", "dept-2", "guard-1", "guard-2")]
    reached, lost = [], 0
    for sequence in range(1, 365 // days + 2):
        if sequence % max(91 // days, 1) == 0:
            person = people.pop(0)
            replace_keys(hub, person, online=rng.random() < 0.5)
            people.append(f"{person}+")
        clips = [*clips[1:], os.urandom(20_000)]
        publish(hub, sequence, *clips)
        hub.export(stick, name=f"Chuyến {sequence}")
        pass_time(hub, post, days, rng.randrange(min(days, 10)))
        if rng.random() < 0.25 and sequence > 1:
            lost += 1
            continue
        outcome = post.put_in(stick)
        assert outcome is not None
        assert (outcome.code, post.sequence) == ("taken", sequence), outcome.vi
        reached.append(sequence)

    assert reached
    assert lost + len(reached) == 365 // days + 1


def pass_time(hub: StickHub, post: Post, days: int, transit: int) -> None:
    """The stick was ``transit`` days on its way; the kiosk was switched off and on meanwhile."""
    post.clock.reboot(f"boot-{hub.feed.now.isoformat()}")
    post.clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC), synchronised=False)
    post.clock.sleep(transit * 86_400)
    post.start()
    hub.feed.now += timedelta(days=days)


def test_a_sticks_timestamp_is_refused_online(tmp_path: Path) -> None:
    """Whoever steals a stick cannot freeze a screen that has network for a hundred days."""
    hub = StickHub(tmp_path / "hub")
    post = Post(tmp_path / "post", hub.feed.first_root)
    publish(hub, 1, b"clip")
    stick = tmp_path / "stick"
    stick.mkdir()
    hub.export(stick)
    with feed_server(stick / FEED) as server, pytest.raises(RefusalError) as refused:
        post.bring(RequestsSource(server.url))

    assert refused.value.code == "too-far-ahead"
    assert post.sequence == 0
    with feed_server(hub.hub.feed) as server:
        post.bring(RequestsSource(server.url))
    assert post.sequence == 1


def test_a_stick_never_keeps_a_screen_from_the_live_feed(tmp_path: Path) -> None:
    """Whatever a stick brought, the live feed's timestamp stands above it, and below the next stick's."""
    hub = StickHub(tmp_path / "hub")
    post = Post(tmp_path / "post", hub.feed.first_root)
    stick = tmp_path / "stick"
    stick.mkdir()
    with feed_server(hub.hub.feed) as server:
        for sequence in range(1, 7):
            publish(hub, sequence, f"clip {sequence}".encode())
            hub.export(stick)
            if sequence % 2:
                post.put_in(stick)
            post.bring(RequestsSource(server.url))
            post.settle()
            assert post.sequence == sequence
            hub.feed.now += timedelta(days=roles.TIMESTAMP_LIFE.days - 1)
            hub.feed.publish_timestamp()
            post.clock.set_wall(hub.feed.now, synchronised=True)
