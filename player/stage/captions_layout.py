"""How large captions are and where their lines end: arithmetic only, measured through functions given to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from playlists.line_breaks import ZERO_WIDTH_SPACE, unbreakable, wrap

Measure = Callable[[str, int], float]
"""Gives a length in pixels, at full size, of a text in the language of a rank."""

LINES = 2
"""Lines a language should not exceed."""
SCALES = (1.0, 0.92, 0.84, 0.77, 0.7)
"""Sizes tried, largest first, before a third line is accepted."""
SMALLEST = 0.3
"""No text is drawn smaller than this share of full size; what then does not fit ends in an ellipsis."""
_SHRINK = 0.88
_NARROWINGS = 4


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The text of one caption with its breaks marked; ``rank`` 0 is the first language, 1 the second."""

    rank: int
    text: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines to draw, top to bottom, each with its language's rank, at a ``scale`` of full size."""

    scale: float
    lines: tuple[tuple[int, str], ...]


def fit(paragraphs: Sequence[Paragraph], width: float, height: float, measure: Measure, line_height: Measure) -> Fitted:
    """Find the largest size at which each caption has two lines and all of them stay in ``width`` x ``height`` pixels.

    Where no size gives two lines, more are accepted at the smallest of :data:`SCALES`; then everything shrinks until it
    fits the height.
    """
    measure = cache(measure)
    scale = SCALES[-1]
    for scale in SCALES:
        counts, lines = _lines(paragraphs, width / scale, measure)
        if all(count <= LINES for count in counts) and _tall(lines, line_height) * scale <= height:
            return Fitted(scale, lines)
    counts, lines = _lines(paragraphs, width / scale, measure)
    while _tall(lines, line_height) * scale > height and scale > SMALLEST:
        scale = max(scale * _SHRINK, SMALLEST)
        counts, lines = _lines(paragraphs, width / scale, measure)
    return Fitted(scale, _cut_off(lines, height / scale, line_height))


def _tall(lines: Sequence[tuple[int, str]], line_height: Measure) -> float:
    return sum(line_height(text, rank) for rank, text in lines)


def _lines(
    paragraphs: Sequence[Paragraph], width: float, measure: Measure
) -> tuple[list[int], tuple[tuple[int, str], ...]]:
    """Break every paragraph; also give the number of lines of each."""
    counts = []
    lines = []
    for paragraph in paragraphs:
        broken = _broken(paragraph, width, measure)
        counts.append(len(broken))
        lines += [(paragraph.rank, line) for line in broken]
    return counts, tuple(lines)


def _broken(paragraph: Paragraph, width: float, measure: Measure) -> tuple[str, ...]:
    """Keep the author's lines where they fit, else run them together; lines of a dialogue stay apart."""

    def in_pixels(text: str) -> float:
        return measure(text, paragraph.rank)

    own = paragraph.text.split("\n")
    kept = wrap(paragraph.text, width, in_pixels)
    if len(kept) == len(own) and len(own) > 1:
        return kept
    if any(line.startswith(("-", "–", "—")) for line in own):  # noqa: RUF001 - dashes open a speech
        return kept
    together = " ".join(own)
    return _balanced(together, width, in_pixels)


def _balanced(text: str, width: float, in_pixels: Callable[[str], float]) -> tuple[str, ...]:
    """Make the lines of nearly one length, in as few lines as the width asks for.

    Lao and Khmer phrases, which are what spaces part there, stay whole where that costs no line.
    """
    best = wrap(text, width, in_pixels)
    phrases = text.replace(ZERO_WIDTH_SPACE, "")
    if _widest(phrases, in_pixels) <= width:
        by_phrase = wrap(phrases, width, in_pixels)
        if len(by_phrase) == len(best):
            text, best = phrases, by_phrase
    low, high = max(width / len(best), _widest(text, in_pixels)), width
    for _ in range(_NARROWINGS if len(best) > 1 and low < high else 0):
        middle = (low + high) / 2
        narrower = wrap(text, middle, in_pixels)
        if len(narrower) > len(best):
            low = middle
        else:
            best, high = narrower, middle
    return best


def _widest(text: str, in_pixels: Callable[[str], float]) -> float:
    return max(map(in_pixels, unbreakable(text)), default=0)


def _cut_off(lines: tuple[tuple[int, str], ...], height: float, line_height: Measure) -> tuple[tuple[int, str], ...]:
    """Leave off the last lines of the language that has most, the second before the first, until the rest fits."""
    kept = list(lines)
    while len(kept) > 1 and _tall(kept, line_height) > height:
        ranks = [rank for rank, _ in kept]
        longest = max(reversed(ranks), key=ranks.count)
        last = len(ranks) - 1 - ranks[::-1].index(longest)
        del kept[last]
        if last and kept[last - 1][0] == longest:
            kept[last - 1] = (longest, kept[last - 1][1].rstrip("…") + "…")
    return tuple(kept)
