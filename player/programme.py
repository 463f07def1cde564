"""What there is to play, read from the disk off the painting thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from player import shelf
from player.bill import Bill
from player.errands import Errands
from playlists.errors import ContentError
from playlists.playlist import Playlist, Slot
from playlists.timing import Moment

NOTHING = Playlist("", "", ())


@dataclass(slots=True)
class DiskProgramme:
    """The folder or playlist file at ``path``, read again whenever it is asked for and has changed."""

    path: Path
    errands: Errands
    _playlist: Playlist = NOTHING
    _signature: str | None = None

    def read(self, begins: Moment, then: Callable[[Bill], None]) -> None:  # noqa: ARG002 - a folder has no timetable
        """Hand over the playlist as it is now, and a signature that changes with every file that matters.

        A folder that is empty or gone is an empty playlist: the screen waits for it to come back.
        """

        def done(result: tuple[Playlist, str]) -> None:
            self._playlist, self._signature = result
            then(Bill(*result))

        self.errands.run(self._read, done)

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
