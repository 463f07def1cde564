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
_PHRASE: Final = 24.0
"""Letter heights from which a phrase without a full stop may stand alone."""


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


def parted(paragraphs: Sequence[Copy], parts: int) -> list[list[Copy]]:
    """Divide paragraphs into parts of nearly one length that end where sentences do.

    Where there are fewer sentences than parts, one that stands stands on in the next part. Lao and Khmer end a
    sentence, or a phrase of it, with a space: what is long enough counts as one.
    """
    pieces = [piece for copy in paragraphs for piece in _sentences(copy)]
    total = sum(length for _, _, length in pieces)
    shares: list[list[Copy]] = [[] for _ in range(parts)]
    before = 0.0
    last: tuple[int, int] | None = None
    for paragraph, sentence, length in pieces:
        part = min(parts - 1, int((before + length / 2) / total * parts)) if total else 0
        if last == (part, id(paragraph)):
            shares[part][-1] = Copy((*shares[part][-1].words, *sentence), paragraph.measure)
        else:
            shares[part].append(Copy(sentence, paragraph.measure))
        last = (part, id(paragraph))
        before += length
    standing: list[Copy] = next(filter(None, shares), [])
    for part, share in enumerate(shares):
        shares[part] = standing = share or standing
    return shares


def _sentences(copy: Copy) -> list[tuple[Copy, tuple[Word, ...], float]]:
    """The sentences of a paragraph as words, each with its width."""
    found: list[list[Word]] = []
    length = 0.0
    for word in copy.words:
        if not found or (word.gap.startswith(" ") and _ends_sentence(found[-1][-1].text, length)):
            found.append([])
            length = 0.0
        found[-1].append(word)
        length += word.gap_width + word.width
    return [(copy, tuple(words), sum(word.gap_width + word.width for word in words)) for words in found]


def _ends_sentence(word: str, length: float) -> bool:
    without_stops = "\u0e80" <= word[-1] <= "\u0eff" or "\u1780" <= word[-1] <= "\u17ff"
    return word[-1] in ".!?;:…។៕" or (without_stops and length >= _PHRASE)


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
