"""The way of a playlist's ticker texts to the screen: they come with the playlist and change with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from player.bill import Bill
from player.ports import Programme
from playlists.playlist import Slot, TickerText
from playlists.timing import Moment


@dataclass(slots=True)
class TickerFeed:
    """A ``Programme`` that passes another one's answers on, and the ticker's texts to whoever shows them."""

    programme: Programme
    show: Callable[[Sequence[TickerText]], None]
    otherwise: Sequence[TickerText] = ()
    """Where the playlist has none."""

    def read(self, begins: Moment, then: Callable[[Bill], None]) -> None:
        """Hand over what there is to show in a slot that ``begins`` then."""

        def read(bill: Bill) -> None:
            then(bill)
            self.show(bill.playlist.ticker or self.otherwise)

        self.programme.read(begins, read)

    @property
    def locate(self) -> Callable[[str], str] | None:
        """Where any file lies that an item names."""
        return self.programme.locate

    def path_of(self, slot: Slot) -> str:
        """Where the slot's file lies."""
        return self.programme.path_of(slot)
