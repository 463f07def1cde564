"""What stands on which page of a bulletin, and how large. Pure: text is measured through a port.

One page where the letters stay large enough for it, else as few as it takes, then the largest letters that need no page
more. On each page every language goes on from where it was, so that readers turn pages together; titles are repeated
where they leave room. Nothing is ever left out: below the smallest size letters shrink before a line is lost.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from player.bulletins.copyfit import Copy, is_lonely
from player.bulletins.frame import Frame, Manner, frame, sizes_for
from player.bulletins.matter import Matter, Passage
from player.bulletins.measures import Measures
from player.bulletins.page import Area, Ink, Line, Page
from player.fitting import Size

LESSER: Final = 0.73
"""Letters of a further language by those of the Vietnamese: 3/4 is the most allowed, rounding included."""
_STEP: Final = 0.95
_LAST_RESORT: Final = 0.45
"""Letters never shrink below this share of the smallest wanted size; then languages take turns."""
_TITLE: Final = 1.28
_TITLES_MOST: Final = 0.45
"""Of the text's height that repeated titles may take."""
_AFTER_TITLE: Final = 0.7
_BETWEEN_PARAGRAPHS: Final = 0.8
_BETWEEN_LANGUAGES: Final = 1.6
"""In letter heights of the passage that follows."""
_RULE: Final = 0.09
_BAR: Final = 0.32
_INDENT: Final = 0.95
_LOOK_AHEAD: Final = 2
"""So many smaller sizes are tried for one without a lonely word."""
_RISE: Final = 0.38
"""Of the free height of a single page, what stays above the text."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Pages; ``letter`` is the drawn letter height of the text of the first language, ``floor`` the smallest wanted."""

    pages: tuple[Page, ...]
    letter: float
    floor: float
    lonely: int
    """Paragraphs whose last line holds a single word all the same."""


