"""The real player over a tired disk: ``python slow_disk_player.py SECONDS PATH LOG ROUNDS``; so long is each commit."""

import sys
from pathlib import Path

from player.app import Settings, run
from player.clock import Clock
from player.fitting import Fit
from player.performance import Sound
from player.ports import Wishes
from player.proof_log.doubles import SlowDisk
from player.proof_log.ledger import SqliteLedger
from player.proof_log.port import ProofLog
from player.proof_log.writer import LogWriter
from playlists.timing import DurationMs


def main(seconds: float, path: Path, log: Path, rounds: int) -> int:
    """Play ``rounds`` rounds of ``path``."""

    def slow_log(settings: Settings, clock: Clock) -> ProofLog:
        return LogWriter(SlowDisk(SqliteLedger(settings.log, clock), seconds), clock)

    settings = Settings(
        path=path,
        log=log,
        wishes=Wishes(rounds, DurationMs(1000), Sound()),
        captions=(),
        screen=None,
        geometry=None,
        rotate=0,
        fit=Fit.CONTAIN,
        hardware=False,
        kiosk=False,
        screen_id="slow",
    )
    return run(settings, slow_log)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
