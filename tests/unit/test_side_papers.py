"""What feeds the zones: a playlist's ticker texts, and a logo made by whoever may read files."""

from dataclasses import dataclass, field, replace

import pytest

from player.clock import ManualClock
from player.doubles import FixedProgramme, ManualReactor
from player.fitting import Size
from player.logo import Logo
from player.performance import Order, Picture
from player.rehearsal import Script, ScriptedRenderer, playlist_of
from player.ticker_feed import TickerFeed
from playlists.playlist import ItemKind, TickerText

OPEN, CLOSED = TickerText("vi", "Mở cửa"), TickerText("vi", "Đóng cửa")


@dataclass
class Wall:
    """Where a logo hangs, and what was complained of."""

    hung: list[Size] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def show(self, picture: Picture | None) -> None:
        assert picture is not None
        self.hung.append(picture.size)


def test_the_texts_come_with_the_playlist_and_change_with_it() -> None:
    reactor = ManualReactor(ManualClock())
    shown: list[object] = []
    programme = FixedProgramme(reactor, replace(playlist_of("a"), ticker=(OPEN,)))
    feed = TickerFeed(programme, shown.append, (CLOSED,))
    read: list[str] = []
    feed.read(reactor.clock.moment(), lambda bill: read.append(bill.playlist.slots[0].id))
    reactor.run_for(10)
    programme.playlist = playlist_of("b")
    feed.read(reactor.clock.moment(), lambda bill: read.append(bill.playlist.slots[0].id))
    reactor.run_for(10)
    assert read == ["a", "b"]
    assert shown == [(OPEN,), (CLOSED,)]
    assert feed.path_of(programme.playlist.slots[0]) == programme.path_of(programme.playlist.slots[0])


@pytest.mark.parametrize(("script", "hung", "findings"), [(Script(), 1, []), (Script(fails="damaged"), 0, ["damaged"])])
def test_a_logo_is_hung_once_or_its_flaw_told_once(script: Script, hung: int, findings: list[str]) -> None:
    reactor, wall = ManualReactor(ManualClock()), Wall()
    renderer = ScriptedRenderer(reactor, {"logo": [script]})
    logo = Logo(renderer, "/gate/logo.png", 0x102A4E, wall.show, wall.findings.append)
    logo.prepare(Size(100, 50))
    reactor.run_for(1000)
    assert (len(wall.hung), wall.findings) == (hung, findings)
    order: Order = renderer.performances[0].order
    assert (order.item.kind, order.path, order.canvas, order.ground) == (
        ItemKind.IMAGE,
        "/gate/logo.png",
        Size(100, 50),
        0x102A4E,
    )
    assert not renderer.lender.lent


def test_a_logo_asked_for_in_another_size_calls_the_first_one_off() -> None:
    reactor, wall = ManualReactor(ManualClock()), Wall()
    renderer = ScriptedRenderer(reactor, {})
    logo = Logo(renderer, "/gate/logo.png", 0, wall.show, wall.findings.append)
    logo.prepare(Size(100, 50))
    logo.prepare(Size(200, 100))
    reactor.run_for(1000)
    assert len(wall.hung) == 1
    assert [performance.order.canvas for performance in renderer.performances] == [Size(100, 50), Size(200, 100)]
    assert not renderer.lender.lent
