"""The ticker: a strip of texts shown at another place with every refresh of the screen."""

from collections.abc import Callable, Sequence
from typing import Final

from player.clock import Clock
from player.fitting import Size
from player.reactor import Cancellable, Reactor
from player.stage.board import Board
from player.stage.ticker_strip import Colours, Strip
from player.ticker import Motion, pace_of
from player.typesetting import Typeface
from player.zoning import Box
from playlists.playlist import TickerText

EM_A_SECOND: Final = 3.7
"""Wished speed: six to seven letters a second, which can be read aloud."""

Show = Callable[[Board, Sequence[tuple[Box, Box]]], None]
"""Puts parts of a board on the screen: where in the board, and where in the zone."""


class TickerZone:
    """Runs while there are texts; costs nothing while there are none, or while it is paused."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is made of, named by the only place that makes it
        self,
        zone: Size,
        rotation: int,
        visible: Sequence[Box],
        colours: Colours,
        typeface: Typeface,
        rate: float,
        clock: Clock,
        reactor: Reactor,
        show: Show,
    ) -> None:
        """``visible`` are the parts of the zone that are to be seen, from its own corner; ``rate`` is in hertz."""
        self._zone, self._visible, self._rate = zone, tuple(visible), rate
        self._clock, self._reactor, self._show = clock, reactor, show
        self._strip = Strip(zone, rotation, colours, typeface)
        self._motion = Motion(pace_of(rate, rate), clock.monotonic())
        self._texts: tuple[TickerText, ...] = ()
        self._place = 0
        self._next: Cancellable | None = None

    @property
    def board(self) -> Board:
        """What it paints on."""
        return self._strip.board

    @property
    def place(self) -> int:
        """How many pixels it has moved."""
        return self._place

    def set_texts(self, texts: Sequence[TickerText]) -> None:
        """Show these from the next text on; without any the ticker runs empty and stands still."""
        if tuple(texts) == self._texts:
            return
        self._texts = tuple(texts)
        self._strip.set_texts(self._texts)
        if self._next is None and self._texts and not self._motion.paused:
            self._begin()

    def pause(self) -> None:
        """Stand still: something urgent wants to be read."""
        self._motion = self._motion.stopped(self._clock.monotonic()).held_at(self._place, self._clock.monotonic())
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def resume(self) -> None:
        """Go on from there."""
        if self._motion.paused:
            self._motion = self._motion.going(self._clock.monotonic())
            if self._texts or self._place < self._strip.last:
                self._step()

    def repaint(self) -> None:
        """Show it again as it is: something covered the window."""
        self._show_it()

    def close(self) -> None:
        """Stop for good."""
        self._motion = self._motion.stopped(self._clock.monotonic())
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _begin(self) -> None:
        self._strip.restart(self._place)
        self._strip.draw_ahead()
        now = self._clock.monotonic()
        self._motion = Motion(pace_of(EM_A_SECOND * self._strip.em, self._rate), now, self._place)
        self._step()

    def _step(self) -> None:
        """Show the place of this moment, draw a few letters ahead, and wait for the next."""
        now = self._clock.monotonic()
        place = self._motion.at(now)
        if place + self._zone.width > self._strip.drawn:
            # After a long silence of the machine: go on where there are letters, rather than show none.
            place = max(self._place, self._strip.drawn - self._zone.width)
            self._motion = self._motion.held_at(place, now)
        if place != self._place:
            self._place = place
            self._show_it()
        if not self._texts and place >= self._strip.last:
            self._next = None
            return
        if self._strip.wants(place):
            self._strip.draw_ahead()
        self._next = self._reactor.call_at(self._motion.next_step(now), self._step)

    def _show_it(self) -> None:
        parts = [part for box in self._visible for part in self._strip.parts(self._place, box)]
        self._show(self._strip.board, parts)
