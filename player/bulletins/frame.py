"""What stands round the text of a page: issuer, date, picture, code, the band and facts of an urgent one. Pure.

Sizes come from the distance: capitals of the first language are at least 1/24 of the canvas high, 28 mm on a panel of
55 inches, which is a 1/175 of five metres; on a narrow canvas 1/20 of its width. A column of lamps has pixels of its
own size, so besides no capital is planned below 18 pixels where the canvas can bear them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from player.bulletins.copyfit import Copy
from player.bulletins.matter import Alarm, Matter
from player.bulletins.measures import Measures
from player.bulletins.page import Area, Ink, Line, Page
from player.fitting import Size

_FULL_DOWN: Final = 13
_FULL_ACROSS: Final = 14
_FLOOR_DOWN: Final = 24
_FLOOR_ACROSS: Final = 20
_FLOOR_PIXELS: Final = 18
_MARGIN: Final = 0.05
_FRAMED_MARGIN: Final = 0.085
_SMALL: Final = 0.86
"""Letters of issuer and date by the smallest of the text."""
_COLUMN: Final = 0.36
"""Most of the width that a picture beside the text takes."""
_TOP_PICTURE: Final = 0.32
"""Most of the height that a picture above the text takes."""
_CODE: Final = 0.2
_CODE_UPRIGHT: Final = 0.3
"""Of the shorter side."""
_QUIET: Final = 8
"""Modules of margin a QR code needs, both sides together."""
_LANDSCAPE: Final = 1.2
_SHRINK: Final = 0.92
_SHRINKS: Final = 8
_SINGLE_SHRINKS: Final = 5
_SINGLE: Final = frozenset({Ink.ALERT, Ink.DATE})
_ALERT: Final = 1.0
_LIGHT: Final = frozenset({Ink.DATE, Ink.FACT})
_SEPARATOR: Final = "   "


@dataclass(frozen=True, slots=True)
class Sizes:
    """Letter heights of the first language in pixels, and the margin."""

    full: float
    floor: float
    small: float
    margin: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Where text may stand, and a page with everything but it."""

    text: Area
    page: Page


