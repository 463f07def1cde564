"""A tally as a table for a terminal."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from playlists.proof import Outcome
from playlists.tally import ItemTally, Tally

_TITLE_WIDTH: Final = 36
_COLUMNS: Final = (
    (Outcome.COMPLETED, "completed"),
    (Outcome.INTERRUPTED, "interrupted"),
    (Outcome.FAILED, "failed"),
    (Outcome.SKIPPED, "skipped"),
    (Outcome.NOT_SHOWN, "not shown"),
)
_HEAD: Final = ("item", *(name for _, name in _COLUMNS), "airtime", "frames", "lost", "languages", "first", "last")
_LEFT: Final = frozenset({"item", "languages", "first", "last"})


def summary_text(tally: Tally, zone: tzinfo) -> str:
    """Write the table, its totals, airtime by language, and what else the log tells; times are those of ``zone``."""
    table = [_HEAD, *(_line(item, zone) for item in tally.items.values()), _total(tally)]
    widths = [max(_width(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = [_row(cells, widths) for cells in table]
    rule = "-" * _width(lines[0])
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1], "", *_notes(tally)]) + "\n"


def duration_text(milliseconds: int) -> str:
    """Write a length as h:mm:ss, rounded down."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def local_text(wall: str, zone: tzinfo) -> str:
    """Write a wall time as the gate's own, to the millisecond, in the form a spreadsheet takes for a date.

    A clock gone to the end of the calendar has no local time there: then as it stands.
    """
    try:
        local = datetime.fromisoformat(wall).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return wall
    return local.isoformat(sep=" ", timespec="milliseconds")


def _line(item: ItemTally, zone: tzinfo) -> tuple[str, ...]:
    return (
        _clipped(_printable(item.title or item.item)),
        *(str(item.outcomes[outcome]) for outcome, _ in _COLUMNS),
        duration_text(item.airtime_ms),
        str(item.frames_shown),
        str(item.frames_lost),
        _printable(" ".join(item.languages)) or "-",
        _when(item.first, zone),
        _when(item.last, zone),
    )


def _total(tally: Tally) -> tuple[str, ...]:
    return (
        f"total of {len(tally.items)}",
        *(str(tally.total(outcome)) for outcome, _ in _COLUMNS),
        duration_text(tally.airtime_ms),
        str(sum(item.frames_shown for item in tally.items.values())),
        str(sum(item.frames_lost for item in tally.items.values())),
        "",
        "",
        "",
    )


def _notes(tally: Tally) -> list[str]:
    unmeasured = sum(item.unmeasured for item in tally.items.values())
    unknown_ms = sum(item.unknown_display_ms for item in tally.items.values())
    spoken = ", ".join(f"{_printable(name)} {duration_text(ms)}" for name, ms in sorted(tally.language_ms.items()))
    faults = ", ".join(f"{_printable(code)} {times}" for code, times in sorted(tally.faults.items()))
    notes = [
        f"airtime by language present (a bilingual play counts for both): {spoken or 'none'}",
        f"faults: {faults or 'none'}",
        f"clock steps: {tally.clock_steps}; on the screen or next, not ended yet: {tally.open_plays}",
    ]
    if unknown_ms:
        notes.append(f"airtime with the display neither known on nor off: {duration_text(unknown_ms)}")
    if unmeasured:
        notes.append(f"plays shown for a time nobody knows, and not in the airtime: {unmeasured}")
    if tally.lone_ends:
        notes.append(f"ends of plays that began in an earlier log: {tally.lone_ends}")
    return notes


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for name, cell, width in zip(_HEAD, cells, widths, strict=True):
        space = " " * (width - _width(cell))
        padded.append(cell + space if name in _LEFT else space + cell)
    return "  ".join(padded)


def _when(wall: str | None, zone: tzinfo) -> str:
    return "-" if wall is None else local_text(wall, zone).partition(".")[0]


def _printable(text: str) -> str:
    """Take the command characters out of text that goes to a terminal."""
    return "".join("�" if unicodedata.category(letter) in {"Cc", "Cs", "Co"} else letter for letter in text)


def _width(text: str) -> int:
    """Count terminal columns: Lao and Khmer marks take none, wide letters two."""
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def _clipped(text: str) -> str:
    if _width(text) <= _TITLE_WIDTH:
        return text
    while _width(text) > _TITLE_WIDTH - 1:
        text = text[:-1]
    return f"{text}…"