@dataclass(frozen=True, slots=True)
class _Copies:
    """A passage measured once; ``first`` lines of it are as large as the size asked for, others lesser."""

    passage: Passage
    title: Copy
    paragraphs: tuple[Copy, ...]
    title_room: tuple[float, float]
    text_room: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line without a place."""

    text: str
    width: float
    above: float
    below: float
    letter: float
    gap: float
    """Above it, unless it is the first on its page."""
    ink: Ink
    language: str


@dataclass(frozen=True, slots=True)
class _Flow:
    """The lines of one passage at one size."""

    title: tuple[_Row, ...]
    body: tuple[_Row, ...]
    lonely: int


_Sheet = tuple[tuple[_Row, ...], ...]
"""The rows of one page, passage by passage."""


def plan(matter: Matter, canvas: Size, measures: Measures, manner: Manner) -> Plan:
    """Plan the pages of a bulletin for a canvas as the viewer sees it."""
    copies = [_copies(passage, measures) for passage in matter.passages]
    around = frame(matter, canvas, measures, manner, dots=False)
    setter = _Setter(copies, around, canvas, measures, manner)
    if matter.whole_picture or not copies:
        return Plan((around.page,), setter.floor, setter.floor, 0)
    made = setter.made()
    if len(made.pages) > 1:
        around = frame(matter, canvas, measures, manner, dots=True)
        made = _Setter(copies, around, canvas, measures, manner).made()
    return made


def _copies(passage: Passage, measures: Measures) -> _Copies:
    def plain(text: str) -> float:
        return measures.advance(text, bold=False)

    def bold(text: str) -> float:
        return measures.advance(text, bold=True)

    return _Copies(
        passage,
        Copy.of(passage.title, bold),
        tuple(Copy.of(paragraph, plain) for paragraph in passage.paragraphs),
        measures.room(passage.title),
        measures.room(" ".join(passage.paragraphs)),
    )


class _Setter:
    """Tries sizes on one frame."""

    def __init__(
        self, copies: Sequence[_Copies], around: Frame, canvas: Size, measures: Measures, manner: Manner
    ) -> None:
        self._copies, self._around, self._manner = copies, around, manner
        self._sizes = sizes_for(canvas, measures, manner)
        self.floor = self._sizes.floor
        self._tried: dict[float, tuple[tuple[_Sheet, ...] | None, int]] = {}

    def made(self) -> Plan:
        """Choose a size and place the lines."""
        letters = self._ladder(self._sizes.full, self.floor)
        fewest = self._count(letters[-1])
        if fewest is None:
            letters = self._ladder(self.floor, self.floor * _LAST_RESORT)
            fewest = self._count(letters[-1])
        if fewest is None:
            letter, sheets, lonely = letters[-1], self._in_turn(letters[-1]), 0
        else:
            letter = self._largest(letters, fewest)
            found, lonely = self._sheets(letter)
            sheets = found or ()
        pages = [self._page(sheet, letter, number, len(sheets)) for number, sheet in enumerate(sheets, 1)]
        return Plan(tuple(pages), letter, self.floor, lonely)

    @staticmethod
    def _ladder(largest: float, smallest: float) -> list[float]:
        letters = [largest]
        while letters[-1] * _STEP > smallest:
            letters.append(letters[-1] * _STEP)
        return [*letters, smallest] if letters[-1] > smallest else letters

    def _count(self, letter: float) -> int | None:
        sheets, _ = self._sheets(letter)
        return None if sheets is None else len(sheets)

    def _largest(self, letters: Sequence[float], pages: int) -> float:
        """The largest size that needs no page more; of it and the next smaller ones the one with least lonely words."""

        def enough(letter: float) -> bool:
            count = self._count(letter)
            return count is not None and count <= pages

        first = min(bisect_left(letters, True, key=enough), len(letters) - 1)  # noqa: FBT003 - False sorts before it
        best = letters[first]
        for letter in letters[first + 1 : first + 1 + _LOOK_AHEAD]:
            if self._sheets(letter)[1] < self._sheets(best)[1] and enough(letter):
                best = letter
        return best

    # Lines at one size.

    def _indent(self, letter: float) -> float:
        return 0.0 if self._manner.centred else _INDENT * letter

    def _sheets(self, letter: float) -> tuple[tuple[_Sheet, ...] | None, int]:
        if letter not in self._tried:
            flows = [self._flow(copies, letter) for copies in self._copies]
            self._tried[letter] = (self._paged(flows), sum(flow.lonely for flow in flows))
        return self._tried[letter]

    def _flow(self, copies: _Copies, letter: float) -> _Flow:
        lesser = copies.passage.lesser
        width = self._around.text.width - self._indent(letter)
        own = letter * (LESSER if lesser else 1.0)
        head = own * (1.0 if lesser else _TITLE)
        language = copies.passage.language
        inks = (Ink.SECOND_TITLE, Ink.SECOND) if lesser else (Ink.TITLE, Ink.TEXT)

        def rows(copy: Copy, lines: Sequence[str], size: float, gap: float, ink: Ink) -> list[_Row]:
            above, below = copies.title_room if ink is inks[0] else copies.text_room
            spaces = [gap] + [0.0] * len(lines)
            return [
                _Row(text, copy.measure(text) * size, above * size, below * size, size, space, ink, language)
                for text, space in zip(lines, spaces, strict=False)
            ]

        title_lines = copies.title.balanced(width / head) if copies.title.words else ()
        title = rows(copies.title, title_lines, head, 0.0, inks[0])
        body: list[_Row] = []
        lonely = 0
        for copy in copies.paragraphs:
            lines = copy.lines(width / own)
            lonely += is_lonely(lines)
            gap = (_BETWEEN_PARAGRAPHS if body else _AFTER_TITLE) * own
            body += rows(copy, lines, own, gap, inks[1])
        return _Flow(tuple(title), tuple(body), lonely)

    # Rows on pages.

    def _paged(self, flows: Sequence[_Flow]) -> tuple[_Sheet, ...] | None:
        """As few pages as these lines fit on, every language going on on each; None where there are none such."""
        whole: _Sheet = tuple((*flow.title, *flow.body) for flow in flows)
        if self._fits(whole):
            return (whole,)
        titles: _Sheet = tuple(flow.title for flow in flows)
        if self._height(titles) <= _TITLES_MOST * self._around.text.height:
            heads, bodies = titles, [flow.body for flow in flows]
        else:
            heads, bodies = tuple(() for _ in flows), list(whole)
        most = max(len(body) for body in bodies)
        for pages in range(2, most + 1):
            shares = [_shared(body, pages) for body in bodies]
            sheets = [
                tuple((*head, *share[number]) for head, share in zip(heads, shares, strict=True))
                for number in range(pages)
            ]
            if all(self._fits(sheet) for sheet in sheets):
                return tuple(sheets)
        return None

    def _in_turn(self, letter: float) -> tuple[_Sheet, ...]:
        """The last resort: one language after the other, as many lines a page as it holds."""
        sheets: list[list[_Row]] = []
        for flow in (self._flow(copies, letter) for copies in self._copies):
            sheets.append([])
            for row in (*flow.title, *flow.body):
                if sheets[-1] and not self._fits(((*sheets[-1], row),)):
                    sheets.append([])
                sheets[-1].append(row)
        return tuple((tuple(sheet),) for sheet in sheets if sheet)

    def _fits(self, sheet: _Sheet) -> bool:
        return self._height(sheet) <= self._around.text.height

    def _height(self, sheet: _Sheet) -> float:
        passages = [rows for rows in sheet if rows]
        tall = sum(row.above + row.below for rows in passages for row in rows)
        tall += sum(row.gap for rows in passages for row in rows[1:])
        return tall + sum(_BETWEEN_LANGUAGES * rows[0].letter for rows in passages[1:])

    def _page(self, sheet: _Sheet, letter: float, number: int, of: int) -> Page:
        text, around = self._around.text, self._around.page
        indent = self._indent(letter)
        free = text.height - self._height(sheet)
        y = text.y + (free * (0.5 if self._manner.centred else _RISE) if of == 1 else 0.0)
        lines: list[Line] = []
        rules: list[Area] = []
        for rows in filter(None, sheet):
            if lines:
                gap = _BETWEEN_LANGUAGES * rows[0].letter
                rules.append(self._rule(text, indent, y + gap * 0.5, letter))
                y += gap
            for place, row in enumerate(rows):
                y += row.gap if place else 0.0
                x = text.x + (text.width - row.width) / 2 if self._manner.centred else text.x + indent
                lines.append(_placed(row, x, y + row.above))
                y += row.above + row.below
        bar = None if self._manner.centred else self._bar(lines, letter)
        return replace(
            around, number=number, of=of, bar=bar, rules=(*around.rules, *rules), lines=(*around.lines, *lines)
        )

    def _rule(self, text: Area, indent: float, middle: float, letter: float) -> Area:
        thick = max(1.0, _RULE * letter)
        wide = 6 * letter
        left = text.x + (text.width - wide) / 2 if self._manner.centred else text.x + indent
        return Area(left, middle - thick / 2, min(wide, text.width - indent), thick)

    def _bar(self, lines: Sequence[Line], letter: float) -> Area | None:
        """Beside the title, or beside the first lines where there is none on the page."""
        first = [line for line in lines if line.language == lines[0].language]
        firsts = [line for line in first if line.ink is Ink.TITLE] or first[:1]
        if not firsts:
            return None
        top = min(line.baseline - 1.45 * line.letter for line in firsts)
        bottom = max(line.baseline + 0.25 * line.letter for line in firsts)
        return Area(self._around.text.x, top, _BAR * letter, bottom - top)


def _placed(row: _Row, x: float, baseline: float) -> Line:
    bold = row.ink in (Ink.TITLE, Ink.SECOND_TITLE)
    return Line(row.text, x, baseline, row.width, row.above, row.below, row.letter, bold, row.ink, row.language)


def _shared(rows: Sequence[_Row], pages: int) -> list[tuple[_Row, ...]]:
    """Share rows among pages as evenly as whole lines allow, the earlier pages one more."""
    each, over = divmod(len(rows), pages)
    ends = [0]
    for number in range(pages):
        ends.append(ends[-1] + each + (number < over))
    return [tuple(rows[start:end]) for start, end in pairwise(ends)]
