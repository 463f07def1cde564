"""Records and rows for tests of the play log."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from player.clock import ManualClock
from player.proof_log.ledger import SqliteLedger
from player.proof_log.reading import open_log
from playlists.proof import (
    ClockStep,
    Closed,
    Display,
    Fault,
    Heartbeat,
    Outcome,
    PlayEnd,
    PlayStart,
    Record,
    Rendition,
)
from playlists.proof_rows import Mark, genesis, mark_of, next_row
from playlists.timing import DurationMs, Moment

EPOCH = "0123456789abcdef0123456789abcdef"
MOMENT = ManualClock().moment()


def play_id(number: int) -> str:
    return f"{number:032x}"


def start(number: int, at: Moment = MOMENT, item: str = "01-bo-y.mp4") -> PlayStart:
    return PlayStart(
        play=play_id(number),
        at=at,
        planned_start=at,
        planned=DurationMs(15_000),
        screen="screen-1",
        item=item,
        title="Thủ tục qua cửa khẩu Bờ Y",
        sha256="ab" * 32,
        rendition=Rendition.VIDEO,
        picture_languages=("vi", "lo"),
        sound_languages=("vi",),
        display=Display.ON,
    )


def end(number: int, at: Moment = MOMENT, outcome: Outcome = Outcome.COMPLETED, reason: str | None = None) -> PlayEnd:
    return PlayEnd(
        play=play_id(number),
        at=at,
        outcome=outcome,
        reason=reason,
        start=at,
        end=at,
        planned=DurationMs(15_000),
        actual=DurationMs(15_000),
        frames_shown=375,
        frames_lost=0,
        sound_languages=("lo",),
        display=Display.ON,
    )


def heartbeat(playing: str | None = None, at: Moment = MOMENT) -> Heartbeat:
    return Heartbeat(at, playing, plays=4, frames_shown=1500, frames_lost=0, display=Display.ON)


def one_of_each() -> tuple[Record, ...]:
    """A row of every kind, with texts that are hard to write."""
    clock = ManualClock()
    begun = clock.moment()
    clock.advance(15_000)
    ended = clock.moment()
    clock.step(-3_600_000)
    hard = 'Lào: "ສະບາຍດີ"\\ Khmer: សួស្តី\n\t\x00\x1b[31m \u2028 🇻🇳'
    return (
        replace(start(1, begun), title=hard, continues=play_id(9), slot="s-1", playlist="p", release="r"),
        replace(end(1, ended), start=begun, position=DurationMs(7), caption_languages=("vi", "km")),
        ClockStep(at=clock.moment(), before=ended, step_ms=-3_600_000),
        Fault(clock.moment(), "decoder-died", "tín hiệu 9", item="01-bo-y.mp4"),
        heartbeat(at=clock.moment()),
        Closed(replace(clock.moment(), synchronised=None), "stop"),
    )


def chain(records: Iterable[Record], epoch: str = EPOCH) -> tuple[list[bytes], Mark]:
    """Write records as the rows of a new epoch."""
    head, rows = genesis(epoch), []
    for record in records:
        row = next_row(head, record)
        data = row.to_bytes()
        rows.append(data)
        head = mark_of(row, data)
    return rows, head


def plays(count: int, first: int = 0) -> list[Record]:
    """STARTs and ENDs of ``count`` plays, in the order a player writes them."""
    return [record for number in range(first, first + count) for record in (start(number), end(number))]


def write_log(path: Path, records: Sequence[Record], clock: ManualClock | None = None) -> None:
    """Write a whole log in one transaction, without a writer's thread, and leave it without a word."""
    ledger = SqliteLedger(path, clock or ManualClock())
    ledger.claim()
    ledger.append(records)
    ledger.close()


def read_bytes(path: Path) -> list[bytes]:
    """Read the rows of a log."""
    with open_log(path) as log:
        return [data for _, data in log.rows()]
