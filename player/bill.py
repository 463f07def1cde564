"""The bill: what there is to show, as the programme read it at one moment."""

from collections.abc import Callable
from dataclasses import dataclass, field

from player.playout import NO_AGENDA, Agenda
from playlists.playlist import Playlist, Slot


@dataclass(frozen=True, slots=True)
class Bill:
    """What there is to show, as it was read at one moment.

    ``signature`` changes when the playlist or any of its files does. ``release`` is the sequence of the release the
    playlist is from, where it is from one. ``is_withdrawn`` tells of slots that must not be on the screen.
    """

    playlist: Playlist
    signature: str
    agenda: Agenda = NO_AGENDA
    release: str | None = None
    is_withdrawn: Callable[[Slot], bool] = field(default=lambda _slot: False, compare=False)