@dataclass(frozen=True, slots=True)
class _Block:
    """Short lines to be put under one another."""

    lines: tuple[str, ...]
    letter: float
    above: float
    below: float
    ink: Ink

    @property
    def height(self) -> float:
        return len(self.lines) * (self.above + self.below)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a look wants its pages."""

    centred: bool = False
    framed: bool = False


def sizes_for(canvas: Size, measures: Measures, manner: Manner) -> Sizes:
    """The sizes for a canvas."""
    full = min(canvas.height / _FULL_DOWN, canvas.width / _FULL_ACROSS)
    floor = min(full, max(_FLOOR_PIXELS, min(canvas.height / _FLOOR_DOWN, canvas.width / _FLOOR_ACROSS)))
    margin = (_FRAMED_MARGIN if manner.framed else _MARGIN) * min(canvas.width, canvas.height)
    return Sizes(full / measures.capital, floor / measures.capital, _SMALL * floor / measures.capital, margin)


def frame(matter: Matter, canvas: Size, measures: Measures, manner: Manner, *, dots: bool) -> Frame:
    """Place everything but the text; ``dots`` says whether there will be several pages."""
    return _Carpenter(matter, canvas, measures, manner, dots=dots).frame()


class _Carpenter:
    """Takes from a rectangle what each part needs, from the outside inwards."""

    def __init__(self, matter: Matter, canvas: Size, measures: Measures, manner: Manner, *, dots: bool) -> None:
        self._matter, self._measures, self._manner, self._dots = matter, measures, manner, dots
        self._canvas = canvas
        self._sizes = sizes = sizes_for(canvas, measures, manner)
        edge = sizes.margin
        self._inner = Area(edge, edge, canvas.width - 2 * edge, canvas.height - 2 * edge)
        self._page = Page(1, 1)
        self._lines: list[Line] = []
        self._gap = 1.6 * sizes.small

    def frame(self) -> Frame:
        alarm = self._matter.alarm
        if alarm is not None:
            self._band(alarm)
            self._panel(alarm)
        elif not self._matter.whole_picture:
            self._header()
        if self._matter.whole_picture:
            self._whole_picture()
        else:
            self._footer()
            self._insets()
        return Frame(self._inner, replace(self._page, lines=tuple(self._lines)))

    # The urgent band and its facts.

    def _band(self, alarm: Alarm) -> None:
        sizes, width = self._sizes, self._canvas.width
        pad = 0.6 * sizes.small
        edge = sizes.margin
        sign = min(3.6 * sizes.full, 0.16 * width)
        dots = self._dots and self._landscape
        left = edge + sign + 1.2 * sizes.small
        room = width - left - edge - (self._dots_width() if dots else 0)
        y = self._stack(self._block(alarm.word, room, _ALERT * sizes.full, Ink.ALERT), left, room, pad)
        y = self._stack(self._block(alarm.issuer, room, sizes.floor, Ink.ALERT_ISSUER), left, room, y)
        height = max(y + pad, sign + 2 * pad)
        band = Area(0, 0, width, height)
        self._page = replace(self._page, band=band, sign=Area(edge, (height - sign) / 2, sign, sign))
        if dots:
            self._page = replace(self._page, dots=self._dots_area(width - edge, height / 2))
        top = height + 0.7 * self._gap
        self._inner = Area(self._inner.x, top, self._inner.width, self._inner.bottom - top)

    def _panel(self, alarm: Alarm) -> None:
        room = self._inner.width
        pad = 0.9 * self._sizes.small
        blocks = [self._block(row, room, self._sizes.small, Ink.FACT) for row in self._packed(alarm.facts, room)]
        height = 2 * pad + sum(block.height for block in blocks)
        top = self._canvas.height - height
        self._page = replace(self._page, panel=Area(0, top, self._canvas.width, height))
        y = top + pad
        for block in blocks:
            y = self._stack(block, self._inner.x, room, y)
        bottom = top - 0.5 * self._gap
        if self._dots and not self._landscape:
            small = self._sizes.small
            self._page = replace(self._page, dots=self._dots_area(self._inner.right, bottom - small / 2))
            bottom -= small
        self._inner = replace(self._inner, height=bottom - self._inner.y)

    def _packed(self, facts: Sequence[str], room: float) -> list[str]:
        """The facts in as few rows as they fit into."""
        rows: list[str] = []
        for fact in facts:
            longer = f"{rows[-1]}{_SEPARATOR}{fact}" if rows else fact
            if rows and self._measures.advance(longer, bold=False) * self._sizes.small <= room:
                rows[-1] = longer
            else:
                rows.append(fact)
        return rows

    # Header, footer, picture, code.

    def _header(self) -> None:
        matter, inner, sizes = self._matter, self._inner, self._sizes
        if not matter.issuer and matter.logo is None:
            return
        height = 0.0
        left = inner.x
        if matter.logo is not None:
            tall = 5.0 * sizes.small
            wide = min(tall * matter.logo, 0.4 * inner.width)
            height = wide / matter.logo
            self._page = replace(self._page, logo=Area(left, inner.y, wide, height))
            left += wide + 1.2 * sizes.small
        room = inner.right - left
        issuer = self._block(matter.issuer, room, sizes.small, Ink.ISSUER)
        height = max(height, issuer.height)
        centred = self._manner.centred and matter.logo is None
        self._stack(issuer, left, room, inner.y + (height - issuer.height) / 2, centred=centred)
        top = inner.y + height + self._gap
        self._inner = replace(inner, y=top, height=inner.bottom - top)

    def _footer(self) -> None:
        matter, inner, sizes = self._matter, self._inner, self._sizes
        code = self._code_side()
        upright = code if not self._landscape and code else 0.0
        room = inner.width - (upright + self._gap if upright else 0)
        height = 0.0
        if matter.date:
            dots = self._dots_width() if self._dots and not self._manner.centred else 0
            date = self._block(matter.date, room - dots, sizes.small, Ink.DATE)
            height = date.height
            centred = self._manner.centred and not upright
            self._stack(date, inner.x, room, inner.bottom - height, centred=centred)
        if self._dots and matter.alarm is None:
            height = self._footer_dots(height, room)
        if upright:
            place = Area(inner.right - upright, inner.bottom - upright, upright, upright)
            self._page = replace(self._page, code=place)
        height = max(height, upright)
        if height:
            self._inner = replace(inner, height=inner.height - height - 0.6 * self._gap)
        if matter.sound:
            tall = 2.4 * sizes.small
            bottom = self._inner.bottom
            self._page = replace(self._page, level=Area(inner.x, bottom - tall, inner.width, tall))
            self._inner = replace(self._inner, height=self._inner.height - tall - 0.6 * self._gap)

    def _footer_dots(self, height: float, room: float) -> float:
        """Right of the date, or centred above it; the height of the footer then."""
        inner, small = self._inner, self._sizes.small
        if not self._manner.centred:
            height = max(height, 2 * small)
            self._page = replace(self._page, dots=self._dots_area(inner.x + room, inner.bottom - height / 2))
            return height
        middle = inner.x + room / 2 + self._dots_width() / 2
        self._page = replace(self._page, dots=self._dots_area(middle, inner.bottom - height - small))
        return height + 2 * small

    def _insets(self) -> None:
        matter, inner = self._matter, self._inner
        code = self._code_side() if self._landscape else 0.0
        if self._landscape:
            tall = inner.height - (code + self._gap if code and matter.picture else 0)
            wide = min(_COLUMN * inner.width, tall * matter.picture) if matter.picture else 0.0
            if matter.picture:
                place = Area(inner.right - wide, inner.y, wide, wide / matter.picture)
                self._page = replace(self._page, picture=place)
            if code:
                place = Area(inner.right - code, inner.bottom - code, code, code)
                self._page = replace(self._page, code=place)
            column = max(wide, code)
            if column:
                self._inner = replace(inner, width=inner.width - column - 1.2 * self._gap)
        elif matter.picture:
            tall = min(_TOP_PICTURE * inner.height, inner.width / matter.picture)
            wide = tall * matter.picture
            place = Area(inner.x + (inner.width - wide) / 2, inner.y, wide, tall)
            self._page = replace(self._page, picture=place)
            top = inner.y + tall + self._gap
            self._inner = replace(inner, y=top, height=inner.bottom - top)

    def _whole_picture(self) -> None:
        """The picture is the bulletin: as large as the canvas bears, between band and facts where there are some."""
        whole = Area(0, 0, self._canvas.width, self._canvas.height)
        room = whole if self._matter.alarm is None else self._inner
        if self._matter.sound:
            tall = 2.4 * self._sizes.small
            level = Area(self._inner.x, room.bottom - tall - 0.5 * self._gap, self._inner.width, tall)
            self._page = replace(self._page, level=level)
            room = replace(room, height=level.y - 0.5 * self._gap - room.y)
        ratio = self._matter.picture or 1.0
        wide = min(room.width, room.height * ratio)
        tall = wide / ratio
        place = Area(room.x + (room.width - wide) / 2, room.y + (room.height - tall) / 2, wide, tall)
        self._page = replace(self._page, picture=place)

    # Sizes of small things, and lines of furniture.

    @property
    def _landscape(self) -> bool:
        return self._canvas.width >= _LANDSCAPE * self._canvas.height

    def _code_side(self) -> float:
        """A whole number of pixels for each module, so that no telephone stumbles over it; 0 where there is none."""
        if self._matter.code is None:
            return 0.0
        share = _CODE if self._landscape else _CODE_UPRIGHT
        modules = self._matter.code + _QUIET
        return float(max(2, int(share * min(self._canvas.width, self._canvas.height) / modules)) * modules)

    def _dots_width(self) -> float:
        return 9 * self._sizes.small

    def _dots_area(self, right: float, middle: float) -> Area:
        small = self._sizes.small
        return Area(right - self._dots_width(), middle - small / 2, self._dots_width(), small)

    def _block(self, text: str, room: float, letter: float, ink: Ink) -> _Block:
        """Set a short text: smaller rather than in many lines, in more lines rather than clipped."""
        copy = Copy.of(text, lambda part: self._measures.advance(part, bold=ink not in _LIGHT))
        lines: tuple[str, ...] = ()
        tries = [letter * _SHRINK**step for step in range(_SHRINKS)]
        # A word that is better read in one line may be a little smaller for it, not small.
        single = [(size, 1) for size in tries[:_SINGLE_SHRINKS]] if ink in _SINGLE else []
        for size, most in [*single, *((size, 2) for size in tries)]:
            letter, lines = size, copy.balanced(room / size) if text else ()
            if len(lines) <= most:
                break
        above, below = self._measures.room(text)
        return _Block(lines, letter, above * letter, below * letter, ink)

    def _stack(self, block: _Block, left: float, room: float, y: float, *, centred: bool = False) -> float:
        """Put lines under one another from ``y`` down; where the next could begin."""
        bold = block.ink not in _LIGHT
        for text in block.lines:
            width = self._measures.advance(text, bold=bold) * block.letter
            x = left + (room - width) / 2 if centred else left
            baseline = y + block.above
            self._lines.append(Line(text, x, baseline, width, block.above, block.below, block.letter, bold, block.ink))
            y += block.above + block.below
        return y
