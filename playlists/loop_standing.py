"""Where the loop stands between two hours of a day, and what both halves of planning know of the day."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from playlists.loop_units import Unit, Wanted
from playlists.playlist import Playlist, Sequence
from playlists.screen import Screen
from playlists.spans import Span

_SIXTY_FOUR_BITS: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What the hours of one day share. ``positions`` is where each unit stands in the loop as written, in ms."""

    units: tuple[Unit, ...]
    wanted: tuple[Wanted, ...]
    within: Span
    shuffled: bool
    seed: int
    positions: tuple[int, ...]
    coming: dict[str, int] = field(default_factory=dict)
    """By family, when it is first begun the day after: least spacing holds over midnight too."""


@dataclass(slots=True)
class Standing:
    """Where the loop stands. All instants in ms.

    ``free_at`` is when the last turn ends; ``due`` when each unit is due next and ``joined`` the end of the span in
    which it joined (0: it has not); ``starts`` the last start of each family and the spacing it asked for; ``reached``
    by language mask, how far along its dues each group of units has come, ``reached_all`` how far all have.
    """

    free_at: int
    due: list[int]
    joined: list[int]
    starts: dict[str, tuple[int, int]] = field(default_factory=dict)
    reached: dict[int, int] = field(default_factory=dict)
    reached_all: int = 0
    last: str = ""
    """The family that was begun last."""

    def copy(self) -> "Standing":
        """Take a copy to plan an attempt with."""
        return Standing(
            self.free_at,
            self.due.copy(),
            self.joined.copy(),
            self.starts.copy(),
            self.reached.copy(),
            self.reached_all,
            self.last,
        )


def day_plan(
    playlist: Playlist,
    screen: Screen,
    units: tuple[Unit, ...],
    wanted: tuple[Wanted, ...],
    within: Span,
    turned_by: int,
) -> DayPlan:
    """Gather what the hours of a day share.

    :param turned_by: how far the loop as written is turned at the day's beginning, ms.
    """
    loop_ms = sum(unit.length for unit in units)
    positions: list[int] = []
    position = -(turned_by % loop_ms) if loop_ms else 0
    for unit in units:
        positions.append(position % loop_ms)
        position += unit.length
    name = playlist.digest or playlist.id
    seed = int.from_bytes(sha256(f"{name}\n{screen.id}".encode()).digest()[:8])
    shuffled = playlist.sequence is Sequence.SHUFFLED
    return DayPlan(units, wanted, within, shuffled, seed, tuple(positions))


def chance(seed: int, *numbers: int) -> int:
    """Mix numbers into one of 64 bits that looks like chance and is the same everywhere (splitmix64)."""
    mixed = seed
    for number in numbers:
        mixed = (mixed + number + 0x9E3779B97F4A7C15) & _SIXTY_FOUR_BITS
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _SIXTY_FOUR_BITS
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _SIXTY_FOUR_BITS
        mixed ^= mixed >> 31
    return mixed
