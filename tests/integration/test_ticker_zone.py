"""The ticker as it is led: on a clock that stands still until it is told, drawing into memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from player.clock import ManualClock
from player.doubles import ManualReactor
from player.fitting import Size
from player.stage.board import Board
from player.stage.side_zones import colours_of
from player.stage.ticker_zone import TickerZone
from player.typesetting import Typeface
from player.zoning import Box
from playlists.playlist import TickerText

TEXTS = (TickerText("vi", "Cửa khẩu quốc tế Bờ Y mở cửa từ 7 giờ đến 19 giờ hằng ngày"),)
ZONE = Size(320, 40)

pytestmark = pytest.mark.usefixtures("offscreen_qt")


@dataclass
class House:
    """A ticker, its clock, and what it put on the screen."""

    clock: ManualClock = field(default_factory=ManualClock)
    shown: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reactor = ManualReactor(self.clock)
        visible = [Box(0, 0, 320, 40)]
        self.ticker = TickerZone(
            *(ZONE, 0, visible, colours_of({}), Typeface(), 60.0, self.clock, self.reactor, self._show)
        )

    def _show(self, _board: Board, parts: Sequence[tuple[Box, Box]]) -> None:
        assert sum(at.width for _source, at in parts) == ZONE.width
        self.shown.append(self.ticker.place)


def test_without_texts_it_does_nothing_at_all() -> None:
    house = House()
    house.reactor.run_for(5000)
    assert (house.shown, house.reactor.calls) == ([], 0)
    house.ticker.set_texts(())
    assert house.reactor.waiting == 0


def test_it_moves_the_same_number_of_pixels_at_every_refresh() -> None:
    house = House()
    house.ticker.set_texts(TEXTS)
    house.reactor.run_for(20_000)
    steps = {after - before for before, after in zip(house.shown, house.shown[1:], strict=False)}
    assert len(steps) == 1
    assert len(house.shown) == pytest.approx(1200, abs=2)


def test_a_machine_that_was_silent_for_a_minute_goes_on_with_letters() -> None:
    house = House()
    house.ticker.set_texts(TEXTS)
    house.reactor.run_for(2_000)
    before = house.ticker.place
    house.clock.advance(60_000)
    house.reactor.run_for(1_000)
    assert before < house.ticker.place < before + 60 * 120
    steps = [after - earlier for earlier, after in zip(house.shown, house.shown[1:], strict=False)]
    assert sum(step != steps[0] for step in steps) == 1


def test_paused_it_stands_to_the_pixel_and_goes_on_from_there() -> None:
    house = House()
    house.ticker.set_texts(TEXTS)
    house.reactor.run_for(1_000)
    house.ticker.pause()
    stands, looks = house.ticker.place, len(house.shown)
    house.reactor.run_for(10_000)
    assert (house.ticker.place, len(house.shown), house.reactor.waiting) == (stands, looks, 0)
    house.ticker.set_texts((*TEXTS, TickerText("en", "Open")))
    assert house.reactor.waiting == 0, "new texts do not wake it"
    house.ticker.resume()
    house.reactor.run_for(1_000)
    assert stands < house.ticker.place <= stands + 130
    house.ticker.resume()
    assert house.reactor.waiting == 1


def test_when_its_texts_are_taken_away_it_runs_out_and_rests() -> None:
    house = House()
    house.ticker.set_texts(TEXTS)
    house.reactor.run_for(3_000)
    house.ticker.set_texts(())
    house.reactor.run_for(60_000)
    assert house.reactor.waiting == 0
    rested = len(house.shown)
    house.ticker.set_texts(TEXTS)
    house.reactor.run_for(1_000)
    assert len(house.shown) > rested + 30


def test_covered_and_uncovered_it_is_shown_again_where_it_is() -> None:
    house = House()
    house.ticker.set_texts(TEXTS)
    house.reactor.run_for(500)
    house.ticker.pause()
    house.ticker.repaint()
    assert house.shown[-1] == house.shown[-2]
    house.ticker.close()
    assert house.reactor.waiting == 0
