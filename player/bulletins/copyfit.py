"""Lines out of words whose widths are known, fast enough to try a dozen sizes. Pure.

All lengths are in one unit, that of the measure which is handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from playlists.line_breaks import gapped_words, wrap

Measure = Callable[[str], float]
"""Gives the width of a text."""

_TRIES: Final = 14
_NARROWER: Final = 0.975
_HALVINGS: Final = 7
_SLACK: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Word:
    """What is never divided where it fits; ``gap`` before it is dropped at the start of a line."""

    gap: str
    gap_width: float
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph, its words measured once."""

    words: tuple[Word, ...]
    measure: Measure

    @classmethod
    def of(cls, text: str, measure: Measure) -> "Copy":
        """Measure a paragraph without line feeds whose breaks are marked."""
        words = (Word(gap, measure(gap), word, measure(word)) for gap, word in gapped_words(text))
        return cls(tuple(words), measure)

    def lines(self, width: float) -> tuple[str, ...]:
        """Fill lines of this width, none of one lonely word at the end where as many lines can do without it."""
        words = self._fitting(width)
        filled = _fill(words, width)
        if len(filled) > 1 and _lonely(filled):
            narrower = width
            for _ in range(_TRIES):
                narrower *= _NARROWER
                if narrower < max(word.width for word in words):
                    break
                tried = _fill(words, narrower)
                if len(tried) > len(filled):
                    break
                if not _lonely(tried):
                    filled = tried
                    break
        return _texts(filled)

    def balanced(self, width: float) -> tuple[str, ...]:
        """Fill as many lines as the width asks for, all of nearly one length: for titles."""
        words = self._fitting(width)
        best = _fill(words, width)
        low = max((word.width for word in words), default=0)
        high = width
        for _ in range(_HALVINGS if len(best) > 1 else 0):
            middle = (low + high) / 2
            tried = _fill(words, middle)
            if len(tried) > len(best):
                low = middle
            else:
                best, high = tried, middle
        return _texts(best)

    def _fitting(self, width: float) -> Sequence[Word]:
        """The words, those wider than a line cut between grapheme clusters."""
        if all(word.width <= width for word in self.words):
            return self.words
        fitting: list[Word] = []
        for word in self.words:
            pieces = (word.text,) if word.width <= width else wrap(word.text, width, self.measure)
            for number, piece in enumerate(pieces):
                gap = (word.gap, word.gap_width) if number == 0 else ("", 0.0)
                fitting.append(Word(*gap, piece, self.measure(piece)))
        return fitting


def is_lonely(lines: Sequence[str]) -> bool:
    """Whether the last of several lines holds but one word."""
    return len(lines) > 1 and len(list(gapped_words(lines[-1]))) == 1


def _lonely(filled: Sequence[Sequence[Word]]) -> bool:
    return len(filled[-1]) == 1


def _fill(words: Sequence[Word], width: float) -> list[list[Word]]:
    lines: list[list[Word]] = []
    used = 0.0
    for word in words:
        longer = used + word.gap_width + word.width
        if lines and longer <= width + _SLACK:
            lines[-1].append(word)
            used = longer
        else:
            lines.append([word])
            used = word.width
    return lines


def _texts(filled: Sequence[Sequence[Word]]) -> tuple[str, ...]:
    return tuple(
        "".join(f"{word.gap if number else ''}{word.text}" for number, word in enumerate(line)) for line in filled
    )
