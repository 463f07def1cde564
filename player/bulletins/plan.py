"""What stands on which page of a bulletin, and how large. Pure: text is measured through a port.

One page where the letters stay large enough for it, else as few as it takes, then the largest letters that need no page
more. On each page every language goes on from where it was, so that readers turn pages together, with whole sentences
where that costs no more than one page; titles are repeated where they leave room. Nothing is ever left out: below the
smallest size letters shrink before a line is lost.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from player.bulletins.copyfit import Copy, is_lonely, parted
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
"""Of the text's height that large titles may take on the first of several pages."""
_TITLES_AGAIN: Final = 0.55
"""Of the text's height that titles may take where they are repeated."""
_AFTER_TITLE: Final = 0.7
_BETWEEN_PARAGRAPHS: Final = 0.8
_BETWEEN_LANGUAGES: Final = 2.3
"""In letter heights of the passage that follows."""
_RULE_PLACE: Final = 0.56
"""Where in that gap the rule lies: what is above it has its room for descenders still."""
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
    """A passage measured once."""

    passage: Passage
    title: Copy
    paragraphs: tuple[Copy, ...]
    title_room: tuple[float, float]
    text_room: tuple[float, float]


class _Mode(Enum):
    """Where a page may end."""

    SENTENCE = auto()
    LINE = auto()


