"""Where everything on a maintenance page goes, on any canvas, and which button lies under a finger. Pure."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from player.maintenance.page import Page
from player.maintenance.session import View

_KEYPAD_COLUMNS: Final = 3
_SENTENCE: Final = 2
"""So many lines' height has a sentence that runs over both columns."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in canvas pixels."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes of a page; on a canvas higher than wide labels stand above their values, ``stacked``."""

    title: Box
    lines: tuple[Box, ...]
    entry: Box | None
    keys: tuple[Box, ...]
    stacked: bool


def layout(page: Page, width: int, height: int) -> Layout:
    """Lay a page out for a canvas of so many pixels; lines for which there is no room are left out at the end."""
    margin = max(4, min(width, height) // 24)
    inner = Box(margin, margin, max(1, width - 2 * margin), max(1, height - 2 * margin))
    title = Box(inner.x, inner.y, inner.width, max(10, min(height // 10, width // 6)))
    stacked = width < height
    if page.view is View.LOCKED:
        return _keypad(page, inner, title, stacked=stacked)
    keys = _keys(len(page.keys), inner, _rows(len(page.keys), width, height), height)
    bottom = keys[0].y if keys else inner.y + inner.height
    room = max(1, bottom - title.y - title.height - margin // 2)
    labelled = any(line.label for line in page.lines)
    tallest = height // 11 if labelled else height // 4
    rows = [_SENTENCE if labelled and not line.label else 1 for line in page.lines]
    least = _least(width, height, stacked=stacked and labelled)
    ends = list(accumulate(rows))
    shown = max(1, sum(end * least <= room for end in ends)) if ends else 0
    step = max(1, min(room // ends[shown - 1], tallest)) if ends else 0
    top = title.y + title.height
    lines = tuple(
        Box(inner.x, top + (end - high) * step, inner.width, high * step)
        for end, high in zip(ends[:shown], rows, strict=False)
    )
    return Layout(title, lines, None, keys, stacked)


def _rows(keys: int, width: int, height: int) -> int:
    """Keys side by side where there is room, one above the other where there is none."""
    if width > height:
        return 1
    return keys if 2 * width < height else (keys + 1) // 2


def _least(width: int, height: int, *, stacked: bool) -> int:
    """The least height of a line that can still be read from where a technician stands."""
    return max(12, min(width, height) // 30) * (2 if stacked else 1)


def _keys(count: int, inner: Box, rows: int, height: int) -> tuple[Box, ...]:
    """Keys in rows at the lower edge."""
    if not count:
        return ()
    gap = max(2, inner.x // 2)
    columns = -(-count // rows)
    each = max(12, min(height // 8, height // 4 // rows))
    width = (inner.width - (columns - 1) * gap) // columns
    top = inner.y + inner.height - rows * (each + gap) + gap
    return tuple(
        Box(inner.x + (index % columns) * (width + gap), top + (index // columns) * (each + gap), width, each)
        for index in range(count)
    )


def _keypad(page: Page, inner: Box, title: Box, *, stacked: bool) -> Layout:
    """The lock: title, a line, the digits entered, and keys in three columns with ``leave`` across the last row."""
    line = Box(inner.x, inner.y + title.height, inner.width, max(8, title.height * 2 // 3))
    entry = Box(inner.x, line.y + line.height, inner.width, max(8, title.height * 2 // 3))
    top = entry.y + entry.height
    rows = len(page.keys) // _KEYPAD_COLUMNS + 1
    gap = max(2, inner.height // 60)
    width = (inner.width - 2 * gap) // _KEYPAD_COLUMNS
    height = max(1, min((inner.y + inner.height - top) // rows - gap, width))
    width = min(width, height * 5 // 2)
    left = inner.x + (inner.width - _KEYPAD_COLUMNS * width - 2 * gap) // 2
    last = len(page.keys) - 1
    keys = []
    for index in range(len(page.keys)):
        column, row = (index % _KEYPAD_COLUMNS, index // _KEYPAD_COLUMNS) if index < last else (0, rows - 1)
        wide = width if index < last else _KEYPAD_COLUMNS * width + 2 * gap
        keys.append(Box(left + column * (width + gap), top + row * (height + gap) + gap, wide, height))
    return Layout(title, (line,), entry, tuple(keys), stacked)


def key_at(page: Page, places: Layout, x: float, y: float) -> str | None:
    """The id of the button at a point."""
    for key, box in zip(page.keys, places.keys, strict=True):
        if box.holds(x, y):
            return key.id
    return None
