"""The plays of a log as a table: one line a play, for Excel and for whoever counts outside."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, TextIO

from player.proof_log.summary import local_text
from playlists.proof import PlayEnd, PlayStart
from playlists.proof_rows import Row, read_record, read_row
from playlists.tally import column_of
from playlists.timing import Moment

Cell = str | int | None

_COLUMNS: Final = (
    *("item", "title", "counts_as", "outcome", "reason", "start_local", "end_local", "actual_ms", "planned_ms"),
    *("frames_shown", "frames_lost", "picture_languages", "sound_languages", "caption_languages", "rendition"),
    *("screen", "slot", "playlist", "release", "display", "volume", "position_ms", "start_utc", "end_utc"),
    *("planned_start_utc", "clock_synchronised", "boot_id", "monotonic_start_ms", "monotonic_end_ms", "sha256"),
    *("play", "continues", "epoch", "start_row", "end_row"),
)
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]|\d+[eE]\d+$|\d{16,}$")  # noqa: RUF001 - Excel reads the wide ones too
"""Text that a spreadsheet would compute, or round to a number."""


@dataclass(frozen=True, slots=True)
class Play:
    """A START and its END joined; one of them may be missing, at the edges of a log."""

    epoch: str
    start_row: int | None
    start: PlayStart | None
    end_row: int | None
    end: PlayEnd | None


def plays(rows: Iterable[tuple[int, bytes]]) -> Iterator[Play]:
    """Join rows given as (sequence, canonical bytes), in order of the ENDs; open plays come last.

    Raises ``DamageError`` for a row that cannot be read.
    """
    waiting: dict[str, tuple[Row, PlayStart]] = {}
    for _, data in rows:
        row = read_row(data)
        record = read_record(row)
        if isinstance(record, PlayStart):
            waiting[record.play] = (row, record)
        elif isinstance(record, PlayEnd):
            begun = waiting.pop(record.play, None)
            start_row, start = (begun[0].sequence, begun[1]) if begun else (None, None)
            yield Play(row.epoch, start_row, start, row.sequence, record)
    for row, start in waiting.values():
        yield Play(row.epoch, row.sequence, start, None, None)


def write_csv(found: Iterable[Play], out: TextIO, zone: tzinfo, separator: str = ",") -> None:
    """Write plays for a spreadsheet: byte order mark, local time beside UTC, nothing that could be taken for a formula.

    ``out`` is open with ``newline=""`` and UTF-8.
    """
    out.write("\ufeff")
    table = csv.writer(out, delimiter=separator)
    table.writerow(_COLUMNS)
    for play in found:
        cells = _cells(play, zone)
        table.writerow([_safe(cells.get(column)) for column in _COLUMNS])


def _cells(play: Play, zone: tzinfo) -> dict[str, Cell]:
    start, end = play.start, play.end
    cells: dict[str, Cell] = {"epoch": play.epoch, "start_row": play.start_row, "end_row": play.end_row}
    if start is not None:
        cells |= _start_cells(start, zone)
    if end is not None:
        cells |= _end_cells(end, zone)
    if start is not None and end is not None:
        cells["counts_as"] = column_of(start, end).value
        cells["planned_ms"] = start.planned if end.planned is None else end.planned
        cells["sha256"] = end.sha256 or start.sha256
        cells["sound_languages"] = " ".join(end.sound_languages or start.sound_languages)
        cells["caption_languages"] = " ".join(end.caption_languages or start.caption_languages)
    return cells


def _start_cells(start: PlayStart, zone: tzinfo) -> dict[str, Cell]:
    return {
        **_clock_cells("start", start.planned_start, zone),
        "clock_synchronised": _word(start.at.synchronised),
        "planned_start_utc": start.planned_start.wall,
        "boot_id": start.at.boot_id,
        "play": start.play,
        "continues": start.continues,
        "screen": start.screen,
        "item": start.item,
        "title": start.title,
        "sha256": start.sha256,
        "rendition": start.rendition.value,
        "slot": start.slot,
        "playlist": start.playlist,
        "release": start.release,
        "planned_ms": start.planned,
        "picture_languages": " ".join(start.picture_languages),
        "sound_languages": " ".join(start.sound_languages),
        "caption_languages": " ".join(start.caption_languages),
        "display": start.display.value,
        "volume": start.volume,
    }


def _end_cells(end: PlayEnd, zone: tzinfo) -> dict[str, Cell]:
    return {
        **(_clock_cells("start", end.start, zone) if end.start else {}),
        **(_clock_cells("end", end.end, zone) if end.end else {}),
        "play": end.play,
        "outcome": end.outcome.value,
        "reason": end.reason,
        "planned_ms": end.planned,
        "actual_ms": end.actual,
        "frames_shown": end.frames_shown,
        "frames_lost": end.frames_lost,
        "position_ms": end.position,
        "sha256": end.sha256,
        "display": end.display.value,
        "volume": end.volume,
    }


def _clock_cells(edge: str, moment: Moment, zone: tzinfo) -> dict[str, Cell]:
    return {
        f"{edge}_local": local_text(moment.wall, zone),
        f"{edge}_utc": moment.wall,
        f"monotonic_{edge}_ms": moment.monotonic // 1_000_000,
    }


def _word(truth: bool | None) -> str:  # noqa: FBT001 - the third answer is "unknown"
    return {True: "yes", False: "no", None: "unknown"}[truth]


def _safe(cell: Cell) -> Cell:
    """Put an apostrophe before text that is more than text to a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