@dataclass(frozen=True, slots=True)
class _Row:
    """A line without a place."""

    text: str
    width: float
    above: float
    below: float
    letter: float
    gap: float
    """Above it, unless it is the first of its passage on the page."""
    ink: Ink
    language: str
    lonely: bool = False
    """It ends a paragraph of several lines with a single word."""


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
        self._limit: int | None = None
        """Nobody wants more pages than this; None while nobody knows."""
        self._tried: dict[tuple[float, _Mode], tuple[_Sheet, ...] | None] = {}

    def made(self) -> Plan:
        """Choose a size and place the lines."""
        letters = self._ladder(self._sizes.full, self.floor)
        if self._count(letters[-1], _Mode.LINE) is None:
            letters = self._ladder(self.floor, self.floor * _LAST_RESORT)
        by_line = self._count(letters[-1], _Mode.LINE)
        self._limit = None if by_line is None else by_line + 1
        by_sentence = self._count(letters[-1], _Mode.SENTENCE)
        if by_line is None:
            letter, sheets = letters[-1], self._in_turn(letters[-1])
        else:
            whole = by_sentence is not None and by_sentence <= by_line + 1
            mode, fewest = (_Mode.SENTENCE, by_sentence or 0) if whole else (_Mode.LINE, by_line)
            letter = self._largest(letters, mode, fewest)
            sheets = self._sheets(letter, mode) or ()
        pages = [self._page(sheet, letter, number, len(sheets)) for number, sheet in enumerate(sheets, 1)]
        return Plan(tuple(pages), letter, self.floor, _lonely(sheets))

    @staticmethod
    def _ladder(largest: float, smallest: float) -> list[float]:
        letters = [largest]
        while letters[-1] * _STEP > smallest:
            letters.append(letters[-1] * _STEP)
        return [*letters, smallest] if letters[-1] > smallest else letters

    def _count(self, letter: float, mode: _Mode) -> int | None:
        sheets = self._sheets(letter, mode)
        return None if sheets is None else len(sheets)

    def _largest(self, letters: Sequence[float], mode: _Mode, pages: int) -> float:
        """The largest size that needs no page more; of it and the next smaller ones that with fewest lonely words."""

        def enough(letter: float) -> bool:
            count = self._count(letter, mode)
            return count is not None and count <= pages

        first = min(bisect_left(letters, True, key=enough), len(letters) - 1)  # noqa: FBT003 - False sorts before it
        best = letters[first]
        fewest = _lonely(self._sheets(best, mode) or ())
        for letter in letters[first + 1 : first + 1 + _LOOK_AHEAD] if fewest else ():
            lonely = _lonely(self._sheets(letter, mode) or ())
            if lonely < fewest and enough(letter):
                best, fewest = letter, lonely
        return best

    # Lines at one size.

    def _indent(self, letter: float) -> float:
        return 0.0 if self._manner.centred else _INDENT * letter

    def _sheets(self, letter: float, mode: _Mode) -> tuple[_Sheet, ...] | None:
        if (letter, mode) not in self._tried:
            self._tried[letter, mode] = self._paged(letter, mode)
        return self._tried[letter, mode]

    def _title(self, copies: _Copies, letter: float, *, first: bool) -> tuple[_Row, ...]:
        lesser = copies.passage.lesser
        size = letter * (LESSER if lesser else _TITLE if first else 1.0)
        ink = Ink.SECOND_TITLE if lesser else Ink.TITLE
        width = self._around.text.width - self._indent(letter)
        lines = copies.title.balanced(width / size) if copies.title.words else ()
        return tuple(self._row(copies, copies.title, text, size, ink) for text in lines)

    def _body(self, copies: _Copies, paragraphs: Sequence[Copy], letter: float) -> tuple[_Row, ...]:
        lesser = copies.passage.lesser
        size = letter * (LESSER if lesser else 1.0)
        ink = Ink.SECOND if lesser else Ink.TEXT
        width = (self._around.text.width - self._indent(letter)) / size
        rows: list[_Row] = []
        for copy in paragraphs:
            lines = copy.balanced(width) if self._manner.centred else copy.lines(width)
            made = [self._row(copies, copy, text, size, ink) for text in lines]
            if made:
                made[0] = replace(made[0], gap=_BETWEEN_PARAGRAPHS * size)
                made[-1] = replace(made[-1], lonely=is_lonely(lines))
            rows += made
        return tuple(rows)

    @staticmethod
    def _row(copies: _Copies, copy: Copy, text: str, size: float, ink: Ink) -> _Row:
        title = copy is copies.title
        above, below = copies.title_room if title else copies.text_room
        return _Row(
            text, copy.measure(text) * size, above * size, below * size, size, 0.0, ink, copies.passage.language
        )

    # Rows on pages.

    def _paged(self, letter: float, mode: _Mode) -> tuple[_Sheet, ...] | None:
        """As few pages as this size fits on, every language going on on each; None where there are none such."""
        heads = [self._title(copies, letter, first=True) for copies in self._copies]
        bodies = [self._body(copies, copies.paragraphs, letter) for copies in self._copies]
        whole = tuple(map(_under, heads, bodies))
        if self._fits(whole):
            return (whole,)
        again = [self._title(copies, letter, first=False) for copies in self._copies]
        text = self._around.text.height
        if self._height(tuple(heads)) > _TITLES_MOST * text:
            heads = again
        if self._height(tuple(again)) > _TITLES_AGAIN * text:
            if mode is _Mode.SENTENCE:
                return None
            bodies, heads, again = list(whole), [() for _ in heads], [() for _ in heads]
        longest = max(len(body) for body in bodies)
        room = text - self._height(tuple(again))
        least = max(2, int(sum(row.above + row.below for body in bodies for row in body) / max(room, 1.0)))
        for pages in range(least, min(longest, self._limit or longest) + 1):
            if mode is _Mode.LINE:
                shares = [_shared(body, pages) for body in bodies]
            else:
                shares = [
                    [self._body(copies, part, letter) for part in parted(copies.paragraphs, pages)]
                    for copies in self._copies
                ]
            sheets = [
                tuple(map(_under, again if number else heads, [share[number] for share in shares]))
                for number in range(pages)
            ]
            if all(self._fits(sheet) for sheet in sheets):
                return tuple(sheets)
        return None

    def _in_turn(self, letter: float) -> tuple[_Sheet, ...]:
        """The last resort: one language after the other, as many lines a page as it holds."""
        sheets: list[list[_Row]] = []
        for copies in self._copies:
            sheets.append([])
            title = self._title(copies, letter, first=False)
            for row in _under(title, self._body(copies, copies.paragraphs, letter)):
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
                rules.append(self._rule(text, indent, y + gap * _RULE_PLACE, letter))
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


def _under(title: tuple[_Row, ...], body: tuple[_Row, ...]) -> tuple[_Row, ...]:
    """A body below its title, at a little distance however it begins."""
    if not title or not body:
        return (*title, *body)
    return (*title, replace(body[0], gap=_AFTER_TITLE * body[0].letter), *body[1:])


def _lonely(sheets: Sequence[_Sheet]) -> int:
    return sum(row.lonely for sheet in sheets for rows in sheet for row in rows)


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
