"""A bulletin performed by real prisoners, without a window: pages in their order, holding, and what goes wrong."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from player.bulletins.dress import Dress
from player.decoding.bulletin_show import BulletinPerformance
from player.decoding.prisoners import Prison
from player.decoding.typesettings import Typesettings
from player.fitting import Size
from player.performance import Order, Performance, Phase, Picture, Sound
from player.polling_reactor import PollingReactor
from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.playlist import Item, ItemKind
from playlists.timing import DurationMs, MonotonicNs
from tests.support.bulletins import TEXTS, bulletin

CANVAS = Size(640, 360)
PATIENCE_S = 30.0
MS = 1_000_000


@dataclass
class Watcher:
    """An audience that counts."""

    heard: int = 0
    phases: list[Phase] = field(default_factory=list)

    def changed(self, performance: Performance) -> None:
        self.heard += 1
        self.phases.append(performance.phase)


@pytest.fixture(scope="module", name="reactor")
def a_reactor() -> PollingReactor:
    return PollingReactor()


@pytest.fixture(scope="module", name="typesettings")
def a_typesetter(reactor: PollingReactor) -> Iterator[Typesettings]:
    prison = Prison()
    prison.attend(reactor, lambda: None)
    typesettings = Typesettings(prison, reactor)
    typesettings.warm_up()
    yield typesettings
    typesettings.close()
    prison.close()


def order(content: Bulletin, milliseconds: int | None = 3000, path: str = "/nowhere") -> Order:
    duration = None if milliseconds is None else DurationMs(milliseconds)
    item = Item("tin", "", ItemKind.BULLETIN, "Tin", duration=duration, bulletin=content)
    return Order(item, path, CANVAS, DurationMs(10_000), Sound())


def ready(performance: BulletinPerformance, reactor: PollingReactor) -> None:
    assert reactor.run(lambda: performance.phase in (Phase.READY, Phase.FAILED), PATIENCE_S)


def taken(performance: BulletinPerformance, reactor: PollingReactor, now: int) -> Picture | None:
    """What is on the screen at a moment of a time that goes as the test likes, once the page is there."""
    reactor.run(lambda: bool(performance._setting.pages), 5.0)  # noqa: SLF001 - the test's clock is not the prisoner's
    return performance.take_due(MonotonicNs(now))


def long_bulletin() -> Bulletin:
    return bulletin("vi", "lo", "en")


def test_pages_come_in_their_order_each_at_its_time(typesettings: Typesettings, reactor: PollingReactor) -> None:
    watcher = Watcher()
    performance = BulletinPerformance(order(long_bulletin()), long_bulletin(), typesettings, watcher)
    assert performance.phase is Phase.PREPARING
    ready(performance, reactor)
    assert performance.length == 3000 * MS
    assert performance.digest is not None
    assert performance.first_picture() is not None
    assert performance.next_due() is None
    performance.begin(MonotonicNs(1_000 * MS))
    times = performance._setting.times or ()  # noqa: SLF001 - what the prisoner answered
    assert len(times) > 2
    start = 1_000
    seen = []
    for length in times:
        assert performance.take_due(MonotonicNs(start * MS - 5 * MS)) is None
        picture = taken(performance, reactor, start * MS + MS)
        assert picture is not None
        assert picture.size == CANVAS
        seen.append(bytes(picture.pixels))
        picture.release()
        assert performance.take_due(MonotonicNs(start * MS + 2 * MS)) is None
        start += length
    assert len(set(seen)) == len(times)
    assert start == pytest.approx(4_000, abs=1)
    assert performance.tally.shown == len(times)
    assert performance.missed(3000 * MS) == 0
    assert performance.shortfall() is None
    performance.finish()
    assert str(performance.phase) == Phase.FINISHED


def test_held_it_goes_on_with_the_page_it_was_on(typesettings: Typesettings, reactor: PollingReactor) -> None:
    performance = BulletinPerformance(order(long_bulletin()), long_bulletin(), typesettings, Watcher())
    ready(performance, reactor)
    performance.begin(MonotonicNs(0))
    first = taken(performance, reactor, MS)
    assert first is not None
    first.release()
    times = performance._setting.times or ()  # noqa: SLF001 - what the prisoner answered
    second = taken(performance, reactor, times[0] * MS + MS)
    assert second is not None
    pixels = bytes(second.pixels)
    second.release()
    assert performance.hold(MonotonicNs(times[0] * MS + 100 * MS))
    ready(performance, reactor)
    assert performance.position == times[0] * MS + 100 * MS
    assert performance.length == 3000 * MS - performance.position
    performance.begin(MonotonicNs(50_000 * MS))
    again = performance.take_due(MonotonicNs(50_000 * MS))
    assert again is not None
    assert bytes(again.pixels) == pixels
    again.release()
    assert not BulletinPerformance(order(long_bulletin()), long_bulletin(), typesettings, Watcher()).hold(
        MonotonicNs(0)
    )


def test_without_a_duration_it_stands_for_its_reading_time(typesettings: Typesettings, reactor: PollingReactor) -> None:
    performance = BulletinPerformance(order(bulletin("vi"), None), bulletin("vi"), typesettings, Watcher())
    assert performance.length is None
    ready(performance, reactor)
    assert performance.length is not None
    assert performance.length >= 6_000 * MS
    performance.finish()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (Bulletin((TEXTS["vi"],), picture="không-có.png"), "missing"),
        (Bulletin((TEXTS["vi"],), picture="hỏng.png"), "unknown-format"),
        (Bulletin((TEXTS["vi"],), link="x" * 4000), "content"),
    ],
    ids=["missing", "broken", "link"],
)
def test_what_cannot_be_set_fails_with_its_reason(
    typesettings: Typesettings, reactor: PollingReactor, tmp_path: Path, content: Bulletin, reason: str
) -> None:
    (tmp_path / "hỏng.png").write_bytes(b"no picture at all")
    performance = BulletinPerformance(order(content, path=str(tmp_path)), content, typesettings, Watcher())
    ready(performance, reactor)
    assert performance.phase is Phase.FAILED
    assert performance.reason.startswith(reason)


@pytest.mark.parametrize("picture", ["không-có.png", "hỏng.png"])
def test_an_urgent_bulletin_does_without_its_picture(
    typesettings: Typesettings, reactor: PollingReactor, tmp_path: Path, picture: str
) -> None:
    (tmp_path / "hỏng.png").write_bytes(b"no picture at all")
    since = datetime(2026, 7, 6, tzinfo=UTC)
    content = Bulletin((TEXTS["vi"],), picture=picture, urgency=Urgency("Ban", "Bờ Y", since, since))
    performance = BulletinPerformance(order(content, path=str(tmp_path)), content, typesettings, Watcher())
    ready(performance, reactor)
    assert performance.phase is Phase.READY
    performance.finish()


def test_a_gate_without_its_logo_still_says_what_it_has_to_say(
    typesettings: Typesettings, reactor: PollingReactor
) -> None:
    before, typesettings.dress = typesettings.dress, Dress(logo="/nowhere/logo.png")
    performance = BulletinPerformance(order(bulletin("vi")), bulletin("vi"), typesettings, Watcher())
    ready(performance, reactor)
    assert performance.phase is Phase.READY
    performance.finish()
    typesettings.dress = before


def test_a_dead_typesetter_fails_what_it_had_and_the_next_is_set_by_another(
    typesettings: Typesettings, reactor: PollingReactor
) -> None:
    performance = BulletinPerformance(order(long_bulletin()), long_bulletin(), typesettings, Watcher())
    ready(performance, reactor)
    pid = typesettings._typesetter._pid if typesettings._typesetter else None  # noqa: SLF001 - to be killed from outside
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert reactor.run(lambda: performance.phase is Phase.FAILED, PATIENCE_S)
    assert performance.reason.startswith("typesetter-died")
    other = BulletinPerformance(order(bulletin("vi")), bulletin("vi"), typesettings, Watcher())
    ready(other, reactor)
    assert other.phase is Phase.READY
    other.finish()


def test_a_warm_typesetter_has_the_first_page_in_time_for_an_urgent_bulletin(
    typesettings: Typesettings, reactor: PollingReactor
) -> None:
    """Half of the 300 ms there are from file to pixels; the machine may be busy, so the best of five counts."""
    content = Bulletin((BulletinText("vi", "Sạt lở trên quốc lộ 40", "Tạm dừng xe tải."),))
    waits = []
    for _ in range(5):
        begun = time.monotonic()
        performance = BulletinPerformance(order(content), content, typesettings, Watcher())
        ready(performance, reactor)
        waits.append(time.monotonic() - begun)
        performance.finish()
    assert min(waits) < 0.15
