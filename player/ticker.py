"""What runs through a ticker and how fast, as values: texts in small pieces, and a place for every moment. Pure.

Places are in whole pixels from where the ticker began; they grow for ever. The movement has equal steps at equal
times: the wished speed gives way to the nearest one with which every refresh of the screen, or every second or third,
moves the same number of pixels. Unequal steps are what eyes take for stutter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from playlists.line_breaks import ZERO_WIDTH_SPACE, grapheme_clusters, with_breaks
from playlists.playlist import TickerText
from playlists.timing import MonotonicNs

PIECE_CHARACTERS: Final = 16
"""A piece is what is shaped and drawn in one go, between two frames."""
_BLOCK_CHARACTERS: Final = 200
"""A longer text is looked through for breaks a part at a time, for the same reason."""
FOREIGN: Final = frozenset({"lo", "km", "en", "th", "zh", "fr", "ko", "ja", "de", "ru", "my"})
"""Languages of other countries, by primary subtag; those of the minorities of Vietnam are none (rule V5)."""
_NS_PER_S: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A few letters of a text; ``rank`` 0 is full size, 1 the smaller one of foreign languages (rule V2)."""

    text: str
    rank: int


@dataclass(frozen=True, slots=True)
class Separator:
    """The sign between two texts."""


def rank_of(language: str) -> int:
    """The rank of a text by the BCP 47 tag of its language."""
    return int(language.split("-", maxsplit=1)[0].lower() in FOREIGN)


def pieces(texts: Sequence[TickerText]) -> Iterator[Piece | Separator]:
    """All texts once, in order, each followed by a separator; a text that says nothing is left out."""
    for text in texts:
        line = " ".join(text.text.split())
        if line:
            rank = rank_of(text.language)
            yield from (Piece(piece, rank) for piece in _cut(line))
            yield Separator()


def _cut(line: str) -> Iterator[str]:
    """Cut where a line could be broken, for there no letter reaches over; joined, the parts are the line."""
    held = ""
    for block in _blocks(line):
        for word in _words(with_breaks(block)):
            if held and len(held) + len(word) > PIECE_CHARACTERS:
                yield held
                held = ""
            held += word
    if held:
        yield held


def _blocks(line: str) -> Iterator[str]:
    begin = 0
    while begin < len(line):
        end = line.find(" ", begin + _BLOCK_CHARACTERS) + 1 or len(line)
        yield line[begin:end]
        begin = end


def _words(line: str) -> Iterator[str]:
    """Words with the space behind them; one that is too long in parts, never within a character a reader sees."""
    for word in line.replace(" ", f" {ZERO_WIDTH_SPACE}").split(ZERO_WIDTH_SPACE):
        if len(word) <= PIECE_CHARACTERS:
            yield word
            continue
        held = ""
        for cluster in grapheme_clusters(word):
            if held and len(held) + len(cluster) > PIECE_CHARACTERS:
                yield held
                held = ""
            held += cluster
        yield held


@dataclass(frozen=True, slots=True)
class Pace:
    """``pixels`` every ``refreshes`` of a screen that is refreshed ``rate`` times a second."""

    pixels: int
    refreshes: int
    rate: float

    @property
    def speed(self) -> float:
        """Pixels a second."""
        return self.pixels * self.rate / self.refreshes


def pace_of(wished: float, rate: float) -> Pace:
    """The even pace nearest to a wished speed in pixels a second."""
    wished = max(1.0, wished)
    if wished >= rate:
        return Pace(round(wished / rate), 1, rate)
    return Pace(1, round(rate / wished), rate)


@dataclass(frozen=True, slots=True)
class Motion:
    """Where a ticker is: at ``place`` at the moment ``since``, moving at ``pace`` unless it is paused."""

    pace: Pace
    since: MonotonicNs
    place: int = 0
    paused: bool = False

    def at(self, now: MonotonicNs) -> int:
        """The place at ``now``."""
        if self.paused or now <= self.since:
            return self.place
        return self.place + self._steps(now) * self.pace.pixels

    def next_step(self, now: MonotonicNs) -> MonotonicNs:
        """When it moves next."""
        steps = max(0, self._steps(now)) + 1
        step_ns = self.pace.refreshes * _NS_PER_S / self.pace.rate
        return MonotonicNs(self.since + -int(-steps * step_ns // 1))

    def stopped(self, now: MonotonicNs) -> "Motion":
        """The same, standing where it is."""
        return replace(self, place=self.at(now), since=now, paused=True)

    def going(self, now: MonotonicNs) -> "Motion":
        """The same, going on from where it stands."""
        return replace(self, since=now, paused=False) if self.paused else self

    def held_at(self, place: int, now: MonotonicNs) -> "Motion":
        """The same pace from another place on."""
        return replace(self, place=place, since=now)

    def _steps(self, now: MonotonicNs) -> int:
        return int((now - self.since) * self.pace.rate / (self.pace.refreshes * _NS_PER_S) + 1e-9)
