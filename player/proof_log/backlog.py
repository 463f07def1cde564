"""What waits in memory until the disk takes it: bounded, and honest about what it had to drop.

Up to ``ROWS`` rows everything is kept: most of a day of 15 s clips, or a week of heartbeats. Beyond, heartbeats that
wait are dropped and further rows that are no play refused. Plays are taken up to ``PLAY_ROWS`` rows in all, some four
days of 15 s clips and roughly 50 MB; from then on *new plays are refused whole*, their STARTs and their ENDs, so that
what was kept stays a true and complete beginning. No play is ever cut in half.
"""

from collections import Counter, deque
from typing import Final

from player.proof_log.port import Receipt
from playlists.proof import Heartbeat, PlayEnd, PlayStart, Record
from playlists.proof_fields import kind_of

ROWS: Final = 10_000
PLAY_ROWS: Final = 50_000

Waiting = tuple[Record, Receipt]


class Backlog:
    """A queue of records and their receipts; free of locks, its owner guards it."""

    def __init__(self, rows: int = ROWS, play_rows: int = PLAY_ROWS) -> None:
        self._rows = rows
        self._play_rows = play_rows
        self._waiting: deque[Waiting] = deque()
        self._refused_plays: set[str] = set()
        self._has_heartbeats = False
        self.dropped: Counter[str] = Counter()
        """How many rows of each kind were dropped; whoever reports them resets it."""

    def __len__(self) -> int:
        """Count the rows waiting."""
        return len(self._waiting)

    def put(self, record: Record, receipt: Receipt) -> None:
        """Take a record, or drop it and count that."""
        if not self._has_room(record):
            self.dropped[kind_of(record).value] += 1
            return
        self._has_heartbeats |= isinstance(record, Heartbeat)
        self._waiting.append((record, receipt))

    def take(self, limit: int) -> list[Waiting]:
        """Hand out the oldest rows, at most ``limit``."""
        return [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]

    def _has_room(self, record: Record) -> bool:
        if isinstance(record, PlayEnd) and record.play in self._refused_plays:
            self._refused_plays.remove(record.play)
            return False
        if len(self._waiting) < self._rows or isinstance(record, PlayEnd):
            return True
        if not isinstance(record, PlayStart):
            return False
        if self._has_heartbeats:
            self._drop_heartbeats()
        if len(self._waiting) >= self._play_rows:
            self._refused_plays.add(record.play)
            return False
        return True

    def _drop_heartbeats(self) -> None:
        kept = deque(waiting for waiting in self._waiting if not isinstance(waiting[0], Heartbeat))
        self.dropped["heartbeat"] += len(self._waiting) - len(kept)
        self._waiting = kept
        self._has_heartbeats = False
