"""What is told while a stick is taken in, and how something more pressing comes before it."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sync.agent.cycle import Polled
from sync.agent.download import Progress, fetch
from sync.agent.gate import Gate, StoppedError
from sync.agent.ports import Source
from sync.agent.stick_reception import BANNER_TIME, StickReception
from tests.support.agent_kiosk import playlist_of
from tests.support.stick_hub import StickHub
from tests.support.stick_post import Post

CLIP = os.urandom(4 << 20)


@pytest.fixture
def hub(tmp_path: Path) -> StickHub:
    made = StickHub(tmp_path / "hub")
    clip = made.feed.add_media(CLIP, "a.mp4")
    made.feed.add_release("bo-y", "tuong-1", 1, playlist_of(clip), [clip])
    made.feed.publish()
    return made


@pytest.fixture
def stick(hub: StickHub, tmp_path: Path) -> Path:
    made = tmp_path / "media" / "usb"
    made.mkdir(parents=True)
    hub.export(made, name="Quý 4")
    return made


@pytest.fixture
def post(hub: StickHub, tmp_path: Path) -> Post:
    return Post(tmp_path / "post", hub.feed.first_root)


def reception_of(post: Post, changed: Callable[[], object]) -> StickReception:
    def bring(source: Source, gate: Gate, progress: Callable[[Progress], None]) -> Polled:
        polled = post.cycle.poll(source)
        if polled.order is not None:
            fetch(polled.order.files, source, post.store, gate, progress)
            post.succession.take_over(polled.order)
        return polled

    return StickReception(post.cycle, post.clock, bring, changed)


def test_the_banner_tells_how_far_it_is_and_what_became_of_it(post: Post, stick: Path) -> None:
    banners: list[str] = []
    reception = reception_of(post, lambda: banners.append("" if reception.banner is None else reception.banner.text))
    reception.receive(stick)
    reading = "Đang chép từ USB “Quý 4”. Đừng rút USB."

    assert banners[0] == reading
    steps = [int(text.removeprefix(reading).strip(" %")) for text in banners[1:-1]]
    assert steps == sorted(steps)
    assert (steps[0] < 10, steps[-1]) == (True, 100)
    assert all(step % 5 == 0 for step in steps)
    assert banners[-1].startswith("Đã nhận xong nội dung từ USB “Quý 4”")
    assert reception.progress is None


def test_the_banner_goes_by_itself(post: Post, stick: Path) -> None:
    reception = reception_of(post, lambda: None)
    reception.receive(stick)
    assert reception.banner is not None
    assert reception.banner.until == (post.clock.now().wall + BANNER_TIME).isoformat(timespec="seconds")

    post.clock.sleep(BANNER_TIME / timedelta(seconds=1))
    assert reception.banner is None


def test_something_more_pressing_comes_first_and_the_stick_goes_on_after_it(post: Post, stick: Path) -> None:
    reception = reception_of(post, lambda: None)

    def interrupt(came: Progress) -> None:
        if came.got_of_all > 1 << 20:
            reception.interrupt()

    with pytest.raises(StoppedError):
        reception.receive(stick, interrupt)
    assert (post.sequence, reception.banner, reception.progress) == (0, None, None)

    outcome = reception.receive(stick)
    assert outcome is not None
    assert (outcome.code, post.sequence) == ("taken", 1)
    assert outcome.fetched < len(CLIP)


def test_a_stick_that_waits_is_taken_in_once(post: Post, stick: Path) -> None:
    reception = reception_of(post, lambda: None)
    reception.watch(stick.parent, lambda: None)
    assert reception.see_to() == []
    reception.open()
    try:
        while not (outcomes := reception.see_to()):
            pass
    finally:
        reception.close()

    assert [outcome.code for outcome in outcomes] == ["taken"]
    assert reception.see_to() == []
