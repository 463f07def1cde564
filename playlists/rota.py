"""The rota of a clock hour as a value: what is planned to be shown, when, and which rules gave way.

``plan_hour`` in :mod:`playlists.loop` makes it, from nothing but a playlist, a screen and the hour.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from playlists.playlist import Slot
from playlists.timing import DurationMs


class Rule(StrEnum):
    """The rules of the loop, strongest first; a later one gives way to an earlier one."""

    CONTENT = "content"
    SETS = "sets"
    MOST_PER_HOUR = "most-per-hour"
    FILLED = "filled"
    """The screen is never left empty within opening hours: nothing an operator asks for, but spacing gives way to it."""
    SPACING = "spacing"
    LANGUAGE_SHARE = "language-share"
    SHARE_OF_VOICE = "share-of-voice"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Turn:
    """One planned play: it starts ``offset`` after the hour began and stands for ``length``."""

    offset: DurationMs
    length: DurationMs
    slot: Slot


@dataclass(frozen=True, slots=True)
class Concession:
    """A rule that gave way in this hour, to which other rule, and by how much.

    ``subject`` is the id of the slot, message or language it was kept for.
    """

    rule: Rule
    subject: str
    yielded_to: Rule
    wanted: float
    got: float


@dataclass(frozen=True, slots=True)
class Closing:
    """A part of the hour outside opening hours."""

    offset: DurationMs
    length: DurationMs


@dataclass(frozen=True, slots=True)
class Rota:
    """The plan of one clock hour: ``hour`` is its beginning, in the screen's zone and with its offset.

    Turns are in order, never overlap, and the last may run over the end of the hour; it then belongs to this hour.
    """

    hour: datetime
    turns: tuple[Turn, ...]
    closings: tuple[Closing, ...] = ()
    concessions: tuple[Concession, ...] = ()
