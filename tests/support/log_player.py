"""A program that does nothing but log plays, to be killed: ``python log_player.py LOG SEED``.

It keeps one play on the screen and the next prepared, as the player does, and says ``START id`` or ``END id`` on its
standard output the moment the receipt says durable, never before.
"""

import os
import random
import sys
import time
from collections import deque
from pathlib import Path

from player.clock import SystemClock
from player.proof_log.ledger import SqliteLedger
from player.proof_log.port import Receipt
from player.proof_log.writer import LogWriter
from playlists.proof import Outcome, PlayEnd, PlayStart, Rendition
from playlists.timing import DurationMs


def main(path: Path, seed: int) -> None:
    clock, chance = SystemClock(), random.Random(seed)  # noqa: S311 - a fixed seed
    log = LogWriter(SqliteLedger(path, clock), clock)
    waiting, running = deque[tuple[str, Receipt]](), deque[str]()
    while True:
        play = os.urandom(16).hex()
        now = clock.moment()
        start = PlayStart(play, now, now, DurationMs(5), "s", "i", "t", None, Rendition.VIDEO)
        waiting.append((f"START {play}", log.submit(start)))
        running.append(play)
        if len(running) > 1:
            ended = running.popleft()
            end = PlayEnd(ended, now, Outcome.COMPLETED, None, now, now, None, DurationMs(5), 1, 0)
            waiting.append((f"END {ended}", log.submit(end)))
        time.sleep(chance.choice([0, 0, 0.001, 0.003]))
        while waiting and waiting[0][1].durable:
            os.write(1, f"{waiting.popleft()[0]}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
