"""A player whose items fade: ``python -m tests.support.fading_player FOLDER LOG MILLISECONDS ROUNDS``.

The real conductor, renderer and stage around a folder's playlist in which every slot asks for a crossfade; the playlist
file that could say so is somebody else's affair.
"""

import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from player import shelf
from player.bill import Bill
from player.captioning import Captioning
from player.clock import SystemClock
from player.conductor import Conductor
from player.decoding.prisoners import opened_prison
from player.decoding.vlc_renderer import VlcRenderer
from player.errands import Errands
from player.fitting import Fit
from player.journal import Journal
from player.performance import Sound
from player.ports import Wishes
from player.proof_log.ledger import SqliteLedger
from player.proof_log.writer import LogWriter
from player.stage.playhouse import Playhouse
from player.stage.qt_application import make_application
from player.stage.qt_reactor import QtReactor
from player.stage.window import Placement
from playlists.playlist import Slot
from playlists.screen import Layout
from playlists.timing import DurationMs, Moment


class FadingProgramme:
    """A folder as it was at the start, each slot with the same crossfade."""

    def __init__(self, folder: Path, fade: DurationMs) -> None:
        self._folder = folder
        plain = shelf.read_path(folder)
        self._playlist = replace(plain, slots=tuple(replace(slot, crossfade=fade) for slot in plain.slots))

    def read(self, begins: Moment, then: Callable[[Bill], None]) -> None:  # noqa: ARG002 - it is always the same
        then(Bill(self._playlist, "always"))

    @property
    def locate(self) -> None:
        """Beside one another."""

    def path_of(self, slot: Slot) -> str:
        return str(self._folder / slot.item.source)


def main(folder: Path, log_path: Path, fade: DurationMs, rounds: int) -> int:
    """Play the folder for so many rounds."""
    prison = opened_prison(hardware=False)
    clock = SystemClock()
    application = make_application()
    reactor = QtReactor(clock)
    prison.attend(reactor, lambda: application.exit(4))
    errands = Errands(reactor)
    renderer = VlcRenderer(prison, reactor, Fit.CONTAIN, hardware=False)
    log = LogWriter(SqliteLedger(log_path, clock), clock)

    def leave() -> None:
        application.exit(0)

    house = Playhouse(
        *(application, Placement(application.primaryScreen(), None, 0, kiosk=False), Layout(), (), reactor, clock),
        *(lambda: datetime.now().astimezone(), lambda: True, leave),
    )
    conductor = Conductor(
        clock=clock,
        reactor=reactor,
        renderer=renderer,
        stage=house.theatre,
        programme=FadingProgramme(folder, fade),
        journal=Journal(log, clock, "fading", 0),
        captioning=Captioning(house.theatre, errands, folder, (), lambda _item, _finding: None),
        wishes=Wishes(rounds, DurationMs(2000), Sound(muted=True)),
        on_leave=leave,
    )
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    house.open(None)
    conductor.start()
    code: int = application.exec()
    conductor.stop()
    errands.close()
    renderer.close()
    house.close()
    log.close(5.0)
    prison.close()
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), DurationMs(int(sys.argv[3])), int(sys.argv[4])))
