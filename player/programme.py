"""What there is to play of a folder or a playlist file, read from the disk off the painting thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from player import shelf
from player.bill import Bill
from player.errands import Errands
from player.planning import Planned, Planning
from player.playout import Agenda
from playlists.errors import ContentError
from playlists.playlist import Playlist, Slot
from playlists.schedule import Precedence
from playlists.screen import Screen
from playlists.timing import Moment

NOTHING = Playlist("", "", ())
ANYWHERE = Screen("", "", "")


@dataclass(slots=True)
class DiskProgramme:
    """The folder or playlist file at ``path``, read again whenever it is asked for and has changed.

    A planned playlist is followed as ``planning`` has it, for ``screen``; without that its slots come as written.
    """

    path: Path
    errands: Errands
    planning: Planning | None = None
    screen: Screen = ANYWHERE
    _playlist: Playlist = NOTHING
    _signature: str | None = None

    def read(self, begins: Moment, then: Callable[[Bill], None]) -> None:
        """Hand over the playlist as it is now, and a signature that changes with every file that matters.

        A folder that is empty or gone is an empty playlist: the screen waits for it to come back.
        """

        def done(result: tuple[Playlist, str]) -> None:
            self._playlist, self._signature = result
            if self.planning is None or not self._playlist.planned:
                then(Bill(replace(self._playlist, planned=False), self._signature))
            else:
                self._plan(self.planning, begins, then)

        self.errands.run(self._read, done)

    def _plan(self, planning: Planning, begins: Moment, then: Callable[[Bill], None]) -> None:
        playlist, signature = self._playlist, self._signature or ""
        planned = Planned(playlist.digest or signature, playlist, self.screen)

        def made() -> None:
            urgents = tuple(slot for slot in playlist.slots if slot.precedence is Precedence.URGENT)
            ordinary = tuple(slot for slot in playlist.slots if slot.precedence is not Precedence.URGENT)
            plan, trusted = planning.known(planned, begins), planning.trust.trusts(begins)
            agenda = Agenda(planned.local(begins), trusted, plan, urgents)
            then(Bill(replace(playlist, slots=ordinary), signature, agenda))

        planning.have(planned, begins, made)

    @property
    def locate(self) -> None:
        """Files lie where they are said to, beside the playlist."""

    def path_of(self, slot: Slot) -> str:
        """Where the slot's file lies."""
        return str(shelf.base_folder(self.path) / slot.item.source)

    def _read(self) -> tuple[Playlist, str]:
        signature = shelf.path_signature(self.path)
        if signature == self._signature:
            return self._playlist, signature
        try:
            return shelf.read_path(self.path), signature
        except ContentError:
            # A playlist file that is being written, or was spoiled, leaves the last good one in force.
            return self._playlist if self.path.is_file() else NOTHING, signature
