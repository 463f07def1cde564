"""Proof of play: the rows of a play log as values.

A play is two rows, its START (durable before the first picture) and its END (after the last); neither is ever changed.
"""

from dataclasses import dataclass
from enum import StrEnum

from playlists.timing import DurationMs, Moment


class RowKind(StrEnum):
    """What a row of the log records."""

    PLAY_START = "play_start"
    PLAY_END = "play_end"
    CLOCK_STEP = "clock_step"
    FAULT = "fault"
    HEARTBEAT = "heartbeat"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a play ended."""

    COMPLETED = "completed"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_SHOWN = "not_shown"


class Interruption(StrEnum):
    """Who or what cut a play short: the reason of an ``interrupted`` END."""

    URGENT = "urgent"
    OPERATOR = "operator"
    STOP = "stop"
    POWER = "power"
    PLAYER_FAULT = "player_fault"
    WITHDRAWN = "withdrawn"
    """The item was recalled: it left the screen at once."""
    CLOSED = "closed"
    """Opening hours were over."""


class Rendition(StrEnum):
    """In which form an item was shown."""

    VIDEO = "video"
    IMAGE = "image"
    PAGE = "page"
    TEXT = "text"
    SOUND = "sound"


class Display(StrEnum):
    """Whether the display was lit, as far as the machine can tell."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlayStart:
    """The row written during preroll: what is about to be shown, and when it is planned to start."""

    play: str
    """Globally unique id (UUID hex)."""
    at: Moment
    """When the row was made."""
    planned_start: Moment
    """The planned first picture."""
    planned: DurationMs | None
    """Planned length; None when nothing tells it."""
    screen: str
    item: str
    title: str
    sha256: str | None
    rendition: Rendition
    continues: str | None = None
    """The play this one resumes, when that one was interrupted."""
    slot: str | None = None
    playlist: str | None = None
    release: str | None = None
    picture_languages: tuple[str, ...] = ()
    sound_languages: tuple[str, ...] = ()
    caption_languages: tuple[str, ...] = ()
    display: Display = Display.UNKNOWN
    volume: int = 100


@dataclass(frozen=True, slots=True)
class PlayEnd:
    """The row written after the last picture: what really happened."""

    play: str
    at: Moment
    """When the row was made; for a play recovered after a crash, long after its end."""
    outcome: Outcome
    reason: str | None
    start: Moment | None
    """The real first picture; None when there was none or nobody knows."""
    end: Moment | None
    """When the last picture gave way to the next; None when nobody knows."""
    planned: DurationMs | None
    actual: DurationMs | None
    """Time on the screen by the monotonic clock; None when nobody knows."""
    frames_shown: int | None
    frames_lost: int | None
    position: DurationMs | None = None
    """Where an interrupted play stopped within its item."""
    sha256: str | None = None
    """The digest of what was shown, where START could not know it yet."""
    sound_languages: tuple[str, ...] = ()
    caption_languages: tuple[str, ...] = ()
    display: Display = Display.UNKNOWN
    volume: int = 100


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The wall clock moved against the monotonic one by ``step_ms`` (positive: forward)."""

    at: Moment
    before: Moment
    step_ms: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong that is not the outcome of one play."""

    at: Moment
    code: str
    """A stable word, such as ``decoder-died``."""
    detail: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The player was alive; ``plays`` and ``frames_*`` count since the last heartbeat."""

    at: Moment
    playing: str | None
    """The play on the screen, None for a slate."""
    plays: int
    frames_shown: int
    frames_lost: int
    display: Display = Display.UNKNOWN


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing is shown on purpose from here on: opening hours over, or the player left in good order."""

    at: Moment
    reason: str


Record = PlayStart | PlayEnd | ClockStep | Fault | Heartbeat | Closed
"""Anything the log can hold."""
