"""The way of a playlist's ticker texts to the screen: they come with the playlist and change with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from player.conductor import Programme
from playlists.playlist import Playlist, Slot, TickerText


@dataclass(slots=True)
class TickerFeed:
    """A ``Programme`` that passes another one's answers on, and the ticker's texts to whoever shows them."""

    programme: Programme
    show: Callable[[Sequence[TickerText]], None]
    otherwise: Sequence[TickerText] = ()
    """Where the playlist has none."""

    def read(self, then: Callable[[Playlist, str], None]) -> None:
        """Hand over the playlist as it is now."""

        def read(playlist: Playlist, signature: str) -> None:
            then(playlist, signature)
            self.show(playlist.ticker or self.otherwise)

        self.programme.read(read)

    def path_of(self, slot: Slot) -> str:
        """Where the slot's file lies."""
        return self.programme.path_of(slot)
